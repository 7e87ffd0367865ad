from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class Question(NamedTuple):
    """Values that tell apart what the grid asks of one option."""

    criterion_id: int


class Answer(models.Model):
    """What is known of one option on one criterion. No rung chosen: not assessed."""

    _name = "souverainete.answer"
    _inherit = ["souverainete.guarded", "souverainete.declaration"]
    _description = "Answer of an option to a criterion"
    _order = "option_id, criterion_id, id"
    _rec_name = "criterion_id"
    _file_path = "option_id.requisition_id"

    option_id = fields.Many2one(
        "souverainete.option", required=True, index=True, ondelete="cascade"
    )
    requisition_id = fields.Many2one(
        related="option_id.requisition_id", store=True, index=True
    )
    company_id = fields.Many2one(related="option_id.company_id", store=True, index=True)
    criterion_id = fields.Many2one(
        "souverainete.criterion", required=True, index=True, ondelete="restrict"
    )
    objective_id = fields.Many2one(
        related="criterion_id.objective_id", store=True, index=True
    )
    grid_id = fields.Many2one(related="criterion_id.grid_id", store=True, index=True)
    how_to_answer = fields.Text(related="criterion_id.help")
    is_current = fields.Boolean(
        string="Current grid",
        compute="_compute_is_current",
        store=True,
        help="The criterion belongs to the grid the option is assessed with today. "
        "Answers to an earlier grid are kept, and count for nothing.",
    )
    level_id = fields.Many2one(
        "souverainete.level",
        string="Answer",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('criterion_id', '=', criterion_id)]",
        help="Empty: not assessed. What is not known is not worth zero: it widens the "
        "interval of the score.",
    )
    state = fields.Selection(
        [("not_assessed", "Not assessed"), ("assessed", "Assessed")],
        string="Status",
        compute="_compute_state",
        store=True,
    )
    source = fields.Char(
        help="Document, clause or page the answer was read in, so that it can be "
        "checked again."
    )
    source_url = fields.Char(string="Source address")
    confidence = fields.Selection(
        [("high", "High"), ("medium", "Medium"), ("low", "Low")],
        help="How far the source can be relied on: proved by a third party, stated by "
        "a public document, or only announced.",
    )
    evidence = fields.Text(help="What the source says, in a few words or as a quote.")
    evidence_file = fields.Binary(string="Document", attachment=True)
    evidence_filename = fields.Char(string="Document name")
    date = fields.Date(
        string="Assessed on",
        compute="_compute_date",
        store=True,
        readonly=False,
        help="Day the answer was established. An aged answer is pointed out; its score "
        "does not move.",
    )

    @api.model
    def _get_server_fields(self):
        own = {"company_id", "grid_id", "is_current", "objective_id"}
        return super()._get_server_fields() | own | {"requisition_id", "state"}

    @api.depends("option_id.grid_id", "criterion_id.grid_id")
    def _compute_is_current(self):
        for answer in self:
            answer.is_current = answer.criterion_id.grid_id == answer.option_id.grid_id

    @api.depends("level_id")
    def _compute_state(self):
        for answer in self:
            answer.state = "assessed" if answer.level_id else "not_assessed"

    @api.depends("level_id")
    def _compute_date(self):
        for answer in self:
            company = answer.company_id or self.env.company
            answer.date = answer.level_id and company._souverainete_today()

    @api.constrains("criterion_id", "level_id")
    def _check_level(self):
        wrong = self.filtered(
            lambda a: a.level_id and a.level_id.criterion_id != a.criterion_id
        )
        if wrong:
            raise ValidationError(
                self.env._(
                    "An answer is chosen on the ladder of its own criterion. Choose "
                    "another answer for: %(criteria)s.",
                    criteria=", ".join(wrong.criterion_id.mapped("display_name")),
                )
            )

    @api.constrains("date")
    def _check_date(self):
        for answer in self.filtered("date"):
            if answer.date > answer.company_id._souverainete_today():
                raise ValidationError(
                    self.env._(
                        "An answer cannot be dated in the future: correct the date of "
                        "“%(criterion)s”.",
                        criterion=answer.criterion_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        answers = super().create(vals_list)
        answers.option_id._check_not_settled()
        return answers

    def write(self, vals):
        self.option_id._check_not_settled()
        self._check_same_question(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_settled(self):
        self.option_id._check_not_settled()

    @api.model
    def _get_place_fields(self):
        """Names of the fields that say what a line answers, of which option."""
        return frozenset({"option_id", "criterion_id"})

    def _get_question(self):
        return Question(self.criterion_id.id)

    def _check_same_question(self, vals):
        """What was said of one option on one question is never turned into another."""
        for name in self._get_place_fields() & set(vals):
            if any(answer[name].id != (vals[name] or False) for answer in self):
                raise UserError(
                    self.env._(
                        "An answer stays with its option and its criterion: make "
                        "another answer instead of moving this one."
                    )
                )

    @api.model
    def _get_kept_documents(self, documents):
        """Those among `documents` that support what was judged at the award."""
        return documents.filtered(
            lambda document: (
                document.res_field == "evidence_file"
                and self.browse(document.res_id).option_id._is_settled()
            )
        )

    def _is_blank(self):
        """Nothing was recorded here: the line was only prepared."""
        self.ensure_one()
        recorded = ("level_id", "source", "source_url", "evidence", "evidence_file")
        return not any(self[name] for name in recorded)

    def _get_launch_item(self):
        """The criterion, and what is frozen of its answer at launch."""
        self.ensure_one()
        key = f"{self.objective_id.code}/{self.criterion_id.code}"
        return key, {
            "level": self.level_id.level,
            "points": self.level_id.points,
            "source": self.source or "",
            "source_url": self.source_url or "",
            "evidence": self.evidence or "",
            "document": self.evidence_filename or "",
            "confidence": self.confidence or "",
            "date": self.date and self.date.isoformat() or "",
        }
