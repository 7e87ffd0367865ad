from odoo import api, fields, models


class Comparison(models.TransientModel):
    """Options of one need side by side: what each is worth, and how that is counted.

    Reads only what the user may read: an offer before the award is for its analysts.
    """

    _name = "souverainete.comparison"
    _description = "Options side by side"

    requisition_id = fields.Many2one(
        "purchase.requisition", string="Need", required=True, ondelete="cascade"
    )
    option_ids = fields.Many2many(
        "souverainete.option",
        string="Options",
        domain="[('requisition_id', '=', requisition_id)]",
        help="The options compared, in this order.",
    )
    table = fields.Html(compute="_compute_table", sanitize=False)
    calculation = fields.Html(compute="_compute_table", sanitize=False)
    radar = fields.Json(
        compute="_compute_radar",
        help="Share of the points of each objective that each option holds for sure.",
    )

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Options side by side")

    @api.depends_context("lang")
    @api.depends("option_ids")
    def _compute_table(self):
        render = self.env["ir.qweb"]._render
        for comparison in self:
            columns = comparison._get_columns()
            comparison.table = render(
                "souverainete_achat.comparison_table",
                {
                    "columns": columns,
                    "rows": comparison._prepare_rows(columns),
                },
            )
            comparison.calculation = render(
                "souverainete_achat.comparison_calculation", {"columns": columns}
            )

    @api.depends_context("lang")
    @api.depends("option_ids")
    def _compute_radar(self):
        for comparison in self:
            columns = comparison._get_columns()
            objectives = comparison._get_objectives()
            comparison.radar = {
                "labels": objectives.mapped("name"),
                "options": [
                    {
                        "name": column["option"].name,
                        "values": [
                            comparison._get_percent(
                                comparison._get_result(column, objective)
                            )
                            for objective in objectives
                        ],
                    }
                    for column in columns
                    if comparison._is_on_grid(column["option"])
                ],
            }

    # === COLUMNS AND ROWS === #

    def _get_columns(self):
        """One column an option: its result, and its rows by code of objective."""
        columns = []
        for option, result in self.option_ids._get_results():
            objectives = option.grid_id.objective_ids
            rows = zip(objectives.mapped("code"), result.objectives, strict=True)
            columns.append({"option": option, "result": result, "rows": dict(rows)})
        return columns

    def _get_objectives(self):
        """Objectives of one grid that some option is asked about: never two grids in
        one table."""
        asked = self.option_ids.mapped(lambda option: option._get_asked_criteria())
        return self._get_grid().objective_ids.filtered(
            lambda objective: objective.is_price or objective.criterion_ids & asked
        )

    def _get_grid(self):
        """The need's, or another one where no option answers that of the need."""
        grids = self.option_ids.grid_id
        return self.requisition_id.grid_id & grids or grids[:1]

    def _is_on_grid(self, option):
        """Answers to another grid stand neither in this table nor on its radar."""
        return option.grid_id == self._get_grid()

    def _get_result(self, column, objective):
        """The result of an objective of the grid compared; None on another grid."""
        on_grid = self._is_on_grid(column["option"])
        return column["rows"].get(objective.code) if on_grid else None

    def _prepare_rows(self, columns):
        """One row an objective, with what tells the options apart on it."""
        return [
            self._prepare_row(
                objective, [self._get_result(c, objective) for c in columns]
            )
            for objective in self._get_objectives()
        ]

    def _prepare_row(self, objective, results):
        """`best`: columns that hold most points; none when all of them hold as many."""
        points = [result.points if result else None for result in results]
        known = {value for value in points if value is not None}
        best = max(known, default=None) if len(known) > 1 else None
        return {
            "name": objective.name,
            "weight": self._get_weight_text(objective),
            "cells": [self._get_cell_text(result) for result in results],
            "best": [value is not None and value == best for value in points],
        }

    def _get_weight_text(self, objective):
        if not objective.weight_known:
            return self.env._("No weight")
        return f"{self.option_ids._format_number(objective.weight)} %"

    def _get_cell_text(self, result):
        if not result:
            return self.env._("Other grid")
        if not result.touched:
            return self.env._("Not assessed")
        interval = self.option_ids._format_interval(
            result.points_low, result.points_high
        )
        out_of = self.option_ids._format_number(result.max_points)
        return f"{interval} / {out_of}"

    def _get_percent(self, result):
        """Points held for sure, in percent of the objective's maximum."""
        if not result.max_points:
            return 0.0
        return min(100.0, 100.0 * result.points_low / result.max_points)

    # === ACTIONS === #

    def action_print(self):
        """Print the table and the calculation, line by line."""
        self.check_access("read")
        report = self.env.ref("souverainete_achat.action_report_comparison")
        return report.report_action(self)
