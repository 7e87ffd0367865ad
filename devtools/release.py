"""./dev release: the wheel of the addon, and what a version writes before it."""

import argparse
import os
import re
import subprocess
from datetime import date

from . import cache, venv
from .report import DevError, run_quietly, say

_MANIFEST = cache.CHECKOUT / cache.ADDON / "__manifest__.py"
_CHANGELOG = cache.CHECKOUT / "CHANGELOG.md"
_NUMBER = r"19\.0\.\d+\.\d+\.\d+"
_VERSION = re.compile(f'(?<="version": "){_NUMBER}(?=")')
_UNRELEASED = "## Unreleased\n"


def main(_odoo, arguments):
    parser = argparse.ArgumentParser(prog="./dev release")
    parser.add_argument("version", nargs="?", help="19.0.x.y.z, later than today's")
    version = parser.parse_args(arguments).version
    if version:
        _check_clean()
        _check_later(version)
        _write(version)
    print(build_wheel(cache.CHECKOUT / "dist"))
    if version:
        say("read CHANGELOG.md, commit, and tag.")
    return 0


def build_wheel(folder):
    """The path of the wheel of the addon as it stands in the checkout."""
    python = venv.python(venv.for_release())
    folder.mkdir(parents=True, exist_ok=True)
    command = [python, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder]
    # A version is what the manifest says, whatever was committed since.
    strategy = {"WHOOL_POST_VERSION_STRATEGY_OVERRIDE": "none"}
    run_quietly(
        [*command, cache.CHECKOUT / cache.ADDON],
        "The wheel could not be built.",
        env={**os.environ, **strategy},
    )
    [wheel] = folder.glob(f"odoo_addon_{cache.ADDON}-{_read_version()}-*.whl")
    return wheel


def _read_version():
    return _VERSION.search(_MANIFEST.read_text()).group()


def _check_clean():
    command = ["git", "status", "--porcelain"]
    if subprocess.check_output(command, cwd=cache.CHECKOUT):
        raise DevError("Commit first: a release is made of what is committed.")


def _check_later(version):
    if not re.fullmatch(_NUMBER, version):
        raise DevError(f"{version} is no version of the addon: 19.0.x.y.z")
    if _get_rank(version) <= _get_rank(_read_version()):
        raise DevError(f"{version} is not later than {_read_version()}.")


def _get_rank(version):
    return [int(number) for number in version.split(".")]


def _write(version):
    """The version in the manifest; under it, in the changelog, what was unreleased."""
    changelog = _CHANGELOG.read_text()
    if _UNRELEASED not in changelog:
        raise DevError("CHANGELOG.md says nothing under “Unreleased”.")
    heading = f"## {version} - {date.today()}\n"
    _CHANGELOG.write_text(changelog.replace(_UNRELEASED, heading, 1))
    _MANIFEST.write_text(_VERSION.sub(version, _MANIFEST.read_text()))
