from odoo import api, fields, models

from ..base.text import is_blank


class Option(models.Model):
    """An option of a renewal: it was examined for the agreement that ends, and says so
    again in one click where nothing changed."""

    _inherit = "souverainete.option"

    renewed_from_id = fields.Many2one(
        "souverainete.option",
        string="Examined before as",
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The same option, as it was examined for the agreement that is renewed.",
        guard="server",
    )
    is_repeatable = fields.Boolean(
        string="Said again in one click",
        compute="_compute_is_repeatable",
    )

    @api.depends("renewed_from_id.verdict", "renewed_from_id.reason", "verdict")
    def _compute_is_repeatable(self):
        for option in self:
            before = option.renewed_from_id.sudo()
            option.is_repeatable = option.verdict == "pending" and (
                before._is_repeatable()
            )

    def _is_repeatable(self):
        """A verdict on a bid answered a competition that is over, and a product is not
        retained before the next one."""
        given = self.kind == "studied" and self.verdict in ("retained", "rejected")
        return given and not is_blank(self.reason) and not self._names_product()

    def _get_said_before(self):
        """What stands for the reason until it is examined again."""
        if not self._is_repeatable():
            return False
        return self.env._(
            "Last time, %(verdict)s: %(reason)s",
            verdict=self._get_verdict_text().lower(),
            reason=self.reason,
        )

    def action_repeat_verdict(self):
        """Examined again, and nothing changed: the verdict, its reason and the answers
        to the grid are given again, today, by this user."""
        self.check_access("write")
        for option in self.filtered("is_repeatable"):
            option.write(option._prepare_repeated_verdict())
            if option._is_gradable():
                option.action_copy_grades("option", option.renewed_from_id.id)
                option.action_confirm_grades()

    def _prepare_repeated_verdict(self):
        before = self.renewed_from_id
        names = ("assessment", "verdict", "reason_code", "custom_ground")
        return {name: before[name] for name in names if before[name]} | {
            "reason": self.env._(
                "Examined again, nothing changed: %(reason)s", reason=before.reason
            )
        }
