from odoo import models

from .finding import Finding
from .requisition_findings import format_refusal


class PurchaseOrder(models.Model):
    """What is missing on an order: its own findings, then those of its files."""

    _inherit = "purchase.order"

    def _findings(self):
        """[Finding] of this order that nothing lifts."""
        return [f for f in self._all_findings() if not self._is_lifted(f)]

    def _is_lifted(self, finding):
        """Whether a room takes this finding out of the way of the order."""
        return False

    def _all_findings(self):
        """[Finding] of this order: its own, then those of its purchase file."""
        self.ensure_one()
        order = self.sudo()
        if order.scope_status == "out":
            return []
        findings = order._own_findings()
        if order.scope_status == "ask":
            return findings
        for file in order._get_judged_files():
            findings += order._file_findings(file)
        return findings

    def _file_findings(self, file):
        """[Finding] of one of its files; rooms take out what does not stop this
        order."""
        return file._findings(option=self.option_id)

    def _own_findings(self):
        """[Finding] of the rules of stage `order`."""
        company = self.company_id
        rules = self.env["souverainete.rule"]._get_rules(
            company, company._souverainete_today(), ("order",)
        )
        return [
            Finding(rule, message, rule.owner, rule._is_blocking(), key)
            for rule in rules
            for key, message in getattr(self, f"_finding_{rule.code}")().items()
        ]

    def _get_blocking(self):
        return [finding for finding in self._findings() if finding.blocking]

    def _format_refusal(self, findings):
        return format_refusal(self, findings, self.env._("confirming the order"))

    def _confirmation_error_message(self):
        if error := super()._confirmation_error_message():
            return error
        if self.scope_status == "out":
            return False
        blocking = [f for f in self._get_blocking() if not self._is_running(f)]
        return self._format_refusal(blocking) if blocking else False
