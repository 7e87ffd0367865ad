"""Debian packages unpacked into the cache, from an apt source of our own.

Nothing of it reaches the system: lists, downloads and state live in the cache. The
mirror is the one the system's own apt is set to, and apt checks the signatures against
Debian's keyring, as it always does.
"""

import platform
import re
import shutil
from pathlib import Path

from . import cache
from .report import DevError, run_quietly

# Its name changed with Debian 13.
_KEYRINGS = (
    Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
    Path("/usr/share/keyrings/debian-archive-keyring.pgp"),
)
_ODOO_SUITE = "sid"
_ALIASES = ("stable", "testing", "unstable", "sid")

# Hooks of the system's apt (package kits, image cleaners) are none of our business.
_SETTINGS = """\
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
Dir::State "{root}";
Dir::State::status "{root}/status";
Dir::State::lists "{root}/lists";
Dir::Cache "{root}";
Dir::Etc::sourcelist "{root}/odoo.sources";
Dir::Etc::sourceparts "-";
Dir::Etc::preferences "-";
Dir::Etc::preferencesparts "-";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Sandbox::User "root";
"""

_SOURCE = """\
Types: deb
URIs: {mirror}
Suites: {suites}
Components: main
Signed-By: {keyring}
"""


def is_available():
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb"))


def unpack(packages, target, suite=_ODOO_SUITE):
    """Download packages, preferring those of `suite`, and unpack them into `target`.

    Returns the names of their files.
    """
    root = cache.folder("apt")
    with cache.lock("apt"):
        downloads = root / "debs"
        shutil.rmtree(downloads, ignore_errors=True)
        downloads.mkdir()
        run_quietly(
            ["apt-get", "-c", root / "apt.conf", "-t", suite, "download", *packages],
            f"apt could not download {', '.join(packages)}.",
            cwd=downloads,
        )
        files = sorted(downloads.glob("*.deb"))
        for file in files:
            run_quietly(["dpkg-deb", "-x", file, target], f"{file.name} is damaged.")
        shutil.rmtree(downloads)
    return [file.name for file in files]


def refresh():
    """Write the private source and read its package lists."""
    root = cache.folder("apt")
    with cache.lock("apt"):
        cache.folder("apt", "lists", "partial")
        cache.folder("apt", "archives", "partial")
        (root / "status").touch()
        (root / "apt.conf").write_text(_SETTINGS.format(root=root))
        suites = dict.fromkeys((_ODOO_SUITE, system_suite()))
        (root / "odoo.sources").write_text(
            _SOURCE.format(
                mirror=_system_mirror(), suites=" ".join(suites), keyring=_keyring()
            )
        )
        run_quietly(
            ["apt-get", "-c", root / "apt.conf", "update"],
            "apt could not read Debian's package lists. Is the network up?",
        )


def system_suite():
    """The system's own Debian release, for what must match an older version."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    if release.get("ID") != "debian":
        raise DevError(
            "This system is not Debian, so Odoo 19 cannot be fetched for you."
            " Set ODOO_HOME to a checkout or an install of Odoo 19."
        )
    return release.get("VERSION_CODENAME", _ODOO_SUITE)


def _keyring():
    for path in _KEYRINGS:
        if path.exists():
            return path
    raise DevError("Install debian-archive-keyring, which Debian's signatures need.")


def _system_mirror():
    """Ask apt itself where its main archive is: it reads every way to configure it."""
    uris = run_quietly(["apt-get", "update", "--print-uris"], "apt is not usable.")
    for suite in (system_suite(), *_ALIASES):
        found = re.search(rf"'(\S+)/dists/{re.escape(suite)}/main/binary-", uris)
        if found:
            return found.group(1)
    raise DevError(
        "The system's apt names no Debian mirror to fetch Odoo 19 from."
        " Add one, or set ODOO_HOME to a checkout or an install of Odoo 19."
    )
