"""A list of qualified services in a table (CSV or XLSX, with a template)."""

import re

from odoo.tools import LazyTranslate

from ....models.base.identity import is_siren, is_siret
from ....models.base.text import fold
from .. import french_dates, values
from ..source import SourceError
from ..table import read_table, rename
from .base import Adapter, register
from .qualification_words import HEADINGS, STATES, TYPES

_lt = LazyTranslate(__name__)

MAX_NAME = 200

_VERSION = re.compile(r"\bv?\.? ?([0-9]{1,2}\.[0-9]{1,2}(?:\.[0-9]{1,2})?)\b", re.I)
_SPLIT = re.compile(r"[/,;+&|\n]|\bet\b")


def _fold(text):
    return fold(values.get_text("", text))


_FIELDS = {_fold(t): field for field, titles in HEADINGS.items() for t in titles}
_FOLDED_STATES = {_fold(text): state for text, state in STATES.items()}
_FOLDED_TYPES = {_fold(name): name for name in TYPES}


@register
class QualificationSheet(Adapter):
    code = "qualification_sheet"
    label = _lt("List of qualified services (CSV or XLSX)")
    target = "qualification"
    groups = (
        "souverainete_achat.group_officer",
        "souverainete_achat.group_manager",
    )
    kinds = ("text", "workbook")
    # The first columns of the template, whatever separates them.
    markers = (
        "Fournisseur;SIREN;Service",
        "Fournisseur,SIREN,Service",
        "FournisseurSIRENService",
    )
    file_names = ("qualifi", "secnumcloud")
    title_field = "service"

    def parse(self, data, filename):
        rows = read_table(data, self._has_columns)
        return [(line, rename(row, _FIELDS)) for line, row in rows]

    def _has_columns(self, headings):
        return self._is_complete(rename(dict.fromkeys(headings), _FIELDS))

    def _is_complete(self, row):
        return {"provider", "service"} <= set(row)

    def _get_items(self, document):
        if not document or not self._is_complete(document[0][1]):
            raise SourceError(
                _lt(
                    "At line 1, the columns “Fournisseur” and “Service” were expected: "
                    "download the template and fill it in, or choose another source."
                )
            )
        for line, row in document:
            yield _lt("Line %(line)s", line=line), row

    def _get_identity(self, item):
        return values.get_text("", item.get("provider"))[:100]

    def _fill(self, record, item):
        provider = self._get_name(_lt("Provider"), item.get("provider"))
        service = self._get_name(_lt("Service"), item.get("service"))
        decision = values.get_text("", item.get("decision"))[: values.MAX_KEY]
        record.title = f"{provider} – {service}"
        dates = {
            name: french_dates.get_date(HEADINGS[name][0], item.get(name))
            for name in ("date_start", "date_end", "date_withdrawn")
        }
        record.values = {
            "provider": provider,
            "siren": self._get_siren(item.get("siren")),
            "service": service,
            "types": self._get_types(item.get("types")),
            "scheme": self._get_scheme(item),
            "version": self._get_version(item),
            "decision": decision.removeprefix("n°").strip(),
            "source": values.get_text("", item.get("source"))[:1000],
            "source_url": values.get_text("", item.get("source_url"))[:500],
            **dates,
            **self._get_state(record, item, dates),
        }
        self._check_dates(record.values)
        record.key = "|".join(
            (_fold(provider), _fold(service), _fold(record.values["decision"]))
            + ((str(dates["date_start"] or ""),) if not decision else ())
        )[: values.MAX_KEY]

    def _get_name(self, field, value):
        name = values.get_text(field, value, required=True)
        if len(name) > MAX_NAME:
            raise values.Refused(
                _lt(
                    "%(field)s is longer than %(most)s characters.",
                    field=field,
                    most=MAX_NAME,
                )
            )
        return name

    def _get_siren(self, value):
        """Nine digits, out of a SIREN or a SIRET; empty when there is none."""
        number = values.get_digits(value)
        if values.is_placeholder(number):
            return ""
        number = values.restore_zero(number)
        if not (is_siren(number) or is_siret(number)):
            raise values.Refused(
                _lt(
                    "SIREN is “%(value)s”: it has nine digits, whose key is checked.",
                    value=number[:40],
                )
            )
        return number[:9]

    def _get_types(self, value):
        """Kinds of service; a word that is none of them is not guessed."""
        text = values.get_text("", value)
        names = []
        for part in _SPLIT.split(text):
            folded = _fold(part)
            if not folded or folded in values.UNKNOWN:
                continue
            if folded not in _FOLDED_TYPES:
                raise values.Refused(
                    _lt(
                        "The type of service is “%(value)s”: expected SaaS, PaaS, CaaS "
                        "or IaaS, separated by “/”.",
                        value=text[:60],
                    )
                )
            names.append(_FOLDED_TYPES[folded])
        return list(dict.fromkeys(names))

    def _get_scheme(self, item):
        folded = _fold(item.get("scheme"))
        if not folded or "secnumcloud" in folded:
            return "secnumcloud"
        raise values.Refused(
            _lt(
                "The reference is “%(value)s”: only SecNumCloud is imported. An "
                "equivalent European certification is recorded by hand, with its "
                "source.",
                value=values.get_text("", item.get("scheme"))[:60],
            )
        )

    def _get_version(self, item):
        """As “3.2”, in its own column or beside the name of the reference."""
        for name in ("version", "scheme"):
            if match := _VERSION.search(values.get_text("", item.get(name))):
                return match[1]
        return ""

    def _get_state(self, record, item, dates):
        text = values.get_text("", item.get("state"))
        folded = _fold(text)
        if folded not in _FOLDED_STATES:
            raise values.Refused(
                _lt(
                    "The state is “%(value)s”: expected qualifiée, en cours d'examen "
                    "or retirée. A suspension is recorded on the form, with its dates.",
                    value=text[:60],
                )
            )
        if folded in ("expiree", "echue"):
            record.notes.append(
                _lt("The list says it expired: verify on the ANSSI catalogue.")
            )
        since = french_dates.get_date(
            HEADINGS["renewal_pending_since"][0], item.get("renewal_pending_since")
        )
        if "renouvellement" in folded and not since:
            record.notes.append(
                _lt(
                    "The list says that its renewal is under way, not since when: not "
                    "recorded as pending."
                )
            )
        state = _FOLDED_STATES[folded]
        if dates["date_withdrawn"] and not text:
            state = "withdrawn"
        return {"state": state, "renewal_pending_since": since}

    def _check_dates(self, found):
        start, end = found["date_start"], found["date_end"]
        if start and end and end < start:
            raise values.Refused(_lt("It ends before it starts: correct the dates."))
