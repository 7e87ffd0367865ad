"""Cutting the text of a letter into recommendations: a proposal that people correct."""

import re

_MARK = re.compile(
    r"^\s*(?:(?:recommandation|recommendation|r)\s*)?(?:n\s*[°ºo]\s*)?"
    r"(?:\d{1,2}\s*(?:[.):°](?!\d)|[-–—](?=\s))|[•●▪‣*–—-](?=\s))\s*",
    re.IGNORECASE,
)


def split_recommendations(text):
    """The recommendations of `text`: one a numbered line or bullet; without any, one a
    paragraph, or a line. What introduces them and ends with a colon is none."""
    lines = (text or "").strip().splitlines()
    if any(_MARK.match(line) for line in lines):
        items = _split_at_marks(lines)
    elif any(not line.strip() for line in lines):
        items = re.split(r"\n\s*\n", "\n".join(lines))
    else:
        items = lines
    texts = (" ".join(item.split()) for item in items)
    return [item for item in texts if item and not item.endswith(":")]


def _split_at_marks(lines):
    items = []
    for line in lines:
        mark = _MARK.match(line)
        if mark or not items:
            items.append(line[mark.end() :] if mark else line)
        else:
            items[-1] += f"\n{line}"
    return items
