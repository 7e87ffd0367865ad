from odoo import api, fields, models
from odoo.exceptions import ValidationError

STATES = [
    ("draft", "Draft"),
    ("requested", "Requested"),
    ("confirmed", "Confirmed, to regularise"),
    ("regularised", "Regularised"),
    ("refused", "Refused"),
    ("cancelled", "Cancelled"),
]


class Emergency(models.Model):
    """Imperative urgency: orders that leave before their purchase file is there.

    An officer or the duty person who did not ask confirms it for the orders listed, as
    they stand, and for a time. It is regularised afterwards by a purchase file; when it
    is not in time, that is told and shown, and nothing else is refused for it.
    """

    _name = "souverainete.emergency"
    _inherit = ["souverainete.guarded", "mail.thread", "mail.activity.mixin"]
    _description = "Imperative urgency"
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company",
        string="Ministry",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Ministry that orders.",
    )
    state = fields.Selection(
        STATES, default="draft", required=True, copy=False, index=True, tracking=True
    )
    order_ids = fields.Many2many(
        "purchase.order",
        "souverainete_emergency_order_rel",
        string="Orders",
        copy=False,
        ondelete="restrict",
        help="The orders that cannot wait, and no other: they are listed before the "
        "urgency is asked for, with the vendor, products and amount they have then.",
    )
    reason = fields.Text(
        required=True,
        tracking=True,
        help="What happened that could not be foreseen, and what stops or is in danger "
        "without these orders (CCP R. 2122-1, cited from memory by a practitioner: to "
        "be checked on Legifrance).",
    )
    date_start = fields.Date(
        string="From",
        tracking=True,
        default=lambda self: self.env.company._souverainete_today(),
        help="First day the orders may be confirmed (inclusive).",
    )
    date_end = fields.Date(
        string="Until",
        tracking=True,
        help="Last day the orders may be confirmed (inclusive). The longest duration "
        "is a dated delay, in the menu “Delays”.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    envelopes = fields.Json(
        string="What was asked",
        copy=False,
        help="What was asked for, order by order: vendor, file, products, € HT.",
    )
    amount = fields.Monetary(
        string="Amount asked (excl. tax)",
        readonly=True,
        copy=False,
        help="Sum of the orders when the urgency was asked for, in € HT: the most that "
        "may be ordered.",
    )
    requested_by_id = fields.Many2one(
        "res.users", string="Requested by", readonly=True, copy=False
    )
    confirmed_by_id = fields.Many2one(
        "res.users",
        string="Answered by",
        readonly=True,
        copy=False,
        tracking=True,
        help="Officer or duty person who confirmed or refused it; never who asked.",
    )
    confirmed_on = fields.Datetime(
        string="Answered on", readonly=True, copy=False, help="Server time."
    )

    _dates_ordered = models.Constraint(
        "CHECK (date_end >= date_start)", "An urgency cannot end before it starts."
    )

    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "Urgency no. %(number)s", number=record._origin.id or "…"
            )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "state",
            "envelopes",
            "amount",
            "requested_by_id",
            "confirmed_by_id",
            "confirmed_on",
        }

    @api.constrains("order_ids", "company_id")
    def _check_orders_of_one_ministry(self):
        for record in self:
            foreign = record.sudo().order_ids.filtered(
                lambda order, record=record: order.company_id != record.company_id
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(orders)s: an urgency holds orders of one ministry.",
                        orders=", ".join(foreign.mapped("name")),
                    )
                )

    def _is_running(self):
        """Whether its orders may be confirmed today."""
        today = self.company_id._souverainete_today()
        held = self.state == "confirmed" and self.date_start and self.date_end
        return bool(held) and self.date_start <= today <= self.date_end
