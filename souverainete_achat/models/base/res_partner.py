from odoo import api, fields, models

from .identity import get_strangers, identify, is_same


class ResPartner(models.Model):
    """Who a company is, whatever record of it is used."""

    _inherit = "res.partner"

    identity_before = fields.Json(
        copy=False,
        groups="base.group_system",
        help="Who this company was when it was made a contact of another one: it stays "
        "itself, and does not hold what the other one holds.",
    )

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
