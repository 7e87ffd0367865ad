"""The part of YAML that publiccode.yml files are written in.

Odoo depends on no YAML library. Anchors, aliases, tags and directives, by which YAML
repeats or builds objects, are refused: a catalogue needs none. All values stay text.
"""

import json
import re

from odoo.tools import LazyTranslate

from .source import SourceError

_lt = LazyTranslate(__name__)

MAX_DEPTH = 30
_KEY = re.compile(
    r"""("[^"]*"|'[^']*'|[^\s"'\[{&*!|>@`#%-][^:#]*?|-[^\s:][^:#]*?)\s*:(?=\s|$)"""
)
_EMPTY = {"", "~", "null", "Null", "NULL"}
_REFUSED = ("&", "*", "!", "%", "@", "`")


def read_yaml(text):
    """The document in this text: dictionaries, lists, text and None."""
    reader = _Reader(text)
    document = reader.read_block(0, 0)
    if reader.position < len(reader.lines):
        reader.refuse(reader.lines[reader.position][0])
    return document


class _Reader:
    def __init__(self, text):
        self.raw = text.splitlines()
        self.lines = []
        self.position = 0
        for number, line in enumerate(self.raw, 1):
            content = line.strip()
            if content in ("---", "...") or not content or content.startswith("#"):
                continue
            if "\t" in line[: len(line) - len(line.lstrip())]:
                self.refuse(number)
            indent = len(line) - len(line.lstrip(" "))
            self.lines.append((number, indent, content))

    def refuse(self, number):
        raise SourceError(
            _lt(
                "The file cannot be read as YAML at line %(line)s. Anchors, tags and "
                "tabulations are not accepted; check the quotes and the indentation.",
                line=number,
            )
        )

    def read_block(self, indent, depth):
        """A mapping, a list or a scalar, at least as indented as this."""
        if self.position >= len(self.lines):
            return None
        number, own, content = self.lines[self.position]
        if own < indent:
            return None
        if depth > MAX_DEPTH:
            self.refuse(number)
        if content == "-" or content.startswith("- "):
            return self.read_list(own, depth)
        if _KEY.match(content):
            return self.read_mapping(own, depth)
        self.position += 1
        return self.read_value(number, own - 1, content, depth)

    def read_list(self, indent, depth):
        items = []
        while self.position < len(self.lines):
            number, own, content = self.lines[self.position]
            if own != indent or not (content == "-" or content.startswith("- ")):
                break
            rest = content[1:].lstrip()
            if not rest or rest.startswith("#"):
                self.position += 1
                items.append(self.read_block(indent + 1, depth + 1))
            elif _KEY.match(rest):
                # The item is a mapping that begins on the line of its dash.
                self.lines[self.position] = number, own + len(content) - len(rest), rest
                items.append(self.read_block(indent + 1, depth + 1))
            else:
                self.position += 1
                items.append(self.read_value(number, indent, rest, depth + 1))
        return items

    def read_mapping(self, indent, depth):
        found = {}
        while self.position < len(self.lines):
            number, own, content = self.lines[self.position]
            match = _KEY.match(content)
            if own != indent or not match:
                break
            self.position += 1
            rest = content[match.end() :].strip()
            value = self.read_value(number, indent, rest, depth + 1)
            found[match[1].strip("\"'")] = value
        if self.position < len(self.lines) and self.lines[self.position][1] > indent:
            self.refuse(self.lines[self.position][0])
        return found

    def read_value(self, number, indent, text, depth):
        """What follows a colon or a dash: on the same line, or indented below."""
        if not text or text.startswith("#"):
            return self.read_nested(indent, depth)
        if text.startswith(_REFUSED):
            self.refuse(number)
        if text[0] in "|>":
            return self.read_literal(number, indent, text[0])
        if text[0] in "\"'":
            return self.read_quoted(number, text)
        if text[0] in "[{":
            return self.read_flow(number, text)
        parts = [re.split(r"\s#", text)[0].strip(), *self.take_deeper(indent)]
        plain = " ".join(parts)
        return None if plain in _EMPTY else plain

    def read_nested(self, indent, depth):
        if self.position < len(self.lines):
            _number, own, content = self.lines[self.position]
            # A list may stand at the level of the key it belongs to.
            if own > indent or (own == indent and content.startswith("- ")):
                return self.read_block(own, depth)
        return None

    def take_deeper(self, indent):
        """The lines that go on a plain text begun above."""
        while self.position < len(self.lines) and self.lines[self.position][1] > indent:
            yield re.split(r"\s#", self.lines[self.position][2])[0].strip()
            self.position += 1

    def read_literal(self, number, indent, style):
        """`|` keeps the lines, `>` joins them; a catalogue shows both as text."""
        taken = []
        for line in self.raw[number:]:
            content = line.strip()
            if content and len(line) - len(line.lstrip(" ")) <= indent:
                break
            taken.append(content)
        end = number + len(taken)
        while self.position < len(self.lines) and self.lines[self.position][0] <= end:
            self.position += 1
        return ("\n" if style == "|" else " ").join(taken).strip()

    def read_quoted(self, number, text):
        quote = text[0]
        closed = re.compile(
            r'"((?:[^"\\]|\\.)*)"\s*(#.*)?$'
            if quote == '"'
            else r"'((?:[^']|'')*)'\s*(#.*)?$"
        )
        while not (match := closed.match(text)):
            text = f"{text} {self.take_line(number)}"
        if quote == "'":
            return match[1].replace("''", "'")
        try:
            return json.loads(f'"{match[1]}"', strict=False)
        except ValueError:
            return match[1]

    def read_flow(self, number, text):
        while text.count("[") + text.count("{") > text.count("]") + text.count("}"):
            text = f"{text} {self.take_line(number)}"
        text = re.split(r"\s#", text)[0].strip()
        if text[0] == "{":
            if text.replace(" ", "") == "{}":
                return {}
            self.refuse(number)
        items = (item.strip().strip("\"'") for item in text.strip("[] ").split(","))
        return [item for item in items if item]

    def take_line(self, number):
        if self.position >= len(self.lines):
            self.refuse(number)
        self.position += 1
        return self.lines[self.position - 1][2]
