"""The translation files: the template as Odoo exports it, and a complete French."""

import runpy
import tempfile
from pathlib import Path

import polib

from . import cache, templates
from .linter import succeeds
from .report import DevError, say

_FOLDER = cache.CHECKOUT / cache.ADDON / "i18n"
_TEMPLATE = _FOLDER / f"{cache.ADDON}.pot"
_FRENCH = _FOLDER / "fr.po"
# French spaces that do not break: the same as on the documents.
_PAPER = cache.CHECKOUT / cache.ADDON / "models" / "base" / "paper.py"
_DATES = ("POT-Creation-Date", "PO-Revision-Date")


def check(odoo, linters, fix):
    if not _TEMPLATE.exists() and not fix:
        say(f"there is no {_TEMPLATE.name} yet; ./dev lint --fix writes it.")
        return True
    exported = _export(odoo)
    if fix:
        _update(exported)
    problems = [*_outdated(exported), *_incomplete(exported)]
    for problem in problems:
        print(problem)
    return _well_written(linters) and not problems


def _export(odoo):
    """On a clone: nobody may be connected to a template that others copy."""
    database = templates.clone(odoo, "i18n")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _TEMPLATE.name
        done = odoo.run(
            *("i18n", "export", "-d", database, "-l", "pot", "-o", path, cache.ADDON),
            capture_output=True,
            text=True,
        )
        if done.returncode or not path.exists():
            raise DevError(f"Odoo could not export the terms.\n{done.stderr}")
        exported = polib.pofile(path.read_text())
    # Dates would make every export differ from the last.
    for name in _DATES:
        exported.metadata.pop(name, None)
    return exported


def _update(exported):
    """Write the template unless only its date would change; add its terms to fr.po."""
    _FOLDER.mkdir(exist_ok=True)
    if _outdated(exported):
        exported.save(str(_TEMPLATE))
    french = polib.pofile(str(_FRENCH)) if _FRENCH.exists() else _new_french(exported)
    before = str(french)
    french.merge(exported)
    for entry in french.obsolete_entries():
        french.remove(entry)
    french.sort(key=lambda entry: entry.msgid)
    unbreak = _get_unbreak()
    for entry in french:
        entry.msgstr = unbreak(entry.msgstr)
    if str(french) != before or not _FRENCH.exists():
        french.save(str(_FRENCH))


def _get_unbreak():
    return runpy.run_path(str(_PAPER))["unbreak"]


def _new_french(exported):
    french = polib.POFile()
    french.header = exported.header
    french.metadata = {
        **exported.metadata,
        "Language": "fr",
        "Plural-Forms": "nplurals=2; plural=n > 1;",
    }
    return french


def _outdated(exported):
    current = polib.pofile(str(_TEMPLATE)) if _TEMPLATE.exists() else polib.POFile()
    if str(current) == str(exported):
        return []
    old, new = _terms(current), _terms(exported)
    changed = [
        *(f"+ {term}" for term in new - old),
        *(f"- {term}" for term in old - new),
    ]
    return [
        f"{_TEMPLATE.name} is not what Odoo exports; ./dev lint --fix writes it.",
        *sorted(changed),
    ]


def _terms(catalogue):
    return {entry.msgid for entry in catalogue}


def _incomplete(exported):
    if not _FRENCH.exists():
        return [f"{_FRENCH.name} is missing; ./dev lint --fix starts it."]
    french = polib.pofile(str(_FRENCH))
    done = {entry.msgid for entry in french.translated_entries()}
    missing = sorted(_terms(exported) - done)
    surplus = sorted(_terms(french) - _terms(exported))
    unbreak = _get_unbreak()
    broken = [entry.msgstr for entry in french if unbreak(entry.msgstr) != entry.msgstr]
    return [
        *(f"{_FRENCH.name} does not translate: {term}" for term in missing),
        *(f"{_FRENCH.name} translates what is gone: {term}" for term in surplus),
        *(
            f"{_FRENCH.name} lets a line end before a mark; ./dev lint --fix: {text}"
            for text in broken
        ),
    ]


def _well_written(linters):
    # po-pretty-format would also empty the terms that read the same in French
    # (“Date”), which _incomplete then asks for.
    return succeeds(
        linters / "oca-checks-po", "--disable=po-pretty-format", _TEMPLATE, _FRENCH
    )
