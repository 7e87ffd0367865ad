from odoo import api, models
from odoo.exceptions import ValidationError

from .finding import Finding

STAGES = ("launch", "award")


class PurchaseRequisition(models.Model):
    """What is missing on a file: every room is asked, in the order users read."""

    _inherit = "purchase.requisition"

    def _findings_by_file(self, stage=None, option=None):
        """{file: [Finding]}: what is missing, for one stage or for both.

        Reads fields and never searches, so that a thousand files cost what one does.
        With `option`, that option is judged instead of the retained ones.
        """
        stages = (stage,) if stage else STAGES
        result = {file: [] for file in self}
        self.sudo()._prefetch_findings()
        for file, checked in zip(self, self.sudo(), strict=True):
            rules = checked._get_rules(stages)
            options = option.sudo() if option else checked._get_judged_options()
            for rule in rules:
                result[file] += checked._evaluate(rule, options)
        return result

    def _findings(self, stage=None, option=None):
        """[Finding] of one file. See `_findings_by_file`."""
        self.ensure_one()
        return self._findings_by_file(stage, option)[self]

    def _prefetch_findings(self):
        """Read at once, for all files, what the rules read file by file.

        Going through one file's options or lines loses the set they are read with.
        """
        self.mapped("need_id.judged_option_ids.partner_id.commercial_partner_id")
        self.mapped("need_id.analyst_ids")
        self.mapped("line_ids.product_id")

    def _get_rules(self, stages):
        """Rules asked of this file today; none when it is out of scope."""
        company = self.company_id
        rules = self.env["souverainete.rule"]._get_rules(
            company, company._souverainete_today(), stages
        )
        return rules.filtered(lambda rule: self._is_asked(rule))

    def _is_asked(self, rule):
        """Whether this file is judged on `rule`."""
        scope = self._get_judged_scope()
        if scope == "out":
            return False
        if scope == "ask":
            return rule.code == "scope"
        if self.is_prior:
            return rule.code in self._get_prior_codes()
        return self._is_concerned(rule)

    def _is_concerned(self, rule):
        """Whether `rule` is asked of purchases like this one."""
        need = self.need_id
        return rule._applies_to(
            need.purchase_nature or False,
            need.purchase_route or False,
            need._get_circuit(),
        )

    def _get_judged_scope(self):
        """The scope to judge by: what was stated, or is shared with a need, is derived
        again from its inputs."""
        shared = self.need_id != self
        # A contract of before whose products changed class since: see `_reclassify`.
        drifted = self.is_prior and self.scope_drift
        if self.scope_override == "auto" and not shared and not drifted:
            return self.scope_status
        return self._derive_scope()

    @api.model
    def _get_prior_codes(self):
        """Codes of the rules asked of a contract signed before the rules."""
        return frozenset({"envelope"})

    def _get_judged_options(self):
        """The options this file signs.

        The retained offers of its own holders; where no offer was received, what the
        study retained (an order to UGAP, under a framework, without competition).
        """
        options = self.sudo().need_id.judged_option_ids
        offers = options.filtered(lambda o: o.kind == "offer")
        retained = (offers or options).filtered(lambda o: o.verdict == "retained")
        holders = self._get_holders()
        own = retained.filtered(
            lambda o: (
                o.kind == "offer" and o.partner_id.commercial_partner_id in holders
            )
        )
        return own or retained

    def _evaluate(self, rule, options):
        """[Finding] of one rule on this file."""
        missing = getattr(self, f"_finding_{rule.code}")(options)
        blocking = bool(missing) and self._is_blocked_by(rule)
        return [
            Finding(rule, message, rule.owner, blocking, key)
            for key, message in missing.items()
        ]

    def _is_blocked_by(self, rule):
        """Whether `rule` refuses the act; a derogation in force lifts it."""
        return rule._is_blocking() and not (
            rule.derogable and self._is_derogated(rule.code)
        )

    def _is_derogated(self, code):
        """Whether a derogation in force lifts the rule `code` for this file."""
        return False

    # === REFUSALS === #

    def _raise_if_blocked(self, findings_by_file, act):
        """Raise one error that lists all that is missing. `act`: what was attempted."""
        blocked = {
            file: [finding for finding in findings if finding.blocking]
            for file, findings in findings_by_file.items()
        }
        refusals = [
            file._format_refusal(findings, act)
            for file, findings in blocked.items()
            if findings
        ]
        if refusals:
            raise ValidationError("\n\n".join(refusals))

    def _format_refusal(self, findings, act):
        """The refusal in plain words: what was attempted, what is missing, who acts."""
        self.ensure_one()
        return format_refusal(self, findings, act)


def format_refusal(record, findings, act):
    """One paragraph a user can act on, for a file or an order."""
    owners = dict(
        record.env["souverainete.rule"]
        ._fields["owner"]
        ._description_selection(record.env)
    )
    head = record.env._(
        "%(name)s: %(act)s is not possible yet. To be settled (%(count)s):",
        name=record.display_name,
        act=act,
        count=len(findings),
    )
    points = [f"• {owners[f.owner]} — {f.message}" for f in findings]
    return "\n".join([head, *points])
