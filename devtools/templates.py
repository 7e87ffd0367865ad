"""Template databases: built once, then cloned in a second.

Two layers: a base with what the addon depends on, then the addon on top of it, so that
a changed addon costs only its own installation. Each is named after what it was built
from.
"""

import ast
import os
from contextlib import contextmanager

from . import cache, database
from .odoo import bad_entries
from .report import DevError, say

_LANGUAGE = "fr_FR"
# To be raised when the way a base is built changes.
_RECIPE = 3
# What can change without the database noticing.
_NOT_INSTALLED = {"static", "tests", "readme", "__pycache__", ".pot"}
# Of each kind: a base is dear and rarely changes, an addon changes all day.
_KEPT = {"base": 4, "addon": 12, "demo": 4}
_ADDON = cache.CHECKOUT / cache.ADDON


def addon_template(odoo, demo=False):
    """The database with the addon installed, in English and French."""
    kind = "demo" if demo else "addon"
    target = database.name(kind, cache.key(_base_name(odoo, demo), content()))
    with _used(odoo, target):
        if not _is_built(odoo, target):
            base = _base_template(odoo, demo)
            _build(odoo, target, [cache.ADDON], demo, base)
    _prune(odoo)
    return target


def clone(odoo, purpose, demo=False):
    """A scratch database with the addon."""
    return database.scratch_clone(odoo, addon_template(odoo, demo), purpose)


def clone_stock(odoo, purpose):
    """A scratch database without the addon: what its cost is compared with."""
    return database.scratch_clone(odoo, _base_template(odoo, False), purpose)


def installation_log(odoo, template):
    return odoo.folder("logs") / f"{template}.log"


def content():
    """A key of everything in the addon that its installation reads."""
    files = []
    for path in sorted(_ADDON.rglob("*")):
        relative = path.relative_to(_ADDON)
        if path.is_file() and not _NOT_INSTALLED.intersection(
            (*relative.parts, path.suffix)
        ):
            files.append(f"{relative}\0{path.read_bytes().hex()}")
    return cache.key(*files)


def _base_template(odoo, demo):
    target = _base_name(odoo, demo)
    with _used(odoo, target):
        if not _is_built(odoo, target):
            _build(odoo, target, _manifest()["depends"], demo)
    return target


def _is_built(odoo, target):
    """Its log is part of it: the tests read the warnings in it."""
    return database.exists(target) and installation_log(odoo, target).exists()


def _base_name(odoo, demo):
    made_from = (odoo.host.version, odoo.host.home, *_manifest()["depends"], demo)
    return database.name("base", cache.key(_RECIPE, _LANGUAGE, *made_from))


def _manifest():
    return ast.literal_eval((_ADDON / "__manifest__.py").read_text())


def _build(odoo, target, modules, demo, base=None):
    say(f"building the template database with {', '.join(modules)} (once)…")
    log = installation_log(odoo, target)
    log.write_text("")
    with database.draft(odoo, target) as draft:
        if base:
            database.clone(odoo, base, draft)
        _install(odoo, draft, modules, demo, log)
        if not base and not demo:
            # Not at the installation, which would make it everybody's language:
            # core's own tests expect English.
            _run_logged(odoo, log, "i18n", "loadlang", "-d", draft, "-l", _LANGUAGE)


def _install(odoo, draft, modules, demo, log):
    options = ["-d", draft, "-i", ",".join(modules), "--stop-after-init", "--no-http"]
    if demo:
        options += ["--with-demo", "--load-language", _LANGUAGE]
    _run_logged(odoo, log, "server", *options)
    _check_installed(draft, modules, log)
    if demo:
        _check_demo(draft, modules, log)


def _run_logged(odoo, log, *command):
    with open(log, "a") as output:
        done = odoo.run(*command, stdout=output, stderr=output)
    if done.returncode:
        end = "\n".join(log.read_text().splitlines()[-40:])
        raise DevError(f"Odoo failed ({command[0]}).\n{end}")


def _check_installed(draft, modules, log):
    """A module whose installation Odoo skipped leaves only a line in the log."""
    rows = database.query(
        draft, "SELECT name FROM ir_module_module WHERE state = 'installed'"
    )
    missing = set(modules) - {name for (name,) in rows}
    if missing:
        told = "\n".join(bad_entries(log.read_text()))
        raise DevError(f"Odoo did not install {', '.join(missing)}.\n{told}")


def _check_demo(draft, modules, log):
    """Demonstration data that fails only leaves a warning: the logins would lack."""
    rows = database.query(draft, "SELECT name FROM ir_module_module WHERE demo")
    missing = set(modules) - {name for (name,) in rows}
    if missing:
        told = "\n".join(bad_entries(log.read_text()))
        raise DevError(
            f"The demonstration of {', '.join(missing)} did not load.\n{told}"
        )


@contextmanager
def _used(odoo, target):
    """Keep other runs away from a template, and remember that somebody wanted it."""
    mark = odoo.folder("templates") / target
    with cache.hold(mark):
        os.utime(mark)
        yield


def _prune(odoo):
    """Drop the templates nobody has wanted for longest, with any draft of theirs."""
    for kind, kept in _KEPT.items():
        marks = odoo.folder("templates").glob(f"{database.name(kind)}_*")
        by_use = sorted(marks, key=lambda mark: mark.stat().st_mtime)
        for mark in by_use[:-kept]:
            for leftover in database.existing(mark.name):
                database.drop(odoo, leftover)
            installation_log(odoo, mark.name).unlink(missing_ok=True)
            mark.unlink(missing_ok=True)
