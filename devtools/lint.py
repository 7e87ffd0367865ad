"""./dev lint: the addons' Python, XML, JavaScript and translations."""

import argparse

from lxml import etree

from . import cache, node, translations, venv
from .linter import succeeds
from .report import say

_ADDONS = (cache.ADDON, *cache.BRIDGES)
_PYTHON = ("dev", "devtools", "bench", "tests", *_ADDONS)
_STYLED = (".css", ".js", ".scss", ".xml")


def main(odoo, arguments):
    parser = argparse.ArgumentParser(prog="./dev lint")
    parser.add_argument("--fix", action="store_true")
    fix = parser.parse_args(arguments).fix
    linters = venv.for_lint() / "bin"
    checks = {
        "ruff": lambda: _ruff(linters, fix),
        "what the oldest Python has": lambda: _vermin(linters),
        "pylint-odoo": lambda: _pylint(linters),
        "format of XML, CSS and JavaScript": lambda: _format(fix),
        "XML of the addon": lambda: _oca_checks(linters),
        "JavaScript": _javascript,
        "translations": lambda: translations.check(odoo, linters, fix),
    }
    # All of them, even after a failure: one run tells everything there is to mend.
    failed = [name for name, check in checks.items() if not _reported(name, check)]
    print(f"lint: {'failed: ' + ', '.join(failed) if failed else 'all is well'}")
    return 1 if failed else 0


def _reported(name, check):
    passed = check()
    print(f"{'ok  ' if passed else 'FAIL'}  {name}", flush=True)
    return passed


def _ruff(linters, fix):
    ruff = linters / "ruff"
    if fix:
        # What it could not repair is told below, once.
        succeeds(ruff, "check", "--silent", "--fix", ".")
        succeeds(ruff, "format", "--silent", ".")
    checked = succeeds(ruff, "check", "--quiet", ".")
    return succeeds(ruff, "format", "--check", "--quiet", ".") and checked


def _vermin(linters):
    target = f"--target={'.'.join(map(str, venv.OLDEST))}-"
    options = ("--violations", "--no-tips", "--no-parse-comments", "--quiet", target)
    return succeeds(linters / "vermin", *options, *_PYTHON)


def _pylint(linters):
    # The README of the addon and of its bridges is the repository's.
    options = ("--rcfile=.pylintrc", "--disable=missing-readme")
    return succeeds(linters / "pylint", *options, *_ADDONS)


def _oca_checks(linters):
    return succeeds(linters / "oca-checks-odoo-module", *_ADDONS)


def _sources(*suffixes):
    return [
        path.relative_to(cache.CHECKOUT)
        for addon in _ADDONS
        for path in sorted((cache.CHECKOUT / addon).rglob("*"))
        if path.suffix in suffixes and "lib" not in path.parts
    ]


def _format(fix):
    files = _sources(*_STYLED)
    if not files:
        return True
    if not node.is_available():
        say("without Node.js, only the syntax of the XML is checked, not its format.")
        return all([_is_well_formed(path) for path in files if path.suffix == ".xml"])
    mode = "--write" if fix else "--check"
    return succeeds(*node.prettier(), mode, "--log-level=warn", *files)


def _is_well_formed(path):
    try:
        etree.parse(cache.CHECKOUT / path)
    except etree.XMLSyntaxError as error:
        print(f"{path}: {error}")
        return False
    return True


def _javascript():
    files = _sources(".js")
    if not files or not node.is_available():
        return True
    return succeeds(*node.eslint(), *files)
