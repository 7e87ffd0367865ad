"""Tables someone gave us, CSV or XLSX: rows as dictionaries, nothing trusted."""

import csv
import io
import itertools
import re

from odoo.tools import LazyTranslate

from ...models.base.text import fold
from .source import SourceError
from .workbook import MAX_COLUMNS, read_workbook

_lt = LazyTranslate(__name__)

MAX_ROWS = 50_000
# Below so many empty lines, a table is over: a workbook formatted to its last row has
# a million of them.
MAX_EMPTY = 10_000
# A line after the last: inside quotes, it is read as part of the text.
_END = "\x1aend of file\x1a"
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# First line by which Excel says what separates the cells.
_SEPARATOR = re.compile(r"\ufeff?sep=([,;\t|])(?=\r?\n)", re.IGNORECASE)


def read_table(data, expects=None):
    """[(line, {column: text})] of a CSV or XLSX file; columns as its first line.

    :param expects: whether these headings are those of the sheet to read in a workbook
    """
    if not data.strip():
        raise SourceError(
            _lt(
                "The file is empty: nothing at line 1. Export it again from its source."
            )
        )
    is_workbook = data.startswith(b"PK")
    rows = (
        read_workbook(data, expects)
        if is_workbook
        else read_csv(io.StringIO(decode_table(data), newline=""))
    )
    yield from name_cells(_get_filled(rows))


def name_cells(rows):
    """[(line, {column: text})] of these rows, of which the first names the columns."""
    header, said = None, False
    for line, cells in rows:
        if header is None:
            header = [" ".join(str(cell).split()) for cell in cells[:MAX_COLUMNS]]
            continue
        # A column named twice keeps what it says first.
        row = {}
        for name, cell in zip(header, cells, strict=False):
            if name:
                row[name] = row.get(name) or cell
        yield line, row
        said = True
    if header is not None and not said:
        raise SourceError(
            _lt(
                "Nothing is written below the headings, from line 2 on: %(headings)s. "
                "Fill the table in, or choose another source.",
                headings=", ".join(header)[:200],
            )
        )


def rename(row, fields):
    """The row by field; of two columns for one field, the first filled in. Headings
    that no field bears are listed under `_unread`."""
    renamed, unread = {}, []
    for heading, cell in row.items():
        if field := fields.get(fold(heading)):
            renamed[field] = renamed.get(field) or cell
        elif cell:
            unread.append(heading)
    return {**renamed, "_unread": unread}


def _get_filled(rows):
    """The rows that say something, counted; the end is where they stop."""
    count = last = 0
    for line, cells in rows:
        if any(cells):
            count, last = count + 1, line
            _check_rows(count)
            yield line, cells
        elif line - last > MAX_EMPTY:
            return


def _check_rows(count):
    if count > MAX_ROWS:
        raise SourceError(
            _lt(
                "The file has more than %(most)s lines: split it in smaller files.",
                most=MAX_ROWS,
            )
        )


# === CSV === #


def read_csv(lines):
    """[(line, cells)] of a text that can be read again from its beginning."""
    head = _read_head(lines)
    stated = _SEPARATOR.match(head)
    delimiter = stated[1] if stated else max(",;\t|", key=head.count)
    # Left out, and its place kept: the other lines have the same numbers.
    rows = ("\n" if stated and not n else line for n, line in enumerate(lines))
    reader = csv.reader(itertools.chain(rows, [_END]), delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        cells = _read_cells(reader, line)
        if cells == [_END]:
            return
        if cells[-1:] and cells[-1].endswith(_END):
            raise _get_quote_error(line)
        yield line, [cell.strip() for cell in cells]


def _read_head(lines):
    """The first line that says something; the text is left at its beginning."""
    head = next((line for line in lines if line.strip("\ufeff\r\n")), "")
    lines.seek(0)
    return head


def _read_cells(reader, line):
    try:
        return next(reader)
    except csv.Error as error:
        raise SourceError(
            _lt(
                "The file is not a valid CSV at line %(line)s (%(error)s). Export "
                "it again from its source.",
                line=line,
                error=str(error),
            )
        ) from None


def _get_quote_error(line):
    return SourceError(
        _lt(
            "A quotation mark opened in the record of line %(line)s is never closed: "
            "all that follows it would be lost. Close it, or remove it.",
            line=line,
        )
    )


def decode_table(data):
    """Text of a table: UTF-8, UTF-16 where it says so, or what French Excel writes."""
    encodings = [_BOMS[data[:2]]] if data[:2] in _BOMS else ["utf-8-sig", "cp1252"]
    if data.startswith(b"\xef\xbb\xbf"):
        # It says that it is in UTF-8: read otherwise, its first heading is wrong.
        encodings = ["utf-8-sig"]
    for encoding in encodings:
        try:
            return data.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise SourceError(
        _lt(
            "The encoding of the file is unknown, or is not the one it declares "
            "(line 1). Save it again as “CSV UTF-8”."
        )
    )
