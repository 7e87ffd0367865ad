"""Virtual environments of the cache: for Odoo, the linters, the walks, releases."""

import os
import sys
from pathlib import Path

from . import cache
from .report import DevError, run_quietly, say

REQUIREMENTS = Path(__file__).parent / "requirements"
OLDEST, _NEWEST = (3, 10), (3, 13)


def check_python():
    """Before anything is fetched: Odoo 19 runs on these versions only."""
    if not OLDEST <= sys.version_info[:2] <= _NEWEST:
        raise DevError(
            "Odoo 19 needs Python 3.10 to 3.13, and this is"
            f" {sys.version_info.major}.{sys.version_info.minor}."
            " Run another one, for instance: python3.12 dev run"
        )


def for_odoo(host):
    """The environment in which `import odoo` finds the host."""
    return _environment("odoo", host.home)


def for_lint():
    return _environment("lint")


def for_release():
    return _environment("release")


def for_walks():
    return _environment("walk")


def python(environment):
    return environment / "bin" / "python"


def is_current(environment):
    """Whether this very process runs in the environment."""
    return Path(sys.prefix) == environment


def reenter(environment, script, arguments):
    """Go on as the environment's Python, which has Odoo's libraries."""
    interpreter = python(environment)
    os.execv(interpreter, [str(interpreter), str(script), *arguments])


def _environment(name, path_entry=""):
    requirements = (REQUIREMENTS / f"{name}.txt").read_text()
    release = f"{sys.version_info.major}.{sys.version_info.minor}"
    made_from = cache.key(sys.base_prefix, requirements, path_entry)
    folder = cache.folder("venv") / f"{name}-{release}-{made_from}"

    def build(target):
        _create(target, name)
        if path_entry:
            [packages] = target.glob("lib/python*/site-packages")
            (packages / "odoo_host.pth").write_text(f"{path_entry}\n")

    cache.build_once(folder, build)
    cache.forget_unused(folder.parent)
    return folder


def _create(target, name):
    say(f"installing the Python packages for {name} (once)…")
    run_quietly(
        [sys.executable, "-m", "venv", target],
        "Python cannot make virtual environments: install its venv package"
        " (python3-venv on Debian).",
    )
    run_quietly(
        [python(target), "-m", "pip", "install", "--prefer-binary", "--no-input"]
        + ["--disable-pip-version-check", "-r", REQUIREMENTS / f"{name}.txt"],
        "pip could not install the Python packages. Is the network up?",
    )
