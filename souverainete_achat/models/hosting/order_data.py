from odoo import api, fields, models
from odoo.exceptions import UserError

_STATED = frozenset({"no_sensitive_data", "no_sensitive_reason"})


class PurchaseOrder(models.Model):
    """No sensitive data before the qualification, where the award did not wait for it:
    an order is held to bring some, unless the buyer says otherwise."""

    _inherit = "purchase.order"

    no_sensitive_data = fields.Boolean(
        string="No sensitive data under this order",
        copy=False,
        tracking=True,
        help="Setting up, licences or training: no data of particular sensitivity is "
        "deposited under this order. It does not wait for the qualification of the "
        "host, until an order brought such data.",
    )
    no_sensitive_reason = fields.Text(
        string="Why no sensitive data",
        copy=False,
        tracking=True,
        help="What is ordered, and what keeps sensitive data out of it meanwhile.",
    )
    data_gate_shown = fields.Boolean(
        compute="_compute_data_gate_shown",
        help="Whether the contract accepts a qualification before the first sensitive "
        "data, so that each order says whether it brings some.",
    )

    @api.depends("requisition_id", "need_id", "option_id", "state", "scope_status")
    def _compute_data_gate_shown(self):
        for order in self:
            order.data_gate_shown = (
                order.scope_status == "in" and order._is_data_gated()
            )

    # === WHAT IS STATED === #

    def write(self, vals):
        if _STATED & set(vals):
            self._check_statement_is_open(vals)
        return super().write(vals)

    def _check_statement_is_open(self, vals):
        names = _STATED & set(vals)
        frozen = self.filtered(
            lambda order: (
                order.gate_state == "purchase"
                and any(
                    (order[name] or False) != (vals[name] or False) for name in names
                )
            )
        )
        if frozen:
            raise UserError(
                self.env._(
                    "%(orders)s: what an order was confirmed on, with or without "
                    "sensitive data, is not rewritten.",
                    orders=", ".join(frozen.mapped("name")),
                )
            )

    # === WHAT IS JUDGED === #

    def _is_data_gated(self):
        """Whether the need accepts a qualification after the notification, for data
        that are sensitive, and binds the body that buys."""
        need = self._get_studied_file().need_id
        return (
            need._is_qualification_deferred()
            and need._is_sensitive()
            and need._is_sren_bound()
        )

    def _finding_order_data(self):
        """Sensitive data only goes to what is qualified on the day."""
        if not self._is_data_gated():
            return {}
        if self._is_without_data():
            return self._get_statement_gaps()
        gaps = self._get_data_gaps()
        return {key: self._get_go_live_message(gap) for key, gap in gaps.items()}

    def _get_data_gaps(self):
        """{key: message} of the links that may not host sensitive data today. A
        derogation in force lifts them here as it does on the file."""
        need = self._get_studied_file().need_id
        if need._is_derogated("hosting_qualified"):
            return {}
        today = self.company_id._souverainete_today()
        return self.option_id._collect(lambda link: link._get_hosting_gap(today))

    def _is_without_data(self):
        """Whether the statement holds: not once sensitive data went to this host."""
        return self.no_sensitive_data and not self.option_id.data_live_on

    def _get_statement_gaps(self):
        if (self.no_sensitive_reason or "").strip():
            return {}
        return {
            "reason": self.env._(
                "Say why no sensitive data is deposited under this order, in the "
                "banner of the order."
            )
        }

    def _get_go_live_message(self, gap):
        if self.option_id.data_live_on:
            return self.env._(
                "Sensitive data is there since an earlier order, so every order waits "
                "for the qualification. %(gap)s",
                gap=gap,
            )
        return self.env._(
            "An order is held to bring sensitive data, unless it says the contrary in "
            "its banner, with the reason. %(gap)s",
            gap=gap,
        )

    # === RECORD === #

    def _pass_gate(self):
        result = super()._pass_gate()
        self.sudo()._mark_data_live()
        return result

    def _check_regression(self):
        result = super()._check_regression()
        self.sudo()._mark_data_live()
        return result

    def _mark_data_live(self):
        """From the first order with sensitive data on, its option is held to its
        qualification."""
        option = self.option_id
        if option.data_live_on or self._is_without_data() or not self._is_data_gated():
            return
        today = self.company_id._souverainete_today()
        option._write_server({"data_live_on": today})

    def _prepare_order_payload(self):
        payload = super()._prepare_order_payload()
        if not self.no_sensitive_data:
            return payload
        return payload | {"no_sensitive_data": self.no_sensitive_reason or ""}
