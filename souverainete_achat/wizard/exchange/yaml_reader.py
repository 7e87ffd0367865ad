"""YAML as catalogues are written in it: a library reads it, and every value stays text.

Tags, by which YAML builds objects, are refused. An anchored value may be repeated, but
not one that repeats another: such files grow without end.
"""

from odoo.tools import LazyTranslate

from .source import SourceError

try:
    import yaml
except ImportError:
    # Odoo itself does without it, and so do all the other sources.
    yaml = None

_lt = LazyTranslate(__name__)

MAX_DEPTH = 30
MAX_LENGTH = 2_000_000
MAX_REPEATED = 500
# Of what YAML guesses from the writing: neither dates, numbers nor yes and no.
_GUESSED = ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")


def read_documents(text):
    """[(line, document)]: dictionaries, lists, text and None.

    Raises SourceError with the line where it cannot be read.
    """
    if not yaml:
        raise SourceError(
            _lt(
                "This server cannot read YAML: ask its administrator to install the "
                "Python package PyYAML. The other sources do not need it."
            )
        )
    if len(text) > MAX_LENGTH:
        _refuse(1)
    try:
        _check(text)
        return list(_read(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        _refuse(mark.line + 1 if mark else 1)
    except yaml.YAMLError:
        odd = yaml.reader.Reader.NON_PRINTABLE.search(text)
        _refuse(text.count("\n", 0, odd.start() if odd else 0) + 1)


def _refuse(line):
    raise SourceError(
        _lt(
            "The file cannot be read as YAML at line %(line)s. Tags and tabulations "
            "are not accepted; check the quotes and the indentation.",
            line=line,
        )
    ) from None


def _get_loader():
    """The library's safe loader, written in C where the server has it."""
    safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    guessed = {
        first: [pair for pair in pairs if pair[0] in _GUESSED]
        for first, pairs in safe.yaml_implicit_resolvers.items()
    }
    return type("TextLoader", (safe,), {"yaml_implicit_resolvers": guessed})


def _check(text):
    """What builds objects or grows without end is refused before anything is built."""
    open_anchors, repeated = [], 0
    for event in yaml.parse(text, Loader=_get_loader()):
        if isinstance(event, yaml.CollectionStartEvent):
            open_anchors.append(event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            open_anchors.pop()
        elif isinstance(event, yaml.AliasEvent):
            repeated += 1
            if any(open_anchors) or repeated > MAX_REPEATED:
                _refuse(event.start_mark.line + 1)
        if getattr(event, "tag", None) or len(open_anchors) > MAX_DEPTH:
            _refuse(event.start_mark.line + 1)


def _read(text):
    loader = _get_loader()(text)
    while loader.check_node():
        node = loader.get_node()
        document = loader.construct_document(node)
        if document is not None:
            yield node.start_mark.line + 1, document
