"""./dev test: the addon's tests, then core's own suites with the addon installed."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from . import (
    bridges,
    cache,
    core_suites,
    oldest,
    programs,
    pytest_plugin,
    templates,
)
from .odoo import bad_entries, interruption_is_the_childs
from .report import say
from .result import Result

# Tests and measurements that compare with Odoo without the addon find it here.
STOCK_DATABASE = "SOUVERAINETE_STOCK_DATABASE"
# Each has a database of its own, so more of them cost more than they gain.
_MOST_WORKERS = 8


def main(odoo, arguments):
    programs.ensure()
    if arguments == ["--bridges"]:
        return 1 if bridges.run(odoo).failed else 0
    with_core = not arguments or "--core" in arguments
    arguments = [each for each in arguments if each != "--core"]
    if not with_core:
        say("core's own suites are left out when pytest is given arguments.")
    result = _installation(odoo) + _own_tests(odoo, arguments)
    if with_core:
        result += core_suites.run(odoo) + bridges.run(odoo) + oldest.run()
        print(result, flush=True)
    return 1 if result.failed else 0


def _installation(odoo):
    """Nothing but the addon is installed on top of the base: every warning is ours."""
    template = templates.addon_template(odoo)
    entries = bad_entries(templates.installation_log(odoo, template).read_text())
    for entry in entries:
        print(f"The addon's installation logged:\n{entry}")
    return Result(failed=len(entries))


def _own_tests(odoo, arguments):
    database = templates.clone(odoo, "test")
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "result.json"
        environment = {
            **odoo.environment,
            pytest_plugin.RESULT_FILE: str(counts),
            STOCK_DATABASE: templates.clone_stock(odoo, "stock"),
            # What generated cases leave behind goes with the rest.
            "HYPOTHESIS_STORAGE_DIRECTORY": folder,
        }
        command = _pytest(odoo, database, arguments or _everything())
        with interruption_is_the_childs() as interrupted:
            done = subprocess.run(
                command, cwd=cache.CHECKOUT, env=environment, check=False
            )
        if interrupted:
            raise KeyboardInterrupt
        result = Result(**json.loads(counts.read_text())) if counts.exists() else None
    if result is None or (done.returncode and not result.failed):
        # pytest could not start, or found no test: its own message tells which.
        result = (result or Result()) + Result(failed=1)
    return result


def _pytest(odoo, database, arguments):
    return [
        *(sys.executable, "-m", "pytest", "-p", "devtools.pytest_plugin"),
        *("--odoo-http", "--odoo-log-level=warn"),
        *(f"--odoo-database={database}", f"--odoo-config={odoo.config}"),
        *arguments,
    ]


def _everything():
    """One worker a core; a class stays whole, as its fixtures are its main cost."""
    workers = ["--numprocesses=logical", f"--maxprocesses={_MOST_WORKERS}"]
    return ["tests", *workers, "--dist=loadscope"]
