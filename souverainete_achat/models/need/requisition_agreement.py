from odoo import fields, models


class PurchaseRequisition(models.Model):
    """From the offers retained for each lot to one agreement a lot and a holder."""

    _inherit = "purchase.requisition"

    def _get_offers_to_sign(self):
        """With lots: retained offers whose holder has no agreement of their lot yet."""
        if not self.lot_ids:
            return super()._get_offers_to_sign()
        signed = self._get_signed_pairs()
        return (self.offer_ids or self.studied_ids).filtered(
            lambda option: (
                option.verdict == "retained"
                and option.lot_id
                and option.partner_id
                and (option.lot_id, option.partner_id.commercial_partner_id)
                not in signed
            )
        )

    def _get_signed_pairs(self):
        """{(lot, holder)} that have an agreement of this need already."""
        files = self.agreement_ids.filtered(lambda file: file.state != "cancel")
        return {
            (file.lot_id, holder) for file in files for holder in file._get_holders()
        }

    def _prepare_agreement(self, offer):
        """A need divided into lots is never one of its own agreements."""
        if not self.lot_ids:
            return super()._prepare_agreement(offer)
        return self.create(
            self._prepare_new_agreement_vals()
            | self._prepare_agreement_vals(offer)
            | self._prepare_lot_vals(offer)
        )

    def _prepare_new_agreement_vals(self):
        """The agreements of an umbrella framework are as it is."""
        return super()._prepare_new_agreement_vals() | {
            "consultation_ref": self.consultation_ref,
            "is_umbrella": self.is_umbrella,
        }

    def _prepare_lot_vals(self, offer):
        """What the lot gives to its agreement: object, code, grid, ceiling, lines."""
        lot = offer.lot_id
        offered = offer.cost if offer.cost_known else 0.0
        amount = offered or (lot.amount if lot.amount_known else 0.0)
        return {
            "lot_id": lot.id,
            "reference": " – ".join(filter(None, (self.reference, lot.label))),
            "cpv_code": lot.cpv_code or self.cpv_code,
            "grid_id": lot.grid_id.id,
            "amount_max": amount,
            "amount_max_known": bool(amount),
            "line_ids": [
                fields.Command.create(self._prepare_agreement_line_vals(line))
                for line in self.line_ids
                if line.lot_id in (lot, lot.browse())
            ],
        }
