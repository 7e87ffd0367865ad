from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from .opinion import ENDED, RUNNING

# States each step may be recorded in; see also `_is_late_record`.
_STEP_STATES = {
    "received": RUNNING,
    "suspend": ("submitted",),
    "resume": ("suspended",),
    "favourable": RUNNING,
    "unfavourable": RUNNING,
    "late": ENDED,
}
# What came within the delay but was recorded after silence seemed to have decided.
_LATE_STEPS = ("suspend", "favourable", "unfavourable")
_ANSWERS = ("favourable", "unfavourable")


class Opinion(models.Model):
    """What comes from the DINUM: acknowledgement, questions, answer."""

    _inherit = "souverainete.opinion"

    document_ids = fields.Many2many(
        "ir.attachment",
        "souverainete_opinion_document_rel",
        string="Documents",
        ondelete="restrict",
        readonly=True,
        copy=False,
        help="Acknowledgement, requests for information and letter, as received.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"document_ids"}

    # === CHECKS === #

    def _apply_step(self, step, vals):
        """Record one event of the opinion, for the current user.

        `step`: `received`, `suspend`, `resume`, `favourable`, `unfavourable`, or `late`
        for a letter that came when all was decided.
        `vals`: `date`, `reference`, `recommendations`, `reason`, `documents`, and
        `date_to` for a suspension already answered.
        """
        self.ensure_one()
        self.check_access("read")
        self._check_actor()
        today = self.company_id._souverainete_today()
        vals = dict(vals, date=today if self.channel == "here" else vals["date"])
        self._check_step(step, vals, today)
        vals["documents"] = self._copy_documents(vals["documents"])
        getattr(self, f"_step_{step}")(vals)

    def _check_actor(self):
        """Who may speak for the DINUM on this request: the role, and four eyes."""
        if self.channel == "here" and not self._is_reviewer():
            raise AccessError(
                self.env._("Only a DINUM reviewer, never a buyer, answers here.")
            )
        if not self._is_registrar():
            raise AccessError(
                self.env._(
                    "Only a compliance officer or the DINUM records what the DINUM "
                    "wrote."
                )
            )
        self._check_not_requester()

    def _check_step(self, step, vals, today):
        if self.registrar_id:
            raise UserError(
                self.env._(
                    "A letter was transcribed and awaits its confirmation: confirm it "
                    "or send it back first."
                )
            )
        if not vals["date"] or vals["date"] > today:
            raise UserError(self.env._("Give a date that is not in the future."))
        if (vals.get("date_to") or today) > today:
            raise UserError(self.env._("Give a date that is not in the future."))
        self._check_answer_in_time(step, vals)
        if not self._is_step_expected(step, vals):
            raise UserError(
                self.env._("This cannot be recorded in the state of the request.")
            )
        if self._needs_document(step) and not vals["documents"]._is_document():
            raise UserError(
                self.env._("Attach the document received: it is the evidence.")
            )

    def _is_step_expected(self, step, vals):
        """Whether the state of the request admits this step."""
        admitted = self.state in _STEP_STATES[step]
        after = step == "late" and self._is_after_silence(vals["date"])
        return admitted or after or self._is_late_record(step, vals)

    def _is_late_record(self, step, vals):
        """Silence decided only because what came in time was not recorded, or because
        the day of receipt was wrong."""
        if self.state != "tacit" or self.channel != "registered":
            return False
        in_time = step in _LATE_STEPS and vals["date"] <= self.date_due
        return in_time or step == "received"

    def _check_answer_in_time(self, step, vals):
        """Silence decided at the end of the delay, whether or not it was recorded."""
        if step in _ANSWERS and self._is_after_silence(vals["date"]):
            raise UserError(
                self.env._(
                    "The delay ended on %(due)s, so the opinion is deemed favourable "
                    "since the day after: a letter dated later changes nothing. Record "
                    "it as “Letter received after the decision”: it is kept.",
                    due=format_date(self.env, self.date_due),
                )
            )

    def _is_after_silence(self, day):
        """Whether silence had decided by `day`, recorded or not."""
        silent = self.state == "tacit" or (
            self.state == "submitted" and self.silence_favourable
        )
        return bool(silent and self.date_due and day > self.date_due)

    def _needs_document(self, step):
        """What starts the delay or ends it is proved by its document."""
        proved = ("received", "favourable", "unfavourable", "late")
        return self.channel == "registered" and step in proved

    def _copy_documents(self, documents):
        """Own copies of what the user may read, out of reach of the originals."""
        documents.check_access("read")
        owner = {"res_model": self._name, "res_id": self.id}
        return documents.sudo().copy(owner)

    # === STEPS === #

    def _step_received(self, vals):
        self._take_step(
            {
                "date_received": vals["date"],
                **self._prepare_reopening(),
                **self._prepare_documents(vals),
            },
            self.env._(
                "The complete file was acknowledged on %(date)s.",
                date=format_date(self.env, vals["date"]),
            ),
        )

    def _prepare_reopening(self):
        """Silence counted from a wrong day decided nothing: the delay is judged again,
        and the next night records the silence if there was one."""
        if self.state != "tacit":
            return {}
        return {"state": "submitted", "date_outcome": False}

    def _step_suspend(self, vals):
        self._check_suspendable(vals["date"])
        suspension = {
            "opinion_id": self.id,
            "date_from": vals["date"],
            "date_to": vals.get("date_to"),
            "reason": vals["reason"],
        }
        self.env["souverainete.suspension"].sudo()._create_server([suspension])
        ended = bool(suspension["date_to"])
        self._take_step(
            {
                "state": "submitted" if ended else "suspended",
                "date_outcome": False,
                **self._prepare_documents(vals),
            },
            self.env._(
                "The DINUM asked for more information on %(date)s: the delay is "
                "suspended.",
                date=format_date(self.env, vals["date"]),
            ),
        )

    def _check_suspendable(self, date):
        if self.date_received and date < self.date_received:
            raise UserError(
                self.env._("The delay cannot be suspended before it started.")
            )
        if self.date_due and date > self.date_due:
            raise UserError(
                self.env._(
                    "The delay ended on %(due)s: it can no longer be suspended.",
                    due=format_date(self.env, self.date_due),
                )
            )

    def _step_resume(self, vals):
        running = self._get_running_suspension()
        running.sudo()._write_server({"date_to": vals["date"]})
        self._take_step(
            {"state": "submitted", **self._prepare_documents(vals)},
            self.env._(
                "The information was received on %(date)s: the delay runs again.",
                date=format_date(self.env, vals["date"]),
            ),
        )

    def _step_favourable(self, vals):
        self._record_outcome("favourable", vals)

    def _step_unfavourable(self, vals):
        self._record_outcome("unfavourable", vals)

    def _step_late(self, vals):
        """A fact, kept with its document: nothing that was decided changes."""
        self._take_step(
            self._prepare_documents(vals),
            self.env._(
                "A letter dated %(date)s (%(reference)s) was received after the "
                "decision: it is kept, and changes nothing.",
                date=format_date(self.env, vals["date"]),
                reference=vals["reference"] or self.env._("no reference"),
            ),
        )

    def _prepare_documents(self, vals):
        links = [Command.link(document.id) for document in vals["documents"]]
        return {"document_ids": links}
