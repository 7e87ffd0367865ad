from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PurchaseRequisition(models.Model):
    """One consultation, several lots: one need, and one agreement a lot and holder."""

    _inherit = "purchase.requisition"

    lot_ids = fields.One2many(
        "souverainete.lot",
        "requisition_id",
        string="Lots",
        copy=False,
        help="Lots of the consultation, described on the file that carries the need.",
    )
    lot_id = fields.Many2one(
        "souverainete.lot",
        string="Lot signed",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        domain="[('requisition_id', '=', need_id)]",
        help="Lot of the need that this agreement signs.",
    )
    lot = fields.Char(
        related="lot_id.label",
        string="Lot",
        store=True,
        help="Number and object of the lot that this agreement signs.",
    )
    lot_count = fields.Integer(
        string="Number of lots",
        compute="_compute_lot_count",
        help="Whether the screen speaks of lots.",
    )
    consultation_ref = fields.Char(
        string="Consultation reference",
        index="btree_not_null",
        help="Reference of the consultation that the lots and their agreements share.",
    )

    @api.depends("lot_ids")
    def _compute_lot_count(self):
        for file in self:
            file.lot_count = file.is_digital and len(file.lot_ids)

    # === HOOKS === #

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"lot"}

    @api.model
    def _get_declared_fields(self):
        return super()._get_declared_fields() | {"lot_ids", "lot_id"}

    def _carries_need(self):
        return self.need_id in (self.browse(), self)

    def _prefetch_findings(self):
        self.mapped("need_id.lot_ids")
        self.mapped("need_id.judged_option_ids.lot_id")
        return super()._prefetch_findings()

    def _get_launch_content(self):
        """Added only where there are lots: what was frozen before there could be any
        stays as it was."""
        content = super()._get_launch_content()
        if lots := self.sudo().lot_ids.sorted("id"):
            content["lots"] = [lot._get_launch_content() for lot in lots]
        return content

    def _freeze_grids(self):
        result = super()._freeze_grids()
        for file in self.sudo().filtered("need_id.lot_ids"):
            day = file.company_id._souverainete_today()
            file.need_id.lot_ids.grid_id._freeze(day)
        return result

    def _move_unassessed_options(self):
        result = super()._move_unassessed_options()
        self.lot_ids._move_unassessed_options()
        return result

    # === WHAT IS JUDGED FOR A LOT === #

    def _get_judged_options(self):
        """Those of its lot; a study that says no lot is about all of them."""
        options = super()._get_judged_options()
        need = self.sudo().need_id
        if need == self or not need.lot_ids:
            return options
        return options.filtered(
            lambda o: o.lot_id == self.lot_id or (o.kind == "studied" and not o.lot_id)
        )

    def _get_draft_agreements(self):
        """A need divided into lots is not signed itself."""
        drafts = super()._get_draft_agreements()
        return drafts - self if self.sudo().lot_ids else drafts

    def _compute_is_awarded(self):
        """Every lot that received an offer is signed."""
        res = super()._compute_is_awarded()
        for need in self.filtered(lambda n: n.is_awarded and n.sudo().lot_ids):
            offers = need.sudo().judged_option_ids.filtered(lambda o: o.kind == "offer")
            need.is_awarded = all(lot._is_awarded() for lot in offers.lot_id)
        return res

    # === CONSTRAINTS === #

    @api.constrains("lot_id", "need_id")
    def _check_lot(self):
        for file in self.filtered("lot_id"):
            if file.lot_id.requisition_id != file.need_id:
                raise ValidationError(
                    self.env._(
                        "Lot %(lot)s is not a lot of the need %(need)s.",
                        lot=file.lot_id.label,
                        need=file.need_id.display_name,
                    )
                )

    @api.constrains("need_id")
    def _check_lots_stay_with_need(self):
        """What a need consists of does not leave it by naming another need."""
        for file in self.filtered(lambda f: f.need_id and f.need_id != f):
            if file.sudo().lot_ids or file.sudo().grouping_member_ids:
                raise ValidationError(
                    self.env._(
                        "%(file)s has lots or members of a grouping: it stays its own "
                        "need.",
                        file=file.display_name,
                    )
                )

    # === FINDINGS === #

    def _finding_lots(self, options):
        """Each agreement says its lot, and each offer too: what is proved for one lot
        proves nothing of another."""
        need = self.need_id
        if not need.lot_ids or self.requisition_type != "blanket_order":
            return {}
        if need == self:
            return {"need": self._get_signed_by_lot_message()}
        missing = {}
        if not self.lot_id:
            missing["lot"] = self.env._(
                "Choose the lot this agreement signs, at the top of the file."
            )
        offers = need.judged_option_ids.filtered(lambda o: o.kind == "offer")
        if offers.filtered(lambda o: not o.lot_id and o.verdict == "retained"):
            missing["offers"] = self.env._(
                "A retained offer does not say its lot: choose it in the list of "
                "offers, tab “Need and doctrine” of %(need)s.",
                need=need.display_name,
            )
        return missing

    def _get_signed_by_lot_message(self):
        return self.env._(
            "This need is divided into lots: each lot is signed by its own agreement. "
            "Use “Prepare the agreement” once offers are retained."
        )
