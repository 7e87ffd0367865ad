from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.told import tell


class Waiver(models.AbstractModel):
    """What lets an act pass, for a time, although something is missing: asked for by
    one, decided by another, proved, ended. What it lifts stays shown, with its name.

    A mixin and not one model with kinds: a derogation and an urgency share their life,
    not what they are about, who reads them nor how they end. An order that states a
    ground on a lapsed contract has no life of its own: it answers `_lifts` itself. A
    qualification that is deferred or being renewed, and an opinion departed from with a
    reason, lift nothing: their rules ask for that, and find it.
    """

    _name = "souverainete.waiver"
    _inherit = ["souverainete.authored", "mail.thread", "mail.activity.mixin"]
    _description = "Waiver"
    _asker_fields = ("requested_by_id",)
    _dates_ordered = models.Constraint(
        "CHECK (date_end >= date_start)", "A waiver cannot end before it starts."
    )
    # Of the field `state`, which starts with `draft` and `requested`: when it lifts,
    # and when it is not kept yet.
    _state_lifting = "granted"
    _states_deletable = ()
    # Names of the fields that say who decided, and when.
    _decision_fields = ()
    # Event of the journal of its files.
    _event = ""

    date_start = fields.Date(
        string="From", tracking=True, help="First day it lifts anything (inclusive)."
    )
    date_end = fields.Date(
        string="Until", tracking=True, help="Last day it lifts anything (inclusive)."
    )
    requested_by_id = fields.Many2one(
        "res.users", string="Requested by", readonly=True, copy=False, guard="server"
    )

    # === HOOKS === #
    def _lifts(self, finding):
        """Whether `finding` is what it lifts, today."""
        return self._is_running(self.company_id._souverainete_today())

    def _check_decider(self):
        """Raise unless the user may decide: never who asked for it."""

    def _get_frozen_fields(self):
        """Names of what was asked or decided: it is not rewritten."""
        return frozenset()

    def _get_files(self):
        """The purchase files it touches, which keep what becomes of it."""
        return self.env["purchase.requisition"]

    def _prepare_entry(self):
        """What their journal keeps of it."""
        return {}

    # === LIFE === #
    def _is_running(self, day):
        """Whether it lifts something on `day`."""
        held = self.state == self._state_lifting and self.date_start and self.date_end
        return bool(held) and self.date_start <= day <= self.date_end

    def _get_lifting_label(self):
        """What a finding that it lifts says of it."""
        return tell(self.env)._(
            "Lifted by: %(kind)s, until %(date)s.",
            kind=self._get_kind(),
            date=self.date_end,
        )

    def _get_kind(self):
        """What it is, in the reader's words."""
        return self.env["ir.model"]._get(self._name).name

    def _ask(self, vals=()):
        """Ask for it; what is asked is frozen from then on."""
        self.check_access("write")
        self._check_asked_by_a_person()
        self._check_state("draft")
        self._enter("requested", {"requested_by_id": self.env.uid, **dict(vals)})

    def _decide(self, previous, state, vals=()):
        """Record what another person decided: to grant it, to refuse it, to end it."""
        self._check_decider()
        self._check_state(previous)
        by, on = self._decision_fields
        decided = {by: self.env.uid, on: fields.Datetime.now()}
        self._enter(state, {**decided, **dict(vals)})

    def _enter(self, state, vals=()):
        """Go on to `state`; its files keep it."""
        self.sudo()._write_server({"state": state, **dict(vals)})
        self._record_event()

    def _check_state(self, *states):
        if moved := self.filtered(lambda record: record.state not in states):
            raise UserError(
                self.env._(
                    "%(names)s: not in the right state. Refresh the page.",
                    names=", ".join(moved.mapped("display_name")),
                )
            )

    def _check_filled(self, *names):
        """What is asked or decided says why, for how long, and proves it."""
        empty = [n for n in names if not all(_is_filled(r[n]) for r in self)]
        if empty:
            labels = self.fields_get(empty, ["string"])
            raise UserError(
                self.env._(
                    "Fill in before recording this: %(fields)s.",
                    fields=", ".join(labels[name]["string"] for name in empty),
                )
            )

    # === EVIDENCE === #
    # Nothing asked or decided is rewritten, and its files keep what becomes of it.

    def _record_event(self):
        """Journal on its files what became of it, and judge them again."""
        touched = self.env["purchase.requisition"].sudo()
        for record in self.sudo():
            files = record._get_files()
            files._journal(
                self._event, record._prepare_entry(), summary=record._get_summary()
            )
            touched |= files
        touched._reassess()

    def _get_summary(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "%(name)s: %(state)s.", name=self.display_name, state=states[self.state]
        )

    def write(self, vals):
        if not self._is_granted("write", vals):
            self._check_frozen(frozenset(vals))
        return super().write(vals)

    def _check_frozen(self, names):
        for record in self:
            if names & record._get_frozen_fields():
                raise UserError(
                    self.env._(
                        "%(name)s: what was asked or decided is not rewritten. Record "
                        "how it ends, or ask for another one.",
                        name=record.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_not_kept(self):
        if kept := self.filtered(lambda r: r.state not in self._states_deletable):
            raise UserError(
                self.env._(
                    "%(kind)s: what was asked or decided is never deleted. Its refusal "
                    "is recorded instead (%(names)s).",
                    kind=self._get_kind(),
                    names=", ".join(kept.mapped("display_name")),
                )
            )


def _is_filled(value):
    return bool(value.strip() if isinstance(value, str) else value)
