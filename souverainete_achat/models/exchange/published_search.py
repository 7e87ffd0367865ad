from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.opening import open_records


class PublishedSearch(models.Model):
    """Dated trace of one search of the published contracts for a need: who else in the
    State bought the same. Evidence of the study, with what was kept of it.

    It is no search of the catalogue: no rule asks for it, and it proves nothing of
    mutualised solutions.
    """

    _name = "souverainete.published.search"
    _inherit = ["souverainete.trace"]
    _description = "Search of published contracts"
    _guard = "server"

    requisition_id = fields.Many2one(required=True)
    cpv_code = fields.Char(string="CPV code", help="The need's own, on that day.")
    contract_count = fields.Integer(
        string="Contracts searched", help="About how many could be found on that day."
    )
    published_date = fields.Date(
        string="Published until", help="Day of the latest publication that was read."
    )
    hit_ids = fields.One2many("souverainete.published.hit", "trace_id")
    kept_count = fields.Integer(string="Kept", compute="_compute_kept_count")

    @api.depends("hit_ids.kept")
    def _compute_kept_count(self):
        groups = dict(
            self.env["souverainete.published.hit"]._read_group(
                [("trace_id", "in", self.ids), ("kept", "=", True)],
                ["trace_id"],
                ["__count"],
            )
        )
        for search in self:
            search.kept_count = groups.get(search, 0)

    @api.model
    def _get_way(self):
        return self.env._("Use “Who else in the State has this?” of the purchase file.")

    # === SEARCH === #

    @api.model
    def _make(self, need, text):
        """Search for this need now, and keep the trace of it with all it found."""
        contracts = self.env["souverainete.published.contract"].sudo()
        self._check_something_to_search(contracts)
        found, count = contracts._find_same(text, need.cpv_code or "")
        search = self.sudo()._create_server(
            [self._prepare_trace(need, text, contracts, count)]
        )
        search.hit_ids._make(search, contracts, found)
        return search.with_env(self.env)

    @api.model
    def _check_something_to_search(self, contracts):
        if not contracts.search([], limit=1):
            raise UserError(
                self.env._(
                    "No published contract was read here yet: nothing can be searched. "
                    "Ask a manager of the referentials to load a file of essential "
                    "data (DECP), in Configuration, “Files of published contracts”."
                )
            )

    @api.model
    def _prepare_trace(self, need, text, contracts, count):
        return {
            "text": text,
            "cpv_code": need.cpv_code,
            "date": fields.Datetime.now(),
            "user_id": self.env.uid,
            "requisition_id": need.id,
            "after_launch": bool(need.date_launch),
            "result_count": count,
            "contract_count": contracts._count_all(),
            "published_date": contracts.search(
                [("date_published", "!=", False)], order="date_published desc", limit=1
            ).date_published,
        }

    # === ACTIONS === #

    def action_open_hits(self):
        """Open what was found, best first."""
        self.check_access("read")
        name = self.env._("Who else in the State has this?")
        return open_records(self.hit_ids, name, modes="list,form")
