from odoo import api, models


class PurchaseRequisition(models.Model):
    _name = "purchase.requisition"
    _inherit = ["purchase.requisition", "souverainete.scoped"]

    @api.depends(
        "scope_override",
        "scope_reason",
        "scope_agreed",
        "scope_officer_id",
        "company_id",
        "need_id",
        "scope_suggestion",
        "cpv_code",
        "amount_estimated",
        "amount_estimated_known",
        "amount_max",
        "amount_max_known",
        "line_ids.product_id",
    )
    def _compute_scope(self):
        return super()._compute_scope()

    def _get_bought_products(self):
        return self.line_ids.product_id

    def _get_scope_codes(self):
        own = {self.cpv_code} if self.cpv_code else set()
        return own | super()._get_scope_codes()

    def _derive_scope(self):
        """An agreement of a digital need is digital, whatever its lines say."""
        need = self.sudo().need_id
        if need._origin != self._origin and need.is_digital:
            return "in"
        return super()._derive_scope()

    def _get_codes_scope(self):
        """A planned purchase that came without CPV is asked about."""
        asked = self.scope_suggestion and not self._get_scope_codes()
        return "ask" if asked else super()._get_codes_scope()

    def _get_scope_amount(self):
        return self._get_value()

    def _journal_scope(self):
        for file in self.filtered(lambda f: f.scope_override != "auto"):
            label = dict(
                self._fields["scope_override"]._description_selection(self.env)
            )
            file._journal(
                "scope",
                file._prepare_scope_payload(),
                self.env._("Stated: %(scope)s.", scope=label[file.scope_override]),
            )

    def _prepare_scope_payload(self):
        amount, known = self._get_value()
        return {
            "scope": self.scope_override,
            "reason": self.scope_reason or "",
            "officer": self.scope_officer_id.login or "",
            "agreed": self.scope_agreed or None,
            "value": amount if known else None,
        }

    def _get_need_scope_finding(self):
        """What the file is told while nobody said whether it is digital."""
        return self.env._(
            "Say whether this purchase is digital: its CPV codes do not tell. Answer "
            "in the banner of the file."
        )

    def _finding_scope(self, options):
        """Nothing leaves while the scope is unknown."""
        if self._derive_scope() != "ask":
            return {}
        return {"": self._get_need_scope_finding()}
