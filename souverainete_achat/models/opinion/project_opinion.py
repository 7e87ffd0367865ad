from odoo import fields, models
from odoo.tools.misc import format_date

from .opinion import FAVOURABLE, RUNNING


class Project(models.Model):
    """Which opinion counts for the project, and what it lacks."""

    _inherit = "souverainete.project"

    opinion_ids = fields.One2many(
        "souverainete.opinion", "project_id", string="Opinions"
    )

    def _is_evidence(self):
        requested = self.opinion_ids.filtered(lambda o: o.state != "draft")
        return super()._is_evidence() or bool(requested)

    def _is_rate_frozen(self):
        """What the DINUM was asked to judge keeps the rates it was asked with."""
        standing = self.opinion_ids.filtered(
            lambda o: o.state not in ("draft", "withdrawn", "stale")
        )
        return super()._is_rate_frozen() or bool(standing)

    def action_request_opinion(self):
        """Open the project's draft request, or a new one."""
        self.ensure_one()
        draft = self.opinion_ids.filtered(lambda o: o.state == "draft")[:1]
        opinion = draft or self.opinion_ids.create({"project_id": self.id})
        return opinion._get_form_action()

    def _get_governing_opinion(self, kind=None):
        """The opinion that counts: the last answer, or the request that follows it.

        A favourable answer holds while a new request runs. A ministry needs a
        binding opinion; a simple one given before does not do.
        """
        opinions = self.opinion_ids.filtered(
            lambda o: (
                o.state not in ("draft", "withdrawn")
                and (kind != "binding" or o.kind == "binding")
            )
        ).sorted(lambda o: (o.date_submitted, o.id), reverse=True)
        running = opinions.filtered(lambda o: o.state in RUNNING)[:1]
        decided = (opinions - opinions.filtered(lambda o: o.state in RUNNING))[:1]
        if decided.state in FAVOURABLE:
            return decided
        return running or decided

    def _get_last_answer(self):
        """The last answer of the DINUM, which a request that follows does not undo."""
        answered = self.opinion_ids.filtered(
            lambda o: o.state not in ("draft", "withdrawn", *RUNNING)
        )
        return answered.sorted(lambda o: (o.date_submitted, o.id))[-1:]

    def _get_opinion_gap(self, day=None):
        """{key: message} of what the project's opinion lacks; empty: nothing."""
        if self._get_opinion_required(day) != "yes":
            return self._get_shrunk_gap()
        kind = self._get_threshold(day).opinion_kind
        opinion = self._get_governing_opinion(kind)
        gap = opinion._get_gap(kind)
        if not gap:
            return {}
        return {gap: self._get_gap_message(opinion, gap, day)}

    def _get_shrunk_gap(self):
        """A refused project stated below the threshold since: nobody sets the refusal
        aside by restating costs."""
        if self._is_refusal_pending():
            return {"pending": self._get_pending_refusal_message()}
        opinion = self._get_last_answer()
        if not opinion._is_binding_refusal():
            return {}
        return {
            "shrunk": self.env._(
                "The DINUM's opinion of %(date)s on %(project)s is unfavourable, and "
                "its cost is now stated below the threshold: a compliance officer who "
                "did not ask confirms it by declaring that opinion stale, with the "
                "reason, on the opinion.",
                date=format_date(self.env, opinion.date_outcome),
                project=self.display_name,
            )
        }

    def _is_refusal_pending(self):
        """A letter transcribed as unfavourable binds nobody yet, and is no silence."""
        return any(
            opinion.state in RUNNING
            and opinion.kind == "binding"
            and opinion.registered_outcome == "unfavourable"
            for opinion in self.opinion_ids
        )

    def _get_pending_refusal_message(self):
        return self.env._(
            "The cost of %(project)s is now stated below the threshold, while a letter "
            "transcribed as unfavourable awaits its confirmation: another officer, or "
            "the DINUM, confirms it or sends it back, on the opinion.",
            project=self.display_name,
        )

    def _get_gap_message(self, opinion, gap, day):
        if gap != "none":
            return opinion._get_gap_message(gap)
        return self.env._(
            "%(project)s costs %(cost)s incl. tax, at or above %(threshold)s: request "
            "the DINUM's opinion on the project's form, before any contract.",
            project=self.display_name,
            cost=self.currency_id.format(self._get_cost(day)[0]),
            threshold=self.currency_id.format(self._get_threshold_amount(day)),
        )
