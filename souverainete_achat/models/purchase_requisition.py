from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .policy.applicability import NATURES, ROUTES


class PurchaseRequisition(models.Model):
    """The purchase file: the need, the agreement, or both on one record."""

    _inherit = "purchase.requisition"

    # === NEED AND AGREEMENT === #

    need_id = fields.Many2one(
        "purchase.requisition",
        compute="_compute_need_id",
        store=True,
        readonly=False,
        index=True,
        copy=False,
        help="The file that carries the need: this one, or the one that lots and "
        "holders share.",
    )
    agreement_ids = fields.One2many(
        "purchase.requisition",
        "need_id",
        string="Agreements of this need",
        context={"active_test": False},
        help="The agreements signed for this need; the need itself is one of them.",
    )
    option_ids = fields.One2many(
        "souverainete.option",
        "requisition_id",
        string="Options",
        help="The ways of meeting the need: studied before launch, offered after.",
    )
    judged_option_ids = fields.One2many(
        "souverainete.option",
        "requisition_id",
        groups=fields.NO_ACCESS,
        copy=False,
        help="The same options, offers included, as the gate reads them. A list of its "
        "own: the lists of a request are shared, and what a person sees of the options "
        "would be taken for all of them, or the reverse.",
    )
    is_umbrella = fields.Boolean(
        string="Umbrella framework",
        help="A framework whose needs are defined at each order: each order carries "
        "its own need and is checked on it.",
    )
    analyst_ids = fields.Many2many(
        "res.users",
        "souverainete_requisition_analyst_rel",
        string="Offer analysts",
        copy=False,
        help="Who may read the offers until award (confidentiality of bids, CCP). "
        "The buyer alone, unless others are named.",
    )
    holder_ids = fields.Many2many(
        "res.partner",
        "souverainete_requisition_holder_rel",
        string="Holders",
        help="Holders of an agreement signed by several; the vendor is one of them.",
    )

    # === WHAT IS BOUGHT, AND HOW === #

    cpv_code = fields.Char(
        string="Main CPV code",
        help="Main CPV code, as in the notice: 8 digits, with or without the check "
        "digit.",
    )
    scope_suggestion = fields.Selection(
        [("in", "Probably digital"), ("out", "Probably not"), ("none", "No idea")],
        copy=False,
        help="What the words of an imported purchase suggest. It decides nothing.",
    )
    purchase_nature = fields.Selection(NATURES, string="Nature")
    purchase_route = fields.Selection(ROUTES, string="Route", default="own")
    date_end_estimated = fields.Boolean(
        string="End date estimated",
        copy=False,
        help="The end date was computed from the notification and the duration, "
        "extensions included; it was not read in the contract.",
    )

    # === COMPUTE METHODS === #

    # Without a dependency, a stored compute would not run at creation.
    @api.depends("company_id")
    def _compute_need_id(self):
        for file in self:
            file.need_id = file.need_id or file._origin

    # === CONSTRAINTS === #

    @api.constrains("cpv_code")
    def _check_cpv_code(self):
        for file in self:
            self.env["souverainete.cpv.prefix"]._check_code(file.cpv_code)

    @api.constrains("need_id", "company_id")
    def _check_need(self):
        """A need is shared within one ministry, and carries itself."""
        for file in self.filtered(lambda f: f.need_id != f):
            if file.agreement_ids - file:
                raise ValidationError(
                    self.env._(
                        "%(need)s carries the need of other agreements: it stays its "
                        "own need.",
                        need=file.display_name,
                    )
                )
            if file.need_id.need_id != file.need_id:
                raise ValidationError(
                    self.env._(
                        "%(need)s does not carry a need itself: choose %(root)s.",
                        need=file.need_id.display_name,
                        root=file.need_id.need_id.display_name,
                    )
                )
            if file.need_id.company_id != file.company_id:
                raise ValidationError(
                    self.env._("A need and its agreements belong to one ministry.")
                )

    # === FILE === #

    def _is_published(self):
        """Whether a consultation is published, so that launch and award are two acts.

        Orders to UGAP, under someone's framework or without competition publish
        nothing: launching and confirming are then one click.
        """
        return self.purchase_route in (False, "own", "subsequent")

    def _finding_characterisation(self, options):
        """Nature and route decide which rules are asked."""
        missing = [
            label
            for name, label in (
                ("purchase_nature", self.env._("the nature of the purchase")),
                ("purchase_route", self.env._("the route")),
            )
            if not self.need_id[name]
        ]
        if not missing:
            return {}
        return {
            "": self.env._(
                "Give %(missing)s, at the top of the file.", missing=", ".join(missing)
            )
        }

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """A form sends an empty need: the file then carries its own."""
        for vals in vals_list:
            if not vals.get("need_id", True):
                del vals["need_id"]
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("need_id", True):
            return super().write(vals)
        for file in self:
            super(PurchaseRequisition, file).write({**vals, "need_id": file.id})
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        """A file that was launched, signed or journalled is evidence."""
        kept = self.sudo().filtered(lambda f: f._has_evidence())
        if kept:
            raise UserError(
                self.env._(
                    "%(files)s cannot be deleted: decisions were recorded on them. "
                    "Cancel or archive them instead.",
                    files=", ".join(kept.mapped("display_name")),
                )
            )

    def _has_evidence(self):
        """Whether something was decided or recorded that must be kept."""
        return bool(self.date_launch or self.gate_passed_on or self.is_prior)
