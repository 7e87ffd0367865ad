import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError


class PurchaseRequisition(models.Model):
    """Launch: the consultation leaves, and what it left with is frozen."""

    _inherit = "purchase.requisition"

    # === HOOKS === #

    def _get_launch_content(self):
        """What is frozen at launch, as JSON-able data; rooms add their share."""
        self.ensure_one()
        return {
            "file": {
                "cpv": self.cpv_code or "",
                "nature": self.purchase_nature or "",
                "route": self.purchase_route or "",
                "scope": self.scope_override,
                "umbrella": self.is_umbrella,
            }
        }

    def _on_launch(self):
        """Called once the file is launched; rooms freeze what they lent to it."""

    # === LAUNCH === #

    def action_launch(self):
        """Let the consultation leave. Raises with all that is missing at launch."""
        for file in self:
            file.need_id._launch()
        return True

    def _launch(self):
        self.ensure_one()
        self.check_access("write")
        self._check_launchable()
        self._raise_if_blocked(
            self._findings_by_file("launch"), self.env._("launching the consultation")
        )
        self._record_launch()

    def _check_launchable(self):
        if self.date_launch:
            raise UserError(
                self.env._("%(name)s was already launched.", name=self.display_name)
            )
        if self._get_judged_scope() == "out":
            raise UserError(
                self.env._(
                    "%(name)s is not a digital purchase: there is nothing to check "
                    "before launching it.",
                    name=self.display_name,
                )
            )

    def _record_launch(self):
        content = self.sudo()._get_launch_content()
        self.sudo()._write_server(
            {
                "date_launch": fields.Datetime.now(),
                "launch_digest": self._get_digest(content),
            }
        )
        if not self.analyst_ids:
            self.sudo().analyst_ids = self.user_id or self.env.user
        self._on_launch()
        self._touch_evidence()
        self._journal("launch", content, self.env._("The consultation was launched."))
        self._refresh_compliance()

    def _launch_on_order(self):
        """Where nothing is published, ordering is launching."""
        for need in self:
            if not need.date_launch and not need.is_prior:
                need._record_launch()

    @api.model
    def _get_digest(self, content):
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()
