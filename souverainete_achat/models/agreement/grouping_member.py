from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.identity import is_siret, normalise


class GroupingMember(models.Model):
    """A buyer of a grouping: a ministry of this database, or an outside body."""

    _name = "souverainete.grouping.member"
    _inherit = ["souverainete.need.part"]
    _description = "Member of a grouping of buyers"
    _order = "requisition_id, is_coordinator desc, id"
    _siret_uniq = models.UniqueIndex(
        "(requisition_id, siret) WHERE siret IS NOT NULL",
        "This body is already a member of the grouping.",
    )
    _company_uniq = models.UniqueIndex(
        "(requisition_id, member_company_id) WHERE member_company_id IS NOT NULL",
        "This ministry is already a member of the grouping.",
    )

    member_company_id = fields.Many2one(
        "res.company",
        string="Ministry of this database",
        index="btree_not_null",
        ondelete="restrict",
        help="The member, where it uses this database. Found by its SIRET too.",
    )
    name = fields.Char(
        string="Member",
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Name of the member, as in the convention of the grouping.",
    )
    siret = fields.Char(
        string="SIRET",
        help="14 digits that identify the member; its key is checked.",
    )
    entity_type = fields.Selection(
        selection=lambda self: self.env["res.company"]._get_entity_kinds(),
        string="Type of body",
        help="Decides the regime the whole grouping follows: the strictest of its "
        "members'. For a ministry of this database, that of its company counts too.",
    )
    amount = fields.Monetary(
        help="What this member expects to buy over the whole duration, in € HT. The "
        "members' values add up to that of the need.",
    )
    amount_known = fields.Boolean(
        help="Unticked, the value of the whole grouping is unknown: unknown is neither "
        "zero nor below a threshold.",
    )
    is_coordinator = fields.Boolean(
        string="Coordinator",
        help="The coordinator runs the procedure and signs for the grouping (CCP "
        "L. 2113-6 and following, cited from memory: to be checked).",
    )

    @api.depends("member_company_id")
    def _compute_name(self):
        for member in self:
            member.name = member.name or member.member_company_id.sudo().name

    # === REGIME === #
    def _get_bodies(self):
        """[(ministry or none, type)]: the bodies whose thresholds apply. What is known
        of the ministry counts besides what was typed."""
        company = self.sudo().member_company_id
        bodies = [(company, company.public_entity_type)] if company else []
        if self.entity_type:
            bodies.append((company.browse(), self.entity_type))
        return bodies

    def _is_sren_bound(self):
        """Whether loi SREN, art. 31 binds this member: what is known of the ministry,
        else of the body it names. Unknown is not a no."""
        if self.member_company_id:
            return self.member_company_id._is_sren_bound()
        if self.entity_type == "ministry":
            return True
        today = self.company_id._souverainete_today()
        bodies = self.env["souverainete.bound.body"].sudo()
        said = bodies._get_id(False, self.entity_type, (self.siret or "")[:9], today)
        return bodies.browse(said).bound != "no"

    def _get_launch_content(self):
        """What of the member leaves with the consultation and is frozen."""
        return {
            "name": self.name,
            "company": self.member_company_id.id or 0,
            "siret": self.siret or "",
            "type": self.entity_type or "",
            "amount": self.amount if self.amount_known else None,
            "coordinator": self.is_coordinator,
        }

    # === GROUPING IDENTITY === #
    # Who the member is: its SIRET, and the ministry of this database that has it.

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
