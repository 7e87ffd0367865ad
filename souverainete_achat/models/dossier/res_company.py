from odoo import models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

_BOUGHT = ("purchase.requisition", "purchase.order")


class ResCompany(models.Model):
    """What a body buys follows whether it applies the doctrine."""

    _inherit = "res.company"

    def _check_leaves(self):
        """What was judged stays judged: who bought digital goods under the doctrine
        does not leave it by a setting."""
        for company in self:
            for name in _BOUGHT:
                bought = self.env[name].sudo().with_context(active_test=False)
                if bought.search(company._get_judged_domain(name), limit=1):
                    raise ValidationError(
                        self.env._(
                            "%(body)s already launched or signed digital purchases "
                            "under the doctrine: it goes on applying it.",
                            body=company.name,
                        )
                    )
        return super()._check_leaves()

    def _get_judged_domain(self, name):
        """Digital purchases of this body that were launched, signed or ordered."""
        held = Domain("state", "in", ("confirmed", "done", "purchase"))
        if name == "purchase.requisition":
            held |= Domain("date_launch", "!=", False)
        return held & Domain([("company_id", "=", self.id), ("is_digital", "=", True)])

    def _on_concern_moved(self):
        """Drafts follow; what was signed before is neither judged nor rewritten."""
        for name in _BOUGHT:
            drafts = self.env[name].sudo().search([("company_id", "in", self.ids)])
            drafts.filtered(lambda r: r._is_scope_open())._derive_again()
        return super()._on_concern_moved()
