"""beta.gouv.fr: the pages its products are published from (content/_startups, .md).

One page, or a zip of them. What a page says of a product stands between two lines of
three dashes, in YAML; the text below is for readers.
"""

import io
import posixpath
import zipfile

from odoo.tools import LazyTranslate

from .. import values
from ..source import SourceError, decode, get_kind
from ..table import MAX_ROWS
from ..workbook import MAX_UNZIPPED
from ..yaml_reader import read_documents
from .base import register
from .beta_product import get_product
from .catalogue import Catalogue

_lt = LazyTranslate(__name__)

_DASHES = "---"


@register
class BetaPages(Catalogue):
    code = "beta_pages"
    label = _lt("beta.gouv.fr: pages of its products (.md, or a zip of them)")
    source = "beta.gouv.fr, content/_startups"
    path = "mutualised"
    kinds = ("text", "zip")
    file_names = (".md", "_startups", ".zip")
    # One page says nothing of the others.
    whole = False
    title_field = "title"

    def parse(self, data, filename):
        if get_kind(data) == "zip":
            return list(_read_pages(data))
        return [(values.get_text("", filename) or "page.md", data)]

    def _get_items(self, document):
        for name, content in document:
            place = _lt("Page %(name)s", name=name)
            try:
                yield place, {**_read_page(content), "_slug": _get_slug(name)}
            except SourceError as error:
                if len(document) == 1:
                    raise
                yield place, {"_broken": error.message}

    def _get_identity(self, item):
        return ""

    def _get_solution(self, item, notes):
        if broken := item.get("_broken"):
            raise values.Refused(broken)
        return {
            **get_product(item, notes),
            "key": item["_slug"],
            "operator": item.get("owner"),
        }


def _get_slug(name):
    return posixpath.basename(name).removesuffix(".md")


def _read_page(content):
    lines = decode(content).split("\n")
    marks = [n for n, line in enumerate(lines) if line.rstrip() == _DASHES]
    read = []
    if len(marks) > 1 and not marks[0]:
        read = read_documents("\n".join(lines[: marks[1]]))
    found = read[0][1] if read else None
    if not isinstance(found, dict):
        raise SourceError(
            _lt(
                "At line 1, a page that begins between two lines of three dashes was "
                "expected: this file is no page of a product. Choose another source."
            )
        )
    return found


def _read_pages(data):
    """[(name, content)] of the pages in a zip, in the order of their names."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            pages = [i for i in archive.infolist() if i.filename.endswith(".md")]
            size = sum(info.file_size for info in pages)
            if not pages or len(pages) > MAX_ROWS or size > MAX_UNZIPPED:
                raise ValueError
            for info in sorted(pages, key=lambda info: info.filename):
                yield info.filename, archive.read(info)
    except Exception:  # pylint: disable=broad-except
        # Whatever a damaged archive makes the library raise.
        raise SourceError(
            _lt(
                "The archive cannot be read: it is damaged, too large, protected, or "
                "holds no page .md (line 1)."
            )
        ) from None
