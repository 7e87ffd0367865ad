"""What is told of a record, kept as a term and its values: a sentence that was made
for one reader is read again in the language, and with the rights, of another."""

from datetime import date
from typing import Any, NamedTuple

from odoo import fields
from odoo.tools.misc import format_date
from odoo.tools.translate import get_translation

# Whose terms they are.
_MODULE = "souverainete_achat"


class Told(str):
    """A sentence as its first reader reads it, that remembers what it was made of.

    `term` and `values`: the source and what fills it in; `parts` and `between`: of
    sentences that follow each other; `instead`: what is told to those who may not read
    it.
    """

    __slots__ = ("between", "instead", "parts", "term", "values")

    @classmethod
    def _make(cls, text, term="", values=None, parts=(), between="", instead=None):
        told = cls(text)
        told.term, told.values, told.instead = term, values or {}, instead
        told.parts, told.between = tuple(parts), between
        return told

    @classmethod
    def join(cls, parts, between=" "):
        """Sentences that follow each other, as one."""
        return cls._make(between.join(parts), parts=parts, between=between)

    def reserve(self, instead, hidden):
        """The same, told to some. `hidden`: the current reader is told `instead`."""
        text = instead if hidden else self
        return self._make(
            str(text), self.term, self.values, self.parts, self.between, instead
        )

    def to_json(self, reserved=True):
        """What it is made of, in no language. `reserved`: whether some may still not
        read what is told to some only."""
        if self.parts:
            parts = [_to_json(part, reserved) for part in self.parts]
            kept = {"parts": parts, "between": self.between}
        else:
            values = self.values.items()
            kept = {
                "term": self.term,
                "values": {name: _to_json(value, reserved) for name, value in values},
            }
        if reserved and self.instead:
            kept["instead"] = self.instead.to_json()
        return kept


class Money(NamedTuple):
    """An amount in its currency."""

    amount: float
    currency: Any


class Label(NamedTuple):
    """The label of a field, or of one of its choices."""

    model: str
    field: str
    choice: str = ""


class Named(NamedTuple):
    """The names of records that everybody may read, which have one a language."""

    records: Any


class _Teller:
    def __init__(self, env):
        self.env = env

    def _(self, term, **values):
        """The sentence of `term`; named as what Odoo collects terms to translate by.

        Dates, `Money`, `Label`, `Named`, other sentences and lists are values too.
        """
        texts = {name: _to_text(self.env, value) for name, value in values.items()}
        return Told._make(_translate(self.env, term, texts), term, values)


def tell(env):
    """What makes sentences for the reader of `env`: `tell(self.env)._("…", name=…)`."""
    return _Teller(env)


def read_told(env, kept, may_read=True):
    """The sentence that `Told.to_json` kept, for the reader of `env`. `may_read`:
    whether they may read what is told to some only."""
    if not may_read and "instead" in kept:
        return read_told(env, kept["instead"])
    if "parts" in kept:
        parts = (_read(env, part, may_read) for part in kept["parts"])
        return kept["between"].join(parts)
    values = kept["values"].items()
    texts = {name: _read(env, value, may_read) for name, value in values}
    return _translate(env, kept["term"], texts)


def _translate(env, term, texts):
    return get_translation(_MODULE, env.lang or "en_US", term, texts)


def _to_text(env, value):
    """A value as the reader of `env` reads it."""
    match value:
        case Money(amount, currency):
            return currency.with_env(env).format(amount)
        case Label(model, name, choice):
            return _get_label(env, model, name, choice)
        case Named(records):
            return ", ".join(records.with_env(env).mapped("name"))
        case list() | tuple():
            return ", ".join(str(_to_text(env, item)) for item in value)
        case date():
            return format_date(env, value)
        case False | None:
            return ""
        case _:
            return value


def _get_label(env, model, name, choice):
    field = env[model]._fields[name]
    if not choice:
        return field._description_string(env)
    return dict(field._description_selection(env)).get(choice, "")


def _get_names(env, model, ids):
    """In their order; those that are no more have no name."""
    names = _get_kept_names(env[model].sudo()) or {}
    if not names.keys() >= set(ids):
        named = env[model].sudo().with_context(active_test=False)
        found = named.search_fetch([("id", "in", ids)], ["name"])
        names = {record.id: record.name for record in found}
    return ", ".join(names[key] for key in ids if key in names)


def _get_kept_names(model):
    """{id: name} of reference records that the server keeps between requests."""
    kept = hasattr(model, "_is_kept") and model._is_kept() and model._get_kept()
    return kept and kept.get("name")


def _to_json(value, reserved):
    match value:
        case Told():
            return {"told": value.to_json(reserved)}
        case Money(amount, currency):
            return {"money": [amount, currency.id]}
        case Label():
            return {"label": list(value)}
        case Named(records):
            return {"named": [records._name, records.ids]}
        case list() | tuple():
            return [_to_json(item, reserved) for item in value]
        case date():
            return {"date": fields.Date.to_string(value)}
        case _:
            return value


def _read(env, kept, may_read):
    """A value that was kept, as the reader of `env` reads it."""
    match kept:
        case {"told": told}:
            return read_told(env, told, may_read)
        case {"money": [amount, currency]}:
            return env["res.currency"].browse(currency).format(amount)
        case {"label": label}:
            return _get_label(env, *label)
        case {"named": [model, ids]}:
            return _get_names(env, model, ids)
        case {"date": day}:
            return format_date(env, day)
        case list():
            return ", ".join(str(_read(env, item, may_read)) for item in kept)
        case False | None:
            return ""
        case _:
            return kept
