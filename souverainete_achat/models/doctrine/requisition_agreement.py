from odoo import api, fields, models
from odoo.exceptions import UserError


class PurchaseRequisition(models.Model):
    """From the offers retained to the agreements to sign, without typing twice."""

    _inherit = "purchase.requisition"

    agreement_count = fields.Integer(
        string="Number of agreements",
        compute="_compute_agreement_count",
        help="Agreements of this need that are files of their own.",
    )

    @api.depends("agreement_ids")
    def _compute_agreement_count(self):
        for file in self:
            file.agreement_count = file.is_digital and len(file.agreement_ids - file)

    def action_open_agreements(self):
        self.ensure_one()
        action = (self.agreement_ids - self)._get_agreements_action()
        return action | {"name": self.env._("Agreements of this need")}

    def action_prepare_agreement(self):
        """Prepare one draft agreement for each holder of a retained offer, and open it.

        The file itself becomes the first agreement when it can be one.
        """
        self.ensure_one()
        need = self.need_id
        need.check_access("write")
        need._check_agreement_can_be_prepared()
        agreements = self.browse()
        for offer in need._get_offers_to_sign():
            agreements |= need._prepare_agreement(offer)
        return agreements._get_agreements_action()

    def _check_agreement_can_be_prepared(self):
        if not self.date_launch:
            raise UserError(self.env._("Launch the consultation first."))
        if not self._get_offers_to_sign():
            raise UserError(
                self.env._(
                    "No retained offer is left to sign. In the tab “Need and "
                    "doctrine”, add the offers received, give each its verdict with "
                    "its reason, and name the contract holder of the one retained."
                )
            )

    def _get_offers_to_sign(self):
        """Retained offers, or studied options where none was received, whose holder
        has no agreement of this need yet."""
        signed = self.agreement_ids.filtered(lambda file: file.state != "cancel")
        holders = signed.vendor_id.commercial_partner_id
        return (self.offer_ids or self.studied_ids).filtered(
            lambda option: (
                option.verdict == "retained"
                and option.partner_id
                and option.partner_id.commercial_partner_id not in holders
            )
        )

    def _prepare_agreement(self, offer):
        """The draft agreement of one retained offer: this file, or a new one."""
        vals = self._prepare_agreement_vals(offer)
        if self.requisition_type == "blanket_order" and not self.vendor_id:
            self.write(vals)
            return self
        return self.create(self._prepare_new_agreement_vals() | vals)

    def _prepare_agreement_vals(self, offer):
        """What the offer gives to the agreement."""
        vals = {"vendor_id": offer.partner_id.id}
        if offer.cost_known and offer.cost and not self.amount_max_known:
            vals |= {"amount_max": offer.cost, "amount_max_known": True}
        return vals

    def _prepare_new_agreement_vals(self):
        """What the need gives to an agreement signed apart from it."""
        copied = (
            "reference",
            "cpv_code",
            "purchase_nature",
            "purchase_route",
            "date_start",
            "date_end",
        )
        return {
            **{name: self[name] for name in copied},
            "requisition_type": "blanket_order",
            "need_id": self.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "scope_override": self.scope_override,
            "line_ids": [
                fields.Command.create(self._prepare_agreement_line_vals(line))
                for line in self.line_ids
            ],
        }

    def _prepare_agreement_line_vals(self, line):
        return {
            "product_id": line.product_id.id,
            "product_description_variants": line.product_description_variants,
            "product_qty": line.product_qty,
            "product_uom_id": line.product_uom_id.id,
            "price_unit": line.price_unit,
        }

    def _get_agreements_action(self):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Agreements to sign"),
            "res_model": self._name,
            "view_mode": "form",
        }
        if len(self) == 1:
            return action | {"res_id": self.id}
        return action | {"domain": [("id", "in", self.ids)], "view_mode": "list,form"}
