from odoo import api, models

from ..base.identity import get_vat

# Identifiers of the DECP that a partner's company registry holds; the others (TVA)
# are tax identifiers.
_TAX = ("TVA", "UE")


class Holder(models.AbstractModel):
    """Holders of contracts, found by their identifier; never a second partner.

    A holder is `[type, identifier, name]`, as the DECP give it.
    """

    _name = "souverainete.holder"
    _description = "Holders of contracts"

    @api.model
    def _find(self, company, holders):
        """{identifier: partner} of the holders that are known here, in one query."""
        wanted = {h[1]: self._get_candidates(*h[:2]) for h in holders}
        numbers = {number for numbers in wanted.values() for number in numbers}
        by_number = {}
        for partner in self._search_partners(company, sorted(numbers)):
            for number in (partner.company_registry, partner.vat):
                by_number.setdefault(self._get_compact(number), partner)
        return {
            identifier: next(by_number[n] for n in numbers if n in by_number)
            for identifier, numbers in wanted.items()
            if by_number.keys() & set(numbers)
        }

    @api.model
    def _find_or_create(self, company, holders):
        """{identifier: partner}, the missing ones created with what is known."""
        partners = self._find(company, holders)
        missing = {h[1]: h for h in holders if h[1] not in partners}
        # An officer records who signed, without the right to edit all contacts.
        created = (
            self.env["res.partner"]
            .sudo()
            .create([self._prepare_partner(*holder) for holder in missing.values()])
        )
        return partners | dict(zip(missing, created.sudo(False), strict=True))

    @api.model
    def _search_partners(self, company, numbers):
        """Companies with one of these numbers, those in use first."""
        written = [form for number in numbers for form in self._get_forms(number)]
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        found = partners.search(
            [
                ("company_id", "in", [False, company.id]),
                "|",
                ("company_registry", "in", written),
                ("vat", "in", written),
            ],
            order="active DESC, parent_id DESC, id",
        )
        return found.sudo(False)

    @api.model
    def _get_candidates(self, kind, identifier):
        """Numbers that designate this holder, the most precise first: the
        establishment (SIRET), the company (SIREN), its French tax number."""
        if kind != "SIRET":
            return [identifier.upper()]
        siren = identifier[:9]
        return [identifier, siren, get_vat(siren)]

    @api.model
    def _get_forms(self, number):
        """The ways people write it: without spaces, or with those of the INSEE."""
        spaced = f"{number[:3]} {number[3:6]} {number[6:9]} {number[9:]}".strip()
        return [number, spaced, f"{number[:9]} {number[9:]}".strip()]

    @api.model
    def _get_compact(self, number):
        return "".join((number or "").split()).upper()

    @api.model
    def _prepare_partner(self, kind, identifier, name):
        """A company known by its number: the DECP do not always give its name."""
        field = "vat" if kind in _TAX else "company_registry"
        default = self.env._("Holder %(kind)s %(number)s", kind=kind, number=identifier)
        vals = {"name": name or default, "is_company": True, field: identifier}
        if kind == "SIRET":
            vals["country_id"] = self.env.ref("base.fr").id
        return vals
