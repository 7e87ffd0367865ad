"""Template databases: built once, then cloned in a second.

Two layers: a base with what the addon depends on, then the addon on top of it, so that
a changed addon costs only its own installation. Each is named after what it was built
from.
"""

import ast
import os
import time

from . import cache, database
from .odoo import bad_entries
from .report import DevError, say

_LANGUAGE = "fr_FR"
# What can change without the database noticing.
_NOT_INSTALLED = {"static", "tests", "readme", "__pycache__"}
_KEPT_ADDON_TEMPLATES = 16
_ADDON = cache.CHECKOUT / cache.ADDON


def addon_template(odoo, demo=False):
    """The database with the addon installed, in English and French."""
    base = _base_key(odoo, demo)
    target = database.name(_kind(demo), cache.key(base, _content()))
    with cache.lock("templates"):
        if not database.existing(target):
            _build(odoo, target, _base_template(odoo, demo), [cache.ADDON])
            _check_installation(odoo, target)
        _mark_used(target)
        _prune(odoo)
    return target


def clone(odoo, purpose, demo=False):
    """A scratch database with the addon."""
    return database.scratch_clone(odoo, addon_template(odoo, demo), purpose)


def installation_log(template):
    return cache.folder("logs") / f"{template}.log"


def _kind(demo):
    return "demo" if demo else "addon"


def _base_template(odoo, demo):
    target = _base_key(odoo, demo)
    if not database.existing(target):
        _build(odoo, target, None, _manifest()["depends"], demo)
    return target


def _base_key(odoo, demo):
    made_from = (odoo.host.version, odoo.host.home, *_manifest()["depends"], demo)
    return database.name("base", cache.key(_LANGUAGE, *made_from))


def _manifest():
    return ast.literal_eval((_ADDON / "__manifest__.py").read_text())


def _content():
    """Everything of the addon that an installation reads."""
    content = []
    for path in sorted(_ADDON.rglob("*")):
        relative = path.relative_to(_ADDON)
        if path.is_file() and not _NOT_INSTALLED.intersection(relative.parts):
            content.append(f"{relative}\0{path.read_bytes().hex()}")
    return cache.key(*content)


def _build(odoo, target, source, modules, demo=False):
    """Install modules into a draft, which gets the template's name when it is done."""
    say(f"building the template database with {', '.join(modules)} (once)…")
    draft = f"{target}_draft"
    database.drop(odoo, draft)
    options = ["-d", draft, "-i", ",".join(modules), "--stop-after-init", "--no-http"]
    if source:
        database.clone(odoo, source, draft)
    else:
        options += ["--load-language", _LANGUAGE]
        options += ["--with-demo"] if demo else []
    log = installation_log(target)
    with open(log, "w") as output:
        done = odoo.run("server", *options, stdout=output, stderr=output)
    if done.returncode:
        raise DevError(f"Odoo could not install {modules}.\n{_end_of(log)}")
    database.rename(odoo, draft, target)


def _end_of(log):
    return "\n".join(log.read_text().splitlines()[-40:])


def _check_installation(odoo, target):
    """A module whose installation Odoo skipped leaves only a line in the log."""
    [(state,)] = database.query(
        target, "SELECT state FROM ir_module_module WHERE name = %s", [cache.ADDON]
    ) or [("absent",)]
    if state != "installed":
        database.drop(odoo, target)
        entries = bad_entries(installation_log(target).read_text())
        raise DevError(f"{cache.ADDON} is {state}.\n" + "\n".join(entries))


def _mark_used(target):
    path = cache.folder("templates") / target
    path.touch()
    os.utime(path, (time.time(), time.time()))


def _prune(odoo):
    """Drop the addon templates nobody has used for longest."""
    marks = sorted(cache.folder("templates").iterdir(), key=lambda p: p.stat().st_mtime)
    for mark in marks[:-_KEPT_ADDON_TEMPLATES]:
        database.drop(odoo, mark.name)
        installation_log(mark.name).unlink(missing_ok=True)
        mark.unlink()
