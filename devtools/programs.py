"""The two system programs Odoo calls: installed where possible, else explained."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass

from . import cache
from .report import say

_RETRY_AFTER = 24 * 3600


@dataclass(frozen=True)
class Program:
    package: str
    names: tuple  # the names under which Odoo looks for it
    loss: str  # what does not work without it


_PROGRAMS = (
    Program("wkhtmltopdf", ("wkhtmltopdf",), "printing PDF documents does not work"),
    Program(
        "chromium",
        ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable"),
        "browser tests are skipped",
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


def _is_there(program):
    return any(shutil.which(name) for name in program.names)


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
