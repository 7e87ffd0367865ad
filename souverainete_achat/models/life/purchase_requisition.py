from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..base.amount import Amount
from ..base.finding import SIGNED_STATES
from ..base.opening import open_form
from ..base.told import tell
from ..study.statement import is_unwritten

EXTENSIONS = [
    ("none", "No extension"),
    ("tacit", "Tacit extensions"),
    ("express", "Express extensions"),
    ("unknown", "Not known"),
]

_DURATION = frozenset(
    {
        "date_start",
        "duration_months",
        "reconduction_kind",
        "reconduction_count",
        "reconduction_months",
        "notice_months",
    }
)


class PurchaseRequisition(models.Model):
    """What becomes of a contract once signed: taken over from before the rules,
    amended, extended or not, renewed."""

    _name = "purchase.requisition"
    _inherit = [
        "purchase.requisition",
        "souverainete.deadline",
        "souverainete.taken.over",
        "souverainete.shortfall",
        "souverainete.renewed",
    ]
    _extensions_bounded = models.Constraint(
        "CHECK (reconduction_count BETWEEN 0 AND 100 "
        "AND reconduction_months BETWEEN 0 AND 120 "
        "AND notice_months BETWEEN 0 AND 120)",
        "Extensions are at most 100, of at most 120 months, with at most 120 months' "
        "notice, and none of these is negative.",
    )

    duration_months = fields.Integer(
        string="Duration (months)",
        help="Maximum duration announced or signed, tranches and extensions included, "
        "in months. 0: unknown.",
    )
    trajectory_ids = fields.One2many(
        "souverainete.trajectory",
        "requisition_id",
        string="Trajectories",
        help="What this contract must reach, by when, and whether it is funded.",
    )

    amendment_ids = fields.One2many(
        "souverainete.amendment", "requisition_id", string="Amendments"
    )

    review_ids = fields.One2many(
        "souverainete.review",
        "requisition_id",
        string="Examinations",
        help="One for each extension of the agreement, opened in time for its notice.",
    )
    # === DURATION === #
    reconduction_kind = fields.Selection(
        EXTENSIONS,
        string="Extensions",
        required=True,
        default="unknown",
        tracking=True,
        help="Reconduction. Tacit: it happens unless someone stops it in time. "
        "Express: it happens only when someone decides it. Not known is not “none” "
        "(CCP R. 2112-4, cited from memory by a practitioner: to be checked).",
    )
    reconduction_count = fields.Integer(
        string="Number of extensions",
        tracking=True,
        help="How many times the agreement may be extended (reconductions). The end "
        "of the agreement counts them all.",
    )
    reconduction_months = fields.Integer(
        string="Length of an extension (months)",
        tracking=True,
        help="How many calendar months each extension lasts.",
    )
    notice_months = fields.Integer(
        string="Notice (months)",
        aggregator=None,
        tracking=True,
        help="How many calendar months before the end of a period its extension can "
        "still be stopped, or must be decided. 0: no notice is stated.",
    )
    host_ids = fields.Many2many(
        "res.partner",
        "souverainete_requisition_host_rel",
        string="Hosts",
        copy=False,
        help="Who hosts what the agreement buys, from the components of its retained "
        "options.",
        guard="server",
    )

    # === HOOKS === #

    def _get_judged_lists(self):
        names = ("amendment_ids", "host_ids", "renewal_ids", "review_ids")
        return super()._get_judged_lists() + [(self, name) for name in names]

    def _get_prior_codes(self):
        return super()._get_prior_codes() | {"take_over", "trajectory"}

    def _refresh_compliance(self, findings=None):
        result = super()._refresh_compliance(findings)
        self._refresh_deadlines()
        return result

    def _prepare_end_of_take_over(self):
        """A contract cancelled or reset is no longer one that runs: signing it again
        asks everything, and an officer can take it over once more."""
        vals = super()._prepare_end_of_take_over()
        ended = self.is_prior and self.state not in SIGNED_STATES
        return vals | {"is_prior": False} if ended else vals

    def _get_unknown_limits(self, judged):
        """Those a contract was taken over without knowing."""
        names = ("vendor", "holders", "products", "amount", "end", "options")
        unknown = {name for name in names if self.is_prior and not judged.get(name)}
        return super()._get_unknown_limits(judged) | unknown

    def _learn_unknown_limits(self):
        """What was not known is learnt once; from then on it is judged.

        But for options: studying them now says nothing of what was signed then.
        """
        result = super()._learn_unknown_limits()
        for file in self.filtered("is_prior"):
            judged, now = file.gate_envelope or {}, file._prepare_envelope()
            unknown = file._get_unknown_limits(judged) - {"options"}
            if learnt := {name: now[name] for name in unknown if now[name]}:
                file._learn(judged | learnt)
        return result

    def _learn(self, envelope):
        missing = not envelope.get("amount")
        self._write_server({"gate_envelope": envelope, "prior_amount_missing": missing})

    def _get_study_texts(self):
        """Where nothing was graded again, what was stated for the agreement renewed."""
        before = self.renewed_from_id.need_id.sovereignty_statement
        graded = any(option._get_assessed_answers() for option in self.studied_ids)
        if graded or is_unwritten(before):
            return super()._get_study_texts()
        return [
            self.env._(
                "As stated for %(agreement)s, which this renews: %(statement)s",
                agreement=self.renewed_from_id.name,
                statement=before,
            )
        ]

    # === TRAJECTORY === #
    # A contract that falls short is tolerated with a trajectory, which is asked.

    def _finding_trajectory(self, options):
        """A contract that falls short says how it will comply. Reads the indicator: on
        a contract that is not followed, there is nothing to say."""
        messages = {
            "alone": tell(self.env)._(
                "This contract falls short of the rules in force and nothing says how "
                "that ends: plan it on the page “Trajectory” of the file."
            ),
            "late": tell(self.env)._(
                "The date of the trajectory has passed: on the page “Trajectory”, an "
                "officer records that it was reached or abandoned, or the buyer plans "
                "another date."
            ),
        }
        asked = self._is_followed() and self.shortfall_state in messages
        return {self.shortfall_state: messages[self.shortfall_state]} if asked else {}

    def action_open_trajectory(self):
        return self._open_page("action_trajectory_page")

    # === AMENDMENT === #
    # The agreement once amended: what an amendment may change, and how far.

    def action_prepare_amendment(self):
        """Open a new amendment of this agreement."""
        self.check_access("read")
        self.ensure_one()
        return open_form(
            self.env["souverainete.amendment"],
            self.env._("Amendment"),
            context={"default_requisition_id": self.id},
        )

    def _get_extension_findings(self):
        """What is missing for the agreement to go further: all that is asked today,
        even of a contract signed before the rules."""
        extended = self._as_extended()
        if not self.is_prior:
            return extended._findings()
        if self._get_judged_scope() == "out":
            return []
        return extended._judge_as_new(self._get_rules_as_new())

    def _as_extended(self):
        """Going further is signing anew: what is tolerated of a contract that only runs
        is not."""
        return self.with_context(souverainete_extends=True)

    def _apply_amendment(self, amendment):
        """Change what the amendment changes, and the limits exactly as much. Runs sudo,
        among declarations that are judged afterwards."""
        self.ensure_one()
        judged = dict(self.gate_envelope or {})
        self._apply_holder(amendment.vendor_id)
        self.write(self._prepare_amended_vals(amendment))
        if judged and not judged.get("out_of_scope"):
            limits = self._prepare_amended_limits(amendment, judged)
            self._write_server({"gate_envelope": judged | limits})
        self._raise_need(amendment.amount)
        amendment._record_project_cost()

    def _apply_holder(self, vendor):
        """Another company takes over the agreement and the option it holds."""
        if not vendor:
            return
        former = self.vendor_id
        held = self._get_judged_options().filtered(
            lambda option: option.partner_id._is_among(former)
        )
        left = self.holder_ids.filtered(lambda holder: holder._is_among(former))
        self.write(
            {
                "vendor_id": vendor.id,
                "holder_ids": [Command.unlink(holder.id) for holder in left],
            }
        )
        held.write({"partner_id": vendor.id})

    def _prepare_amended_vals(self, amendment):
        vals = {"line_ids": [line._prepare_line() for line in amendment.line_ids]}
        if amendment.date_end_new:
            vals |= {"date_end": amendment.date_end_new, "date_end_estimated": False}
        # A ceiling that is not known stays so, whatever is added to it.
        if amendment.amount_before_known and (amendment.amount or amendment.line_ids):
            ceiling = amendment.amount_before + amendment.amount
            self._check_ceiling_left(ceiling)
            vals |= {"amount_max": ceiling, "amount_max_known": True}
        return vals

    def _check_ceiling_left(self, ceiling):
        if self.currency_id.compare_amounts(ceiling, 0) <= 0:
            raise UserError(
                self.env._(
                    "Nothing would be left of %(file)s: close it instead.",
                    file=self.display_name,
                )
            )

    def _prepare_amended_limits(self, amendment, judged):
        """The limits of the agreement, moved by what was signed and nothing else."""
        now = self._prepare_envelope()
        limits = {}
        if judged.get("amount") is not None:
            amount = judged["amount"] + amendment.amount
            limits["amount"] = self.currency_id.round(amount)
        if amendment.date_end_new:
            limits["end"] = now["end"]
        if amendment.line_ids:
            known = judged.get("products") or now["products"]
            added = amendment.line_ids.product_id.ids
            limits["products"] = sorted({*known, *added})
            limits["codes"] = now["codes"] | judged["codes"]
        if amendment.vendor_id:
            limits |= {name: now[name] for name in ("vendor", "holders", "options")}
        return limits

    def _raise_need(self, amount):
        """A need that several agreements share is worth at least what they are."""
        need = self.need_id
        if need == self or amount <= 0 or not need._is_exceeded():
            return
        signed = (need.agreement_ids - need).filtered(lambda f: f.state != "cancel")
        total = Amount.sum_of(file._get_ceiling() for file in signed).value
        need.write({"amount_estimated": total, "amount_estimated_known": True})

    def action_open_deadlines(self):
        return self._open_page("action_deadlines_page")

    def _end_with(self, day):
        """End the agreement with one of its periods, for good: going on after all
        would be an amendment."""
        ends = self._get_period_ends()
        day = min([day, *ends[-1:]])
        judged = dict(self.gate_envelope or {})
        if "end" in judged:
            limits = judged | {"end": fields.Date.to_string(day)}
            self._write_server({"gate_envelope": limits})
        number = sum(end < day for end in ends)
        self.write({"date_end": day, "reconduction_count": number})

    @api.onchange("date_start", "duration_months")
    def _onchange_duration_months(self):
        """The end is proposed where it is empty: it is not estimated, but computed
        from the two things that were typed."""
        if not self.date_end and self._get_last_end():
            self.date_end = self._get_last_end()

    @contextmanager
    def _writing(self, vals):
        with super()._writing(vals):
            yield
        if _DURATION & set(vals):
            self.filtered("deadline_state")._refresh_deadlines()
