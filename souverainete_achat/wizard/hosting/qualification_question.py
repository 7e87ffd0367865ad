from odoo import api, fields, models
from odoo.tools.misc import format_date


class QualificationQuestion(models.TransientModel):
    """Was this service qualified on that day? Answered from the register, as it is or
    as it was on any day."""

    _name = "souverainete.qualification.question"
    _description = "Was this service qualified on a day?"

    qualification_id = fields.Many2one(
        "souverainete.qualification",
        string="Qualified service",
        required=True,
        ondelete="cascade",
    )
    day = fields.Date(
        string="Qualified on",
        required=True,
        default=lambda self: self.env.company._souverainete_today(),
        help="The day asked about.",
    )
    known_on = fields.Date(
        string="As the register stood on",
        required=True,
        default=lambda self: self.env.company._souverainete_today(),
        help="What was recorded by the end of that day. An earlier day shows what "
        "could be known then, before later records and corrections.",
    )
    proven = fields.Boolean(compute="_compute_answer")
    answer = fields.Text(compute="_compute_answer")

    @api.depends("qualification_id", "day", "known_on")
    @api.depends_context("lang")
    def _compute_answer(self):
        for question in self:
            asked = question.qualification_id and question.day and question.known_on
            question.proven, question.answer = (
                question._get_answer() if asked else (False, "")
            )

    def _get_answer(self):
        decision, standing = self.qualification_id._get_answer(self.day, self.known_on)
        name, day = self.qualification_id.display_name, format_date(self.env, self.day)
        if not decision:
            return False, self.env._(
                "The register held nothing on “%(name)s” on that date.", name=name
            )
        if standing == "valid":
            answer = self.env._(
                "Yes: on %(day)s “%(name)s” was qualified, according to the register.",
                name=name,
                day=day,
            )
        else:
            answer = self.env._(
                "Not proven: on %(day)s, “%(name)s” stood as “%(standing)s”. What the "
                "register does not prove is to be verified on the ANSSI catalogue.",
                name=name,
                day=day,
                standing=self._get_standing_label(standing),
            )
        return standing == "valid", f"{answer}\n{self._describe(decision)}"

    def _get_standing_label(self, standing):
        field = self.qualification_id._fields["standing"]
        return dict(field._description_selection(self.env))[standing]

    def _describe(self, decision):
        unknown = self.env._("unknown")
        return self.env._(
            "Decision %(decision)s, from %(start)s to %(end)s.",
            decision=decision.decision or unknown,
            start=format_date(self.env, decision.date_start) or unknown,
            end=format_date(self.env, decision.date_end) or unknown,
        )
