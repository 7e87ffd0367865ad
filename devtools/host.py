"""Where Odoo 19 comes from: ODOO_HOME, or Debian's package kept in the cache."""

import ast
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import apt, cache
from .report import DevError, say

# What the package's dangling links point to. Taken from the system's own release, as
# later versions of Font Awesome lack the icons Odoo uses.
_LINKED_PACKAGES = (
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
# Listed in mail's assets but left out of the package: without it no browser test runs.
_MISSING_FILE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class Host:
    """An Odoo to run the addon on."""

    home: Path  # the folder to put on Python's path
    version: str

    @property
    def addons_paths(self):
        """The folders that hold Odoo's addons.

        Debian's package also ships a copy of them without their XML; it is left out.
        """
        folders = (self.home / "addons", self.home / "odoo" / "addons")
        whole = "web/views/webclient_templates.xml"
        return [folder for folder in folders if (folder / whole).exists()]


def find():
    """The host to use, fetched on the first run."""
    chosen = os.environ.get("ODOO_HOME")
    if chosen:
        return _existing(Path(chosen).expanduser().resolve())
    return _fetched()


def _existing(path):
    for home in (path, path.parent):
        if (home / "odoo" / "release.py").exists():
            version = _release(home)
            break
    else:
        raise DevError(f"ODOO_HOME={path} holds no Odoo: no odoo/release.py there.")
    if not version.startswith("19."):
        raise DevError(f"ODOO_HOME={path} is Odoo {version}; Odoo 19.0 is needed.")
    return Host(home, f"{version} {_revision(home)}")


def _revision(home):
    """A checkout changes when it is pulled; the databases built on it then go too."""
    if not shutil.which("git"):
        return ""
    done = subprocess.run(
        ["git", "-C", home, "rev-parse", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def _release(home):
    """Odoo's version, read without importing it."""
    tree = ast.parse((home / "odoo" / "release.py").read_text())
    for node in tree.body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "version_info":
            numbers = node.value.elts[:2]
            return ".".join(str(getattr(number, "value", "")) for number in numbers)
    return "unknown"


def _fetched():
    tree = cache.folder("host") / "odoo-19.0"
    if not cache.is_complete(tree):
        if not apt.is_available():
            raise DevError(
                "Odoo 19 is fetched as a Debian package, and this system has no apt."
                " Set ODOO_HOME to a checkout or an install of Odoo 19."
            )
        cache.build_once(tree, _unpack)
    version = (tree / "version").read_text().strip()
    return Host(tree / "usr" / "lib" / "python3" / "dist-packages", version)


def _unpack(tree):
    say("fetching Odoo 19 (a 120 MB Debian package, once)…")
    apt.refresh()
    [package] = apt.unpack(["odoo-19"], tree)
    apt.unpack(_LINKED_PACKAGES, tree, suite=apt.system_suite())
    addons = tree / "usr" / "lib" / "python3" / "dist-packages" / "odoo" / "addons"
    stub = addons / _MISSING_FILE
    stub.parent.mkdir(parents=True, exist_ok=True)
    stub.touch()
    (tree / "version").write_text(_version_of(package))


def _version_of(package):
    """odoo-19_19.0.0+dfsg-1_all.deb is version 19.0.0+dfsg-1."""
    return package.split("_")[1]
