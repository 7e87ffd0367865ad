from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from . import scoring


class Answer(models.Model):
    """What a bid says, which is never altered, and what the evaluator makes of it."""

    _inherit = "souverainete.answer"

    option_kind = fields.Selection(related="option_id.kind", string="Kind of option")
    bid_text = fields.Text(
        string="What the bid says",
        help="The bidder's own words. Once recorded they are never altered.",
    )
    bid_level_id = fields.Many2one(
        "souverainete.level",
        string="Level the bidder claims",
        ondelete="restrict",
        domain="[('criterion_id', '=', criterion_id)]",
        help="As the bid states it. The evaluator records their own answer beside it.",
    )
    left_blank = fields.Boolean(
        string="Left blank by the bidder",
        help="The bid says nothing of this: it is scored as the grid publishes it, "
        "which is not the same as not assessed yet.",
    )
    level_reason = fields.Text(
        string="Reason of the evaluator",
        help="Why this answer was chosen, in particular where the bid claims another.",
    )
    state = fields.Selection(
        selection_add=[("left_blank", "Left blank by the bidder")],
    )

    @api.model
    def _get_bid_fields(self):
        """Names of the fields that keep the bidder's own words."""
        return frozenset({"bid_text", "bid_level_id"})

    # === SCORING === #

    @api.depends("left_blank")
    def _compute_state(self):
        result = super()._compute_state()
        for answer in self.filtered("left_blank"):
            answer.state = "left_blank"
        return result

    def _is_scored(self):
        """Whether the answer counts: a rung was chosen, or the bid says nothing."""
        return bool(self.level_id or self.left_blank)

    def _get_scoring_answer(self):
        """This answer as plain data for `scoring.assess`."""
        if self.level_id:
            return self.level_id._get_scoring_answer()
        return scoring.Answer(*self.criterion_id._get_blank_answer())

    def _lacks_reason(self):
        """The evaluator departs from what the bid claims without saying why."""
        claimed, chosen = self.bid_level_id, self.level_id
        departs = claimed and chosen and claimed != chosen
        return departs and not (self.level_reason or "").strip()

    def _is_blank(self):
        recorded = self.bid_text or self.bid_level_id or self.left_blank
        return super()._is_blank() and not recorded

    # === INTEGRITY === #

    @api.constrains("left_blank", "level_id", "bid_text", "bid_level_id")
    def _check_bid(self):
        for answer in self:
            said = answer.level_id or answer.bid_text or answer.bid_level_id
            if answer.left_blank and said:
                raise ValidationError(
                    self.env._(
                        "“%(criterion)s” is left blank by the bidder, or it is "
                        "answered: not both.",
                        criterion=answer.criterion_id.display_name,
                    )
                )
            answer._check_bid_is_an_offers()

    def _check_bid_is_an_offers(self):
        said = self.left_blank or self.bid_text or self.bid_level_id
        if said and self.option_id.kind != "offer":
            raise ValidationError(
                self.env._(
                    "%(option)s is studied from public sources: it is not a bid, and "
                    "leaves nothing blank.",
                    option=self.option_id.display_name,
                )
            )
        if self.bid_level_id and self.bid_level_id.criterion_id != self.criterion_id:
            raise ValidationError(
                self.env._("The level claimed is one of the criterion's own ladder.")
            )

    def write(self, vals):
        self._check_bid_unaltered(vals)
        return super().write(vals)

    def _check_bid_unaltered(self, vals):
        """The bid's words, and its silence, stay as they were received, whoever
        evaluates them."""
        for name in self._get_bid_fields() & set(vals):
            field = self._fields[name]
            for answer in self.filtered(name):
                if field.convert_to_write(answer[name], answer) != vals[name]:
                    raise UserError(
                        self.env._(
                            "What the bid says of “%(criterion)s” is never altered: "
                            "record your own answer and its reason beside it.",
                            criterion=answer.criterion_id.display_name,
                        )
                    )

    def _is_said(self):
        """Whether the bid says something of this."""
        return any(self[name] for name in self._get_bid_fields())

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_bid(self):
        if self.filtered(lambda a: a._is_said()):
            raise UserError(
                self.env._("What a bid says is evidence and cannot be deleted.")
            )
