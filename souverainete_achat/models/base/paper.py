"""HTML made into PDF by WeasyPrint, and what French typography asks of the text.

Nothing is loaded for it: neither from a network nor from the server's disk.
"""

import logging
import re

from lxml import html

# Tells every page of every document.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

_JOIN = "\N{NO-BREAK SPACE}"
# Where no line may end: inside guillemets, before high punctuation, before units.
_SPACES = (
    (re.compile(r"«\s*"), f"«{_JOIN}"),
    (re.compile(r"\s*»"), f"{_JOIN}»"),
    (re.compile(r"[ \t\n]+(?=[:;?!](?:\s|$|[)»]))"), _JOIN),
    (re.compile(r"(?<=\d)[ \t\n]+(?=M?€|%(?![(\w]))"), _JOIN),
)
_SILENT = frozenset(("style", "script"))


def make_pdf(content):
    """The tagged PDF (PDF/UA) of a whole HTML page: text that can be read and searched.

    What it would load is left out: only what the page itself holds (`data:`) is drawn.
    """
    # Takes a second, and the system's Pango: only where something is printed.
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    page = HTML(string=content, url_fetcher=URLFetcher(allowed_protocols=["data"]))
    return page.write_pdf(pdf_variant="pdf/ua-1")


def set_french_spaces(content):
    """The same HTML, whose French spaces do not break."""
    root = html.document_fromstring(content)
    for element in root.iter():
        if element.tag not in _SILENT and isinstance(element.tag, str):
            element.text = unbreak(element.text)
        element.tail = unbreak(element.tail)
    return html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")


def unbreak(text):
    """`text` with no-break spaces where French wants them."""
    for pattern, space in _SPACES if text else ():
        text = pattern.sub(space, text)
    return text
