from odoo import api, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Vendors that are one, under several records; those that a release brings."""

    _name = "res.partner"
    _inherit = ["res.partner", "souverainete.shipping"]

    # === TWINS === #

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
        domains = [Domain(n, "=", self[n]) for n in ("vat", "siren") if self[n]]
        if accounts := self.bank_ids.mapped("sanitized_acc_number"):
            domains.append(Domain("bank_ids.sanitized_acc_number", "in", accounts))
        return domains

    # === SHIPPED === #

    @api.model
    def _find_own(self, values):
        """The company that is there already, by its SIREN (a SIRET and a French VAT
        number say it) or its VAT number: what is shipped makes no twin of it."""
        partners = self.with_context(active_test=False)
        names = ("company_registry", "vat", "country_id")
        shipped = self.new({name: values.get(name) for name in names})
        domains = [Domain(n, "=", shipped[n]) for n in ("siren", "vat") if shipped[n]]
        if not domains:
            return self.browse()
        known = Domain("parent_id", "=", False) & Domain.OR(domains)
        return partners.search(known, order="active desc, id", limit=1)

    def _follow_release(self, note, name, values, released):
        """A company that the site wrote is its own: what it lacks is filled in, and
        nothing else is to be settled."""
        if not self._is_touched(note):
            return super()._follow_release(note, name, values, released)
        if missing := {n: v for n, v in values.items() if not self[n]}:
            self.write(missing)
        return note or self._note_unknown(name)
