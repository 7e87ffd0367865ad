"""The tests of the bridges to other addons, with the real ones installed."""

import sys

from . import cache, core_suites, templates, venv
from .report import run_quietly, say


def run(odoo):
    names = ",".join(cache.BRIDGES)
    say(f"bridges ({names}) with the addons they are made for…")
    options = (
        *("-i", names, "--addons-path", _get_addons_path(odoo)),
        *("--test-tags", ",".join(f"/{name}" for name in cache.BRIDGES)),
    )
    return core_suites.run_suites(
        odoo, "bridges", templates.clone(odoo, "bridge"), options
    )


def _get_addons_path(odoo):
    return ",".join(map(str, [*odoo.addons_paths, _get_wheels()]))


def _get_wheels():
    """The folder of the addons of the wheels, fetched once."""
    requirements = venv.REQUIREMENTS / "oca.txt"
    folder = cache.folder("oca") / cache.key(requirements.read_text())
    options = ("--quiet", "--no-deps", "--disable-pip-version-check", "--target")

    def build(target):
        run_quietly(
            [
                sys.executable,
                "-m",
                "pip",
                "install",
                *options,
                target,
                "-r",
                requirements,
            ],
            "pip could not fetch the addons that bridges are made for.",
        )

    cache.build_once(folder, build)
    cache.forget_unused(folder.parent)
    return folder / "odoo" / "addons"
