from odoo import api, models


class PurchaseRequisition(models.Model):
    """Whether a purchase looks like a part of a larger project (ministry policy)."""

    _name = "purchase.requisition"
    _inherit = ["purchase.requisition", "souverainete.likeness.subject"]

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"split_alert"}

    def write(self, vals):
        """A purchase that enters a project is compared with it, not beside it."""
        res = super().write(vals)
        if "project_id" in vals:
            self.sudo().likeness_ids._refresh_split()
        return res

    # === HOOKS: WHAT IS COMPARED === #

    def _get_likeness_text(self):
        """Words that name the purchase."""
        return self.reference or self.need_effect or ""

    def _get_likeness_categories(self):
        """CPV categories of what is bought: the first five digits."""
        codes = self._get_product_codes(self.line_ids.product_id)
        return frozenset(code[:5] for code in {*codes, self.cpv_code} - {False})

    def _get_likeness_marks(self):
        """(sign, key, text) that make two purchases look alike by themselves."""
        retained = self.studied_ids.filtered(lambda o: o.verdict == "retained")
        return {
            ("solution", (solution.id, category), solution.name)
            for solution in retained.solution_id
            for category in self._get_likeness_categories()
        }

    def _get_likeness_vendor(self):
        """The holder, once signed: who offers is confidential before."""
        return self.gate_passed_on and self.vendor_id.commercial_partner_id

    # === FINDING === #

    def _finding_project_split(self, options):
        """Files that look like one project are shown with their sum: it only warns."""
        need = self.need_id
        alert = (need.project_id or need).split_alert
        return {"": self._get_split_message(alert)} if alert else {}

    def _get_split_message(self, alert):
        names = alert["same"] or alert["others"]
        currency = self.company_id.root_id.currency_id
        values = {
            "others": ", ".join(names),
            "total": currency.format(alert["total"]),
            "ttc": currency.format(alert["ttc"]),
            "ht": currency.format(alert["ht"]),
        }
        if alert["same"]:
            return self.env._(
                "A compliance officer answered that this is one project with "
                "%(others)s: gather these purchases under the same project, on the tab "
                "“Project and DINUM”.",
                **values,
            )
        return self.env._(
            "This looks like one project with %(others)s: at least %(total)s incl. tax "
            "together (projects %(ttc)s incl. tax; purchases without project %(ht)s "
            "excl. tax), which reaches the threshold of the DINUM's opinion. A "
            "compliance officer answers, in the menu “Purchases that look like one "
            "project”.",
            **values,
        )
