import hashlib
import json
from contextlib import contextmanager, nullcontext

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import split_every

from ..base.amount import Amount
from ..base.each import run_each
from ..base.finding import (
    SIGNED_STATES,
    STAGES,
    Finding,
    refuse,
)
from ..base.opening import open_dialog
from ..base.reading import read_lines
from ..base.together import sharing, wait_turn
from ..base.told import read_told
from ..policy.shown import format_refusal, read_points
from .act import acting, get_act

_BATCH = 500
# Files whose envelope is prepared at once: what they read is fetched together.
_PRIOR_BATCH = 2000


class PurchaseRequisition(models.Model):
    """The gate of files: every room is asked once an act, and nothing is launched,
    signed or changed afterwards before all are satisfied."""

    _name = "purchase.requisition"
    _inherit = [
        "purchase.requisition",
        "souverainete.steps",
        "souverainete.guided",
        "souverainete.rectified",
        "souverainete.standing",
    ]

    judgement = fields.Json(
        copy=False,
        groups=fields.NO_ACCESS,
        help="What was missing when the file was last judged, in no language and with "
        "what only some may read. It is shown, and never trusted by the gate.",
        guard="server",
    )

    # === WHAT IS MISSING === #

    def _findings_by_file(self, stage=None, option=None):
        """{file: [Finding]}: what is missing, for one stage or for both.

        Reads fields and never searches, so that a thousand files cost what one does.
        With `option`, that option is judged instead of the retained ones.
        """
        files = self.sudo()
        with sharing(self.env):
            files._prefetch_case()
            asked = [
                (file, option.sudo() if option else file._get_judged_options())
                for file in files
            ]
            judged = files._judge(asked, (stage,) if stage else STAGES)
        return dict(zip(self, judged, strict=True))

    @api.model
    def _judge(self, asked, stages=STAGES, ordering=False):
        """[[Finding]]: one judgement of each `(file, options)` of `asked`, every rule
        read as it stands now. `ordering`: by those that stop an order, alone."""
        files = self.browse().union(*(file for file, _options in asked))
        files._prefetch_case()
        rules = {file: file._get_rules(stages) for file in files}
        if ordering:
            rules = {file: file._filter_ordering(rules[file]) for file in files}
        codes = {rule.code for asked_of in rules.values() for rule in asked_of}
        files._prefetch_findings(codes)
        return [
            [
                finding
                for rule in rules[file]
                for finding in file._evaluate(rule, options)
            ]
            for file, options in asked
        ]

    def _prefetch_findings(self, codes):
        read_lines(self, "line_ids").mapped("product_id")
        return super()._prefetch_findings(codes)

    def _get_rules(self, stages):
        """Rules asked of this file today; none when it is out of scope."""
        rules = self.env["souverainete.rule"]
        scope, company = self._get_judged_scope(), self.company_id
        if scope == "out":
            return rules
        rules = rules._get_rules(company, company._souverainete_today(), stages)
        rules = self._add_rules_of_law(rules, stages)
        rules = rules._filter_engaged(self._get_engaged_day())
        if scope == "ask":
            return rules.filtered(lambda rule: rule.code == "scope")
        if self.is_prior:
            codes = self._get_prior_codes()
            return rules.filtered(lambda rule: rule.code in codes)
        return self._filter_asked(rules)

    def _filter_ordering(self, rules):
        """Those that an order waits for: they refuse, and the signature of the
        agreement, where there is one, did not settle what they ask."""
        signed = bool(self.gate_passed_on) and self.gate_state in SIGNED_STATES
        settled = signed and self.requisition_type == "blanket_order"
        return rules.filtered(
            lambda r: r._is_blocking() and not (settled and r.asked_once)
        )

    def _filter_asked(self, rules):
        case = self._get_case()
        asked = super()._filter_asked(rules)
        return asked.filtered(lambda rule: rule._applies_to(*case))

    def _get_case(self):
        """(nature, route, circuit): what the table of where rules apply is read by."""
        need = self.need_id
        return (
            need.purchase_nature or False,
            need.purchase_route or False,
            need._get_circuit(),
        )

    def _is_rule_blocking(self, code):
        rules = self._get_rules(STAGES).filtered(lambda rule: rule.code == code)
        unmet = [f for rule in rules for f in self._make_findings(rule, {"": ""})]
        return any(finding.blocking for finding in unmet)

    def _is_blocked_by(self, rule):
        return rule._is_blocking() and super()._is_blocked_by(rule)

    def _evaluate(self, rule, options):
        """[Finding] of one rule on this file."""
        missing = rule._get_missing(self, options)
        return self._make_findings(rule, missing) if missing else []

    def _make_findings(self, rule, messages):
        blocking, waivers = self._is_blocked_by(rule), self._get_waivers()
        return [
            Finding(rule, message, rule.owner, blocking, key, self).lift(waivers)
            for key, message in messages.items()
        ]

    def _format_refusal(self, findings, act):
        """The refusal in plain words: what was attempted, what is missing, who acts."""
        self.ensure_one()
        return format_refusal(self, findings, act)

    def _raise_if_blocked(self, findings_by_file, act):
        refuse(findings_by_file, act)

    # === SIGNATURE === #

    @api.constrains("state")
    def _check_state_gate(self):
        """Whoever writes the state, by whatever road, passes here."""
        if act := get_act(self.env):
            act.enlist_files(self)
        else:
            self._judge_state()

    def action_confirm(self):
        digital = self.sudo().filtered(lambda file: file.scope_status != "out")
        wait_turn(digital._get_locked() or self.sudo()._get_ledgers())
        self.sudo()._derive_again()
        with self._acting_on_state({"state": "confirmed"}):
            return super().action_confirm()

    def _judge_state(self):
        """Judge the files that enter a signed state; the others leave it freely."""
        self.filtered(lambda f: f._is_entering())._lock_statements()
        self._refresh_scope()
        changed = self.filtered(lambda f: f.state != f.gate_state)
        entering = changed.filtered(lambda f: f._is_entering())
        entering._pass_gate()
        (changed - entering)._leave_gate()

    def _pass_gate(self):
        judged = self.filtered(lambda f: f._get_judged_scope() != "out")
        judged.sudo()._get_locked()._touch_evidence()
        findings = judged._findings_by_file()
        due = {file: file._get_due(found) for file, found in findings.items()}
        self._raise_if_blocked(due, self.env._("confirming the agreement"))
        launched = judged.filtered(lambda f: f._launch_on_confirm(findings[f]))
        for file in judged:
            file._record_gate()
        (self - judged)._settle_out_of_scope()
        judged._refresh_compliance(launched._leave_out_launched(findings))

    def _get_due(self, findings):
        """What is due to confirm. Confirming a template is launching its need: nothing
        is signed by it."""
        if self.requisition_type != "purchase_template":
            return findings
        return [finding for finding in findings if finding.rule.stage == "launch"]

    def _launch_on_confirm(self, findings):
        """One click where nothing is published, or where confirming is launching.
        Returns whether the need was launched."""
        need = self.need_id
        template = self.requisition_type == "purchase_template"
        direct = need == self if template else not need._is_published()
        blocked = any(f.blocking for f in findings if f.rule.stage == "launch")
        launching = direct and not need.date_launch and not blocked
        if launching:
            need._record_launch()
        return launching

    def _record_gate(self):
        """Who judged these files refreshes them all at once, with what was found."""
        self.sudo()._write_server(
            {
                "gate_passed_on": fields.Datetime.now(),
                "gate_state": self.state,
                "gate_envelope": self._prepare_envelope(),
            }
        )
        self._journal(
            "gate", self.gate_envelope, self.env._("Every check passed: confirmed.")
        )
        self._on_signed()

    def _settle_out_of_scope(self):
        """What was confirmed as not digital stays so: remember its products."""
        for file in self:
            file._write_server(
                {"gate_state": file.state, "gate_envelope": file._prepare_settled()}
            )

    def _leave_gate(self):
        """Closing and cancelling are free; going back to draft starts afresh."""
        for file in self:
            vals = {"gate_state": file.state, **file._prepare_end_of_take_over()}
            if file.state == "draft" and (file.date_launch or file.gate_passed_on):
                vals |= dict.fromkeys(
                    ("date_launch", "launch_digest", "gate_passed_on", "gate_envelope"),
                    False,
                )
                file._journal(
                    "correction",
                    {"back_to": "draft"},
                    self.env._("Back to draft: launch and checks start afresh."),
                )
            file.sudo()._write_server(vals)
        self.filtered("is_digital")._refresh_compliance()

    # === LAUNCH === #

    def action_launch(self):
        """Let the consultation leave. Raises with all that is missing at launch."""
        self.check_access("read")
        for file in self:
            file.need_id._launch()
        return True

    def action_ask_launch(self):
        """Ask once before the consultation leaves, naming what that freezes. Raises
        with all that is missing."""
        self.check_access("write")
        self.ensure_one()
        need = self.need_id
        need._check_launchable()
        need._raise_if_blocked(
            {need: need._findings("launch")}, self.env._("launching the consultation")
        )
        return open_dialog(
            self.env["souverainete.launch"],
            self.env._("Launch the consultation"),
            default_requisition_id=need.id,
        )

    def _launch(self):
        self.check_access("write")
        self.ensure_one()
        wait_turn(self._get_locked())
        self._derive_again()
        self._check_launchable()
        with acting(self.env):
            findings = self._findings_by_file()
            due = [f for f in findings[self] if f.rule.stage == "launch"]
            self._raise_if_blocked(
                {self: due}, self.env._("launching the consultation")
            )
            self._record_launch()
            self._refresh_compliance(self._leave_out_launched(findings))

    def _leave_out_launched(self, findings):
        """The same `findings`, {file: [Finding]}, without what launching these files
        settled: it needs no second judgement."""
        codes = self._get_codes_of_launch()
        return {
            file: [f for f in found if file not in self or f.rule.code not in codes]
            for file, found in findings.items()
        }

    def _check_launchable(self):
        if self.date_launch:
            raise UserError(
                self.env._("%(name)s was already launched.", name=self.display_name)
            )
        if self._get_judged_scope() == "out":
            raise UserError(
                self.env._(
                    "%(name)s is not a digital purchase: there is nothing to check "
                    "before launching it.",
                    name=self.display_name,
                )
            )

    def _record_launch(self):
        """Freeze what leaves with the consultation, and record that it left."""
        content = self.sudo()._get_launch_content()
        self.sudo()._write_server(
            {
                "date_launch": fields.Datetime.now(),
                "launch_digest": self._get_digest(content),
            }
        )
        self._on_launch()
        self._touch_evidence()
        self._journal("launch", content, self.env._("The consultation was launched."))

    def _launch_on_order(self):
        """Where nothing is published, ordering is launching."""
        for need in self:
            if not need.date_launch and not need.is_prior:
                need._record_launch()
                need._refresh_compliance()
        return super()._launch_on_order()

    @api.model
    def _get_digest(self, content):
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    # === CHANGES === #
    # What may still change on a launched or signed file.

    def write(self, vals):
        """Any change of what is judged, or of the state, is an act."""
        judged = self._get_guarded_fields("judged", "frozen").intersection(vals)
        if not judged and "state" not in vals:
            return super().write(vals)
        changing = self._judging_change() if judged else nullcontext()
        with changing, self._acting_on_state(vals):
            return super().write(vals)

    @contextmanager
    def _writing(self, vals):
        """Who buys is a fact: it is refused nothing, and may change what is missing."""
        with super()._writing(vals):
            yield
        if "user_id" in vals:
            digital = self.sudo().filtered(lambda f: f.scope_status != "out")
            if digital:
                digital._refresh_compliance()

    def _acting_on_state(self, vals):
        """A state that is written signs: it is judged with what is written with it."""
        digital = "state" in vals and any(f.scope_status != "out" for f in self.sudo())
        return acting(self.env) if digital else nullcontext()

    @contextmanager
    def _judging_change(self):
        """Judge what is written inside on the launched and signed files among self.

        Refused when it adds a blocking finding, or rewrites what was frozen at launch
        without removing one. Everything else is accepted, and counted as evidence.
        """
        running = get_act(self.env)
        opened = self.sudo()
        if running:
            opened = opened.filtered(lambda f: f.id not in running.opened)
        else:
            wait_turn(opened.filtered(lambda f: f._is_held())._get_locked())
        standings = opened._get_standings()
        with acting(self.env, keep=not standings) as act:
            act.opened.update((file.id, file) for file in opened)
            act.standings = standings | act.standings
            yield

    def _get_standings(self):
        """{file: what blocks it, and what it is said to be worth} of the launched and
        signed ones, those that share these needs included."""
        held = self._get_held_files()
        findings = held._findings_by_file()
        return {
            file: {
                "blocking": file._get_blocking(findings[file]),
                "amounts": file._get_stated_amounts(),
            }
            for file in held
        }

    def _get_blocking(self, findings):
        """{identity: Finding} of what blocks this file as it stands."""
        signed = self.gate_state in SIGNED_STATES
        return {
            f.identity: f
            for f in findings
            if f.blocking and (signed or f.rule.stage == "launch")
        }

    def _judge_change(self, standings):
        """Judge the change of these files, and of those that share a need with them.

        `standings`: see `_get_standings`, as they were before the change.
        """
        self.filtered(lambda f: f.gate_state in SIGNED_STATES)._lock_statements()
        self._refresh_scope()
        self._refresh_asked()
        held = self._get_held_files().union(*standings)
        digital = self.filtered(lambda f: f.scope_status != "out")
        findings = (held | digital)._findings_by_file()
        before = {f: standings.get(f, {}).get("blocking", {}) for f in held}
        now = {f: f._get_blocking(findings[f]) for f in held}
        added = {f: [now[f][key] for key in now[f].keys() - before[f]] for f in held}
        self._raise_if_blocked(added, self.env._("this change"))
        for file in held:
            file._check_frozen(repaired=bool(before[file].keys() - now[file]))
        for file, standing in standings.items():
            file._journal_amounts(standing["amounts"])
        held._learn_unknown_limits()
        digital._touch_evidence()
        (digital | held)._refresh_compliance(findings)
        self._on_change_judged()

    def _check_frozen(self, repaired):
        """What left with the consultation changes only to repair a finding."""
        if not self.date_launch:
            return
        content = self._get_launch_content()
        digest = self._get_digest(content)
        if digest == self.launch_digest:
            return
        if not repaired:
            raise ValidationError(
                self.env._(
                    "%(name)s was launched on %(date)s: its need, study, data answers "
                    "and weights left with the consultation and are frozen. Cancel "
                    "the file and launch it again to change them.",
                    name=self.display_name,
                    date=fields.Date.to_string(self.date_launch),
                )
            )
        self._write_server({"launch_digest": digest})
        self._journal(
            "correction", content, self.env._("Corrected after launch, to repair.")
        )

    def _journal_amounts(self, before):
        """What a launched or signed file is said to be worth changes with a trace."""
        now = self._get_stated_amounts()
        if now == before:
            return
        self._journal(
            "correction",
            {"before": before, "after": now},
            self.env._("Its amounts were changed after launch or signature."),
        )

    def _get_stated_amounts(self):
        """€ HT, as stated; None for what is not known."""
        return {
            name: Amount.stated(self, name).stated_value
            for name in ("amount_estimated", "amount_max")
        }

    # === TWO AT ONCE === #

    def _touch_evidence(self):
        for file in self.sudo():
            file._write_server({"evidence_rev": file.evidence_rev + 1})
        return super()._touch_evidence()

    # === COMPLIANCE === #
    # An indicator people read and sort by; the gate never reads it.

    @api.model_create_multi
    def create(self, vals_list):
        with acting(self.env, keep=True) as act:
            files = super().create(vals_list)
            act.enlist_created(files.filtered(lambda f: f.scope_status != "out"))
        return files

    def _refresh_compliance(self, findings=None):
        """Write where each file stands now; constant queries, only what changed.

        `findings`: {file: [Finding]} of those just judged by the act.
        """
        # What is said of a need is what its agreements are judged on.
        files = self.sudo() | self.sudo().agreement_ids
        judged = files.filtered(lambda f: f._is_judgement_kept())
        unknown = judged.filtered(lambda f: f not in (findings or {}))
        with sharing(self.env):
            known = {**(findings or {}), **unknown._findings_by_file()}
            kept = {file: file._prepare_judgement(known[file]) for file in judged}
        for file, vals in kept.items():
            if vals:
                file._write_server(vals)
        for file in (files - judged).filtered("next_step"):
            file._write_server(file._prepare_turn(None))
        by_state = files.grouped(lambda f: f._get_compliance(known.get(f, [])))
        for state, group in by_state.items():
            changed = group.filtered(lambda f, state=state: f.compliance_state != state)
            if changed:
                changed._record_compliance(state)
        return super()._refresh_compliance(findings)

    def _reclassify(self):
        """What became digital, or no longer is, is judged as such."""
        result = super()._reclassify()
        self._refresh_compliance()
        return result

    def _refresh_compliance_each(self):
        """The same for the daily jobs: a file that cannot be judged stops no other."""
        run_each(self, lambda files: files._refresh_compliance())

    def _get_compliance(self, findings):
        """The state of one file, from what is missing on it."""
        if self.scope_status == "out":
            return "out_of_scope"
        if self.is_prior:
            return "prior"
        if self._is_met():
            return "compliant"
        if not self._is_held():
            return "incomplete"
        if any(f.blocking and self._is_due(f) for f in findings):
            return "lapsed"
        if not self.gate_passed_on or any(f.blocking for f in findings):
            return "launched"
        derogated = any(finding.lifted_by for finding in findings)
        return "derogated" if derogated else "compliant"

    def _is_due(self, finding):
        """A launched file owes what was due at launch; a signed one, all of it."""
        return finding.rule.stage == "launch" or self._is_signed()

    def _record_compliance(self, state):
        self._write_server({"compliance_state": state})
        if state == "lapsed":
            self._schedule_lapse_activities()

    def _schedule_lapse_activities(self):
        """Tell each buyer once that something the file relied on no longer holds.

        All at once and without a message, as the list of to-dos shows them: a
        withdrawn qualification may touch hundreds of files.
        """
        kind = self.env.ref("mail.mail_activity_data_warning")
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        activities.create([file._prepare_lapse_activity(kind) for file in self])

    def _prepare_lapse_activity(self, kind):
        user = self._get_told_user()
        read = self.with_context(lang=user.lang)
        return {
            "activity_type_id": kind.id,
            "automated": True,
            "date_deadline": self.company_id._souverainete_today(),
            "res_id": self.id,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "summary": read.env._("This file no longer meets the digital doctrine"),
            "user_id": user.id,
        }

    @api.model
    def _cron_refresh_compliance(self):
        """Refresh the running files, in batches; progress is kept between runs."""
        self.env["souverainete.cpv.prefix"]._reclassify_moved()
        domain = self._get_refresh_domain()
        remaining = self.search_count(domain)
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        last = 0
        while files := self.search(
            [*domain, ("id", ">", last)], order="id", limit=_BATCH
        ):
            files._refresh_compliance_each()
            last = files[-1].id
            if not self.env["ir.cron"]._commit_progress(len(files)):
                break

    @api.model
    def _get_refresh_domain(self):
        return [
            ("scope_status", "!=", "out"),
            ("is_prior", "=", False),
            ("state", "!=", "cancel"),
        ]

    # === SIGNED BEFORE === #
    # What was signed before the ministry applied the doctrine is taken over, and never
    # judged. Written by SQL: a State-wide database has many.

    def _record_prior(self):
        """Take these agreements over, with the limits they were signed within."""
        self.env.flush_all()
        self.env.cr.execute(_PRIOR, [self.ids])
        self.env.invalidate_all()
        for ids in split_every(_PRIOR_BATCH, self.ids):
            files = self.browse(ids)
            files._derive_again()
            files._prefetch_case()
            files._prefetch_findings({"envelope"})
            rows = [(file.id, json.dumps(file._prepare_envelope())) for file in files]
            self.env.cr.execute_values(_ENVELOPES, rows)
            self.env.invalidate_all()

    # === WHAT IS READ === #
    # The judgement as the last act left it, in no language: reading it judges nothing.

    def _is_judgement_kept(self):
        return self.scope_status != "out" and self.state in ("draft", "confirmed")

    def _prepare_judgement(self, findings):
        """Values of what is kept of it, only where it changed."""
        reserved = bool(self.need_id._get_sealed_options())
        kept = {
            "day": fields.Date.to_string(self.company_id._souverainete_today()),
            "policy": self.env["souverainete.policy"]._get_revision(),
            "points": [finding.to_json(reserved) for finding in findings],
            "steps": self._prepare_steps(findings),
            "notes": {
                name: note.to_json(False) for name, note in self._get_notes().items()
            },
        }
        vals = self._prepare_turn(kept["steps"])
        count = sum(not finding.blocking for finding in findings)
        if count != self.reservation_count:
            vals["reservation_count"] = count
        if kept != self.judgement:
            vals["judgement"] = kept
        return vals

    def _read_judgement(self):
        """Points of the banner, in the language and with the rights of the reader."""
        file = self.sudo()
        rules = self.env["souverainete.rule"]
        kept = file.judgement["points"] if file.judgement else []
        return read_points(rules, kept, self._may_read_offers())

    def _get_standing_points(self):
        return self._read_judgement()

    def _read_note(self, name):
        """As the last act left it; what is being typed is not kept yet."""
        kept = self.id and self.sudo().judgement
        if not kept:
            return super()._read_note(name)
        note = kept["notes"].get(name)
        return read_told(self.env, note) if note else ""

    def _get_outdated_on(self):
        """The day of a judgement that may be another today, or None."""
        kept = self.sudo().judgement
        today = fields.Date.to_string(self.company_id._souverainete_today())
        policy = self.env["souverainete.policy"]._get_revision()
        outdated = kept and (kept["day"], kept["policy"]) != (today, policy)
        return kept["day"] if outdated else None


_PRIOR = """
    UPDATE purchase_requisition
       SET is_prior = true, gate_state = state
     WHERE id = ANY(%s)
"""
_ENVELOPES = """
    UPDATE purchase_requisition AS file
       SET gate_envelope = said.envelope::jsonb,
           prior_amount_missing = said.envelope::jsonb ->> 'amount' IS NULL
      FROM (VALUES %s) AS said (id, envelope)
     WHERE file.id = said.id
"""
