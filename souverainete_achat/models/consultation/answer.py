from odoo import api, fields, models
from odoo.exceptions import UserError


class Answer(models.Model):
    """What the answer sheet of a bidder says of one criterion."""

    _inherit = "souverainete.answer"

    bid_proof = fields.Text(
        string="Proof the bid gives",
        help="Document, page or link that the bidder names as a proof. Once recorded "
        "it is never altered; the evaluator's own source stands beside it.",
    )

    @api.model
    def _get_bid_fields(self):
        return super()._get_bid_fields() | {"bid_proof"}

    def _is_blank(self):
        return super()._is_blank() and not self.bid_proof

    def _is_silence_kept(self):
        """What a sheet that was received left blank stays blank."""
        return self.left_blank and bool(self.option_id.sudo().answer_sheet_digest)

    def _is_said(self):
        # A link taken off the chain takes its lines along: the bid's own line stays.
        kept = self._is_silence_kept() and not self._is_granted("unlink")
        return super()._is_said() or kept

    def _check_bid_unaltered(self, vals):
        super()._check_bid_unaltered(vals)
        if vals.get("left_blank", True):
            return
        if kept := self.filtered(lambda answer: answer._is_silence_kept()):
            raise UserError(
                self.env._(
                    "The answer sheet left %(criteria)s blank, which is scored as the "
                    "grid announces it: no answer is added to a bid.",
                    criteria=", ".join(kept.criterion_id.mapped("display_name")),
                )
            )

    def _get_bid_vals(self):
        """What is recorded of the bid, as values to compare or write."""
        return {
            "bid_text": self.bid_text or False,
            "bid_level_id": self.bid_level_id.id or False,
            "bid_proof": self.bid_proof or False,
            "left_blank": self.left_blank,
        }

    def _is_bid_recorded(self):
        return any(self._get_bid_vals().values())
