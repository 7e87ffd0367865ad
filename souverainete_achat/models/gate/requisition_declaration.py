from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .requisition_gate import SIGNED_STATES

# Files whose declarations are being written higher up in this transaction: the
# outermost write judges the result once, when all its lines are in place.
_DECLARING = "souverainete_declaring"


class PurchaseRequisition(models.Model):
    """Declarations: what may still change on a launched or signed file."""

    _inherit = "purchase.requisition"

    @api.model
    def _get_declared_fields(self):
        """Names of the header fields the gate judges; rooms add theirs."""
        return frozenset(
            {
                "amount_estimated",
                "amount_estimated_known",
                "amount_max",
                "amount_max_known",
                "company_id",
                "cpv_code",
                "currency_id",
                "date_end",
                "holder_ids",
                "is_umbrella",
                "line_ids",
                "need_id",
                "purchase_nature",
                "purchase_route",
                "requisition_type",
                "scope_override",
                "scope_reason",
                "vendor_id",
            }
        )

    def write(self, vals):
        if not self._get_declared_fields() & set(vals):
            return super().write(vals)
        with self._declared():
            return super().write(vals)

    @contextmanager
    def _declared(self):
        """Judge what is written inside on the launched and signed files among self.

        Refused when it adds a blocking finding, or rewrites what was frozen at launch
        without removing one. Everything else is accepted, and counted as evidence.
        """
        declaring = self.env.cr.cache.setdefault(_DECLARING, set())
        opened = self.sudo().filtered(lambda f: f.id not in declaring)
        declaring.update(opened.ids)
        try:
            before = {file: file._get_blocking() for file in opened._get_held_files()}
            yield
            opened._judge_declaration(before)
        finally:
            declaring.difference_update(opened.ids)

    def _judge_declaration(self, before):
        self._refresh_stated_scope()
        held = self._get_held_files().union(*before)
        for file in held:
            file._check_regression(before.get(file, {}))
        held._learn_unknown_limits()
        digital = self.filtered(lambda f: f.scope_status != "out")
        digital._touch_evidence()
        (digital | held)._refresh_compliance()

    def _get_held_files(self):
        """Launched or signed files that a change of self's content is judged on."""
        digital = self.filtered(lambda f: f._get_judged_scope() != "out")
        shared = digital.filtered(lambda f: f.need_id == f).agreement_ids
        return (digital | shared).filtered(lambda f: f._is_held())

    def _is_held(self):
        return bool(self.date_launch) or self.gate_state in SIGNED_STATES

    def _get_blocking(self):
        """{identity: Finding} of what blocks this file now."""
        stage = None if self.gate_state in SIGNED_STATES else "launch"
        return {f.identity: f for f in self._findings(stage) if f.blocking}

    def _check_regression(self, before):
        now = self._get_blocking()
        added = [finding for key, finding in now.items() if key not in before]
        self._raise_if_blocked({self: added}, self.env._("this change"))
        if self.date_launch:
            self._check_frozen(repaired=bool(set(before) - set(now)))

    def _check_frozen(self, repaired):
        """What left with the consultation changes only to repair a finding."""
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

    # === TWO AT ONCE === #

    def _touch_evidence(self):
        """Update the file's row, so that PostgreSQL refuses one of two at once."""
        for file in self.sudo():
            file._write_server({"evidence_rev": file.evidence_rev + 1})
