from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..gate.requisition_gate import SIGNED_STATES


class PurchaseRequisition(models.Model):
    """Subsequent contracts of an umbrella framework: agreements with their own need,
    inside the framework's ceiling with its orders."""

    _inherit = "purchase.requisition"

    framework_id = fields.Many2one(
        "purchase.requisition",
        string="Under the umbrella framework",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        domain="[('is_umbrella', '=', True), ('state', '=', 'confirmed'), "
        "('company_id', 'parent_of', company_id)]",
        help="Umbrella framework this subsequent contract is signed under (CCP "
        "R. 2162-7). Its amount counts in the framework's ceiling.",
    )
    subsequent_ids = fields.One2many(
        "purchase.requisition",
        "framework_id",
        string="Subsequent contracts",
        context={"active_test": False},
        help="Agreements signed under this umbrella framework.",
    )

    @api.model
    def _get_declared_fields(self):
        return super()._get_declared_fields() | {"framework_id"}

    @api.constrains(
        "framework_id", "company_id", "need_id", "is_umbrella", "requisition_type"
    )
    def _check_framework(self):
        for file in self.sudo().filtered("framework_id"):
            framework = file.framework_id
            if framework.company_id not in file.company_id.parent_ids:
                raise ValidationError(
                    self.env._("A framework and its contracts belong to one ministry.")
                )
            if not framework.is_umbrella or not file._is_subsequent():
                raise ValidationError(
                    self.env._(
                        "%(file)s is not a subsequent contract of %(framework)s: it "
                        "must be an agreement with a need of its own, under an "
                        "umbrella framework.",
                        file=file.display_name,
                        framework=framework.display_name,
                    )
                )

    def _is_subsequent(self):
        """An agreement, no umbrella itself, whose need is not the framework's."""
        return (
            self.requisition_type == "blanket_order"
            and not self.is_umbrella
            and self.need_id != self.framework_id.need_id
        )

    def action_prepare_subsequent(self):
        """Open a new subsequent contract of this framework."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Subsequent contract"),
            "res_model": self._name,
            "view_mode": "form",
            "context": {
                "default_framework_id": self.id,
                "default_framework_ref": self.ref_contract or self.name,
                "default_framework_body_id": self.company_id.partner_id.id,
                "default_requisition_type": "blanket_order",
                "default_purchase_route": "subsequent",
                "default_purchase_nature": self.purchase_nature,
                "default_cpv_code": self.cpv_code,
                "default_company_id": self.company_id.id,
                "default_vendor_id": self.vendor_id.id,
            },
        }

    @api.onchange("vendor_id")
    def _onchange_vendor(self):
        """A contract signed beside its framework is no oversight: Odoo warns of the
        others."""
        return None if self.framework_id else super()._onchange_vendor()

    # === CEILING OF THE FRAMEWORK === #

    def _get_placed_amount(self):
        """With the orders of an umbrella framework, its subsequent contracts."""
        placed = super()._get_placed_amount()
        return placed + self._get_subsequent_amount() if self.is_umbrella else placed

    def _get_subsequent_amount(self):
        """€ HT, in the currency of the framework: the ceilings of its signed subsequent
        contracts; of those closed, what was ordered."""
        self.invalidate_recordset(["subsequent_ids"])
        signed = self.subsequent_ids.filtered(lambda f: f.state in SIGNED_STATES)
        return sum(file._get_engaged_amount(self.currency_id) for file in signed)

    def _get_engaged_amount(self, currency):
        closed = self.state == "done"
        amount = self._get_placed_amount() if closed else self._get_ceiling()[0]
        company = self.company_id
        return self.currency_id._convert(
            amount, currency, company, company._souverainete_today()
        )

    def _finding_framework_ceiling(self, options):
        """What the framework still covers, on the day the contract is signed."""
        framework = self.framework_id
        if not framework or self.gate_state in SIGNED_STATES:
            return {}
        name = framework.display_name
        missing = {}
        if not framework._takes_orders() or framework._findings_block(None):
            missing["open"] = self.env._(
                "%(framework)s takes no new contract now: it must be signed, in force "
                "and meet its own checks. See its banner.",
                framework=name,
            )
        if self._get_holders() - framework._get_holders():
            missing["vendor"] = self.env._(
                "The vendor is not a holder of %(framework)s.", framework=name
            )
        if self._is_above_framework():
            missing["amount"] = self.env._(
                "With this contract, the contracts and orders of %(framework)s exceed "
                "its ceiling (€ excl. tax): lower the amount, at the top of the file.",
                framework=name,
            )
        return missing

    def _is_above_framework(self):
        """Whether contracts and orders, this one included, exceed the ceiling."""
        framework = self.framework_id
        ceiling, known = framework._get_order_ceiling()
        placed = framework._get_placed_amount()
        if self.state not in SIGNED_STATES:
            placed += self._get_engaged_amount(framework.currency_id)
        return known and framework.currency_id.compare_amounts(placed, ceiling) > 0

    # === WHAT WAS SIGNED === #

    def _record_gate(self):
        """The framework's row moves too: of two acts at once on it, one is tried
        again."""
        result = super()._record_gate()
        self.sudo().framework_id._touch_evidence()
        return result

    def _prepare_envelope(self):
        """Where they exist, so that envelopes of before stay what they were."""
        links = {"framework": self.framework_id.id, "lot": self.lot_id.id}
        return super()._prepare_envelope() | {k: v for k, v in links.items() if v}

    def _get_envelope_checks(self, now, judged):
        signed = self.gate_envelope or {}
        own = {k: now.get(k) != signed.get(k) for k in ("framework", "lot")}
        return super()._get_envelope_checks(now, judged) | own

    def _get_envelope_labels(self):
        way_out = self.env._("sign a new agreement, which is checked on its own.")
        return super()._get_envelope_labels() | {
            "framework": self.env._("The framework is not the one judged: ") + way_out,
            "lot": self.env._("The lot is not the one judged: ") + way_out,
        }
