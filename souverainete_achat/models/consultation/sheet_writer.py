"""The answer sheet that bidders fill in, as an XLSX workbook. No Odoo."""

from openpyxl.styles import PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ..base.workbook import Writer
from . import sheet_format as form

_HEAD = PatternFill("solid", fgColor="DDDDDD")

_FILL_IN = PatternFill("solid", fgColor="FFF8D6")

_WIDTHS = (22, 9, 42, 46, 46, 46, 34)

# Free texts are accepted up to what one cell holds.
_MOST_CHARACTERS = 32_000


class SheetWriter(Writer):
    """Writes one sheet. `criteria`: [(name of its objective, criterion)]; `numbers`:
    {key: what bidders call it}; `labels`: what is said to the bidder; `bidder`: {row:
    (label, value)}; `mark`: {row: text}."""

    def __init__(self, criteria, numbers, labels, bidder, mark):
        super().__init__()
        self.criteria, self.numbers, self.labels = criteria, numbers, labels
        self.bidder, self.mark = bidder, mark

    def get_content(self):
        self._write_notice()
        self._write_bidder()
        self._write_answers()
        self._write_lists()
        self._write_mark()
        return super().get_content()

    def _add(self, name, widths, state="visible"):
        sheet = self.add(name, widths)
        sheet.sheet_state = state
        # Without a password: what is protected is the hand that slips.
        sheet.protection.sheet = True
        sheet.protection.formatColumns = sheet.protection.formatRows = False
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        return sheet

    def _set(self, sheet, cell, value, bold=False, fill=None, open_=False):
        cell = self.fill(sheet, cell, value, bold)
        if fill:
            cell.fill = fill
        if open_:
            cell.protection = Protection(locked=False)
            cell.number_format = "@"

    def _write_notice(self):
        sheet = self._add(form.NOTICE, (110,))
        for number, (text, bold) in enumerate(self.labels["notice"], start=1):
            self._set(sheet, f"A{number}", text, bold=bold)

    def _write_bidder(self):
        sheet = self._add(form.BIDDER, (40, 70))
        self._set(sheet, "A1", self.labels["bidder"], bold=True)
        for number, (label, value) in self.bidder.items():
            self._set(sheet, f"A{number}", label, bold=True)
            open_ = value is None
            fill = _FILL_IN if open_ else None
            self._set(sheet, f"B{number}", value, fill=fill, open_=open_)

    def _write_answers(self):
        sheet = self._add(form.ANSWERS, _WIDTHS)
        for column, label in self.labels["columns"].items():
            self._set(sheet, f"{column}1", label, bold=True, fill=_HEAD)
        for number, (objective, criterion) in enumerate(
            self.criteria, start=form.FIRST_ROW
        ):
            self._write_criterion(sheet, number, objective, criterion)
        sheet.column_dimensions[form.KEY].hidden = True
        sheet.freeze_panes = f"{form.QUESTION}{form.FIRST_ROW}"
        sheet.print_title_rows = "1:1"

    def _write_criterion(self, sheet, number, objective, criterion):
        told = {
            form.OBJECTIVE: objective,
            form.NUMBER: self.numbers[criterion["key"]],
            form.QUESTION: criterion["name"],
            form.HELP: criterion["expected"],
            form.KEY: criterion["key"],
        }
        for column, value in told.items():
            self._set(sheet, f"{column}{number}", value)
        for column in (form.LEVEL, form.TEXT, form.PROOF):
            self._set(sheet, f"{column}{number}", None, fill=_FILL_IN, open_=True)
        sheet.add_data_validation(self._get_choice(number, criterion))
        sheet.add_data_validation(self._get_length(number))

    def _get_choice(self, number, criterion):
        last = get_column_letter(1 + len(criterion["levels"]))
        choice = DataValidation(
            type="list",
            formula1=f"{form.LISTS}!$A${number}:${last}${number}",
            allow_blank=True,
            showErrorMessage=True,
            errorTitle=self.labels["columns"][form.LEVEL],
            error=self.labels["choose"],
        )
        choice.add(f"{form.LEVEL}{number}")
        return choice

    def _get_length(self, number):
        length = DataValidation(
            type="textLength", operator="lessThanOrEqual", formula1=_MOST_CHARACTERS
        )
        length.add(f"{form.TEXT}{number}:{form.PROOF}{number}")
        return length

    def _write_lists(self):
        """The choices of each criterion on its own row: left blank, then its ladder."""
        sheet = self._add(form.LISTS, (), state="hidden")
        for number, (_objective, criterion) in enumerate(
            self.criteria, start=form.FIRST_ROW
        ):
            choices = [self.labels["blank"], *form.get_choices(criterion)]
            for column, choice in enumerate(choices, start=1):
                self._set(sheet, f"{get_column_letter(column)}{number}", choice)

    def _write_mark(self):
        sheet = self._add(form.MARK, (), state="veryHidden")
        for number, value in self.mark.items():
            self._set(sheet, f"A{number}", value)
