from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PurchaseRequisition(models.Model):
    """The agreement once amended: what an amendment may change, and how far."""

    _inherit = "purchase.requisition"

    amendment_ids = fields.One2many(
        "souverainete.amendment", "requisition_id", string="Amendments"
    )

    def action_prepare_amendment(self):
        """Open a new amendment of this agreement."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Amendment"),
            "res_model": "souverainete.amendment",
            "view_mode": "form",
            "context": {"default_requisition_id": self.id},
        }

    # === JUDGING === #

    def _get_extension_findings(self):
        """What is missing for the agreement to go further: all that is asked today,
        even of a contract signed before the rules."""
        if not self.is_prior:
            return self._as_extended()._findings()
        if self._get_judged_scope() == "out":
            return []
        options = self._get_judged_options()
        return [
            found
            for rule in self._get_rules_as_new()
            for found in self._as_extended()._evaluate(rule, options)
        ]

    def _as_extended(self):
        """Going further is signing anew: what is tolerated of a contract that only runs
        is not."""
        return self.with_context(souverainete_extends=True)

    # === APPLYING === #

    def _apply_amendment(self, amendment):
        """Change what the amendment changes, and the limits exactly as much. Runs sudo,
        among declarations that are judged afterwards."""
        self.ensure_one()
        judged = dict(self.gate_envelope or {})
        self._apply_holder(amendment.vendor_id)
        self.write(self._prepare_amended_vals(amendment))
        if judged and not judged.get("out_of_scope"):
            limits = self._prepare_amended_limits(amendment, judged)
            self._write_server({"gate_envelope": judged | limits})
        self._raise_need(amendment.amount)
        amendment._record_project_cost()

    def _apply_holder(self, vendor):
        """Another company takes over the agreement and the option it holds."""
        if not vendor:
            return
        former = self.vendor_id.commercial_partner_id
        held = self._get_judged_options().filtered(
            lambda option: option.partner_id.commercial_partner_id == former
        )
        left = self.holder_ids.filtered(lambda h: h.commercial_partner_id == former)
        self.write(
            {
                "vendor_id": vendor.id,
                "holder_ids": [Command.unlink(holder.id) for holder in left],
            }
        )
        held.write({"partner_id": vendor.id})

    def _prepare_amended_vals(self, amendment):
        vals = {"line_ids": [line._prepare_line() for line in amendment.line_ids]}
        if amendment.date_end_new:
            vals |= {"date_end": amendment.date_end_new, "date_end_estimated": False}
        # A ceiling that is not known stays so, whatever is added to it.
        if amendment.amount_before_known and (amendment.amount or amendment.line_ids):
            ceiling = amendment.amount_before + amendment.amount
            self._check_ceiling_left(ceiling)
            vals |= {"amount_max": ceiling, "amount_max_known": True}
        return vals

    def _check_ceiling_left(self, ceiling):
        if self.currency_id.compare_amounts(ceiling, 0) <= 0:
            raise UserError(
                self.env._(
                    "Nothing would be left of %(file)s: close it instead.",
                    file=self.display_name,
                )
            )

    def _prepare_amended_limits(self, amendment, judged):
        """The limits of the agreement, moved by what was signed and nothing else."""
        now = self._prepare_envelope()
        limits = {}
        if judged.get("amount") is not None:
            amount = judged["amount"] + amendment.amount
            limits["amount"] = self.currency_id.round(amount)
        if amendment.date_end_new:
            limits["end"] = now["end"]
        if amendment.line_ids:
            known = judged.get("products") or now["products"]
            added = amendment.line_ids.product_id.ids
            limits["products"] = sorted({*known, *added})
        if amendment.vendor_id:
            limits |= {name: now[name] for name in ("vendor", "holders", "options")}
        return limits

    def _raise_need(self, amount):
        """A need that several agreements share is worth at least what they are."""
        need = self.need_id
        if need == self or amount <= 0 or not need._is_exceeded():
            return
        signed = (need.agreement_ids - need).filtered(lambda f: f.state != "cancel")
        total = sum(file._get_ceiling()[0] for file in signed)
        need.write({"amount_estimated": total, "amount_estimated_known": True})
