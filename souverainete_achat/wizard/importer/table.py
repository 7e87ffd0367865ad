"""Tables someone gave us, CSV or XLSX: rows as dictionaries, nothing trusted."""

import csv
import io
import itertools
import re
import zipfile

from openpyxl import load_workbook

from odoo.tools import LazyTranslate

from .source import SourceError

_lt = LazyTranslate(__name__)

MAX_ROWS = 50_000
MAX_COLUMNS = 200
# Below so many empty lines, a table is over: a workbook formatted to its last row has
# a million of them.
MAX_EMPTY = 10_000
# A line after the last: inside quotes, it is read as part of the text.
_END = "\x1aend of file\x1a"
# A workbook is a zip: a small file may hold far more than the server can read.
MAX_UNZIPPED = 100 * 1024 * 1024
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# A document type, whatever the encoding of the part that declares it.
_DOCTYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E")


def read_table(data):
    """[(line, {column: text})] of a CSV or XLSX file; columns as its first line."""
    if not data.strip():
        raise SourceError(
            _lt(
                "The file is empty: nothing at line 1. Export it again from its source."
            )
        )
    rows = _read_workbook(data) if data.startswith(b"PK") else _read_csv(data)
    header = None
    for line, cells in _get_filled(rows):
        if header is None:
            header = [" ".join(str(cell).split()) for cell in cells[:MAX_COLUMNS]]
            continue
        # A column named twice keeps what it says first.
        row = {}
        for name, cell in zip(header, cells, strict=False):
            if name:
                row[name] = row.get(name) or cell
        yield line, row


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


def _read_csv(data):
    text = decode_table(data)
    head = text.lstrip("\ufeff\r\n").split("\n", 1)[0]
    delimiter = max(",;\t|", key=head.count)
    lines = itertools.chain(io.StringIO(text, newline=""), [_END])
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        cells = _read_cells(reader, line)
        if cells == [_END]:
            return
        if cells[-1:] and cells[-1].endswith(_END):
            raise _get_quote_error(line)
        yield line, [cell.strip() for cell in cells]


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
    for encoding in encodings:
        try:
            return data.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise SourceError(
        _lt(
            "The encoding of the file is unknown (line 1). Save it again as “CSV "
            "UTF-8”."
        )
    )


# === XLSX === #


def _read_workbook(data):
    _check_archive(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        # The size a workbook states may be wrong: some say one cell.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS)
        for line, cells in enumerate(rows, 1):
            yield line, [_get_cell(cell) for cell in cells]
    except SourceError:
        raise
    except Exception:  # pylint: disable=broad-except
        # Whatever a damaged workbook makes the library raise.
        raise _get_workbook_error() from None


def _get_cell(cell):
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def _check_archive(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAX_UNZIPPED:
                raise _get_workbook_error()
            for info in archive.infolist():
                if not info.filename.endswith((".xml", ".rels")):
                    continue
                with archive.open(info) as part:
                    if _DOCTYPE.search(part.read(MAX_UNZIPPED)):
                        raise _get_workbook_error()
    except SourceError:
        raise
    except Exception:  # pylint: disable=broad-except
        raise _get_workbook_error() from None


def _get_workbook_error():
    return SourceError(
        _lt(
            "The workbook cannot be read: it is damaged, too large or protected (line "
            "1). Save it again as XLSX, or as CSV."
        )
    )
