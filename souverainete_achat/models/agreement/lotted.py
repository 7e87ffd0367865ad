from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..base.told import tell


class Lotted(models.AbstractModel):
    """One consultation, several lots: one need, and one agreement a lot and holder."""

    _name = "souverainete.lotted"
    _inherit = ["souverainete.guarded"]
    _description = "Need divided into lots"

    lot_ids = fields.One2many(
        "souverainete.lot",
        "requisition_id",
        string="Lots",
        copy=False,
        help="Lots of the consultation, described on the file that carries the need.",
        guard="judged",
    )
    lot_id = fields.Many2one(
        "souverainete.lot",
        string="Lot signed",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        domain="[('requisition_id', '=', need_id)]",
        help="Lot of the need that this agreement signs.",
        guard="judged",
    )
    lot = fields.Char(
        related="lot_id.label",
        string="Lot",
        store=True,
        help="Number and object of the lot that this agreement signs.",
        guard="server",
    )
    lot_count = fields.Integer(
        string="Number of lots",
        compute="_compute_lot_count",
        store=True,
        help="Whether the screen speaks of lots.",
        guard="server",
    )

    @api.depends("is_digital", "lot_ids")
    def _compute_lot_count(self):
        for file in self:
            file.lot_count = file.is_digital and len(file.lot_ids)

    def action_open_lots(self):
        return self._open_page("action_lots_page")

    def action_make_lots(self):
        """One lot a line, with its product and its worth: each lot buys its own."""
        self.check_access("write")
        self.ensure_one()
        if self.lot_ids:
            raise UserError(self.env._("This need is divided into lots already."))
        for number, line in enumerate(self.line_ids.filtered("product_id"), start=1):
            vals = self._prepare_line_lot_vals(line) | {"number": str(number)}
            line.lot_id = self.lot_ids.create(vals)

    def _prepare_line_lot_vals(self, line):
        worth = line.product_qty * line.price_unit
        return {
            "requisition_id": self.id,
            "name": line.product_id.name,
            "cpv_code": line.product_id.cpv_code,
            "amount": worth,
            "amount_known": bool(worth),
        }

    def _carries_need(self):
        return self.need_id in (self.browse(), self)

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
            missing["lot"] = tell(self.env)._(
                "Choose the lot this agreement signs, at the top of the file."
            )
        offers = need.judged_option_ids.filtered(lambda o: o.kind == "offer")
        if offers.filtered(lambda o: not o.lot_id and o.verdict == "retained"):
            missing["offers"] = tell(self.env)._(
                "A retained offer does not say its lot: choose it in the list of "
                "offers, tab “Need and doctrine” of %(need)s.",
                need=need.display_name,
            )
        return missing

    def _get_signed_by_lot_message(self):
        return tell(self.env)._(
            "This need is divided into lots: each lot is signed by its own agreement. "
            "Use “Prepare the agreement” once offers are retained."
        )

    def _finding_lot_lines(self, options):
        """Each agreement buys its own lines: those that say no lot are asked."""
        need = self.need_id
        lines = need.line_ids.filtered(lambda line: not line.lot_id)
        if not need.lot_ids or not lines:
            return {}
        return {
            "": tell(self.env)._(
                "Say which lot buys %(products)s, in the column “Lot” of the lines of "
                "%(need)s: otherwise the agreement of each lot takes them all, at its "
                "share of the price.",
                products=", ".join(lines.product_id.mapped("display_name")),
                need=need.display_name,
            )
        }

    # === AGREEMENT OF A LOT === #

    def _get_signed_pairs(self):
        """{(lot, holder)} that have an agreement of this need already."""
        files = self.agreement_ids.filtered(lambda file: file.state != "cancel")
        return {
            (file.lot_id, holder) for file in files for holder in file._get_holders()
        }

    def _prepare_lot_vals(self, offer):
        """What the lot gives to its agreement: object, code, grid."""
        lot = offer.lot_id
        return {
            "lot_id": lot.id,
            "reference": " – ".join(filter(None, (self.reference, lot.label))),
            "cpv_code": lot.cpv_code or self.cpv_code,
            "grid_id": lot.grid_id.id,
        }
