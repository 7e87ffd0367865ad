from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..base.text import is_written
from .opinion_state import RUNNING
from .recommendation_text import split_recommendations

# What officers are told of.
_FACT = "transcription"

OUTCOMES = [("favourable", "Favourable"), ("unfavourable", "Unfavourable")]


class OpinionRegistration(models.AbstractModel):
    """The answer to a request: given here by the DINUM, or transcribed from its letter
    by one person and confirmed by another."""

    _name = "souverainete.opinion.registration"
    _inherit = ["souverainete.authored"]
    _description = "Answer of the DINUM"

    registered_outcome = fields.Selection(
        OUTCOMES,
        string="Letter says",
        readonly=True,
        copy=False,
        help="What the letter says according to who transcribed it. It counts once "
        "another person confirmed it.",
        guard="server",
    )
    registrar_id = fields.Many2one(
        "res.users",
        string="Transcribed by",
        readonly=True,
        copy=False,
        help="Officer who transcribed the letter; never who asked for the opinion.",
        guard="server",
    )
    confirmer_id = fields.Many2one(
        "res.users",
        string="Confirmed or given by",
        readonly=True,
        copy=False,
        help="Second person who compared the transcription with the letter, or the "
        "DINUM reviewer who gave the opinion here.",
        guard="server",
    )
    document_digests = fields.Json(
        readonly=True,
        copy=False,
        help="Fingerprints of the documents when the letter was transcribed.",
        guard="server",
    )
    registration_pending = fields.Boolean(
        string="To confirm",
        compute="_compute_registration_pending",
        store=True,
        guard="server",
    )
    may_confirm = fields.Boolean(
        compute="_compute_may_confirm",
        help="Whether the current user is the second person who may confirm.",
    )

    @api.depends("registrar_id", "confirmer_id")
    def _compute_registration_pending(self):
        for opinion in self:
            pending = opinion.registrar_id and not opinion.confirmer_id
            opinion.registration_pending = bool(pending)

    @api.depends("registration_pending", "registrar_id", "requester_id", "channel")
    @api.depends_context("uid")
    def _compute_may_confirm(self):
        for opinion in self:
            first = opinion._is_asked_by_me(opinion.registrar_id)
            barred = first and not opinion._filter_decided_alone()
            pending = opinion.registration_pending and opinion.may_answer
            opinion.may_confirm = pending and not barred

    # === ANSWER === #

    def _record_outcome(self, event, vals):
        """Here the reviewer decides; a letter is transcribed and awaits a second. What
        it recommends is transcribed with it."""
        self._add_recommendations(vals)
        written = {
            "date_outcome": event.date,
            "reference": event.reference,
            "recommendations": vals["recommendations"],
            "appraisal": is_written(vals.get("appraisal")) and vals["appraisal"],
            "security_observation": vals.get("security_observation"),
            "registered_outcome": event.kind,
            **event._prepare_documents(),
        }
        if self.channel == "here":
            self._decide(written)
            return
        written["registrar_id"] = self.env.uid
        written["document_digests"] = self._get_digests(
            self.sudo().document_ids | event.document_ids
        )
        self._take_step(
            written,
            self.env._("The DINUM's letter was transcribed and awaits confirmation."),
        )
        self._call_second_person()

    def _call_second_person(self):
        """The officers who neither asked for the opinion nor transcribed the letter."""
        opinion = self.sudo()
        officers = opinion.company_id._get_role_users("group_officer")
        self.env["mail.activity"]._tell(
            opinion,
            _FACT,
            officers - opinion.requester_id - opinion.registrar_id,
            lambda read: read.env._("Confirm the transcription of the DINUM's letter"),
            act_type_xmlid="mail.mail_activity_data_todo",
        )

    def _add_recommendations(self, vals):
        texts = vals.get("recommendation_texts")
        if texts is None:
            texts = split_recommendations(vals.get("recommendations"))
        self.env["souverainete.recommendation"].sudo()._create_server(
            [
                {"opinion_id": self.id, "number": number, "text": text}
                for number, text in enumerate(texts, start=1)
            ]
        )

    def _decide(self, vals):
        """Make the answer final. The rights were checked by the caller."""
        outcome = vals.get("registered_outcome") or self.registered_outcome
        labels = dict(self._fields["state"]._description_selection(self.env))
        self._take_step(
            {**vals, "state": outcome, "confirmer_id": self.env.uid},
            self.env._("The DINUM's opinion: %(outcome)s", outcome=labels[outcome]),
        )
        self.env["mail.activity"]._untell(self, _FACT)
        self._notify_outcome()

    @api.model
    def _get_digests(self, documents):
        return {str(document.id): document.checksum for document in documents}

    # === SECOND PERSON === #

    def action_confirm_registration(self):
        """A second person compared the transcription with the letter."""
        self.check_access("read")
        for opinion in self:
            opinion._check_pending()
            opinion._check_second_person()
            opinion._check_documents_intact()
            opinion._decide({})

    def action_reject_registration(self):
        """Send a wrong transcription back; the letter is transcribed again."""
        self.check_access("read")
        activities = self.env["mail.activity"]
        for opinion in self:
            opinion._check_pending()
            opinion._check_not_requester()
            activities._untell(opinion, _FACT)
            activities._answer(
                opinion,
                opinion.registrar_id - self.env.user,
                lambda read: read.env._("Transcription sent back: write it again"),
            )
            opinion._take_step(
                {
                    "registered_outcome": False,
                    "registrar_id": False,
                    "document_digests": False,
                    "date_outcome": opinion._get_outcome_before(),
                    "reference": False,
                    "recommendations": False,
                    "appraisal": False,
                    "security_observation": False,
                },
                self.env._("The transcription was sent back."),
            )
        self.sudo().recommendation_ids._unlink_server()

    def _get_outcome_before(self):
        """What was decided before the letter that is sent back: silence, or nothing."""
        return self.state == "tacit" and self._get_tacit_date()

    def _check_pending(self):
        if not self._is_registrar():
            raise AccessError(
                self.env._("Only a compliance officer or the DINUM can do this.")
            )
        if not self.registration_pending or self.state not in (*RUNNING, "tacit"):
            raise UserError(self.env._("No transcribed letter awaits confirmation."))

    def _check_second_person(self):
        self._check_not_requester()
        self._check_four_eyes(
            self.env._(
                "Four eyes: you transcribed this letter, so another person confirms it."
            ),
            askers=self.registrar_id,
        )

    def _check_documents_intact(self):
        """What is confirmed is what was transcribed."""
        if self._get_digests(self.sudo().document_ids) != self.document_digests:
            raise UserError(
                self.env._(
                    "The documents changed since the letter was transcribed: send the "
                    "transcription back."
                )
            )
