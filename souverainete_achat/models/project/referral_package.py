"""The single PDF and the zip of a referral file, free of Odoo's records."""

import csv
import hashlib
import io
import re
import struct
import unicodedata
import zipfile
import zlib
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from odoo.tools.pdf import (
    DependencyError,
    PdfFileReader,
    PdfFileWriter,
    PdfReadError,
    PdfStreamError,
)

# What reading a broken, encrypted or hostile PDF raises.
_BROKEN = (
    AssertionError,
    AttributeError,
    DependencyError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    PdfReadError,
    PdfStreamError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

# A zip made twice of the same pieces is the same zip.
_EPOCH = (1980, 1, 1, 0, 0, 0)

# Height of the letters of a stamp, in points.
_STAMP = 11

# What opens as a formula in a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Part(NamedTuple):
    """One document: the piece it is, its name in the zip, its content."""

    piece: str
    path: str
    content: bytes

    @property
    def digest(self):
        return hashlib.sha256(self.content).hexdigest()


def is_mergeable(content):
    """Whether a document is a PDF whose pages enter the single PDF."""
    if not content.startswith(b"%PDF-"):
        return False
    try:
        merge_pdf([("", content)])
    except _BROKEN:
        return False
    return True


def merge_pdf(documents):
    """One PDF of [(title, PDF)], with a bookmark on the first page of each."""
    writer = PdfFileWriter()
    for title, content in documents:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        first = writer.getNumPages()
        for number in range(reader.getNumPages()):
            writer.addPage(reader.getPage(number))
        if title and hasattr(writer, "add_outline_item"):
            writer.add_outline_item(title, first)
    with io.BytesIO() as stream:
        writer.write(stream)
        return stream.getvalue()


def stamp_pdf(content, text):
    """The same pages, each with `text` in its upper margin, where it covers nothing."""
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    pages = [reader.getPage(n) for n in range(reader.getNumPages())]
    stamps = PdfFileReader(_draw_stamps(pages, text), strict=False)
    writer = PdfFileWriter()
    for number, page in enumerate(pages):
        page.mergePage(stamps.getPage(number))
        writer.addPage(page)
    with io.BytesIO() as stream:
        writer.write(stream)
        return stream.getvalue()


def _draw_stamps(pages, text):
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for page in pages:
        width, height = page.mediaBox.getWidth(), page.mediaBox.getHeight()
        canvas.setPageSize((float(width), float(height)))
        canvas.setFont("Helvetica-Bold", _STAMP)
        canvas.setFillColorRGB(0.7, 0.2, 0)
        canvas.drawRightString(float(width) - 3 * _STAMP, float(height) - 18, text)
        canvas.showPage()
    canvas.save()
    return stream


def make_zip(parts, table):
    """The zip of `parts`, with a table of the pieces (rows of texts) and the digest of
    each file, which `sha256sum -c` checks."""
    sums = "".join(f"{part.digest}  {part.path}\n" for part in parts)
    files = [(part.path, part.content) for part in parts]
    files += [("manifest.csv", _get_csv(table)), ("SHA256SUMS", sums.encode())]
    with io.BytesIO() as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in files:
                info = zipfile.ZipInfo(path, _EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, content)
        return stream.getvalue()


def _get_csv(table):
    """For people's spreadsheets: semicolons, a mark that says UTF-8, no formula."""
    with io.StringIO() as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerows([[_get_plain(cell) for cell in row] for row in table])
        return stream.getvalue().encode("utf-8-sig")


def _get_plain(cell):
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def get_file_name(name, taken=()):
    """`name` as a plain file name: no path, no control character, not among `taken`."""
    text = unicodedata.normalize("NFC", name or "")
    text = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]+', "_", text).strip(" .") or "document"
    stem, dot, suffix = text[-120:].rpartition(".")
    stem, dot, suffix = (stem, dot, suffix) if stem else (suffix, "", "")
    names = [text[-120:], *(f"{stem} ({n}){dot}{suffix}" for n in range(2, 1000))]
    return next(candidate for candidate in names if candidate not in taken)
