"""The addon and its tests, imported by the oldest Python that Odoo 19 runs on."""

import os
import shutil
import subprocess
import sys

from . import cache, venv
from .report import say
from .result import Result

_RELEASE = ".".join(map(str, venv.OLDEST))


def run():
    """A failure where that Python is there and cannot import everything; elsewhere
    `./dev lint` reads the sources for what it does not have."""
    if sys.version_info[:2] == venv.OLDEST:
        return Result()
    python = shutil.which(f"python{_RELEASE}")
    if not python or _run(python, "-c", "import ensurepip, venv").returncode:
        say(f"without Python {_RELEASE}, nothing is imported on the oldest version.")
        return Result()
    say(f"importing the addon and its tests on Python {_RELEASE}…")
    done = _run(python, "dev", "test", "--collect-only", "-q", "-q", "tests")
    if done.returncode:
        print(done.stdout)
    return Result(failed=1 if done.returncode else 0)


def _run(python, *arguments):
    return subprocess.run(
        [python, *arguments],
        cwd=cache.CHECKOUT,
        # What pyenv puts on the path runs the versions that it is told.
        env={**os.environ, "PYENV_VERSION": _RELEASE},
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
