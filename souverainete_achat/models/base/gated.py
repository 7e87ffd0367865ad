"""The protocol between rooms, on one page: what each may say, and when it is asked.

Every hook stands here as a no-op. A room extends the ones it has something to say to,
calls `super()` and returns its value; the room `gate`, loaded last, asks them. So a
room never needs to know which others there are, nor in which order they come.
"""

from contextlib import nullcontext

from odoo import api, models

from .reading import read_lists


class Gated(models.AbstractModel):
    """What a purchase file answers, and what it is told."""

    _name = "souverainete.gated"
    _description = "Purchase file judged by the gate"

    # === WHAT IS MISSING === #
    # A rule of code `xyz` is a method `_finding_xyz(options)` of the file, which
    # returns {key: message}, reads fields and never searches.

    def _findings_by_file(self, stage=None, option=None):
        """{file: [Finding]}: what is missing, for one stage or for both."""
        return {file: [] for file in self}

    def _findings(self, stage=None, option=None):
        """[Finding] of one file. See `_findings_by_file`."""
        self.ensure_one()
        return self._findings_by_file(stage, option)[self]

    def _findings_block(self, stage):
        """Whether something blocks this file at `stage`."""
        return any(finding.blocking for finding in self._findings(stage))

    def _get_judged_lists(self):
        """[(records, name)]: the lists that an act on these files goes through."""
        return []

    def _read_lists(self):
        """Know at once, for all files, the lines of these lists; most are empty."""
        read_lists(self._get_judged_lists())

    def _prefetch_case(self):
        """Read at once, for all files, what says which rules are asked of them."""
        self._read_lists()

    def _prefetch_findings(self, codes):
        """Read at once, for all files, what the rules of these codes read file by file.

        Going through one file's options or lines loses the set they are read with.
        """

    def _evaluate(self, rule, options):
        """[Finding] of one rule on this file, for these options."""
        return []

    def _get_judged_options(self):
        """The options this file signs; where none is studied, nothing."""
        return ()

    @api.model
    def _get_prior_codes(self):
        """Codes of the rules asked of a contract signed before the rules."""
        return frozenset({"envelope"})

    def _filter_asked(self, rules):
        """Those of `rules` that the table asks of such a purchase, signed today."""
        return rules

    def _add_rules_of_law(self, rules, stages):
        """`rules`, and those the law asks although the body chooses its own."""
        return rules

    def _is_blocked_by(self, rule):
        """Whether `rule`, unmet, refuses an act of this file, unless a waiver lifts it;
        a room says False where it does not bind."""
        return True

    def _get_waivers(self):
        """What may lift findings of this file: each answers `_lifts(finding)`."""
        return []

    def _is_rule_blocking(self, code):
        """Whether the rule `code` is asked of this file and, unmet, blocks its acts."""
        return False

    def _is_opinion_awaited(self):
        """Whether an opinion that this file is due was asked for, and still runs."""
        return False

    def _format_refusal(self, findings, act):
        """One paragraph a user can act on: what was attempted, what is missing."""
        return ""

    def _raise_if_blocked(self, findings_by_file, act):
        """Raise one error that lists all that is missing. `act`: what was attempted."""

    # === WHAT COMES NEXT === #

    def _find_next_act(self):
        """(step, name of the method, its label as told) of what this file, launched
        and not signed, comes to before what it still lacks; None where the room has
        nothing to propose."""
        return None

    def _get_turn_role(self, role, code):
        """Who acts on what the rule `code` finds: `role`, its owner, unless the file
        says that somebody else has to act first."""
        return role

    def _get_turn_user(self, role):
        """The person who acts for `role`; nobody where there are several."""
        return self.env["res.users"]

    # === ACTS === #

    def _writing(self, vals):
        """Context in which `vals` is written on these files: rooms compare what stands
        before and after, refuse what may not be written, and follow."""
        return nullcontext()

    def _judging_change(self):
        """Context in which what is judged of these files is written: the outermost one
        judges the result once, when all is in place."""
        return nullcontext()

    def _refresh_asked(self):
        """Derive again how much is asked, where it may have changed unseen."""

    def _on_change_judged(self):
        """Called once a change of these files was accepted."""

    def _get_launch_content(self):
        """What is frozen at launch, as JSON-able data; rooms add their share."""
        self.ensure_one()
        return {}

    def _on_launch(self):
        """Called once the file is launched; rooms freeze what they lent to it."""

    def _get_codes_of_launch(self):
        """Rules that nothing is missing for any more once the need is launched."""
        return frozenset()

    def _launch_on_order(self):
        """Where nothing is published, ordering is launching."""

    def _on_signed(self):
        """Called once every check was passed and the agreement is confirmed."""

    # === WHAT IS KEPT === #

    def _get_notes(self):
        """{name: `Told`}: sentences that stand for what this file is not asked, kept
        with its judgement."""
        return {}

    def _read_note(self, name):
        """One of them, as the reader reads it; empty where there is none."""
        return self._get_notes().get(name, "")

    def _record_act(self, event, payload, summary="", findings=None):
        """What an act on these files ends with: their rows move, their journals keep
        it, and where they stand is written again."""
        self._touch_evidence()
        self._journal(event, payload, summary)
        self.sudo()._refresh_compliance(findings)

    def _journal(self, event, payload, summary=""):
        """Record on each file that the current user did `event`."""

    def _get_locked(self):
        """The files whose ceiling or exclusivity an act on these ones shares with
        others: those of all are written before anything is judged, and PostgreSQL
        refuses one of two people at once."""
        return self

    def _touch_evidence(self):
        """Update the rows that acts share, so that PostgreSQL refuses one of two."""

    def _refresh_compliance(self, findings=None):
        """Write where each file stands now; constant queries, only what changed.

        `findings`: {file: [Finding]} of the files that the act has just judged.
        """

    def _refresh_compliance_each(self):
        """The same for the daily jobs: a file that cannot be judged stops no other."""

    def _has_evidence(self):
        """Whether something was decided or recorded that must be kept."""
        return False

    def _is_met(self):
        """Whether the need was closed as met without a purchase: a success."""
        return False

    # === CONTRACTS OF BEFORE === #

    def _get_unknown_limits(self, judged):
        """Names of the limits that a contract was taken over without."""
        return frozenset()

    def _learn_unknown_limits(self):
        """Take in once what a contract was taken over without."""

    def _prepare_end_of_take_over(self):
        """Values written on a file taken over that leaves its signed state."""
        return {}


