from odoo import api, models
from odoo.exceptions import UserError

from . import grid_workbook
from .grid_cells import get_words
from .grid_workbook import WorkbookError


class Grid(models.Model):
    """A grid leaves as a workbook, and comes back as a new grid."""

    _inherit = "souverainete.grid"

    # === EXPORT === #

    def action_export(self):
        """Download the grid as an XLSX workbook, which can be imported again."""
        self.ensure_one()
        exchange = self.env["souverainete.grid.exchange"].create({"grid_id": self.id})
        return exchange._get_download_action()

    def _get_workbook(self):
        """Bytes of the XLSX workbook of this grid."""
        objectives, criteria = self.objective_ids, self.objective_ids.criterion_ids
        return grid_workbook.write(
            {
                "objectives": [o._get_workbook_row() for o in objectives],
                "criteria": [c._get_workbook_row() for c in criteria],
                "ladder": [rung._get_workbook_row() for rung in criteria.level_ids],
                "grid": [self._get_workbook_row()],
            }
        )

    # === IMPORT === #

    @api.model
    def _create_from_workbook(self, content, code, name):
        """A new grid from the bytes of a workbook. Raises with the place."""
        self._check_code_free(code)
        try:
            sheets = grid_workbook.read(content)
            vals = self._prepare_workbook_vals(sheets)
        except WorkbookError as error:
            raise UserError(self._get_workbook_message(error)) from error
        return self.create({**vals, "code": code, "name": name})

    @api.model
    def _check_code_free(self, code):
        """Retired grids, and those of others, keep their code."""
        grids = self.sudo().with_context(active_test=False)
        if grids.search_count([("code", "=", code)], limit=1):
            raise UserError(
                self.env._(
                    "Another grid has the code “%(code)s”: give the new one its own.",
                    code=code,
                )
            )

    @api.model
    def _prepare_workbook_vals(self, sheets):
        rungs = self._group_rows(sheets, "ladder", ("objective", "criterion"))
        criteria = self._group_rows(sheets, "criteria", ("objective",))
        objectives = sheets["objectives"]
        self._check_rows_have_place(sheets, criteria, rungs)
        [own] = sheets["grid"] or [None]
        return {
            **(self._prepare_row_vals(own) if own else {}),
            "objective_ids": [
                self.env["souverainete.objective"]._prepare_row_command(
                    row, rank, criteria, rungs
                )
                for rank, row in enumerate(objectives, start=1)
            ],
        }

    @api.model
    def _group_rows(self, sheets, sheet, columns):
        grouped = {}
        for row in sheets[sheet]:
            key = tuple(get_words(row, name) for name in columns)
            grouped.setdefault(key, []).append(row)
        return grouped

    @api.model
    def _check_rows_have_place(self, sheets, criteria, rungs):
        """Nothing of the workbook is lost: each row belongs to something, once."""
        objectives = self._group_rows(sheets, "objectives", ("code",))
        asked = self._group_rows(sheets, "criteria", ("objective", "code"))
        if not objectives:
            raise WorkbookError("no_row", "objectives")
        self._check_once("objectives", objectives)
        self._check_once("criteria", asked)
        self._check_once("grid", self._group_rows(sheets, "grid", ()))
        self._check_parents("criteria", criteria, objectives)
        self._check_parents("ladder", rungs, asked)

    @api.model
    def _check_parents(self, sheet, grouped, parents):
        for key, rows in grouped.items():
            if key not in parents:
                raise WorkbookError("no_parent", sheet, rows[0].number, key[-1])

    @api.model
    def _check_once(self, sheet, grouped):
        for key, rows in grouped.items():
            if len(rows) > 1:
                value = key[-1] if key else sheet
                raise WorkbookError("repeated", sheet, rows[1].number, value)

    @api.model
    def _get_workbook_message(self, error):
        place = {"sheet": error.sheet, "row": error.row, "value": error.value}
        messages = {
            "unreadable": self.env._(
                "This is not an XLSX workbook: export a grid to see the format."
            ),
            "too_large": self.env._(
                "The workbook is too large for a grid: nothing was imported."
            ),
            "no_sheet": self.env._("The sheet “%(sheet)s” is missing.", **place),
            "no_column": self.env._(
                "Sheet “%(sheet)s”, row 1: columns are missing: %(value)s.", **place
            ),
            "no_row": self.env._("The sheet “%(sheet)s” has no row.", **place),
            "no_parent": self.env._(
                "Sheet “%(sheet)s”, row %(row)s: “%(value)s” stands in no other sheet.",
                **place,
            ),
            "repeated": self.env._(
                "Sheet “%(sheet)s”, row %(row)s: “%(value)s” stands there twice.",
                **place,
            ),
            "wrong": self.env._(
                "Sheet “%(sheet)s”, row %(row)s: “%(value)s” cannot be read.", **place
            ),
        }
        return messages[error.reason]
