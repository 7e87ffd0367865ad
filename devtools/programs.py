"""The system programs and the library Odoo calls: installed where possible, else
explained."""

import os
import shutil
import subprocess
import time
from ctypes.util import find_library
from dataclasses import dataclass

from . import cache
from .report import say

_RETRY_AFTER = 24 * 3600


@dataclass(frozen=True)
class Program:
    package: str
    names: tuple  # the names under which it is looked for
    loss: str  # what does not work without it
    find: object = shutil.which


_PROGRAMS = (
    Program("wkhtmltopdf", ("wkhtmltopdf",), "Odoo's own PDF documents are not made"),
    Program(
        "libpangoft2-1.0-0",
        ("pangoft2-1.0",),
        "our PDF documents are not made",
        find=find_library,
    ),
    Program(
        "chromium",
        ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable"),
        "browser tests are skipped and nothing can be walked",
    ),
)


def ensure():
    """Install what is missing, or say in one sentence what that costs."""
    for program in _PROGRAMS:
        if not _is_there(program) and not _install(program):
            say(
                f"without {program.package}, {program.loss};"
                f" install it with your system's packages."
            )


def find(package):
    """Where a program or a library is, None where it is missing."""
    [program] = [each for each in _PROGRAMS if each.package == package]
    return next(filter(None, map(program.find, program.names)), None)


def _is_there(program):
    return bool(find(program.package))


def _install(program):
    """Only root can; one failed attempt a day, as it may take long without network."""
    if os.geteuid() or not shutil.which("apt-get"):
        return False
    with cache.lock("system-packages"):
        attempt = cache.folder("attempts") / program.package
        if _is_there(program):
            return True
        if attempt.exists() and time.time() - attempt.stat().st_mtime < _RETRY_AFTER:
            return False
        attempt.touch()
        say(f"installing {program.package} from the system's packages (once)…")
        _apt_get("update")
        _apt_get("install", "-y", "--no-install-recommends", program.package)
    return _is_there(program)


def _apt_get(*arguments):
    """A failure shows in the program's absence, which is reported in plain words."""
    subprocess.run(
        ["apt-get", "-q", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
