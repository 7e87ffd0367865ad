from itertools import product

from odoo import api, fields, models

from .applicability import is_asked
from .rule_table import AXES

_NATURES, _ROUTES, _CIRCUITS = (tuple(dict(values)) for values in AXES.values())
_ABOVE_LIGHT = tuple(circuit for circuit in _CIRCUITS if circuit != "light")


class Rule(models.Model):
    """The table of a rule as people read it: one cell a nature, route and circuit."""

    _inherit = "souverainete.rule"

    applicability_preview = fields.Html(
        string="How it reads",
        compute="_compute_applicability_preview",
        sanitize=False,
        help="What the lines mean for each nature, route and circuit, beside what is "
        "in force today.",
    )

    @api.depends(
        "applicability_ids.nature",
        "applicability_ids.route",
        "applicability_ids.circuit",
        "applicability_ids.applies",
    )
    @api.depends_context("lang")
    def _compute_applicability_preview(self):
        for rule in self:
            rule.applicability_preview = self.env["ir.qweb"]._render(
                "souverainete_achat.applicability_matrix",
                {
                    "axes": self._get_axes(),
                    "groups": [{"label": "", "rows": rule._prepare_preview_rows()}],
                    "linked": False,
                    "lang": self._get_lang_code(),
                },
            )

    def _prepare_preview_rows(self):
        """This version and, while it is proposed, the one it would replace."""
        rows = [self._prepare_matrix_row(self.applicability_ids._prepare_table())]
        if self.policy_state != "draft" or not self.code:
            return rows
        company = self.company_id or self.env.company
        in_force = self._get_rules(
            company, company._souverainete_today(), (self.stage,)
        ).filtered(lambda rule: rule.code == self.code)
        return [rule._prepare_matrix_row() for rule in in_force] + rows

    # === CELLS === #

    @api.model
    def _get_lang_code(self):
        """For browsers, which cut long words by the rules of a language."""
        return (self.env.lang or "en_US").replace("_", "-")

    @api.model
    def _get_axes(self, chosen=None):
        """[(axis, label, [(value, label)])], each reduced to what was chosen of it."""
        lines = self.env["souverainete.applicability"]
        labels = lines.fields_get(list(AXES), ["string", "selection"])
        return [
            (
                axis,
                labels[axis]["string"],
                [
                    (value, label)
                    for value, label in labels[axis]["selection"]
                    if value == (chosen or {}).get(axis, value)
                ],
            )
            for axis in AXES
        ]

    def _prepare_matrix_row(self, table=None, chosen=None):
        """One row: the rule, and how often it is asked of each kind of purchase."""
        table = self._get_table() if table is None else table
        chosen = chosen or {}
        return {
            "rule": self,
            "draft": self.policy_state == "draft",
            "extent": get_extent(table, chosen, _CIRCUITS),
            "cells": [
                get_extent(table, {**chosen, axis: value})
                for axis, _label, values in self._get_axes(chosen)
                for value, _label in values
            ],
        }


def get_extent(table, chosen, circuits=_ABOVE_LIGHT):
    """`always`, `partly` or `never` asked of the purchases that are as chosen; where
    no circuit is chosen, of those above the light one, which has its own column."""
    values = {"nature": _NATURES, "route": _ROUTES, "circuit": circuits}
    axes = [[chosen[axis]] if chosen.get(axis) else values[axis] for axis in AXES]
    answers = {is_asked(table, case) for case in product(*axes)}
    if len(answers) > 1:
        return "partly"
    return "always" if answers.pop() else "never"
