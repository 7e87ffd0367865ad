"""A file someone gave us: bytes in, plain Python out, nothing trusted."""

import json
import re

from lxml import etree

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

_BOM = b"\xef\xbb\xbf"
# The mark of UTF-32 begins with that of UTF-16.
_MARKS = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


_STATED = re.compile(rb"\s*<\?xml[^>]*encoding=[\"\']([A-Za-z0-9._-]+)[\"\']")


class SourceError(Exception):
    """The file as a whole cannot be read: the message says where and what to do."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message


def get_kind(data):
    """What the first bytes say: json, xml, workbook, zip or text."""
    if data.startswith(b"PK"):
        # The names of what a zip holds stand at its end.
        return "workbook" if b"xl/workbook" in data[-65536:] else "zip"
    head = data[:256].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    kinds = {b"<": "xml", b"{": "json", b"[": "json"}
    return kinds.get(head[:1], "text")


def read(data):
    """The document in these bytes: an XML element, or what JSON holds."""
    if not data.strip():
        raise SourceError(
            _lt(
                "The file is empty: nothing at line 1, column 1. Export it again "
                "from its source."
            )
        )
    if data.removeprefix(_BOM).lstrip().startswith(b"<"):
        return read_xml(data)
    return read_json(data)


def decode(data):
    """Text in UTF-8, or in the UTF-16 or 32 that its mark says. Another encoding is
    refused: guessed accents are wrong."""
    marked = next((e for mark, e in _MARKS.items() if data.startswith(mark)), None)
    try:
        return data.decode(marked or "utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(
            _lt(
                "The file is not written in UTF-8 (%(place)s). Save it again with "
                "the UTF-8 encoding.",
                place=_get_place(data, error.start),
            )
        ) from None


def read_json(data):
    """What a JSON file holds. NaN and infinity stay, for the record to be refused.

    Line breaks inside a text are accepted: registers made from templates write them.
    """
    try:
        return json.loads(decode(data), strict=False)
    except json.JSONDecodeError as error:
        raise SourceError(
            _lt(
                "The file is neither JSON nor XML (line %(line)s, column "
                "%(column)s). It may have been cut: export it again from its source.",
                line=error.lineno,
                column=error.colno,
            )
        ) from None
    except (RecursionError, ValueError):
        # Thousands of nested brackets, or of digits in one number: no register
        # writes that, and Python itself declines to go further.
        raise SourceError(
            _lt(
                "The file nests too many levels, or holds a number of thousands of "
                "digits, from line 1, column 1 on: it is no export of a register."
            )
        ) from None


def read_xml(data):
    """Root element, read without any entity, document type or network access."""
    refuse_doctype(data, data.find(b"<!DOCTYPE"))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, LookupError, ValueError) as error:
        _refuse_encoding(data)
        raise _get_xml_error(error) from None
    if root.getroottree().docinfo.internalDTD is not None:
        # Written in an encoding that hid it from the search above.
        refuse_doctype(data, 0)
    return root


def refuse_doctype(data, position):
    """Refuse a document type, found at `position` of these bytes; -1: none."""
    if position >= 0:
        raise SourceError(
            _lt(
                "The file declares a document type (DOCTYPE, %(place)s). Such a "
                "declaration can read files or exhaust the server: remove it, no "
                "register of purchases needs one.",
                place=_get_place(data, position),
            )
        )


def _refuse_encoding(data):
    """Say so where a file is not written in the encoding that its first line states."""
    stated = _STATED.match(data.removeprefix(_BOM)[:200])
    name = stated[1].decode() if stated else "UTF-8"
    if any(data.startswith(mark) for mark in _MARKS):
        return
    try:
        data.decode(name)
    except UnicodeError as error:
        raise SourceError(
            _lt(
                "The file says that it is written in %(name)s, and it is not "
                "(%(place)s): correct its first line, or save it again in UTF-8.",
                name=name,
                place=_get_place(data, getattr(error, "start", 0)),
            )
        ) from None
    except LookupError:
        # An encoding nobody knows: the parser's own words say where.
        return


def _get_xml_error(error):
    line, column = getattr(error, "position", None) or (1, 1)
    return SourceError(
        _lt(
            "The file is not valid XML (line %(line)s, column %(column)s). It may "
            "have been cut: export it again from its source.",
            line=line,
            column=column,
        )
    )


def _get_place(data, position):
    return _lt(
        "line %(line)s, column %(column)s",
        line=data.count(b"\n", 0, position) + 1,
        column=position - data.rfind(b"\n", 0, position),
    )


def to_plain(element):
    """An XML element as JSON would have it: text, or a dictionary by tag."""
    children = [child for child in element if isinstance(child.tag, str)]
    if not children:
        return (element.text or "").strip()
    plain = {}
    for child in children:
        plain.setdefault(etree.QName(child).localname, []).append(to_plain(child))
    return {tag: got if len(got) > 1 else got[0] for tag, got in plain.items()}