class GatedOrder(models.AbstractModel):
    """What an order answers, and what it is told."""

    _name = "souverainete.gated.order"
    _description = "Order judged by the gate"

    # === WHAT IS MISSING === #
    # A rule of stage `order` and code `xyz` is a method `_finding_xyz()` of the order.

    def _get_judged_lists(self):
        """[(records, name)]: the lists that an act on these orders goes through."""
        return []

    def _findings(self):
        """[Finding] of this order: its own, then those of its purchase files; what is
        lifted does not block."""
        return []

    def _own_findings(self):
        """[Finding] of the rules of stage `order`."""
        return []

    def _get_blocking(self):
        """[Finding] that refuse the order."""
        return [finding for finding in self._findings() if finding.blocking]

    def _judge_file(self, file):
        """[Finding] of one of its files, for what this order buys of it."""
        return []

    def _get_waivers(self):
        """What may lift findings of this order and of its files, the first one that
        does: each answers `_lifts(finding)`."""
        return []

    def _lifts(self, finding):
        """Whether what this order states of itself lifts `finding`."""
        return False

    def _get_lifting_label(self):
        """What a finding that it lifts says of it."""
        return ""

    def _get_regression_findings(self, now):
        """[Finding] that a change outside what was judged is refused for. `now`: what
        would be judged; rooms say when the files are asked again."""
        return self._own_findings()

    def _format_refusal(self, findings, act):
        """One paragraph a user can act on: what was attempted, what is missing."""
        return ""

    def _get_ways_out(self, findings):
        """Sentences that a refusal ends with: what else the buyer may do."""
        return []

    def _get_banner_findings(self):
        """What the banner lists; rooms leave out what they show elsewhere."""
        return self._findings()

    # === ACTS === #

    def _lock_shared(self):
        """Write the rows whose ceiling or exclusivity these orders share with others,
        before they are judged: PostgreSQL refuses one of two at once."""

    def _judge_statements(self):
        """Judge together what these orders, now confirmed, state of their scope."""

    def _on_settled(self):
        """Called once these orders were confirmed as not digital."""

    def _before_ordered(self):
        """Called once these orders passed every check, before that is recorded."""

    def _on_ordered(self):
        """Called once these orders passed the gate: rooms record what it changes."""

    def _check_kept(self):
        """Raise where a confirmed order rewrites what it was confirmed on."""

    def _on_order_written(self, changed):
        """Called once the writing of a confirmed order was accepted. `changed`: what
        was judged changed with it."""

    def _on_order_left(self, left):
        """Called while an order is not confirmed. `left`: it was until now."""

    def _release_parked(self):
        """Let orders leave once the opinion they wait for came."""
