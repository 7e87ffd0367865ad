from odoo import api, fields, models
from odoo.exceptions import UserError

from .answer import Question


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
    has_missing_answers = fields.Boolean(
        compute="_compute_has_missing_answers",
        help="Criteria of the grid have no line to answer them on.",
    )
    oldest_answer_on = fields.Date(
        string="Oldest answer",
        compute="_compute_oldest_answer_on",
        store=True,
        help="Day of the oldest answer to the grid: what ages first.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"oldest_answer_on"}

    @api.depends("requisition_id")
    def _compute_grid_id(self):
        for option in self:
            option.grid_id = option.grid_id or option.requisition_id.grid_id

    @api.depends("answer_ids.date", "answer_ids.level_id", "answer_ids.is_current")
    def _compute_oldest_answer_on(self):
        for option in self:
            dates = option._get_assessed_answers().filtered("date").mapped("date")
            option.oldest_answer_on = min(dates, default=False)

    @api.depends("grid_id.criterion_ids", "answer_ids.criterion_id")
    def _compute_has_missing_answers(self):
        for option in self:
            option.has_missing_answers = bool(option._get_missing_questions())

    @api.constrains("grid_id", "company_id")
    def _check_grid(self):
        for option in self:
            option.grid_id._check_usable(option.company_id)

    @api.model_create_multi
    def create(self, vals_list):
        # Judged once, with its blank answers: an option that repairs is one change.
        with self._get_files_from_vals(vals_list)._declared():
            options = super().create(vals_list)
            options._prepare_answers()
        return options

    def write(self, vals):
        if "grid_id" not in vals:
            return super().write(vals)
        self._check_not_settled()
        result = super().write(vals)
        self._refresh_questions()
        return result

    # === QUESTIONS === #

    def action_prepare_answers(self):
        """Ask what the grid asks now, after criteria were added to it."""
        self._refresh_questions()

    def _refresh_questions(self):
        """Prepare the lines still missing; drop those that are asked no more."""
        self._drop_blank_answers()
        self._prepare_answers()

    def _prepare_answers(self):
        """One line a question, not assessed, so that nothing to answer is hidden."""
        self.env["souverainete.answer"].create(
            [
                {"option_id": option.id, **question._asdict()}
                for option in self
                for question in option._get_missing_questions()
            ]
        )

    def _get_missing_questions(self):
        """Questions of the grid that have no line to answer them on."""
        answered = {answer._get_question() for answer in self.answer_ids}
        return [q for q in self._get_questions() if q not in answered]

    def _get_questions(self):
        """What the grid asks of this option: one question a criterion."""
        self.ensure_one()
        return [Question(criterion.id) for criterion in self.grid_id.criterion_ids]

    def _get_assessed_answers(self):
        """Answers that count: a rung was chosen, on the grid in use."""
        return self.answer_ids.filtered(lambda a: a.is_current and a.level_id)

    def _drop_blank_answers(self):
        """Lines prepared for what is no longer asked, in which nothing was recorded."""
        dropped = self.env["souverainete.answer"]
        for option in self:
            asked = set(option._get_questions())
            dropped |= option.answer_ids.filtered(
                lambda a, asked=asked: a._get_question() not in asked and a._is_blank()
            )
        dropped._as_server().unlink()

    def _is_aged(self, day):
        """Whether the grid's period of validity is over for an answer on `day`."""
        self.ensure_one()
        months = self.grid_id.validity_months
        if not (months and self.oldest_answer_on):
            return False
        return fields.Date.add(self.oldest_answer_on, months=months) < day

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
        """Grid and answers of a studied option, as they are frozen at launch.

        A criterion that is absent is not assessed.
        """
        self.ensure_one()
        answers = self._get_assessed_answers()
        return {
            "grid": self.grid_id.code or "",
            "criteria": dict(answer._get_launch_item() for answer in answers),
        }
