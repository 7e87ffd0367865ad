from odoo import api, fields, models

from ..base.opening import open_records


class QualificationUses(models.AbstractModel):
    """The files and orders that rely on a qualification, through the components of the
    options they retained. What is still a confidential offer is left out."""

    _name = "souverainete.qualification.uses"
    _description = "Uses of a qualification"

    use_file_count = fields.Integer(
        string="Files",
        compute="_compute_use_counts",
        help="Files in preparation and running agreements whose retained option has a "
        "component with this qualification, among those you may read.",
    )
    use_order_count = fields.Integer(
        string="Orders",
        compute="_compute_use_counts",
        help="Confirmed orders under these files, among those you may read.",
    )

    @api.depends_context("uid", "company")
    def _compute_use_counts(self):
        uses = self._get_visible_uses()
        for record in self:
            files, orders = uses[record]
            record.use_file_count, record.use_order_count = len(files), len(orders)

    def _get_visible_uses(self):
        """{qualification: (files, orders) that rely on it, among those the user may
        read}. Constant queries, whatever the number of records."""
        uses = self._get_uses()
        files = self.env["purchase.requisition"].union(*uses.values())
        orders = self._get_orders(files)
        by_file = self._get_orders_by_file(orders)
        readable = files.with_env(self.env)._filtered_access("read")
        visible = orders.with_env(self.env)._filtered_access("read")
        result = {}
        for record in self:
            used = uses.get(record._origin, files.browse())
            bought = orders.browse().union(*(by_file[f] for f in used if f in by_file))
            result[record] = readable & used, visible & bought
        return result

    def _get_uses(self):
        """{qualification: files that rely on it}: what is open, in any ministry.

        Reads a set number of times, whatever the number of qualifications and files.
        """
        components = self._get_components()
        needs = components.option_id.requisition_id
        needs.agreement_ids._prefetch_case()
        needs.agreement_ids._prefetch_findings({"hosting_qualified"})
        uses = {}
        for component in components:
            option = component.option_id
            if option._is_confidential() or option.verdict == "rejected":
                continue
            files = option.requisition_id.agreement_ids.filtered(
                lambda file, o=option: file._is_relying_on(o)
            )
            record = component.qualification_id.with_env(self.env)
            uses[record] = uses.get(record, files.browse()) | files
        return uses

    def _get_orders(self, files):
        """Confirmed orders under these files, read at once."""
        orders = self.env["purchase.order"].sudo()
        if not files:
            return orders
        return orders.search(
            [
                ("state", "=", "purchase"),
                "|",
                ("requisition_id", "in", files.ids),
                ("need_id", "in", files.ids),
            ]
        )

    def _get_orders_by_file(self, orders):
        """{file: its orders}; an order of an agreement is not one of its need."""
        by_file = {}
        for order in orders:
            file = order.requisition_id or order.need_id
            by_file[file] = by_file.get(file, orders[:0]) | order
        return by_file

    # === ACTIONS === #
    def action_open_files(self):
        """The purchase files that rely on this service."""
        self.check_access("read")
        self.ensure_one()
        files, _orders = self._get_visible_uses()[self]
        return open_records(files, self.env._("Purchase files"))

    def action_open_orders(self):
        """The confirmed orders that rely on this service."""
        self.check_access("read")
        self.ensure_one()
        _files, orders = self._get_visible_uses()[self]
        return open_records(orders, self.env._("Orders"))
