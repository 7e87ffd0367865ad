from odoo import api, fields, models
from odoo.exceptions import ValidationError


class GroupingMember(models.Model):
    """A buyer of a grouping: a ministry of this database, or an outside body."""

    _name = "souverainete.grouping.member"
    _inherit = ["souverainete.guarded", "souverainete.declaration"]
    _description = "Member of a grouping of buyers"
    _order = "requisition_id, is_coordinator desc, id"
    _file_path = "requisition_id"

    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Need",
        required=True,
        index=True,
        ondelete="cascade",
        help="The purchase file that carries the need shared by the grouping.",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id",
        string="Ministry of the file",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(related="requisition_id.currency_id")
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
        selection=lambda self: (
            self.env["res.company"]
            ._fields["public_entity_type"]
            ._description_selection(self.env)
        ),
        string="Type of body",
        help="Decides the regime the whole grouping follows: the strictest of its "
        "members'. For a ministry of this database, that of its company counts too.",
    )
    amount = fields.Monetary(
        string="Estimated value (excl. tax)",
        help="What this member expects to buy over the whole duration, in € HT. The "
        "members' values add up to that of the need.",
    )
    amount_known = fields.Boolean(
        string="Estimate known",
        help="Unticked, the value of the whole grouping is unknown: unknown is neither "
        "zero nor below a threshold.",
    )
    is_coordinator = fields.Boolean(
        string="Coordinator",
        help="The coordinator runs the procedure and signs for the grouping (CCP "
        "L. 2113-6 and following, cited from memory: to be checked).",
    )

    _siret_uniq = models.UniqueIndex(
        "(requisition_id, siret) WHERE siret IS NOT NULL",
        "This body is already a member of the grouping.",
    )
    _company_uniq = models.UniqueIndex(
        "(requisition_id, member_company_id) WHERE member_company_id IS NOT NULL",
        "This ministry is already a member of the grouping.",
    )

    @api.depends("member_company_id")
    def _compute_name(self):
        for member in self:
            member.name = member.name or member.member_company_id.sudo().name

    @api.onchange("amount")
    def _onchange_amount(self):
        self.amount_known = bool(self.amount)

    # === CONSTRAINTS === #

    @api.constrains("requisition_id")
    def _check_need(self):
        for member in self.filtered(lambda m: not m.requisition_id._carries_need()):
            raise ValidationError(
                self.env._(
                    "%(file)s shares the need of %(need)s: the grouping is described "
                    "there.",
                    file=member.requisition_id.display_name,
                    need=member.requisition_id.need_id.display_name,
                )
            )

    @api.constrains("amount", "amount_known")
    def _check_amount(self):
        """Odoo reads an empty number as 0: a known amount is never 0."""
        for member in self.filtered(lambda m: m.amount_known or m.amount < 0):
            if member.amount <= 0:
                raise ValidationError(
                    self.env._(
                        "The estimate of %(member)s is marked as known: give an amount "
                        "above 0, or mark it as unknown.",
                        member=member.name,
                    )
                )

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
