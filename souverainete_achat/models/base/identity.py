"""Who a company is: its SIREN, else its VAT number, else its name and country.

A SIRET is one establishment of a SIREN: a head office that moves, a duplicate that is
merged or a name that changes leave the company what it is. The id of a record says
nothing: its name and its numbers can be written over.
"""

from stdnum.eu import vat as vat_numbers
from stdnum.fr import siren as siren_numbers
from stdnum.fr import siret as siret_numbers

from odoo import api, fields, models

from .text import fold

_SIREN, _SIRET = 9, 14

# SIREN, SIRET and VAT numbers: read without their spaces, their keys checked by
# python-stdnum, which knows the exceptions.


def normalise(text):
    """The number as it is kept: without the spaces people type."""
    return "".join((text or "").split())


def is_siret(number):
    """Whether `number` is an establishment: 14 digits, the right keys."""
    return number.isascii() and number.isdigit() and siret_numbers.is_valid(number)


def is_siren(number):
    """Whether `number` is a company: nine digits, the right key."""
    return number.isascii() and number.isdigit() and siren_numbers.is_valid(number)


def is_vat(number):
    """Whether `number` may be a VAT number: of a member State it has the right key; of
    another country nobody here can tell."""
    member = number[:2].lower() in vat_numbers.MEMBER_STATES
    return vat_numbers.is_valid(number) if member else bool(number)


def get_vat(number):
    """French VAT number of a company, by its SIREN."""
    return f"FR{siren_numbers.to_tva(number)}".replace(" ", "")


def identify(name, country, registry, vat):
    """JSON-able identity; `country`: ISO code. Numbers are kept as they are typed."""
    vat = normalise(vat).upper()
    return {
        "siren": get_siren(registry, country) or _get_siren_of_vat(vat),
        "vat": vat,
        "name": fold(name or ""),
        "country": country or "",
    }


def get_siren(number, country=""):
    """The SIREN that a SIREN or a SIRET says; empty where it is neither. Elsewhere
    than in France, a number of that length is one where its key is right."""
    number = normalise(number)
    if not number.isdecimal() or len(number) not in (_SIREN, _SIRET):
        return ""
    own = number[:_SIREN]
    return own if country in ("FR", "", False) or is_siren(own) else ""


def _get_siren_of_vat(vat):
    """French: two characters of key, then the SIREN."""
    number = vat[4:]
    french = vat.startswith("FR") and len(number) == _SIREN and number.isdecimal()
    return number if french else ""


def is_same(known, now):
    """Whether `now` is who `known` was: by the strongest number that was known of it,
    else by its name, in a country that does not contradict it; nobody stays nobody."""
    if not known or not now:
        return not known and not now
    for number in ("siren", "vat"):
        if known.get(number):
            return known[number] == now.get(number)
    countries = {known.get("country"), now.get("country")} - {"", None}
    named = bool(known.get("name")) and known["name"] == now.get("name")
    return named and len(countries) < 2


def get_strangers(known, now):
    """Those of `now` who are none of `known`."""
    return [one for one in now if not any(is_same(each, one) for each in known)]


class ResPartner(models.Model):
    """Who a company is, whatever record of it is used."""

    _inherit = "res.partner"

    siren = fields.Char(
        string="SIREN",
        compute="_compute_siren",
        store=True,
        index="btree_not_null",
        help="The nine digits of the company: read in its company ID (SIREN or SIRET), "
        "else in its French VAT number.",
    )
    identity_before = fields.Json(
        copy=False,
        groups="base.group_system",
        help="Who this company was when it was made a contact of another one: it stays "
        "itself, and does not hold what the other one holds.",
    )

    @api.depends("company_registry", "vat", "country_id")
    def _compute_siren(self):
        for partner in self:
            said = get_siren(partner.company_registry, partner.country_id.code)
            vat = normalise(partner.vat).upper()
            partner.siren = said or _get_siren_of_vat(vat) or False

    # === IDENTITY === #

    def _get_companies(self):
        """The companies these contacts stand for. One that became a contact of another
        company is itself still."""
        apart = self.filtered(lambda partner: partner.sudo().identity_before)
        return apart | (self - apart).commercial_partner_id

    def _get_identity(self):
        """JSON-able identity of the company of one contact; empty of nobody."""
        company = self.sudo()._get_companies()
        now = identify(
            company.name,
            company.country_id.code,
            company.company_registry,
            company.vat,
        )
        if not (before := company.identity_before):
            return now if company else {}
        # What its parent lent to it says nothing of it, but for a number it had.
        numbered = before["siren"] or before["vat"]
        return before if numbered else before | {"name": now["name"]}

    def _get_identities(self):
        """The identities of the companies of these contacts, each once."""
        return [company._get_identity() for company in self._get_companies()]

    def _is_among(self, partners):
        """Whether the company of this contact is one of `partners`' companies, or
        another record of it."""
        companies = partners._get_companies()
        if self._get_companies() in companies:
            return True
        return not get_strangers(companies._get_identities(), [self._get_identity()])

    # === KEPT === #
    # What a company was is kept when it is made a contact of another one: the host
    # gives it the numbers of its parent.

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [{**vals, "identity_before": False} for vals in vals_list]
        )

    def write(self, vals):
        vals = {name: vals[name] for name in vals if name != "identity_before"}
        if not {"is_company", "parent_id"} & vals.keys():
            return super().write(vals)
        alone = self.filtered(lambda partner: partner.commercial_partner_id == partner)
        before = {partner: partner._get_identity() for partner in alone}
        result = super().write(vals)
        for partner, identity in before.items():
            parent = partner.commercial_partner_id
            if parent != partner and not is_same(identity, parent._get_identity()):
                super(ResPartner, partner).write({"identity_before": identity})
        return result
