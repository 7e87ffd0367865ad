from odoo import api, fields, models


class PurchaseRequisition(models.Model):
    """What a file is told of the qualifications it relies on."""

    _inherit = "purchase.requisition"

    qualification_alert_ids = fields.One2many(
        "souverainete.qualification.alert",
        "requisition_id",
        string="Alerts on qualifications",
        copy=False,
        help="Each step before the end of a qualification this file relies on.",
    )
    qualification_alert_count = fields.Integer(
        compute="_compute_qualification_alert_count"
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"qualification_alert_ids"}

    @api.depends("qualification_alert_ids.state")
    def _compute_qualification_alert_count(self):
        for file in self:
            alerts = file.qualification_alert_ids
            file.qualification_alert_count = len(
                alerts.filtered(lambda alert: alert.state == "open")
            )

    def action_open_qualification_alerts(self):
        """What was told of the services this file relies on."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Alerts on qualifications"),
            "res_model": "souverainete.qualification.alert",
            "view_mode": "list",
            "domain": [("requisition_id", "=", self.id)],
        }

    def _is_alerted_on(self, end, today):
        """Whether the end of a qualification, on `end`, matters to this file: its data
        is of particular sensitivity, and it lasts longer."""
        if not end or not self.need_id._is_sensitive():
            return False
        return not self.date_end or (self.date_end > end and self.date_end >= today)

    def _get_alert_recipients(self):
        """{file: (its buyer, an officer of its ministry who does not buy)}; the same
        person twice where there is no other, as when the buyer left."""
        officers = {
            company: company._get_role_users("group_officer")
            for company in self.company_id
        }
        recipients = {}
        for file in self:
            buyer = file._get_told_user()
            others = officers[file.company_id] - file._get_scope_requesters() - buyer
            recipients[file] = (buyer, others.sorted("id")[:1] or buyer)
        return recipients
