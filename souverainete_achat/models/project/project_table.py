from fractions import Fraction

from odoo import api, fields, models

from .cost_phase import COUNTS
from .exact import round_half_up, to_fraction


class Project(models.Model):
    """The costs crossed by phase and nature, as shown on the form and printed."""

    _inherit = "souverainete.project"

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
        return self.env.ref("souverainete_achat.action_report_project").report_action(
            self
        )

    # === CROSS TABLE === #

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
        gap = to_fraction(self._get_cost()[0]) - shown
        return self.currency_id.format(float(gap)) if gap else ""
