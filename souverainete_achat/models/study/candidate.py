from odoo import api, fields, models
from odoo.tools import format_date

from ..base.opening import open_dialog


class Candidate(models.AbstractModel):
    """A way of meeting a need that two buttons answer: it fits, or it does not and
    why."""

    _name = "souverainete.candidate"
    _inherit = ["souverainete.declaration"]
    _description = "Option answered in one click"

    contract_id = fields.Many2one(
        "purchase.requisition",
        string="Contract already running",
        index="btree_not_null",
        ondelete="restrict",
        help="A contract that already runs and may meet the need.",
    )
    pitch = fields.Text(
        string="What it is",
        compute="_compute_pitch",
        compute_sudo=True,
        help="What the catalogue says that it is for, and who runs it; of a contract, "
        "who holds it and until when.",
    )

    @api.depends("solution_id", "contract_id")
    def _compute_pitch(self):
        for option in self:
            option.pitch = option._get_contract_pitch() or option._get_solution_pitch()

    def _get_solution_pitch(self):
        solution = self.solution_id
        said = (solution.need, solution.operator_id.name, solution.contract_vehicle)
        return "\n".join(filter(None, said)) or False

    def _get_contract_pitch(self):
        if not (contract := self.contract_id):
            return False
        return self.env._(
            "%(contract)s, held by %(holder)s, until %(end)s",
            contract=contract.display_name,
            holder=contract.vendor_id.name or "?",
            end=format_date(self.env, contract.date_end) or "?",
        )

    # === ANSWERS === #

    def action_fits(self):
        """It fits: a mutualised solution is asked for its connection, a contract of the
        ministry ends the need; the rest is retained."""
        self.check_access("read")
        self.ensure_one()
        if self._is_mutualised():
            return open_dialog(
                self.env["souverainete.connection.request"],
                self.env._("Ask for a connection"),
                default_option_id=self.id,
            )
        if self.contract_id and not self._is_framework_of_others():
            return open_dialog(
                self.env["souverainete.need.closing"],
                self.env._("Met by a contract already running"),
                default_requisition_id=self.requisition_id.id,
                default_outcome="existing_contract",
                default_reason=self.pitch,
            )
        self._retain()
        return False

    def action_does_not_fit(self):
        """Ask why, in a few words; the same may answer all those left."""
        self.check_access("read")
        return open_dialog(
            self.env["souverainete.option.verdict"],
            self.env._("Does not fit: why?"),
            default_option_ids=self.ids,
            default_assessment="inadequate",
            default_reason_code="function",
            form_view_ref="souverainete_achat.option_verdict_view_form_why",
        )

    def action_retain(self):
        """Retain this offer: why, in words drafted from its rank."""
        self.check_access("read")
        self.ensure_one()
        return open_dialog(
            self.env["souverainete.option.verdict"],
            self.env._("Retain %(offer)s", offer=self.name),
            default_option_ids=self.ids,
            default_verdict="retained",
            default_assessment="adequate",
            default_reason_code="meets",
            default_reason=self._get_rank_reason(),
            form_view_ref="souverainete_achat.option_verdict_view_form_retain",
        )

    def _get_rank_reason(self):
        """What the ranking says of this offer; False where nothing is ranked."""
        return bool(self.ranking) and self.env._(
            "Ranked %(rank)s, %(score)s of 100 on the announced criteria.",
            rank=self.ranking,
            score=self._format_number(self.ranking_score),
        )

    def _rank_others_lower(self):
        """Offers left to examine, of the same competition, are not retained."""
        self.ensure_one()
        place = self._get_competition()
        for offer in self.requisition_id.offer_ids - self:
            if offer.verdict == "pending" and offer._get_competition() == place:
                offer.write(
                    {
                        "verdict": "rejected",
                        "reason": offer._get_rank_reason()
                        or self.env._("%(offer)s ranks higher.", offer=self.name),
                    }
                )

    def _is_mutualised(self):
        """A study of a mutualised solution, whatever step it was filed under."""
        self.ensure_one()
        return self.kind == "studied" and "mutualised" in (
            self.path,
            self.solution_id.path,
        )

    def _is_framework_of_others(self):
        """A framework that each order brings its own need to: UGAP's, the DAE's."""
        routes = ("interministerial", "central_body")
        contract = self.contract_id
        return contract.is_umbrella or contract.purchase_route in routes

    def _retain(self):
        """Retain what fits, for the reason that is known."""
        for option in self.filtered(lambda o: o.verdict != "retained"):
            option.write(
                {
                    "verdict": "retained",
                    "assessment": "adequate",
                    "reason_code": "meets",
                    "reason": self.env._("Fits the need: %(what)s", what=option.pitch),
                }
            )
