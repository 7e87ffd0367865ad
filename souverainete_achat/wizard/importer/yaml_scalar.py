"""Texts and lists of YAML written on a line, or that go on below."""

import re

_QUOTED = re.compile(
    r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^']|'')*)'(?!')",
    re.DOTALL,
)
_ESCAPE = re.compile(
    r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL
)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": " ", "_": "\u00a0", "\n": ""}
_HEADER = re.compile(r"[|>](?:([1-9])?[+-]?|[+-]([1-9]))\s*(?:#.*)?$")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_PLAIN = re.compile(
    r"[^,\[\]{}\"'\n#][^,\[\]{}\n]*?(?=\s*(?:[,\]}\n]|:(?:[\s,\]}]|$)|$))"
)
_SPACE = re.compile(r"(?:\s|(?<=\s)#[^\n]*)*")
_EMPTY = ("", "~", "null", "Null", "NULL")
MAX_DEPTH = 20
NOWHERE = None, -1


def read(lines, row, start, indent):
    """(value, next row) of what begins here; a row of -1 where it cannot be read."""
    content = lines[row][start:].strip()
    if content[0] in "|>":
        return _read_literal(lines, row, content, indent)
    if content[0] in "\"'":
        return _read_quoted(lines, row, content)
    if content[0] in "[{":
        return _read_flow(lines, row, content)
    return _read_plain(lines, row, content, indent)


def _read_plain(lines, row, content, indent):
    """Lines further right than the parent go on with the text."""
    parts = [_COMMENT.sub("", content).strip()]
    commented = _COMMENT.search(content)
    row += 1
    while row < len(lines) and not commented:
        line = lines[row].strip()
        if line and (_get_indent(lines[row]) <= indent or line.startswith("#")):
            break
        commented = _COMMENT.search(line)
        parts.append(_COMMENT.sub("", line).strip())
        row += 1
    text = " ".join(part for part in parts if part)
    return (None if text in _EMPTY else text), row


def _get_indent(line):
    return len(line) - len(line.lstrip(" "))


def _read_literal(lines, row, content, indent):
    """`|` keeps the lines, `>` joins them; a catalogue shows both as text."""
    header = _HEADER.match(content)
    if not header:
        return NOWHERE
    given = header[1] or header[2]
    least = indent + int(given) if given and indent >= 0 else None
    taken, row = [], row + 1
    while row < len(lines):
        own = _get_indent(lines[row])
        if lines[row].strip():
            least = max(own, indent + 1) if least is None else least
            if own < least:
                break
        taken.append(lines[row].strip())
        row += 1
    return ("\n" if content[0] == "|" else " ").join(taken).strip(), row


def _read_quoted(lines, row, content):
    """The text may go on below: each step looks twice as far."""
    step = 1
    while True:
        text = "\n".join([content, *(x.strip() for x in lines[row + 1 : row + step])])
        if match := _QUOTED.match(text):
            rest = text[match.end() :].split("\n", 1)[0].strip()
            if rest and not rest.startswith("#"):
                return NOWHERE
            return _get_quoted(match), row + 1 + match[0].count("\n")
        if row + step > len(lines):
            return NOWHERE
        step *= 2


def _get_quoted(match):
    if match[1] is None:
        return match[2].replace("''", "'")
    return _ESCAPE.sub(_unescape, match[1])


def _unescape(match):
    code = match[1]
    if len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number < 0x110000 else " "
    return _ESCAPED.get(code, code)


# === FLOW: [a, b], {a: b} === #


def _read_flow(lines, row, content):
    step = 1
    while True:
        text = "\n".join([content, *(x.strip() for x in lines[row + 1 : row + step])])
        value, end = _read_item(text, 0, 0)
        if end >= 0:
            rest = text[end:].split("\n", 1)[0].strip()
            if rest and not rest.startswith("#"):
                return NOWHERE
            return value, row + 1 + text.count("\n", 0, end)
        if row + step > len(lines):
            return NOWHERE
        step *= 2


def _read_item(text, at, depth):
    """(value, where it ends); nowhere where the text is cut or is something else."""
    if depth > MAX_DEPTH or at >= len(text):
        return NOWHERE
    if text[at] in "[{":
        return _read_items(text, at, depth)
    if quoted := _QUOTED.match(text, at):
        return _get_quoted(quoted), quoted.end()
    plain = _PLAIN.match(text, at)
    if not plain or text[at] in "&*!%@`":
        return NOWHERE
    word = plain[0].strip()
    return (None if word in _EMPTY else word), plain.end()


def _read_items(text, at, depth):
    """A list, or a dictionary where keys are followed by a colon."""
    close = "]" if text[at] == "[" else "}"
    items, pairs, at = [], {}, _skip(text, at + 1)
    while text[at : at + 1] != close:
        value, at = _read_item(text, at, depth + 1)
        if at < 0:
            return NOWHERE
        at = _skip(text, at)
        if text[at : at + 1] == ":" and (isinstance(value, str) or value is None):
            key, at = value, _skip(text, at + 1)
            value = None
            if text[at : at + 1] not in (",", close):
                value, at = _read_item(text, at, depth + 1)
                if at < 0:
                    return NOWHERE
                at = _skip(text, at)
            pairs[key or ""] = value
            value = {key or "": value}
        items.append(value)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at : at + 1] != close:
            return NOWHERE
    return (items if close == "]" else pairs), at + 1


def _skip(text, at):
    return _SPACE.match(text, at).end()
