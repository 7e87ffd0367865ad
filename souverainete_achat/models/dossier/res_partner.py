import re

from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Vendors that are one, under several records."""

    _inherit = "res.partner"

    def _get_twins(self):
        """This company and those that share its SIREN, its VAT number or a bank
        account, the oldest record first."""
        if not self:
            return self
        partner = self.sudo().with_context(active_test=False)
        domains = partner._get_identity_domains()
        found = partner.search(Domain.OR(domains)) if domains else partner
        twins = found.commercial_partner_id | partner
        return self.browse(sorted(twins.ids))

    def _get_identity_domains(self):
        """What each of its identifiers is found by."""
        domains = [Domain("vat", "=", self.vat)] if self.vat else []
        if siren := self._get_siren():
            domains.append(Domain("company_registry", "=like", f"{siren}%"))
            domains.append(Domain("vat", "=like", f"FR__{siren}"))
        if accounts := self.bank_ids.mapped("sanitized_acc_number"):
            domains.append(Domain("bank_ids.sanitized_acc_number", "in", accounts))
        return domains

    def _get_siren(self):
        """The 9 digits that a SIRET, or a French VAT number, holds."""
        number = re.sub(r"\s", "", self.company_registry or "")
        if not re.fullmatch(r"[0-9]{9}([0-9]{5})?", number):
            vat = re.fullmatch(r"FR[0-9A-Z]{2}([0-9]{9})", self.vat or "")
            number = vat.group(1) if vat else ""
        return number[:9]
