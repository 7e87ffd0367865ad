"""The part of YAML that catalogues are written in.

Odoo depends on no YAML library. Tags and directives, by which YAML builds objects, are
refused. An anchored value may be repeated, but not one that repeats another: such files
grow without end. All values stay text.
"""

import re

from odoo.tools import LazyTranslate

from . import yaml_scalar
from .source import SourceError

_lt = LazyTranslate(__name__)

MAX_DEPTH = 30
MAX_LENGTH = 2_000_000
MAX_REPEATED = 500
_KEY = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'"""
    r"""|(?:[^\s\-?:,\[\]{}#&*!|>'"%@`]|[-?:](?=\S))(?:[^:#]|:(?=\S)|(?<=\S)\#)*?)"""
    r"""\s*:(?=\s|$)"""
)
_ANCHOR = re.compile(r"&([^\s,\[\]{}]+)\s*")
_ALIAS = re.compile(r"\*([^\s,\[\]{}]+)\s*(?:#.*)?$")
_MARK = re.compile(r"(?:---|\.\.\.)(?=\s|$)")
_REFUSED = ("!", "%", "@", "`", "? ")


def read_documents(text):
    """[(line, document)]: dictionaries, lists, text and None."""
    if len(text) > MAX_LENGTH:
        refuse(1)
    lines = text.splitlines()
    marks = [n for n, line in enumerate(lines) if _MARK.match(line)]
    bounds = zip([-1, *marks], [*marks, len(lines)], strict=True)
    read = [_Reader(lines[:end], start + 1).read_document() for start, end in bounds]
    return [(line, document) for line, document in read if document is not None]


def refuse(line):
    raise SourceError(
        _lt(
            "The file cannot be read as YAML at line %(line)s. Tags and tabulations "
            "are not accepted; check the quotes and the indentation.",
            line=line,
        )
    )


class _Reader:
    """`lines` up to the end of a document; what is read of one becomes spaces."""

    def __init__(self, lines, row):
        self.lines = lines
        self.row = row
        self.anchors = {}
        # Values being read that have a name: nothing may be repeated inside.
        self.named = self.repeated = 0

    def read_document(self):
        self.skip()
        line = self.row + 1
        document = self.read_node(0, 0)
        if self.skip():
            self.refuse()
        return line, document

    def refuse(self):
        refuse(self.row + 1)

    def skip(self):
        """Whether a line is left that says something; moves to it."""
        while self.row < len(self.lines):
            content = self.lines[self.row].strip()
            if content and not content.startswith("#"):
                return True
            self.row += 1
        return False

    def get_indent(self):
        line = self.lines[self.row]
        indent = len(line) - len(line.lstrip(" "))
        if line[indent] == "\t":
            self.refuse()
        return indent

    def read_node(self, least, depth):
        """What stands at least as far right as this, or None."""
        if depth > MAX_DEPTH:
            self.refuse()
        if not self.skip() or (indent := self.get_indent()) < least:
            return None
        content = self.lines[self.row][indent:].rstrip()
        if content == "-" or content.startswith("- "):
            return self.read_list(indent, depth)
        if _KEY.match(content):
            return self.read_mapping(indent, depth)
        return self.read_value(indent, least - 1, depth)

    def read_list(self, indent, depth):
        items = []
        while self.skip() and self.get_indent() == indent:
            line = self.lines[self.row]
            if line[indent] != "-" or line[indent + 1 : indent + 2].strip():
                break
            self.blank(indent + 1)
            items.append(self.read_node(indent + 1, depth + 1))
        return items

    def read_mapping(self, indent, depth):
        found = {}
        while self.skip() and self.get_indent() == indent:
            match = _KEY.match(self.lines[self.row][indent:].rstrip())
            if not match:
                break
            self.blank(indent + match.end())
            key = match[1].strip("\"'")
            value = self.read_value_of(indent, depth + 1)
            repeats = key == "<<" and isinstance(value, dict)
            found = {**value, **found} if repeats else {**found, key: value}
        return found

    def read_value_of(self, indent, depth):
        """What follows a key: on its line, or below; a list may stand under it."""
        line = self.lines[self.row]
        if line.strip() and not line.strip().startswith("#"):
            return self.read_value(len(line) - len(line.lstrip()), indent, depth)
        if self.skip() and self.get_indent() == indent:
            listed = re.match(r"-(\s|$)", self.lines[self.row][indent:])
            return self.read_list(indent, depth) if listed else None
        return self.read_node(indent + 1, depth)

    def read_value(self, start, indent, depth):
        """The value that begins here, of a parent with this indentation."""
        content = self.lines[self.row][start:].rstrip()
        if anchor := _ANCHOR.match(content):
            return self.read_named(anchor, start, indent, depth)
        if alias := _ALIAS.match(content):
            return self.repeat(alias[1])
        if content.startswith((*_REFUSED, "*")):
            self.refuse()
        value, row = yaml_scalar.read(self.lines, self.row, start, indent)
        if row < 0:
            self.refuse()
        self.row = row
        return value

    def read_named(self, anchor, start, indent, depth):
        self.blank(start + anchor.end())
        self.named += 1
        if self.lines[self.row].strip() or indent < 0:
            value = self.read_node(indent + 1, depth + 1)
        else:
            value = self.read_value_of(indent, depth + 1)
        self.named -= 1
        self.anchors[anchor[1]] = value
        return value

    def repeat(self, name):
        self.repeated += 1
        if self.named or name not in self.anchors or self.repeated > MAX_REPEATED:
            self.refuse()
        self.row += 1
        return self.anchors[name]

    def blank(self, end):
        """What is read becomes spaces: what follows stands where it stood."""
        self.lines[self.row] = " " * end + self.lines[self.row][end:]
