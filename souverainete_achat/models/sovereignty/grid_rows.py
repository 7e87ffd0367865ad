"""Each part of a grid as one row of its workbook, and back."""

from odoo import Command, api, models

from .grid_cells import (
    fail,
    get_choice,
    get_count,
    get_day,
    get_flag,
    get_number,
    get_text,
    get_words,
)


def _mark(value):
    return "x" if value else None


class Grid(models.Model):
    _inherit = "souverainete.grid"

    def _get_workbook_row(self):
        return (
            self.version,
            self.source,
            self.source_url,
            self.licence,
            self.attribution,
            self.date_start and self.date_start.isoformat(),
            self.validity_months,
            self.blank_rule,
        )

    @api.model
    def _prepare_row_vals(self, row):
        texts = ("version", "source", "source_url", "licence", "attribution")
        months = get_count("grid", row, "validity_months")
        rules = dict(self._fields["blank_rule"].selection)
        return {
            **{name: get_words(row, name) or False for name in texts},
            "date_start": get_day("grid", row, "date_start"),
            **({} if months is None else {"validity_months": months}),
            "blank_rule": get_choice("grid", row, "blank_rule", rules, "worst"),
        }


class Objective(models.Model):
    _inherit = "souverainete.objective"

    def _get_workbook_row(self):
        weight = self.weight if self.weight_known else None
        return (
            self.code,
            self.name,
            weight,
            self.nominal_points or None,
            self.required_level,
            _mark(self.is_price),
            self.example_weight or None,
        )

    @api.model
    def _prepare_row_command(self, row, rank, criteria, rungs):
        code = get_text("objectives", row, "code")
        own = criteria.get((code,), [])
        return Command.create(
            {
                "sequence": rank,
                "code": code,
                "name": get_text("objectives", row, "name"),
                **self._prepare_row_figures(row),
                "criterion_ids": [
                    self.env["souverainete.criterion"]._prepare_row_command(
                        each, number, code, rungs
                    )
                    for number, each in enumerate(own, start=1)
                ],
            }
        )

    @api.model
    def _prepare_row_figures(self, row):
        """What the objective weighs and requires. No weight is not a weight of 0."""
        place = ("objectives", row)
        weight = get_number(*place, "weight", most=100)
        levels = {"", *dict(self._fields["required_level"].selection)}
        return {
            "nominal_points": get_number(*place, "nominal_points") or 0.0,
            **({} if weight is None else {"weight": weight}),
            "example_weight": get_number(*place, "example_weight", most=100) or 0.0,
            "required_level": get_choice(*place, "required_level", levels) or False,
            "is_price": get_flag(*place, "is_price"),
        }


class Criterion(models.Model):
    _inherit = "souverainete.criterion"

    def _get_workbook_row(self):
        return (
            self.objective_id.code,
            self.code,
            self.name,
            self.axis,
            _mark(self.operator_attribute),
            self.award_use,
            self.object_link,
            self.help,
            _mark(self.per_link),
            self.per_link_reason,
            _mark(self.label_doubtful),
        )

    @api.model
    def _prepare_row_command(self, row, rank, objective, rungs):
        code = get_text("criteria", row, "code")
        texts = ("object_link", "help", "per_link_reason")
        return Command.create(
            {
                "sequence": rank,
                "code": code,
                "name": get_text("criteria", row, "name"),
                "axis": self._get_row_choice(row, "axis", "none"),
                **self._prepare_row_use(row),
                "per_link": get_flag("criteria", row, "per_link"),
                "label_doubtful": get_flag("criteria", row, "label_doubtful"),
                **{name: get_words(row, name) or False for name in texts},
                "level_ids": [
                    self.env["souverainete.level"]._prepare_row_command(each, number)
                    for number, each in enumerate(rungs.get((objective, code), []))
                ],
            }
        )

    @api.model
    def _prepare_row_use(self, row):
        """On the operator, what is left empty is the strictest: never."""
        operator = get_flag("criteria", row, "operator_attribute")
        use = self._get_row_choice(row, "award_use", "never" if operator else "free")
        if operator and use == "free":
            fail("criteria", row, "award_use")
        return {"operator_attribute": operator, "award_use": use}

    @api.model
    def _get_row_choice(self, row, name, default):
        choices = dict(self._fields[name].selection)
        return get_choice("criteria", row, name, choices, default)


class Level(models.Model):
    _inherit = "souverainete.level"

    def _get_workbook_row(self):
        return (
            self.criterion_id.objective_id.code,
            self.criterion_id.code,
            self.level,
            self.points,
            self.name,
        )

    @api.model
    def _prepare_row_command(self, row, rank):
        points = get_number("ladder", row, "points")
        if points is None:
            fail("ladder", row, "points")
        choices = dict(self._fields["level"].selection)
        return Command.create(
            {
                "sequence": rank,
                "level": get_choice("ladder", row, "level", choices),
                "points": points,
                "name": get_text("ladder", row, "name"),
            }
        )
