from odoo import api, fields, models
from odoo.exceptions import UserError


class Option(models.Model):
    """The grid an option answers, and its answers."""

    _inherit = "souverainete.option"

    grid_id = fields.Many2one(
        "souverainete.grid",
        compute="_compute_grid_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Grid the option is assessed with: that of its need, unless changed.",
    )
    answer_ids = fields.One2many("souverainete.answer", "option_id", copy=False)
    current_answer_ids = fields.One2many(
        "souverainete.answer",
        "option_id",
        string="Answers to the grid",
        domain=[("is_current", "=", True)],
        copy=False,
    )

    @api.depends("requisition_id")
    def _compute_grid_id(self):
        for option in self:
            option.grid_id = option.grid_id or option.requisition_id.grid_id

    @api.constrains("grid_id", "company_id")
    def _check_grid(self):
        for option in self:
            option.grid_id._check_usable(option.company_id)

    @api.model_create_multi
    def create(self, vals_list):
        options = super().create(vals_list)
        options._prepare_answers()
        return options

    def write(self, vals):
        if "grid_id" not in vals:
            return super().write(vals)
        self._check_not_settled()
        result = super().write(vals)
        self._drop_blank_answers()
        self._prepare_answers()
        return result

    def action_prepare_answers(self):
        """Add the lines still missing, after criteria were added to the grid."""
        self._prepare_answers()

    def _prepare_answers(self):
        """One line a criterion, not assessed, so that nothing to answer is hidden."""
        self.env["souverainete.answer"].create(
            [
                {"option_id": option.id, "criterion_id": criterion.id}
                for option in self
                for criterion in option._get_criteria_without_answer()
            ]
        )

    def _get_criteria_without_answer(self):
        self.ensure_one()
        return self.grid_id.criterion_ids - self.answer_ids.criterion_id

    def _drop_blank_answers(self):
        """Lines prepared for a grid left since, in which nothing was recorded."""
        self.answer_ids.filtered(
            lambda answer: not answer.is_current and answer._is_blank()
        ).unlink()

    def _get_unassessed(self):
        """Criteria of the grid that nobody assessed for this option."""
        self.ensure_one()
        assessed = self.answer_ids.filtered("level_id").criterion_id
        return self.grid_id.criterion_ids - assessed

    def _is_settled(self):
        """The award was made on this offer: what was judged stays as it was judged."""
        self.ensure_one()
        return self.awarded and self.kind == "offer" and self.verdict != "pending"

    def _check_not_settled(self):
        settled = self.filtered(lambda option: option._is_settled())
        if settled:
            raise UserError(
                self.env._(
                    "The award was made on these offers, whose grid and answers stay "
                    "as they were judged: %(options)s.",
                    options=", ".join(settled.mapped("display_name")),
                )
            )

    def _get_launch_answers(self):
        """Grid and answers of a studied option, as they are frozen at launch."""
        self.ensure_one()
        answers = self.answer_ids.filtered("is_current")
        return {
            "grid": self.grid_id.code or "",
            "criteria": dict(answer._get_launch_item() for answer in answers),
        }
