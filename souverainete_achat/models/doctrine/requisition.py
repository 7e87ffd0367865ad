from odoo import api, fields, models
from odoo.exceptions import UserError


class PurchaseRequisition(models.Model):
    """The need, and what was looked for and studied to meet it."""

    _inherit = "purchase.requisition"

    need_effect = fields.Text(
        string="Effect to obtain",
        help="The need as a performance to reach or an effect to obtain, without "
        "over-specification (circular 6519/SG).",
    )
    need_measure = fields.Text(
        string="How it will be measured",
        help="The means the buyer has to measure that the effect is obtained "
        "(circular 6519/SG).",
    )
    search_text = fields.Char(
        string="What to look for",
        help="Words to search the catalogue with. Left empty, the effect to obtain is "
        "searched.",
    )
    search_ids = fields.One2many(
        "souverainete.catalogue.search", "requisition_id", string="Searches made"
    )
    studied_ids = fields.One2many(
        "souverainete.option",
        "requisition_id",
        string="Options studied",
        domain=[("kind", "=", "studied")],
    )
    offer_ids = fields.One2many(
        "souverainete.option",
        "requisition_id",
        string="Offers",
        domain=[("kind", "=", "offer")],
    )
    is_awarded = fields.Boolean(
        compute="_compute_is_awarded",
        help="Agreements of the need were signed and none is still a draft.",
    )

    @api.depends(
        "agreement_ids.gate_passed_on",
        "agreement_ids.requisition_type",
        "agreement_ids.state",
    )
    def _compute_is_awarded(self):
        for need in self:
            agreements = need.agreement_ids.filtered(
                lambda file: file.requisition_type == "blanket_order"
            )
            signed = any(agreement.gate_passed_on for agreement in agreements)
            need.is_awarded = signed and not need._get_draft_agreements()

    # === SEARCH AND OPTIONS === #

    def action_search_catalogue(self):
        """Search the catalogue and show what was found, with its trace."""
        self.ensure_one()
        search = self._run_search(self.search_text or self.need_effect)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Search of the catalogue"),
            "res_model": search._name,
            "res_id": search.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _run_search(self, text):
        """Search the catalogue for this need and keep the dated trace of it.

        :return: the `souverainete.catalogue.search` made, even when nothing is found
        """
        self.ensure_one()
        need = self.need_id or self
        need.check_access("write")
        if not (text or "").strip():
            raise UserError(
                self.env._(
                    "Write in a few words what you look for, or describe the effect "
                    "to obtain, in the tab “Need and doctrine”. Then search again."
                )
            )
        Search = self.env["souverainete.catalogue.search"]
        vals = Search._prepare_search_vals(need, text.strip())
        search = Search.sudo()._create_server([vals]).with_env(self.env)
        need._journal(
            "search",
            {"search_id": search.id, "text": search.text, "found": search.snapshot},
            summary=self.env._(
                "Solutions found: %(count)s.", count=search.result_count
            ),
        )
        need._refresh_compliance()
        return search

    def _has_evidence(self):
        return super()._has_evidence() or bool(
            self.search_ids
            or self.judged_option_ids.filtered(lambda o: o._is_evidence())
        )

    def _add_options(self, solutions):
        """Study these solutions: one option to examine each, but the dead ones and
        those already here."""
        self.ensure_one()
        return self.env["souverainete.option"].create(
            [
                self._prepare_option_vals(solution)
                for solution in solutions._get_living() - self.studied_ids.solution_id
            ]
        )

    def _prepare_option_vals(self, solution):
        return {
            "requisition_id": self.id,
            "kind": "studied",
            "name": solution.name,
            "path": solution.path,
            "solution_id": solution.id,
        }
