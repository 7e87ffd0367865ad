import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from odoo.modules import Manifest
from odoo.tests import BaseCase, tagged

from devtools import cache, release

# What an installed Odoo does with a wheel of the environment that it runs in.
_FIND = """
import odoo.addons.souverainete_achat as addon
from odoo.modules import Manifest
from odoo.modules.module import initialize_sys_path
initialize_sys_path()
print(Manifest.for_addon("souverainete_achat").path)
"""


@tagged("post_install", "-at_install")
class TestWheel(BaseCase):
    def test_installed_by_pip_and_found(self):
        with tempfile.TemporaryDirectory() as folder:
            wheel = release.build_wheel(Path(folder) / "dist")
            site = Path(folder) / "site"
            self._install(wheel, site)
            self.assertEqual(
                self._find(site), str(site / "odoo" / "addons" / "souverainete_achat")
            )

    def test_nothing_is_missing_from_it(self):
        """Every file that the manifest names, and every file that is committed."""
        manifest = Manifest.for_addon("souverainete_achat")
        root = Path(manifest.path)
        committed = subprocess.check_output(["git", "ls-files"], cwd=root, text=True)
        named = {*committed.split(), *manifest["data"], *manifest["demo"]}
        with tempfile.TemporaryDirectory() as folder:
            wheel = zipfile.ZipFile(release.build_wheel(Path(folder)))
        inside = {
            name.removeprefix("odoo/addons/souverainete_achat/")
            for name in wheel.namelist()
        }
        self.assertFalse(named - inside - {"pyproject.toml"})

    def _install(self, wheel, site):
        subprocess.check_call(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
            + ["--no-index", "--disable-pip-version-check", "--target", site, wheel]
        )

    def _find(self, site):
        """Where a new process finds the addon, away from this checkout."""
        found = subprocess.check_output(
            [sys.executable, "-c", _FIND],
            env={"PYTHONPATH": str(site), "HOME": str(site), "PATH": ""},
            cwd=site,
            text=True,
        )
        return found.strip()


@tagged("post_install", "-at_install")
class TestPreCommit(BaseCase):
    def test_its_versions_are_those_of_the_linters(self):
        """What a commit runs and what ./dev lint runs agree on what is well written."""
        hooks = (cache.CHECKOUT / ".pre-commit-config.yaml").read_text()
        tools = cache.CHECKOUT / "devtools"
        pinned = re.findall(
            r"^([\w-]+)==(.+)$", (tools / "requirements" / "lint.txt").read_text(), re.M
        )
        asked = dict(re.findall(r"github\.com/\S+/([\w-]+)\n +rev: v(\S+)", hooks))
        names = {
            "ruff": "ruff-pre-commit",
            "oca-odoo-pre-commit-hooks": "odoo-pre-commit-hooks",
        }
        for package, version in pinned:
            with self.subTest(package=package):
                if package != "pylint":  # pylint-odoo chooses it
                    self.assertEqual(asked[names.get(package, package)], version)
        for package, version in json.loads((tools / "package.json").read_text())[
            "dependencies"
        ].items():
            with self.subTest(package=package):
                if package != "eslint":  # of the JavaScript, by ./dev lint alone
                    self.assertIn(f'"{package}@{version}"', hooks)
