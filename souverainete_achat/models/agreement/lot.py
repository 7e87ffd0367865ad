from odoo import api, fields, models
from odoo.tools import SQL

from ..base.amount import Amount


class Lot(models.Model):
    """A lot of one need: its own grid and offers, signed with one holder or several."""

    _name = "souverainete.lot"
    _inherit = ["souverainete.need.part"]
    _description = "Lot of a consultation"
    _order = "requisition_id, sequence, id"
    _rec_name = "label"
    _number_uniq = models.Constraint(
        "UNIQUE (requisition_id, number)", "This need already has a lot of this number."
    )

    sequence = fields.Integer(default=10, guard="free")
    number = fields.Char(
        required=True, help="Number of the lot, as the consultation writes it."
    )
    name = fields.Char(string="Object", help="What the lot buys, in a few words.")
    label = fields.Char(
        string="Lot", compute="_compute_label", store=True, guard="server"
    )
    cpv_code = fields.Char(
        string="CPV code of the lot",
        help="CPV code of the lot, as in the notice. Empty: that of the need.",
    )
    grid_id = fields.Many2one(
        "souverainete.grid",
        string="Assessment grid",
        compute="_compute_grid_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Grid the offers of this lot are assessed with: that of the need, unless "
        "changed. It is frozen at launch.",
    )
    amount = fields.Monetary(
        string="Value of the lot (excl. tax)",
        help="Value or maximum of the lot over its whole duration, in € HT. The "
        "holders of the lot share it: it counts once.",
    )
    amount_known = fields.Boolean(
        string="Value known",
        help="Unticked, the value of the lot is unknown, which is not zero.",
    )
    option_ids = fields.One2many(
        "souverainete.option", "lot_id", string="Offers of the lot"
    )
    agreement_ids = fields.One2many(
        "purchase.requisition",
        "lot_id",
        string="Agreements of the lot",
        context={"active_test": False},
        help="One agreement a holder.",
    )

    # === COMPUTE METHODS === #
    @api.depends("number", "name")
    def _compute_label(self):
        for lot in self:
            lot.label = " – ".join(filter(None, (lot.number, lot.name)))

    @api.depends("requisition_id")
    def _compute_grid_id(self):
        for lot in self:
            lot.grid_id = lot.grid_id or lot.requisition_id.grid_id

    # === CONSTRAINTS === #
    @api.constrains("cpv_code")
    def _check_cpv_code(self):
        for lot in self:
            self.env["souverainete.cpv.prefix"]._check_code(lot.cpv_code)

    @api.constrains("grid_id", "company_id")
    def _check_grid(self):
        for lot in self.filtered("grid_id"):
            lot.grid_id._check_usable(lot.company_id)

    # === CRUD === #
    def write(self, vals):
        announced = {lot: lot.grid_id for lot in self} if "grid_id" in vals else {}
        result = super().write(vals)
        for lot, grid in announced.items():
            if lot.grid_id != grid:
                lot.requisition_id._check_grid_announced(grid)
        if announced:
            self._move_unassessed_options()
        return result

    def _move_unassessed_options(self):
        """Offers where nothing is assessed yet follow the grid of their lot."""
        for lot in self.sudo():
            lot.requisition_id.judged_option_ids.filtered(
                lambda option, lot=lot: (
                    option.lot_id == lot
                    and not option.level_reached
                    and option.grid_id != lot.grid_id
                )
            ).write({"grid_id": lot.grid_id.id})

    # === WHAT THE LOT SAYS === #
    def _get_launch_content(self):
        """What of the lot leaves with the consultation and is frozen."""
        return {
            "number": self.number,
            "name": self.name or "",
            "cpv": self.cpv_code or "",
            "grid": self.grid_id._get_launch_content(),
            "amount": self.amount if self.amount_known else None,
        }

    def _get_part_name(self):
        return self.env._("lot %(number)s", number=self.number)

    def _is_awarded(self):
        """Whether the lot was signed, and none of its agreements is still a draft."""
        agreements = self.sudo().agreement_ids
        drafts = agreements.filtered(lambda file: file.state == "draft")
        return any(file.gate_passed_on for file in agreements) and not drafts

    # === CEILING === #
    def _get_ceiling(self):
        """What the holders of the lot share. Counted once, however many agreements
        repeat it; without a value, at least what the agreements add up to."""
        signed = self.sudo().agreement_ids.filtered(lambda f: f.state != "cancel")
        ceilings = [file._get_ceiling().value for file in signed]
        if self.amount_known:
            return Amount(max([self.amount, *ceilings]), True)
        return Amount.unknown(sum(ceilings))

    def _get_placed_amount(self):
        """Confirmed orders of all the holders of the lot."""
        files = self.sudo().agreement_ids
        under = SQL("requisition_id = ANY(%s)", files.ids)
        orders = self.env["purchase.order"].sudo()
        return orders._sum_judged(under, self.currency_id)
