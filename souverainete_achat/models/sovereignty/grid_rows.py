"""Each part of a grid as one row of its workbook, and back."""

from odoo import Command, api, models

from .grid_workbook import WorkbookError


def _fail(sheet, row, column):
    raise WorkbookError("wrong", sheet, row.number, str(row.values.get(column) or ""))


def _get_text(sheet, row, column, required=True):
    value = row.values.get(column)
    text = str(value).strip() if value is not None else ""
    if required and not text:
        raise WorkbookError("wrong", sheet, row.number, column)
    return text


def _get_number(sheet, row, column):
    """A number, or None for an empty cell: unknown is not zero."""
    value = row.values.get(column)
    if value in (None, ""):
        return None
    try:
        return float(str(value).replace(",", "."))
    except ValueError:
        return _fail(sheet, row, column)


def _get_choice(sheet, row, column, choices, default):
    value = str(row.values.get(column) or default)
    return value if value in choices else _fail(sheet, row, column)


class Objective(models.Model):
    _inherit = "souverainete.objective"

    def _get_workbook_row(self):
        weight = self.weight if self.weight_known else None
        return (self.code, self.name, weight, self.nominal_points or None)

    @api.model
    def _prepare_row_command(self, row, rank, criteria, rungs):
        code = _get_text("objectives", row, "code")
        weight = _get_number("objectives", row, "weight")
        own = criteria.get((code,), [])
        return Command.create(
            {
                "sequence": rank,
                "code": code,
                "name": _get_text("objectives", row, "name"),
                "nominal_points": _get_number("objectives", row, "nominal_points")
                or 0.0,
                **({} if weight is None else {"weight": weight}),
                "criterion_ids": [
                    self.env["souverainete.criterion"]._prepare_row_command(
                        each, number, code, rungs
                    )
                    for number, each in enumerate(own, start=1)
                ],
            }
        )


class Criterion(models.Model):
    _inherit = "souverainete.criterion"

    def _get_workbook_row(self):
        return (
            self.objective_id.code,
            self.code,
            self.name,
            self.axis,
            "x" if self.operator_attribute else None,
            self.award_use,
            self.object_link,
            self.help,
            "x" if self.per_link else None,
            self.per_link_reason,
        )

    @api.model
    def _prepare_row_command(self, row, rank, objective, rungs):
        code = _get_text("criteria", row, "code")
        optional = {
            name: _get_text("criteria", row, name, required=False)
            for name in ("object_link", "help", "per_link_reason")
        }
        return Command.create(
            {
                "sequence": rank,
                "code": code,
                "name": _get_text("criteria", row, "name"),
                "axis": self._get_row_choice(row, "axis", "none"),
                "operator_attribute": bool(row.values.get("operator_attribute")),
                "per_link": bool(row.values.get("per_link")),
                "award_use": self._get_row_choice(row, "award_use", "free"),
                **optional,
                "level_ids": [
                    self.env["souverainete.level"]._prepare_row_command(each, number)
                    for number, each in enumerate(rungs.get((objective, code), []))
                ],
            }
        )

    @api.model
    def _get_row_choice(self, row, name, default):
        choices = dict(self._fields[name].selection)
        return _get_choice("criteria", row, name, choices, default)


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
        points = _get_number("ladder", row, "points")
        if points is None:
            _fail("ladder", row, "points")
        choices = dict(self._fields["level"].selection)
        return Command.create(
            {
                "sequence": rank,
                "level": _get_choice("ladder", row, "level", choices, ""),
                "points": points,
                "name": _get_text("ladder", row, "name"),
            }
        )
