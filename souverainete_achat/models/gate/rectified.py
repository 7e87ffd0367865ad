from odoo import api, models
from odoo.exceptions import UserError

from ..base.opening import open_dialog
from ..base.text import is_blank
from ..base.together import wait_turn
from .act import acting


class Rectified(models.AbstractModel):
    """A consultation that left may be corrected: a recorded act, with its reason."""

    _name = "souverainete.rectified"
    _description = "File whose consultation may be rectified"

    @api.model
    def _get_rectified(self):
        """Names of the texts of a launched need that may be corrected with a reason."""
        return ("need_effect", "need_measure", "sovereignty_statement")

    def action_open_rectification(self):
        """Ask for the words that correct what left, and why."""
        self.check_access("write")
        self.ensure_one()
        self.need_id._check_rectifiable()
        return open_dialog(
            self.env["souverainete.rectification"],
            self.env._("Rectify what left"),
            default_requisition_id=self.need_id.id,
        )

    def _check_rectifiable(self):
        if not self.date_launch or self.state != "draft" or self.is_awarded:
            raise UserError(
                self.env._(
                    "Only what left with a consultation that still runs is rectified: "
                    "%(name)s was not launched, or is signed.",
                    name=self.display_name,
                )
            )

    def _rectify(self, words, reason):
        """Correct texts that left: a recorded act, with what stood before and why."""
        self.check_access("write")
        self._check_rectifiable()
        if is_blank(reason):
            raise UserError(self.env._("Write why what left is corrected."))
        changed = {
            n: text for n, text in words.items() if (text or "") != (self[n] or "")
        }
        payload = {
            "before": {name: self[name] or "" for name in changed},
            "after": changed,
            "reason": reason,
        }
        wait_turn(self._get_locked())
        with acting(self.env):
            self.write(changed)
            digest = self._get_digest(self.sudo()._get_launch_content())
            self.sudo()._write_server({"launch_digest": digest})
            self._journal("correction", payload, self.env._("Rectified after launch."))
