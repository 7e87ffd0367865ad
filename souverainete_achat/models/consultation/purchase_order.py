from odoo import api, fields, models

from ..base.told import tell


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

    @api.model
    def _get_stated_fields(self):
        stated = {"no_sensitive_data", "no_sensitive_reason"}
        return super()._get_stated_fields() | stated

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
        derogation in force lifts them here as it does on the file; where sensitive
        data already is, what the contract is tolerated its orders are too."""
        need = self._get_studied_file().need_id
        if need._get_hosting_derogations():
            return {}
        today = self.company_id._souverainete_today()
        gaps = self.option_id._collect(lambda link: link._get_hosting_gap(today))
        if not gaps or not self.option_id.data_live_on:
            return gaps
        file = self.requisition_id or self._get_studied_file()
        tolerated = file.sudo()._get_tolerated(self.option_id.sudo())
        keys = {component._get_finding_key() for component in tolerated}
        return {key: gap for key, gap in gaps.items() if key not in keys}

    def _is_without_data(self):
        """Whether the statement holds: not once sensitive data went to this host."""
        return self.no_sensitive_data and not self.option_id.data_live_on

    def _get_statement_gaps(self):
        if (self.no_sensitive_reason or "").strip():
            return {}
        return {
            "reason": tell(self.env)._(
                "Say why no sensitive data is deposited under this order, in the "
                "banner of the order."
            )
        }

    def _get_go_live_message(self, gap):
        if self.option_id.data_live_on:
            return tell(self.env)._(
                "Sensitive data is there since an earlier order, so every order waits "
                "for the qualification. %(gap)s",
                gap=gap,
            )
        return tell(self.env)._(
            "An order is held to bring sensitive data, unless it says the contrary in "
            "its banner, with the reason. %(gap)s",
            gap=gap,
        )

    def _prepare_file_vals(self):
        """What was already said on the order is not asked again on its file."""
        vals = super()._prepare_file_vals()
        return vals | {"has_cloud": "yes"} if self.light_cloud == "yes" else vals

    # === RECORD === #
    def _on_ordered(self):
        result = super()._on_ordered()
        for order in self.sudo():
            order._mark_data_live()
        return result

    def _on_order_written(self, changed):
        result = super()._on_order_written(changed)
        for order in self.sudo():
            order._mark_data_live()
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
