from odoo import api, models
from odoo.exceptions import AccessError, UserError

_REQUEST = frozenset({"company_id", "order_ids", "reason", "date_start", "date_end"})
_ENDING = frozenset({"file_id", "closure_reason"})


class Emergency(models.Model):
    """Asked for, it is neither rewritten nor deleted; its orders are not exchanged."""

    _inherit = "souverainete.emergency"

    def _get_frozen_fields(self):
        """A draft is free, and how it ends is written while it is to regularise."""
        self.ensure_one()
        if self.state == "draft":
            return _ENDING
        return _REQUEST if self.state == "confirmed" else _REQUEST | _ENDING

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if not self._is_server() and any(_ENDING & set(vals) for vals in vals_list):
            records._check_frozen(_ENDING)
        return records

    def write(self, vals):
        if not self._is_server():
            self._check_frozen(frozenset(vals))
        return super().write(vals)

    def _check_frozen(self, names):
        for record in self:
            if names & record._get_frozen_fields():
                raise UserError(
                    self.env._(
                        "%(urgency)s: what was asked for is not rewritten, and other "
                        "orders need an urgency of their own.",
                        urgency=record.display_name,
                    )
                )

    @api.constrains("closure_reason")
    def _check_closure_reason_is_an_officer_s(self):
        officer = self.env.user.has_group("souverainete_achat.group_officer")
        if not officer and self.filtered("closure_reason"):
            raise AccessError(
                self.env._("Only a compliance officer closes without a purchase file.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        if kept := self.filtered(lambda record: record.state != "draft"):
            raise UserError(
                self.env._(
                    "%(urgencies)s: an urgency that was asked for is evidence and is "
                    "not deleted.",
                    urgencies=", ".join(kept.mapped("display_name")),
                )
            )
