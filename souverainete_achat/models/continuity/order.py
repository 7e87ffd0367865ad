from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

GROUNDS = [
    ("maintenance", "Maintenance of what runs"),
    ("continuity", "Continuity of the service"),
    ("reversibility", "Reversibility: getting data and rights back"),
    ("migration", "Migration to another solution"),
]
LEAVING = ("reversibility", "migration")
_STATED = frozenset({"continuity_ground", "continuity_reason"})


class PurchaseOrder(models.Model):
    """A signed contract must be performed, and leaving it needs orders too."""

    _inherit = "purchase.order"

    continuity_ground = fields.Selection(
        GROUNDS,
        string="Ground on a lapsed contract",
        copy=False,
        tracking=True,
        help="The contract no longer meets the doctrine since it was signed. New "
        "services, new data and extensions are refused; maintenance, continuity, "
        "reversibility and migration may be ordered, with a reason, and are listed for "
        "the compliance officers. Policy of the ministry.",
    )
    continuity_reason = fields.Text(
        string="Reason on a lapsed contract",
        copy=False,
        tracking=True,
        help="Why this has to be ordered although the contract lapsed, and until when.",
    )
    continuity_used = fields.Boolean(
        string="On a lapsed contract",
        readonly=True,
        copy=False,
        help="The order was confirmed although its contract no longer met the "
        "doctrine, on the ground it states.",
    )
    continuity_offered = fields.Boolean(
        string="Ground offered",
        compute="_compute_continuity_offered",
        help="The contract lapsed: a ground may be stated.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"continuity_used"}

    @api.depends("requisition_id", "need_id", "option_id", "state", "scope_status")
    def _compute_continuity_offered(self):
        for order in self:
            shown = order._origin and order._is_banner_shown()
            order.continuity_offered = bool(shown and order._origin._get_lapses())

    def write(self, vals):
        if _STATED & set(vals):
            self._check_ground_is_open()
        return super().write(vals)

    def _check_ground_is_open(self):
        if frozen := self.filtered(lambda order: order.gate_state == "purchase"):
            raise UserError(
                self.env._(
                    "%(orders)s: the ground and the reason an order was confirmed on "
                    "are not rewritten.",
                    orders=", ".join(frozen.mapped("name")),
                )
            )

    # === WHAT LAPSED === #

    def _get_lapses(self):
        """[Finding] of its files that were in order once, and no longer are."""
        order = self.sudo()
        return [
            finding
            for file in order._get_judged_files()
            if file._is_once_met()
            for finding in file._findings(option=order.option_id)
            if file._is_lapse(finding)
        ]

    def _file_findings(self, file):
        """What lapsed since does not stop what keeps the service running, or leaves."""
        findings = super()._file_findings(file)
        if not self._is_continuing() or not file._is_once_met():
            return findings
        return [finding for finding in findings if not file._is_lapse(finding)]

    def _is_continuing(self):
        """Whether the ground stated holds."""
        return bool(self.continuity_ground) and not self._finding_order_continuity()

    def _finding_order_continuity(self):
        """A ground has its reason, and covers no new service."""
        file = self._get_studied_file()
        if not self.continuity_ground or not file or not self._get_lapses():
            return {}
        messages = {}
        if not (self.continuity_reason or "").strip():
            messages["reason"] = self.env._(
                "Give the reason of this order on a lapsed contract, in the banner of "
                "the order."
            )
        if products := self._get_new_services(file):
            messages["new"] = self._get_new_service_message(file, products)
        if products := self._get_extended_services(file):
            messages["more"] = self._get_extension_message(file, products)
        return messages

    def _get_new_services(self, file):
        """Products that the ground does not cover."""
        leaving = self.continuity_ground in LEAVING
        bought = self.order_line.product_id
        return bought - file._get_continued_products(leaving)

    def _get_extended_services(self, file):
        """Products of which more is ordered than what runs: to keep it running is no
        ground to extend it."""
        if self.continuity_ground in LEAVING:
            return self.env["product.product"]
        running = file._get_running_quantities()
        bought = self._get_product_quantities()
        extended = [
            product.id
            for product, quantity in bought.items()
            if product in running and quantity > running[product]
        ]
        return self.env["product.product"].browse(extended)

    def _get_product_quantities(self):
        """{product: quantity} of these orders, in the unit of the product."""
        quantities = defaultdict(float)
        for line in self.order_line.filtered("product_id"):
            quantities[line.product_id] += line.product_uom_qty
        return quantities

    def _get_extension_message(self, file, products):
        return self.env._(
            "%(products)s: more than was ordered under %(file)s while it was in order. "
            "An extension is refused while the contract falls short; lower the "
            "quantity, or buy the rest under a file of its own.",
            products=", ".join(products.mapped("display_name")),
            file=file.display_name,
        )

    def _get_new_service_message(self, file, products):
        names = ", ".join(products.mapped("display_name"))
        if self.continuity_ground in LEAVING:
            return self.env._(
                "%(products)s: neither on %(file)s nor ordered under it before. A new "
                "service is refused while the contract falls short; take it off the "
                "order, or buy it under a file of its own.",
                products=names,
                file=file.display_name,
            )
        return self.env._(
            "%(products)s: never ordered under %(file)s before. A new service is "
            "refused while the contract falls short; take it off the order, or buy it "
            "under a file of its own.",
            products=names,
            file=file.display_name,
        )

    def _format_refusal(self, findings):
        """Say that there is a way out, where there is one."""
        refusal = super()._format_refusal(findings)
        stopped = any(finding.rule.stage != "order" for finding in findings)
        if not stopped or self.continuity_ground or not self._get_lapses():
            return refusal
        return "\n".join([refusal, self._get_way_out_message()])

    def _get_way_out_message(self):
        return self.env._(
            "The contract was in order when it was signed. To maintain what runs, to "
            "keep the service going, to get the data back or to migrate, choose a "
            "ground and give the reason in the banner of the order. New services and "
            "extensions stay refused."
        )
