from odoo import api, models
from odoo.exceptions import ValidationError

from .siret import is_siret, normalise


class GroupingMember(models.Model):
    """Who the member is: its SIRET, and the ministry of this database that has it."""

    _inherit = "souverainete.grouping.member"

    @api.constrains("siret")
    def _check_siret(self):
        for member in self.filtered("siret"):
            if not is_siret(member.siret):
                raise ValidationError(
                    self.env._(
                        "%(siret)s is not a SIRET: 14 digits, whose key is checked. "
                        "Read it again on the member's notice.",
                        siret=member.siret,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create([self._normalise(vals) for vals in vals_list])
        members._find_companies()
        members.requisition_id._journal_grouping()
        return members

    def write(self, vals):
        result = super().write(self._normalise(vals))
        if "siret" in vals:
            self._find_companies()
        self.requisition_id._journal_grouping()
        return result

    def unlink(self):
        files = self.requisition_id
        result = super().unlink()
        files._journal_grouping()
        return result

    @api.model
    def _normalise(self, vals):
        if "siret" not in vals:
            return vals
        return vals | {"siret": normalise(vals["siret"]) or False}

    def _find_companies(self):
        """Recognise a ministry of this database by the SIRET, or SIREN, of its company:
        its type and its own thresholds then count, whatever was typed."""
        numbers = set(self.filtered("siret").mapped("siret"))
        if not numbers:
            return
        companies = self.env["res.company"].sudo()
        companies = companies.search([("company_registry", "!=", False)])
        found = {normalise(c.company_registry): c for c in companies}
        for member in self.filtered(lambda m: m.siret and not m.member_company_id):
            number = member.siret
            if company := found.get(number) or found.get(number[:9]):
                member.member_company_id = company

    # === WHO THE MEMBER IS === #

    def _is_of(self, company):
        """Whether this member is `company` or what it is a part of."""
        return bool(self.member_company_id) and (
            self.member_company_id in company.sudo().parent_ids
        )

    def _is_identified(self):
        return bool(self.member_company_id or (self.siret and self.entity_type))
