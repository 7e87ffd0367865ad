"""./dev test: the addon's tests, then core's own suites with the addon installed."""

import os
import subprocess
import sys

from . import cache, templates


def main(odoo, arguments):
    return _own_tests(odoo, arguments)


def _own_tests(odoo, arguments):
    database = templates.clone(odoo, "test")
    command = [sys.executable, "-m", "pytest", "--odoo-http"]
    command += [f"--odoo-database={database}", f"--odoo-config={odoo.config}"]
    command += arguments or ["tests"]
    done = subprocess.run(
        command, cwd=cache.CHECKOUT, env=odoo.environment, check=False
    )
    return done.returncode
