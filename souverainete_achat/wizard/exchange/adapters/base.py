"""What an adapter is, and the register of them all."""

from dataclasses import dataclass, field

from odoo.tools import LazyTranslate

from .. import source, values

_lt = LazyTranslate(__name__)

ADAPTERS = {}
MAX_NAMES = 40


@dataclass
class Record:
    """One record of a source: its place there, and what was understood of it."""

    place: object
    key: str = ""
    title: str = ""
    values: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    skipped: object = None
    refused: object = None
    # Names of what it gives and nobody reads.
    unread: list = field(default_factory=list)
    # The item itself, where the format it is published in can be checked.
    raw: dict = field(default_factory=dict)


class Adapter:
    """A source of records: one subclass a file of this folder.

    `target` names the model that takes its records (`souverainete.import.<target>`),
    `groups` lists who may use the source.
    """

    code = ""
    label = ""
    target = ""
    groups = ()
    # What its files are: see `source.get_kind`.
    kinds = ("json",)
    # Words that only this source writes, without their spaces: in its content, in the
    # names of its files.
    markers = ()
    file_names = ()
    # Field of the source that names a record.
    title_field = ""

    def parse(self, data, filename):
        """The document in these bytes; `SourceError` when they are of another kind."""
        return source.read(data)

    def is_recognised(self, data, head):
        """Whether only this source writes so; `head`: the beginning, without spaces."""
        return any(marker in head for marker in self.markers)

    def get_records(self, document):
        """The document's records; `SourceError` when it is of another shape. The first
        one says what of the file nobody reads."""
        records = [self._get_record(*pair) for pair in self._get_items(document)]
        unread = dict.fromkeys(name for r in records for name in r.unread)
        if unread:
            names = ", ".join(list(unread)[:MAX_NAMES])
            records[0].notes.append(
                _lt("Not read in this file: %(names)s.", names=names)
            )
        return records

    def _get_items(self, document):
        """(place, raw item) of each record, in the order of the source."""
        raise NotImplementedError

    def _fill(self, record, item):
        """Write what the raw item says; `values.Refused` for what it cannot be."""
        raise NotImplementedError

    def _get_record(self, place, item):
        """A bad item gives a refused record, never an error: the others go on."""
        record = Record(place)
        try:
            self._identify(record, item)
            record.unread = item.get("_unread", [])
            record.raw = item.get("_raw", {})
            self._fill(record, item)
        except values.Refused as refusal:
            record.refused = refusal.message
        return record

    def _identify(self, record, item):
        if not isinstance(item, dict):
            raise values.Refused(_lt("It is not an object with named fields."))
        record.title = values.get_text("", item.get(self.title_field))[:250]
        if identity := self._get_identity(item):
            record.place = _lt("%(place)s, %(id)s", place=record.place, id=identity)

    def _get_identity(self, item):
        """What people recognise the record by, beside its place."""
        return values.get_text("", item.get("id"))[:100]


def register(cls):
    """Class decorator: offer this adapter in the list of sources."""
    ADAPTERS[cls.code] = cls()
    return cls


def guess(data, filename):
    """Code of the adapter these bytes look like: content first, then the name."""
    kind = source.get_kind(data)
    known = [adapter for adapter in ADAPTERS.values() if kind in adapter.kinds]
    head = _get_head(data)
    name = (filename or "").lower()
    for adapter in known:
        if adapter.is_recognised(data, head):
            return adapter.code
    # A file cut to nothing is of no kind: its name alone says where it comes from.
    for adapter in (*known, *ADAPTERS.values()):
        if any(part in name for part in adapter.file_names):
            return adapter.code
    return False


def _get_head(data):
    """The beginning, far enough to hold the first records whatever their length."""
    # Texts in UTF-16 or 32 show by their zeros.
    head = data[:262144].replace(b"\0", b"").decode("utf-8", "replace")
    return "".join(head.split())
