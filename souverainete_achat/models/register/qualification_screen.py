from odoo import fields, models
from odoo.fields import Command


class Qualification(models.Model):
    """What the buttons of the form open."""

    _inherit = "souverainete.qualification"

    alert_count = fields.Integer(
        string="Alerts",
        compute="_compute_alert_count",
        help="Alerts told to the files that rely on it, settled ones included.",
    )
    line_count = fields.Integer(
        string="Decisions",
        compute="_compute_line_count",
        help="Decisions recorded on this service.",
    )

    def _compute_alert_count(self):
        alerts = self.env["souverainete.qualification.alert"]
        counts = {}
        if alerts.has_access("read"):
            groups = alerts._read_group(
                [("qualification_id", "in", self.ids)],
                ["qualification_id"],
                ["__count"],
            )
            counts = dict(groups)
        for record in self:
            record.alert_count = counts.get(record._origin, 0)

    def _compute_line_count(self):
        for record in self:
            record.line_count = len(record.line_id.line_member_ids)

    def _open(self, name, records, modes="list,form", **options):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": records._name,
            "view_mode": modes,
            "domain": [("id", "in", records.ids)],
            **options,
        }

    def action_open_files(self):
        """The purchase files that rely on this service."""
        self.ensure_one()
        return self._open(
            self.env._("Purchase files"), self._get_visible_uses()[self][0]
        )

    def action_open_orders(self):
        """The confirmed orders that rely on this service."""
        self.ensure_one()
        return self._open(self.env._("Orders"), self._get_visible_uses()[self][1])

    def action_open_alerts(self):
        """What was told of their end, and to whom."""
        alerts = self.env["souverainete.qualification.alert"].search(
            [("qualification_id", "in", self.ids)]
        )
        return self._open(self.env._("Alerts"), alerts, "list")

    def action_open_line(self):
        """Every decision recorded on the service."""
        return self._open(self.env._("Decisions"), self._get_line())

    def action_ask(self):
        """Was this service qualified on a day?"""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Qualified on a day?"),
            "res_model": "souverainete.qualification.question",
            "view_mode": "form",
            "target": "new",
            "context": {"default_qualification_id": self.id},
        }

    def action_renew(self):
        """Open the renewal of this qualification: a new record, what is known of the
        service filled in, and nothing of the decision."""
        self.ensure_one()
        last = self._get_line().sorted(lambda r: r.date_start or r.create_date.date())
        last = last[-1:]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record the renewal"),
            "res_model": self._name,
            "view_mode": "form",
            "context": {
                "default_replaces_id": last.id,
                "default_partner_id": last.partner_id.id,
                "default_service": last.service,
                "default_service_type_ids": [Command.set(last.service_type_ids.ids)],
                "default_scheme": last.scheme,
                "default_version": last.version,
                "default_source_url": last.source_url,
            },
        }
