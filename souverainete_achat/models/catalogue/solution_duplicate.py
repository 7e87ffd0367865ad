from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Field that two solutions share, by what is said of them; the surest first.
_KEYS = {"wikidata": "wikidata", "url": "url_key", "name": "name_key"}


class SolutionDuplicate(models.Model):
    """Two solutions that look like one, seen from two catalogues: someone decides.

    Made by the server. A pair once judged is never proposed again.
    """

    _name = "souverainete.solution.duplicate"
    _inherit = ["souverainete.guarded"]
    _description = "Possible duplicate of the catalogue"
    _order = "state desc, id desc"
    _rec_name = "solution_id"
    _pair_uniq = models.Constraint(
        "UNIQUE (solution_id, other_id)", "This pair is already listed."
    )
    _guard = "server"

    solution_id = fields.Many2one(
        "souverainete.solution",
        string="First",
        required=True,
        index=True,
        ondelete="cascade",
    )
    other_id = fields.Many2one(
        "souverainete.solution",
        string="Second",
        required=True,
        index=True,
        ondelete="cascade",
    )
    first_source = fields.Char(related="solution_id.source", string="Source of first")
    second_source = fields.Char(related="other_id.source", string="Source of second")
    ground = fields.Selection(
        [
            ("wikidata", "Same Wikidata identifier"),
            ("url", "Same web address"),
            ("name", "Same name"),
        ],
        string="What they share",
        required=True,
    )
    state = fields.Selection(
        [
            ("proposed", "To decide"),
            ("merged", "Merged"),
            ("dismissed", "Not the same"),
        ],
        required=True,
        default="proposed",
        index=True,
    )
    decided_by_id = fields.Many2one("res.users", string="Decided by")
    decided_on = fields.Datetime()

    # === FINDING === #
    def action_find(self):
        """Look for pairs again, and show those that wait for a decision."""
        self.check_access("read")
        self.env["souverainete.solution"].check_access("write")
        self._find_pairs()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "souverainete_achat.solution_duplicate_action"
        )

    @api.model
    def _find_pairs(self):
        """Propose the pairs not yet listed, one query a ground."""
        self.env["souverainete.solution"].flush_model()
        self.flush_model()
        pairs = {}
        for ground, column in _KEYS.items():
            for pair in self.env.execute_query(self._get_pairs_sql(column)):
                pairs.setdefault(pair, ground)
        return self.sudo()._create_server(
            [
                {"solution_id": first, "other_id": second, "ground": ground}
                for (first, second), ground in pairs.items()
            ]
        )

    def _get_pairs_sql(self, column):
        """Each entry beside the oldest that shares the value and was not said to be
        another."""
        return SQL(
            "SELECT one.id, two.id FROM souverainete_solution two"
            " JOIN LATERAL (SELECT id FROM souverainete_solution"
            " WHERE %(key)s = two.%(key)s AND active AND id < two.id"
            " AND NOT EXISTS (SELECT 1 FROM souverainete_solution_duplicate other"
            " WHERE other.solution_id = souverainete_solution.id"
            " AND other.other_id = two.id AND other.state = 'dismissed')"
            " ORDER BY id LIMIT 1) one ON TRUE"
            " WHERE two.%(key)s > '' AND two.active AND NOT EXISTS"
            " (SELECT 1 FROM souverainete_solution_duplicate known"
            " WHERE known.solution_id = one.id AND known.other_id = two.id)"
            " LIMIT 5000",
            key=SQL.identifier(column),
        )

    # === DECIDING === #
    def action_keep_first(self):
        """Merge the second solution into the first."""
        self.check_access("read")
        for pair in self:
            pair._merge(pair.solution_id, pair.other_id)

    def action_keep_second(self):
        """Merge the first solution into the second."""
        self.check_access("read")
        for pair in self:
            pair._merge(pair.other_id, pair.solution_id)

    def action_dismiss(self):
        """Say that these are two solutions: the pair is not proposed again."""
        self.check_access("read")
        self._check_open()
        (self.solution_id | self.other_id).check_access("write")
        self._decide("dismissed")

    def _merge(self, kept, merged):
        """An entry already merged is judged as the one that stands for it."""
        self._check_open()
        kept, merged = (one.merged_into_id or one for one in (kept, merged))
        if kept != merged:
            merged._merge_into(kept)
        self._decide("merged")

    def _check_open(self):
        if decided := self.filtered(lambda pair: pair.state != "proposed"):
            raise UserError(
                self.env._(
                    "Already decided: %(pairs)s.",
                    pairs=", ".join(decided.mapped("display_name")),
                )
            )

    def _decide(self, state):
        self.sudo()._write_server(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
            }
        )
