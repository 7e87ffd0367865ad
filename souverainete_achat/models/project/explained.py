from fractions import Fraction

from odoo import api, fields, models

from ..base.amount import round_half_up, to_fraction
from .cost_phase import COUNTS


class Explained(models.AbstractModel):
    """The calculation of a project's cost, in words and as a table: what is counted,
    what is not, what follows."""

    _name = "souverainete.explained"
    _description = "Cost that is explained"

    cost_explanation = fields.Text(
        string="Calculation",
        compute="_compute_cost_explanation",
        help="How the cost compared with the threshold is made up.",
    )

    cost_table = fields.Html(
        string="Costs by phase and nature",
        compute="_compute_cost_table",
        sanitize=False,
        help="€ TTC, counted and not counted, by phase and nature (arrêté of 5 June "
        "2020, art. 2).",
    )
    has_staff = fields.Boolean(
        string="Has staff costs",
        compute="_compute_has_lines",
        help="Some cost lines are staff: the form shows their days or FTE.",
    )
    has_staff_quantity = fields.Boolean(
        string="Has staff in days or full-time equivalents",
        compute="_compute_has_lines",
        help="Some staff is a quantity times a unit cost: its columns show.",
    )
    has_mco = fields.Boolean(
        string="Has maintenance costs",
        compute="_compute_has_lines",
        help="Some cost lines are maintenance: the form shows their months.",
    )

    @api.depends(
        "dinum_cost_low",
        "dinum_cost_known",
        "opinion_required",
        "cost_line_ids.amount_counted",
        "cost_line_ids.amount_excluded",
        "cost_line_ids.cost_known",
        "cost_line_ids.phase",
        "cost_line_ids.nature",
    )
    @api.depends_context("lang")
    def _compute_cost_explanation(self):
        for project in self:
            project.cost_explanation = "\n".join(project._get_explanation())

    def _get_explanation(self):
        """The sentences, in the order one would explain them aloud."""
        lines = self.cost_line_ids
        if not lines:
            return [self.env._("No cost line yet: the cost is unknown, not zero.")]
        return [
            *self._explain_parts(),
            *self._explain_unknown(lines.filtered(lambda line: not line.cost_known)),
            self._explain_result(),
            *self._explain_studies(),
            *self._explain_review(),
        ]

    def _explain_parts(self):
        """What each part is worth; the sum is exact, so these may differ by a cent."""
        lines = self.cost_line_ids.filtered("cost_known")
        staff = lines.filtered(lambda r: r.nature == "staff")
        mco = lines.filtered(lambda r: r.phase == "mco")
        before = lines.filtered(lambda r: r._get_phase().counts == "none")
        months = self._get_threshold().mco_months
        parts = [
            (self.env._("From construction on"), lines - mco - before, "counted"),
            (
                self.env._("Maintenance, first %(months)s months", months=months),
                mco,
                "counted",
            ),
            (self.env._("of which staff"), staff, "counted"),
            (self.env._("Not counted (later maintenance)"), mco, "excluded"),
            (self.env._("Not counted (before construction)"), before, "excluded"),
        ]
        return [
            self._explain_amount(label, sum(group.mapped(f"amount_{part}")))
            for label, group, part in parts
            if part == "counted" or group
        ]

    def _explain_amount(self, label, amount):
        return self.env._(
            "%(label)s: %(amount)s incl. tax",
            label=label,
            amount=self.currency_id.format(amount),
        )

    def _explain_unknown(self, lines):
        if not lines:
            return []
        causes = [f"{line.name} ({line._explain_unknown()})" for line in lines]
        return [self.env._("Cost unknown: %(lines)s", lines="; ".join(causes))]

    def _explain_studies(self):
        """Costs before construction are not counted: say when they would decide."""
        if self._get_opinion_required() != "no":
            return []
        before = self.cost_line_ids.filtered(lambda r: r._get_phase().counts == "none")
        whole = self._get_cost().value + sum(before.mapped("amount_excluded"))
        reached = self.currency_id.compare_amounts(whole, self._get_threshold_amount())
        if not before or reached < 0:
            return []
        return [
            self.env._(
                "With the costs before construction the threshold would be reached: "
                "have the compliance officer check what is stated as studies."
            )
        ]

    def _explain_review(self):
        """The tier below the opinion: advice, which blocks nothing."""
        review = self._get_review()
        reached = self._get_review_required() == "yes"
        if not reached or self._get_opinion_required() == "yes":
            return []
        return [
            self.env._(
                "From %(threshold)s incl. tax on, the ministry examines the project "
                "and informs the DINUM (%(text)s; %(certainty)s).",
                threshold=review.currency_id.format(review.amount),
                text=review.source,
                certainty=self._get_certainty_label(review),
            )
        ]

    def _explain_result(self):
        threshold = self._get_threshold()
        if not threshold:
            return self.env._("No opinion of the DINUM is asked of this kind of body.")
        results = {
            "yes": self.env._(
                "Total: %(cost)s, which reaches the threshold of %(threshold)s incl. "
                "tax (%(source)s). The DINUM's opinion is required before any "
                "contract: %(kind)s."
            ),
            "no": self.env._(
                "Total: %(cost)s, below the threshold of %(threshold)s incl. tax "
                "(%(source)s). The DINUM's opinion is not required."
            ),
            "unknown": self.env._(
                "At least %(cost)s; the threshold is %(threshold)s incl. tax "
                "(%(source)s). Nothing can be concluded while a cost is unknown."
            ),
        }
        return results[self._get_opinion_required()] % {
            "cost": self.currency_id.format(self._get_cost().value),
            "threshold": self.currency_id.format(self._get_threshold_amount()),
            "source": threshold.source,
            "kind": self._get_kind_label(threshold.opinion_kind),
        }

    def _get_kind_label(self, kind):
        """`binding` → “Binding opinion”, in the user's language."""
        field = self.env["souverainete.threshold"]._fields["opinion_kind"]
        return dict(field._description_selection(self.env)).get(kind, "")

    # === TABLE === #
    # The costs crossed by phase and nature, as shown on the form and printed.

    @api.depends(
        "cost_line_ids.nature", "cost_line_ids.phase", "cost_line_ids.staff_unit"
    )
    def _compute_has_lines(self):
        for project in self:
            staff = project.cost_line_ids.filtered(lambda r: r.nature == "staff")
            quantity = staff.filtered(lambda r: r.staff_unit != "amount")
            project.has_staff = bool(staff)
            project.has_staff_quantity = bool(quantity)
            project.has_mco = "mco" in project.cost_line_ids.mapped("phase")

    @api.depends(
        "cost_line_ids.amount_counted",
        "cost_line_ids.amount_excluded",
        "cost_line_ids.cost_known",
        "cost_line_ids.phase",
        "cost_line_ids.nature",
        "cost_line_ids.name",
    )
    @api.depends_context("lang")
    def _compute_cost_table(self):
        for project in self:
            project.cost_table = bool(project.cost_line_ids) and self.env[
                "ir.qweb"
            ]._render("souverainete_achat.project_cost_cross", {"project": project})

    def action_print_cost(self):
        """Print the costs and their calculation, with the source of each rule."""
        self.check_access("read")
        return self.env.ref("souverainete_achat.action_report_project").report_action(
            self
        )

    def _prepare_cost_table(self):
        """Values of the template: a row a phase that has lines, a column a nature."""
        lines = self.cost_line_ids
        natures = self._get_cost_labels("nature")
        phases = self._get_cost_labels("phase")
        rows = [
            self._prepare_cost_row(label, lines.filtered(lambda r, p=p: r.phase == p))
            for p, label in phases
            if p in lines.mapped("phase")
        ]
        return {
            "natures": natures,
            "rows": rows,
            "total": self._prepare_cost_cells(lines),
            "rounding": self._get_rounding(),
        }

    def _get_cost_labels(self, name):
        """[(key, label)] of the phases or the natures, in the user's language."""
        field = self.env["souverainete.cost.line"]._fields[name]
        return field._description_selection(self.env)

    def _prepare_cost_row(self, label, lines):
        phase = lines[0]._get_phase()
        counts = dict(
            self.env["souverainete.cost.phase"]
            ._fields["counts"]
            ._description_selection(self.env)
        )
        return {
            "label": label,
            "counts": counts[phase.counts or COUNTS[-1][0]],
            "source": phase.source or "",
            "certainty": self._get_certainty_label(phase),
            **self._prepare_cost_cells(lines),
        }

    def _get_certainty_label(self, record):
        field = record._fields["certainty"]
        return dict(field._description_selection(self.env)).get(record.certainty, "")

    def _prepare_cost_cells(self, lines):
        """Amounts of some lines by nature, then together."""
        by_nature = lines.grouped("nature")
        return {
            "cells": [
                self._prepare_cost_cell(by_nature.get(key, lines.browse()))
                for key, _label in self._get_cost_labels("nature")
            ],
            "all": self._prepare_cost_cell(lines),
        }

    def _prepare_cost_cell(self, lines):
        """{counted, excluded: € TTC as text; unknown: how many lines are}."""
        months = self._get_threshold().mco_months
        known = lines.filtered("cost_known")
        counted = [line._get_counted_exact(months) for line in known]
        total = [line._get_ttc() for line in known]
        low = round_half_up(sum(counted, Fraction()), self.currency_id)
        whole = round_half_up(sum(total, Fraction()), self.currency_id)
        return {
            "lines": len(lines),
            "counted": self.currency_id.format(float(low)),
            "excluded": whole - low and self.currency_id.format(float(whole - low)),
            "unknown": len(lines - known),
        }

    def _get_rounding(self):
        """What the lines, each rounded to be shown, differ by from the exact sum."""
        shown = sum(map(to_fraction, self.cost_line_ids.mapped("amount_counted")))
        gap = to_fraction(self._get_cost().value) - shown
        return self.currency_id.format(float(gap)) if gap else ""
