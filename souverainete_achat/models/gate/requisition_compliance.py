from odoo import api, fields, models

from ..mixin.each import run_each

_STATES = [
    ("out_of_scope", "Out of scope"),
    ("prior", "Signed before the rules"),
    ("incomplete", "Incomplete"),
    ("launched", "Launched"),
    ("compliant", "Compliant"),
    ("derogated", "Compliant by derogation"),
    ("lapsed", "Lapsed"),
]
_BATCH = 500


class PurchaseRequisition(models.Model):
    """Compliance: an indicator people read and sort by; the gate never reads it."""

    _inherit = "purchase.requisition"

    compliance_state = fields.Selection(
        _STATES,
        string="Compliance",
        default="out_of_scope",
        index=True,
        copy=False,
        help="Where the file stands, refreshed when evidence changes and every night. "
        "An indicator only: each act is judged again.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"compliance_state"}

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        files.filtered(lambda file: file.scope_status != "out")._refresh_compliance()
        return files

    def _refresh_compliance(self):
        """Write where each file stands now; constant queries, only what changed."""
        files = self.sudo()
        # A contract of before stands as such, whatever it misses.
        held = files.filtered(lambda file: file._is_held() and not file.is_prior)
        findings = held._findings_by_file()
        by_state = files.grouped(lambda f: f._get_compliance(findings.get(f, [])))
        for state, group in by_state.items():
            changed = group.filtered(lambda f, state=state: f.compliance_state != state)
            if changed:
                changed._record_compliance(state)

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
        derogated = any(self._is_lifted(f) for f in findings)
        return "derogated" if derogated else "compliant"

    def _is_lifted(self, finding):
        """Whether a derogation stands between this finding and a refusal."""
        lifted = finding.rule._is_blocking() and not finding.blocking
        return lifted and self.sudo()._is_derogated(finding.rule.code)

    def _is_met(self):
        """Whether the need was closed as met without a purchase: a success."""
        return False

    def _is_due(self, finding):
        """A launched file owes what was due at launch; a signed one, all of it."""
        return finding.rule.stage == "launch" or self._is_signed()

    def _is_signed(self):
        """Whether something was signed: confirming a template only launches its need,
        and its orders sign."""
        if self.requisition_type == "purchase_template":
            return any(order.state == "purchase" for order in self.need_order_ids)
        return bool(self.gate_passed_on)

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

    def _get_told_buyer(self):
        """The buyer, while they work for the ministry of the file; empty otherwise."""
        buyer = (self.user_id or self.create_uid).sudo()
        return buyer.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )

    def _get_told_user(self):
        """Whom to tell: the buyer, else an officer; the buyer of the record where
        there is neither."""
        told = self._get_told_buyer()
        if not told:
            officers = self.company_id._get_role_users("group_officer")
            told = officers.sorted("id")[:1] or self.user_id or self.create_uid
        return told

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
