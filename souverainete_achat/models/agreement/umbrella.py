from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.amount import Amount, tell_excess
from ..base.finding import SIGNED_STATES
from ..base.opening import open_form
from ..base.told import Told, tell


class Umbrella(models.AbstractModel):
    """An umbrella framework and its subsequent contracts: agreements with their own
    need, inside the framework's ceiling with its orders."""

    _name = "souverainete.umbrella"
    _inherit = ["souverainete.guarded"]
    _description = "Umbrella framework, or contract under one"

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
        guard="judged",
    )

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
        self.check_access("read")
        self.ensure_one()
        return open_form(
            self.browse(),
            self.env._("Subsequent contract"),
            context={
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
        )

    # === GRID === #
    # Its needs are studied order by order; what must hold for all of them is agreed on
    # when the framework is signed, or never.

    # === CEILING === #

    def _get_subsequent(self):
        """The signed subsequent contracts of the framework."""
        self.invalidate_recordset(["subsequent_ids"])
        return self.subsequent_ids.filtered(lambda f: f.state in SIGNED_STATES)

    def _get_commitment(self, currency):
        """What a subsequent contract takes of its framework: its ceiling; closed, what
        was ordered. One without any amount takes no order: at least is enough."""
        closed = self.state == "done"
        amount = self._get_placed_amount() if closed else self._get_ceiling()
        said = self.currency_id._convert_known(amount.value, currency, self.company_id)
        return Amount(said.value, said.known and (amount.known or not closed))

    def _finding_framework_ceiling(self, options):
        """What the framework still covers, on the day the contract is signed."""
        framework = self.framework_id
        if not framework or self.gate_state in SIGNED_STATES:
            return {}
        name = framework.display_name
        missing = {}
        if not framework._takes_orders() or framework._findings_block(None):
            missing["open"] = tell(self.env)._(
                "%(framework)s takes no new contract now: it must be signed, in force "
                "and meet its own checks. See its banner.",
                framework=name,
            )
        holders = framework._get_holders()
        if not all(holder._is_among(holders) for holder in self._get_holders()):
            missing["vendor"] = tell(self.env)._(
                "The vendor is not a holder of %(framework)s.", framework=name
            )
        placed, ceiling = self._get_framework_placed(), framework._get_order_ceiling()
        currency = framework.currency_id
        if ceiling.known and placed.exceeds(ceiling, currency):
            said = tell(self.env)._(
                "With this contract, the contracts and orders of %(framework)s exceed "
                "its ceiling: lower the amount, at the top of the file.",
                framework=name,
            )
            figures = tell_excess(self.env, placed, ceiling, currency)
            missing["amount"] = Told.join([said, figures])
        return missing

    def _get_framework_placed(self):
        """What contracts and orders of the framework come to, this one included."""
        framework = self.framework_id
        placed = [framework._get_placed_amount()]
        if self.state not in SIGNED_STATES:
            placed.append(self._get_commitment(framework.currency_id))
        return Amount.sum_of(placed)
