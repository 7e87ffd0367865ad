from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..base.documents import file_documents

ANSWERS = [
    ("to_do", "To do"),
    ("followed", "Followed"),
    ("not_followed", "Not followed"),
]

_ANSWER = frozenset(
    {"answer", "reason", "user_id", "date_due", "evidence", "document_ids"}
)

_ACTIVITY = "mail.mail_activity_data_todo"


class Recommendation(models.Model):
    """One recommendation of one opinion, and what the project does of it.

    What the DINUM wrote is a fact, transcribed with its letter and never edited; the
    answer is the project's, and may change until it is done.
    """

    _name = "souverainete.recommendation"
    _inherit = ["souverainete.guarded", "mail.thread", "mail.activity.mixin"]
    _description = "Recommendation of the DINUM"
    _order = "opinion_id desc, number, id"
    # The DINUM discusses what it reads without being able to write it.
    _mail_post_access = "read"

    opinion_id = fields.Many2one(
        "souverainete.opinion",
        required=True,
        index=True,
        ondelete="restrict",
        guard="server",
    )
    project_id = fields.Many2one(
        related="opinion_id.project_id", store=True, index=True, guard="server"
    )
    company_id = fields.Many2one(
        related="opinion_id.company_id", store=True, index=True, guard="server"
    )
    kind = fields.Selection(related="opinion_id.kind")
    number = fields.Integer(
        string="No.",
        aggregator=None,
        help="Rank in the DINUM's letter.",
        guard="server",
    )
    text = fields.Text(
        string="Recommendation",
        required=True,
        help="As the DINUM wrote it. Entered when its letter is transcribed, confirmed "
        "with it by a second person, then never edited.",
        guard="server",
    )
    # === ANSWER === #
    answer = fields.Selection(
        ANSWERS,
        tracking=True,
        index=True,
        copy=False,
        help="What the project does of it. Empty: nobody answered yet.",
    )
    reason = fields.Text(
        string="Why it is not followed",
        tracking=True,
        copy=False,
        help="Asked where it is not followed. For a simple opinion, who decides then "
        "states that the opinion is departed from.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        tracking=True,
        copy=False,
        help="Who does it. They are told by an activity.",
    )
    date_due = fields.Date(
        string="To be done by",
        tracking=True,
        copy=False,
        help="Day by which it is to be done.",
    )
    evidence = fields.Text(
        string="How it was followed",
        copy=False,
        help="What was done, and where it can be seen; or a document, below.",
    )
    document_ids = fields.Many2many(
        "ir.attachment",
        "souverainete_recommendation_document_rel",
        string="Documents",
        copy=False,
        help="What shows that it was followed.",
    )
    answered_by_id = fields.Many2one(
        "res.users", string="Answered by", readonly=True, copy=False, guard="server"
    )
    answered_on = fields.Datetime(
        string="Answered on",
        readonly=True,
        copy=False,
        help="Server time.",
        guard="server",
    )
    departure_id = fields.Many2one(
        "souverainete.opinion.departure",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Statement of who decided not to follow it, for a simple opinion.",
        guard="server",
    )

    @api.depends("number", "project_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "%(project)s: recommendation %(number)s",
                project=record.project_id.name,
                number=record.number,
            )

    # === INTEGRITY === #
    @api.constrains(
        "answer", "reason", "user_id", "date_due", "evidence", "document_ids"
    )
    def _check_answer_is_complete(self):
        for record in self:
            if missing := record._get_missing_answer():
                raise ValidationError(missing)

    def _get_missing_answer(self):
        """What the answer lacks, in one sentence, or empty."""
        if self.answer == "to_do" and not (self.user_id and self.date_due):
            return self.env._("Say who does it and by when.")
        if self.answer == "not_followed" and not (self.reason or "").strip():
            return self.env._("Say why the recommendation is not followed.")
        if self.answer == "followed" and not (self.evidence or self.document_ids):
            return self.env._("Say how it was followed, or attach what shows it.")
        return ""

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self._is_granted("unlink"):
            raise UserError(
                self.env._("A recommendation is a fact and is never deleted.")
            )

    # === ANSWERING === #
    # Dated, journalled on the project's files, and told to who does it.

    def write(self, vals):
        if not _ANSWER & set(vals) or self._is_granted("write", vals):
            return super().write(vals)
        self._check_answerable(vals)
        before = {record: record.sudo().document_ids for record in self}
        res = super().write(vals)
        for record, documents in before.items():
            added = record.sudo().document_ids - documents
            file_documents(self._name, record.id, added)
            record._record_answer()
        return res

    def _check_answerable(self, vals):
        opinions = self.sudo().opinion_id
        if opinions.filtered(lambda o: not o.confirmer_id):
            raise UserError(
                self.env._(
                    "The DINUM's letter awaits its confirmation: its recommendations "
                    "are answered after that."
                )
            )
        if "reason" in vals and self.departure_id:
            raise UserError(
                self.env._(
                    "The reason was given by who decided, and is no longer rewritten."
                )
            )

    # === EVIDENCE === #
    def _record_answer(self):
        self._write_server(
            {"answered_by_id": self.env.uid, "answered_on": fields.Datetime.now()}
        )
        files = self.sudo().project_id._get_judged_files()
        files._record_act("recommendation", self._prepare_entry(), self._get_summary())
        self._plan_activity()

    def _get_summary(self):
        answers = dict(self._fields["answer"]._description_selection(self.env))
        return self.env._(
            "Recommendation %(number)s of the DINUM: %(answer)s.",
            number=self.number,
            answer=answers.get(self.answer, self.env._("no answer")),
        )

    def _prepare_entry(self):
        documents = self.sudo().document_ids
        return {
            "opinion": self.opinion_id.id,
            "number": self.number,
            "text": self.text,
            "answer": self.answer or "",
            "reason": self.reason or "",
            "responsible": self.user_id.name or "",
            "due": fields.Date.to_string(self.date_due) or "",
            "evidence": self.evidence or "",
            "documents": {doc.name: doc.checksum for doc in documents},
        }

    # === ACTIVITY === #
    def _plan_activity(self):
        """One activity for who does it, at its date; none once it is settled."""
        self.sudo().activity_unlink([_ACTIVITY])
        if self.answer == "to_do":
            self.sudo().activity_schedule(
                _ACTIVITY,
                date_deadline=self.date_due,
                summary=self.env._("Recommendation of the DINUM"),
                user_id=self.user_id.id,
            )
