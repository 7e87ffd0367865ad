import re
import unicodedata
from functools import lru_cache

from lxml import etree, html
from markupsafe import Markup

from odoo.exceptions import UserError

# What a text needs to be read on paper. All else may load something: it is left out,
# and what it encloses is kept.
_TAGS = frozenset(
    "p div br hr span b strong i em u s sub sup small code pre blockquote "
    "h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tfoot tr th td a img".split()
)
_ATTRIBUTES = frozenset({"colspan", "rowspan", "href"})
# Of these, what they enclose is no text either.
_SILENT = ("script", "style", "head", "title", "template", "object", "svg", "math")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_EMBEDDED = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+")
# Control characters and lone surrogates, which the database cannot store.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LINK = re.compile(r"(https?://|mailto:)\S+", re.IGNORECASE)


def check_words(env, *values):
    """Refuse what is no text: other systems call a button with what they like."""
    if any(value and not isinstance(value, str) for value in values):
        raise UserError(env._("Words were expected here: write them as a text."))


def is_blank(text):
    """Whether nothing was typed: spaces are no answer."""
    return not (text or "").strip()


def is_written(content):
    """Whether somebody wrote something under the headings of this HTML."""
    if is_blank(content):
        return False
    root = html.fragment_fromstring(str(content), create_parent="div")
    etree.strip_elements(root, etree.Comment, *_HEADINGS, *_SILENT, with_tail=False)
    return not is_blank(root.text_content()) or root.find(".//img") is not None


def get_printable(content):
    """HTML that somebody wrote, as it may be printed: whatever makes the PDF loads
    nothing for it, neither from a network nor from the server's disk."""
    if is_blank(content):
        return Markup()
    root = html.fragment_fromstring(str(content), create_parent="div")
    etree.strip_elements(root, etree.Comment, *_SILENT, with_tail=False)
    for element in list(root.iterdescendants()):
        _make_printable(element)
    return Markup(html.tostring(root, encoding="unicode"))


def _make_printable(element):
    if element.tag not in _TAGS or not _is_loaded(element):
        element.drop_tag()
        return
    for name, value in element.attrib.items():
        link = name == "href" and element.tag == "a" and _LINK.fullmatch(value)
        if not (link or name in _ATTRIBUTES - {"href"} or name == "src"):
            del element.attrib[name]


def _is_loaded(element):
    """An image is printed when the text itself holds it."""
    source = element.get("src")
    if element.tag != "img":
        element.attrib.pop("src", None)
        return True
    return bool(source) and bool(_EMBEDDED.fullmatch(source))


@lru_cache(maxsize=20_000)
def fold(text):
    """Letters and digits alone, in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in plain if char.isalnum())


def to_storable(text):
    """A text without the control characters and lone surrogates that the database
    cannot keep."""
    return _UNSTORABLE.sub(" ", text)
