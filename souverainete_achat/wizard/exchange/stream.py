"""The contracts of a file too long for memory, one at a time: JSON, XML or CSV, as it
is or in gzip or zip. Nothing trusted, nothing kept of what was read."""

import codecs
import gzip
import io
import itertools
import zipfile
import zlib

from lxml import etree

from odoo.tools import LazyTranslate

from .json_records import DECODER, SPACE
from .source import SourceError, get_kind, refuse_doctype, to_plain
from .table import name_cells, read_csv

_lt = LazyTranslate(__name__)

_CHUNK = 2**20
# One record, or what surrounds them, is never as long.
_LONGEST = 32 * 2**20
_HEAD = 65536
_LISTS = ("marche", "contrat-concession")


def read_contracts(raw):
    """(place, kind or None, item, buyer that surrounds it) of each contract of a
    binary file; `SourceError` where it cannot be read any further."""
    try:
        stream = _open(raw)
        head = stream.read(_HEAD)
        stream.seek(0)
        readers = {"json": _read_json, "xml": _read_xml, "text": _read_table}
        reader = readers.get(get_kind(head))
        if not reader:
            raise _get_kind_error()
        yield from reader(stream)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, UnicodeError) as error:
        raise SourceError(
            _lt(
                "The file cannot be read to its end (%(error)s): it was cut, or is not "
                "written in UTF-8. Fetch it again from its source.",
                error=str(error)[:200],
            )
        ) from None


def _open(raw):
    """The content, unpacked as it is read."""
    head = raw.read(4)
    raw.seek(0)
    if head.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=raw)
    if head.startswith(b"PK"):
        packed = zipfile.ZipFile(raw)
        names = [name for name in packed.namelist() if not name.endswith("/")]
        if len(names) != 1:
            raise _get_kind_error()
        return packed.open(names[0])
    return raw


def _get_kind_error():
    return SourceError(
        _lt(
            "One file of essential data was expected: JSON, XML or CSV, as it is or "
            "alone in a gzip or a zip. Save a workbook as CSV."
        )
    )


# === CSV === #


def _read_table(stream):
    encoding = _get_encoding(stream)
    text = io.TextIOWrapper(stream, encoding, newline="")
    rows = ((line, cells) for line, cells in read_csv(text) if any(cells))
    for line, row in name_cells(rows):
        yield _lt("Line %(line)s", line=line), None, row, None


def _get_encoding(stream):
    """UTF-8, or what French Excel writes: read once to the end, to know."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in iter(lambda: stream.read(_CHUNK), b""):
            decoder.decode(chunk)
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "cp1252"
    stream.seek(0)
    return encoding


# === XML === #


def _read_xml(stream):
    head = stream.read(_HEAD)
    refuse_doctype(head, head.find(b"<!DOCTYPE"))
    stream.seek(0)
    events = etree.iterparse(
        stream,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        yield from _walk_xml(events)
    except etree.LxmlError as error:
        raise SourceError(
            _lt(
                "The file is not valid XML from here on (%(error)s). It may have been "
                "cut: export it again from its source.",
                error=str(error)[:200],
            )
        ) from None


def _walk_xml(events):
    """The children of the root, each let go once read."""
    _start, root = next(events)
    if etree.QName(root).localname != "marches":
        raise _get_shape_error()
    if root.getroottree().docinfo.internalDTD is not None:
        # Written in an encoding that hid it from the search above.
        refuse_doctype(b"", 0)
    for event, element in events:
        if event == "end" and element.getparent() is root:
            place = _lt("Line %(line)s", line=element.sourceline)
            yield place, etree.QName(element).localname, to_plain(element), None
            element.clear()
            while element.getprevious() is not None:
                del root[0]


# === JSON === #


def _read_json(stream):
    head = stream.read(4)
    stream.seek(0)
    marked = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if marked else "utf-8-sig"
    window = _Window(io.TextIOWrapper(stream, encoding))
    places = (_lt("Record %(position)s", position=n) for n in itertools.count(1))
    read = False
    for kind, item, buyer in _walk_document(window):
        read = True
        yield next(places), kind, item, buyer
    if not read:
        raise _get_shape_error()


def _walk_document(window):
    """(kind or None, contract, buyer of the file) wherever the lists stand."""
    if window.peek() == "[":
        yield from ((None, item, None) for item in window.items())
        return
    buyer = None
    for name in window.names():
        if name == "acheteur":
            buyer = window.value()
        elif name == "marches" and window.peek() == "[":
            yield from ((None, item, buyer) for item in window.items())
        elif name == "marches" and window.peek() == "{":
            for kind in window.names():
                yield from ((kind, i, buyer) for i in _walk_kind(window, kind))
        else:
            window.value()


def _walk_kind(window, kind):
    if kind in _LISTS and window.peek() == "[":
        return window.items()
    item = window.value()
    # XML turned to JSON writes one element alone, without its list.
    return [item] if kind in _LISTS and item is not None else []


class _Window:
    """A JSON text of which only what is being read is held."""

    def __init__(self, stream):
        self._stream, self._text, self._at, self._over = stream, "", 0, False
        self._read = 0

    def peek(self):
        """The next character that is no space; empty at the end."""
        while True:
            self._at = SPACE.match(self._text, self._at).end()
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def value(self):
        """The value that begins here."""
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError):
                value, end = None, 0
            # A number cut by the end of the window is a number too.
            if end and (end < len(self._text) or self._over):
                self._at = end
                return value
            if not self._more():
                raise _get_cut_error(self._read)

    def items(self):
        """The values of the list that begins here."""
        for _rank in self._parts("]"):
            yield self.value()

    def names(self):
        """The names of the object that begins here; the caller reads each value."""
        for _rank in self._parts("}"):
            name = self.value()
            if self.peek() != ":":
                raise _get_cut_error(self._read)
            self._at += 1
            yield name

    def _parts(self, end):
        self._at += 1
        if self.peek() == end:
            self._at += 1
            return
        for rank in itertools.count():
            self._read = rank
            yield rank
            mark = self.peek()
            self._at += 1
            if mark == end:
                return
            if mark != ",":
                raise _get_cut_error(rank)

    def _more(self):
        """Read on; what was read before is let go. False at the end."""
        chunk = self._stream.read(_CHUNK)
        if not chunk and self._over:
            return False
        self._over = not chunk
        self._text, self._at = self._text[self._at :] + chunk, 0
        if len(self._text) > _LONGEST:
            raise _get_cut_error(self._read)
        return True


def _get_cut_error(rank):
    return SourceError(
        _lt(
            "The file is no valid JSON after its record %(rank)s. It may have been "
            "cut: fetch it again from its source.",
            rank=rank,
        )
    )


def _get_shape_error():
    return SourceError(
        _lt(
            "“marches” with at least one contract was expected: this file gives no "
            "essential data of contracts (DECP)."
        )
    )
