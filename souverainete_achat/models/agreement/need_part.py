from odoo import api, fields, models
from odoo.exceptions import ValidationError


class NeedPart(models.AbstractModel):
    """What a need consists of, and what each part is worth: a lot, a buyer…"""

    _name = "souverainete.need.part"
    _inherit = ["souverainete.declaration"]
    _description = "Part of a need"
    _file_path = "requisition_id"

    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Need",
        required=True,
        index=True,
        ondelete="cascade",
        help="The purchase file that carries the need, which this is a part of.",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id",
        string="Ministry of the file",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(related="requisition_id.currency_id")
    amount = fields.Monetary(string="Estimated value (excl. tax)")
    amount_known = fields.Boolean(string="Estimate known")

    @api.onchange("amount")
    def _onchange_amount(self):
        self.amount_known = bool(self.amount)

    @api.constrains("requisition_id")
    def _check_need(self):
        for part in self.filtered(lambda part: not part.requisition_id._carries_need()):
            raise ValidationError(
                self.env._(
                    "%(file)s shares the need of %(need)s: its lots and the members of "
                    "its grouping are described there.",
                    file=part.requisition_id.display_name,
                    need=part.requisition_id.need_id.display_name,
                )
            )

    @api.constrains("amount", "amount_known")
    def _check_amount(self):
        """Odoo reads an empty number as 0: a known amount is never 0."""
        for part in self.filtered(lambda part: part.amount_known or part.amount < 0):
            if part.amount <= 0:
                raise ValidationError(
                    self.env._(
                        "The value of %(part)s is marked as known: give an amount "
                        "above 0, or mark it as unknown.",
                        part=part._get_part_name(),
                    )
                )

    def _get_part_name(self):
        """How a message names this part."""
        return self.display_name
