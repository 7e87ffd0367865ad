from datetime import date
from itertools import islice

from dateutil.relativedelta import relativedelta
from psycopg2.extras import Json

from odoo import models
from odoo.tools import SQL, LazyTranslate

from ...models.catalogue import words
from ...models.exchange.published_contract import COLUMNS, LONGEST_TITLE
from .adapters import ADAPTERS
from .adapters.base import Record
from .source import SourceError
from .stream import read_contracts

_lt = LazyTranslate(__name__)

# Contracts written together: enough for their queries to be shared.
BATCH = 2000
_NAMES = ", ".join((*COLUMNS, "search_vector"))
_LATER = ", ".join(f"EXCLUDED.{name}" for name in (*COLUMNS, "search_vector"))
_UPSERT = (
    f"INSERT INTO souverainete_published_contract ({_NAMES}) VALUES %s"
    f" ON CONFLICT (key) DO UPDATE SET ({_NAMES}) = ROW({_LATER})"
)
_ROW = f"({', '.join(['%s'] * len(COLUMNS))}, to_tsvector('french', %s))"


class PublishedLoading(models.AbstractModel):
    """How published contracts are read and written, whatever their number: batch after
    batch, in constant memory, by the one reader of essential data.

    Of one contract, known by its buyer and its number, the latest publication counts,
    in whatever order files are loaded: loading again changes nothing.
    """

    _name = "souverainete.published.loading"
    _description = "Loading of published contracts"

    def _read_batches(self, raw, position=0):
        """Lists of records of a binary file, those before `position` passed over."""
        adapter = ADAPTERS["decp"]
        items, batch = adapter.get_streamed(read_contracts(raw)), []
        try:
            for item in islice(items, position, None):
                batch.append(self._read(adapter, *item))
                if len(batch) == BATCH:
                    yield batch
                    batch = []
        except SourceError:
            # What stands before the fault is good.
            yield batch
            raise
        yield batch

    def _read(self, adapter, place, item):
        record = adapter._get_record(place, item)
        if record.refused or record.skipped:
            return record
        record.values["published_ref"] = record.key
        if not record.values["buyer"]:
            record.refused = _lt("Its buyer is not named: it is nobody's contract.")
        return record

    def _write_batch(self, records, source):
        """Write what is new or later; returns {status: how many}."""
        good = [record for record in records if not (record.refused or record.skipped)]
        known = self._fetch_known({record.key for record in good})
        rows, counts = [], {"created": 0, "updated": 0}
        for latest, same in ADAPTERS["decp"].settle([*known.values(), *good]):
            before = next((r for r in same if "row" in r.values), None)
            latest = self._get_corrected(latest, same, source)
            if row := self._get_new_row(latest, before, source):
                counts["updated" if before else "created"] += 1
                rows.append(row)
        self._upsert(rows)
        counts["refused"] = sum(bool(record.refused) for record in records)
        counts["unchanged"] = len(records) - sum(counts.values())
        return counts

    def _get_corrected(self, latest, same, source):
        """Of two publications that bear the same dates, that of another file corrects
        what is known; rows of one file each give a holder."""
        if latest.values.get("row", {}).get("source", source) == source:
            return latest
        said, rank = self._get_said(latest.values), ADAPTERS["decp"]._get_rank
        for record in same:
            if rank(record) == rank(latest) and self._get_said(record.values) != said:
                record.values["holders"] = latest.values["holders"]
                return record
        return latest

    def _upsert(self, rows):
        if rows:
            self.env.cr.execute_values(_UPSERT, rows, template=_ROW, page_size=500)
            self.env["souverainete.published.contract"].invalidate_model()

    # === WHAT IS KNOWN === #

    def _fetch_known(self, keys):
        """{key: record} of the contracts already here under these identifiers."""
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM souverainete_published_contract"
                " WHERE published_ref = ANY(%s) ORDER BY id",
                SQL(", ").join(map(SQL.identifier, COLUMNS)),
                list(keys),
            )
        )
        found = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
        return {row["key"]: self._to_record(row) for row in found}

    def _to_record(self, row):
        """The record that this row was made of."""
        record = Record(_lt("already known here"), row["published_ref"], row["title"])
        record.values = {
            "row": row,
            "published_ref": row["published_ref"],
            "reference": row["reference"],
            "title": row["title"],
            "buyer": row["buyer_siret"],
            "buyer_name": row["buyer_name"] or "",
            "cpv": row["cpv_code"],
            "date": row["date_start"],
            "amount": row["amount"] and float(row["amount"]),
            "months": row["duration_months"],
            "framework": row["framework_number"] or "",
            "published": row["date_published"],
            "amended": row["date_amended"],
            "revision": row["revision"],
            "holders": list(row["holders"] or ()),
        }
        return record

    # === ROWS === #

    def _get_new_row(self, latest, before, source):
        """Cells of what is to be written of a contract, or nothing."""
        if before and self._is_same(latest.values, before.values):
            return None
        row = self._prepare_row(latest, source)
        if before:
            row |= {
                name: before.values["row"][name] for name in ("key", "published_ref")
            }
        title = words.fold_text(latest.values["title"], LONGEST_TITLE)
        return (*(row[name] for name in COLUMNS), title)

    def _is_same(self, found, before):
        written = before["row"]["holders"] or []
        same_holders = found["holders"] == written
        return same_holders and self._get_said(found) == self._get_said(before)

    def _get_said(self, found):
        """What a publication says of a contract, its holders apart."""
        names = ("title", "buyer", "cpv", "date", "amount", "months", "published")
        return [found.get(name) or None for name in (*names, "amended", "revision")]

    def _prepare_row(self, record, source):
        found = record.values
        first = next(iter(found["holders"]), None)
        siren = first[1][:9] if first and first[0] == "SIRET" else None
        return {
            "key": record.key,
            "published_ref": found["published_ref"],
            "reference": found["reference"],
            "revision": found["revision"],
            "title": found["title"][:LONGEST_TITLE],
            "cpv_code": found["cpv"],
            "buyer_siret": found["buyer"],
            "buyer_siren": found["buyer"][:9],
            "buyer_name": found["buyer_name"] or None,
            "holders": Json(found["holders"]),
            "holder_siren": siren,
            "holder_name": ", ".join(h[2] or h[1] for h in found["holders"]),
            "amount": found["amount"],
            "date_start": found["date"],
            "duration_months": found["months"],
            "date_end": self._get_end(found),
            "framework_number": found["framework"] or None,
            "date_published": found["published"],
            "date_amended": found.get("amended"),
            "source": source,
        }

    def _get_end(self, found):
        end = found["months"] and found["date"] + relativedelta(months=found["months"])
        return end if end and end < date.max else None
