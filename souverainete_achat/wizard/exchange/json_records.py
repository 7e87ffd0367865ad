"""The records of a catalogue in JSON: wherever the list is, each with its line."""

import json
import re

from odoo.tools import LazyTranslate

from .source import SourceError, decode, read_json

_lt = LazyTranslate(__name__)

# Where publishers put the list, its wrappers last.
NAMES = (
    "softwares",
    "software",
    "startups",
    "products",
    "items",
    "records",
    "results",
    "data",
    "result",
    "json",
)
MAX_DEPTH = 5
SPACE = re.compile(r"[ \t\n\r]*")
DECODER = json.JSONDecoder(strict=False)


def read_records(data):
    """([(line, record)], what surrounds them): the list, or one record a line."""
    text = decode(data)
    try:
        document = read_json(data)
    except SourceError:
        records = _read_lines(text)
        if not records:
            raise
        return records, {}
    path, records = _find(document)
    lines = _get_lines(text, path) if records else []
    return list(zip(_pad(lines, len(records)), records, strict=True)), document


def _find(document, path=()):
    """(keys that lead to the list, the list); an empty list when there is none."""
    if isinstance(document, list):
        # A server that answers several questions at once wraps its only answer.
        only = document[0] if len(document) == 1 else None
        if isinstance(only, dict) and isinstance(only.get("result"), dict):
            return _find(only["result"], (*path, 0, "result"))
        return path, document
    if not isinstance(document, dict) or len(path) > MAX_DEPTH:
        return path, []
    for name in NAMES:
        if isinstance(document.get(name), dict | list):
            found = _find(document[name], (*path, name))
            if found[1]:
                return found
    return path, []


def _read_lines(text):
    """JSON lines: a broken one is a record to refuse, not the end of the file."""
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    read = [(number, _read_line(line)) for number, line in lines]
    good = [record for _number, record in read if isinstance(record, dict)]
    # One good line among many is a document cut or broken, which is to be said.
    return read if len(good) > 1 and 2 * len(good) > len(read) else []


def _read_line(line):
    try:
        return json.loads(line, strict=False)
    except (ValueError, RecursionError):
        return None


# === LINES === #


def _get_lines(text, path):
    """Line of each item of the list these keys lead to, in a text already read."""
    position = _skip(text, 0)
    for key in path:
        position = next((at for k, at in _walk(text, position) if k == key), -1)
        if position < 0:
            return []
    lines, line, before = [], 1, 0
    for _index, at in _walk(text, position):
        line += text.count("\n", before, at)
        before = at
        lines.append(line)
    return lines


def _walk(text, position):
    """(key or rank, where its value begins) in the object or list at this place."""
    named, rank = text[position] == "{", 0
    position = _skip(text, position + 1)
    while text[position] not in "]}":
        key = rank
        if named:
            key, position = DECODER.raw_decode(text, position)
            position = _skip(text, _skip(text, position) + 1)
        yield key, position
        _value, position = DECODER.raw_decode(text, position)
        position, rank = _skip(text, position), rank + 1
        if text[position] == ",":
            position = _skip(text, position + 1)


def _skip(text, position):
    return SPACE.match(text, position).end()


def _pad(lines, count):
    """Lines for all: a key written twice hides the list that was read."""
    return lines if len(lines) == count else [None] * count
