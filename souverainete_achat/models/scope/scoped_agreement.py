from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class Scoped(models.AbstractModel):
    """“Not digital”, against the CPV codes: a reason, and an officer's agreement above
    a dated amount."""

    _inherit = "souverainete.scoped"

    scope_officer_id = fields.Many2one(
        "res.users",
        string="Scope agreed by",
        copy=False,
        tracking=True,
        help="Officer who agreed that the purchase is not digital.",
    )
    scope_agreed = fields.Json(
        copy=False,
        help="What the officer agreed to: amount (€ HT), currency and CPV codes. More "
        "than that needs another agreement.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"scope_officer_id", "scope_agreed"}

    # === WHAT WAS AGREED === #

    def _is_scope_out_allowed(self, scope):
        """Whether “not digital” holds: a reason, and the officer above the amount."""
        if scope == "out" or self._is_as_agreed():
            return True
        reason = (self.scope_reason or "").strip()
        return bool(reason) and self._is_below_scope_out()

    def _is_as_agreed(self):
        """Whether this is still within what the officer agreed to."""
        agreed = self.scope_officer_id and self.scope_agreed
        if not agreed:
            return False
        now = self._prepare_scope_agreed()
        if None in (now["amount"], agreed["amount"]):
            within = now["amount"] is agreed["amount"]
        else:
            within = now["amount"] <= agreed["amount"]
        same = now["currency"] == agreed["currency"]
        return within and same and set(now["codes"]) <= set(agreed["codes"])

    def _prepare_scope_agreed(self):
        amount, known = self._get_scope_amount()
        return {
            "amount": amount if known else None,
            "currency": self.currency_id.id,
            "codes": sorted(self._get_scope_codes()),
        }

    def _is_below_scope_out(self):
        amount, known = self._get_scope_amount()
        return known and self._is_below("scope_out", amount)

    # === AGREEING === #

    def action_agree_out_of_scope(self):
        """The officer agrees that the purchase is not digital. Four eyes."""
        for record in self:
            record._check_officer_agrees()
            record._write_server(
                {
                    "scope_officer_id": self.env.uid,
                    "scope_agreed": record._prepare_scope_agreed(),
                }
            )
            record._journal_scope()

    def _check_officer_agrees(self):
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(
                self.env._("Only a compliance officer can agree to this.")
            )
        if self.env.user in self._get_scope_requesters():
            raise AccessError(
                self.env._("Four eyes: another officer has to agree to this purchase.")
            )
        if self.scope_override != "out" or not self.scope_reason:
            raise UserError(
                self.env._("State first that it is not digital, with a reason.")
            )

    def _journal_scope(self):
        """Record who took what out of scope, where the record has a journal."""

    def write(self, vals):
        """A new statement or reason needs a new agreement of the officer."""
        stated = {"scope_override", "scope_reason"} & set(vals)
        if stated and not self._is_server():
            agreed = self.filtered("scope_officer_id")
            agreed._write_server({"scope_officer_id": False, "scope_agreed": False})
        res = super().write(vals)
        if stated:
            self._journal_scope()
        return res
