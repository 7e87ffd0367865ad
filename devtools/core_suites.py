"""Core's own tests of purchase and its agreements, with the addon installed.

They run without demo data: with it, stock Odoo fails one of them.
"""

import re
import socket

from . import cache, templates
from .odoo import bad_entries
from .report import say
from .result import Result

_SUITES = "/purchase,/purchase_requisition"
_CLOSING_LINE = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
_SKIPPED_TEST = re.compile(r"^\S+ \S+ \d+ \w+ \S+ \S+: skipped (Test|test)", re.M)


def run(odoo):
    """Odoo's runner on an installed database: no -i or -u, or it would test nothing."""
    say(f"core's own suites ({_SUITES}) with the addon installed…")
    database = templates.clone(odoo, "core")
    return run_suites(odoo, "core suites", database, ["--test-tags", _SUITES])


def run_suites(odoo, name, database, options):
    """Tests by Odoo's own runner; problems are printed, then the counts."""
    log = odoo.folder("logs") / f"{database}.log"
    with open(log, "w") as output:
        done = odoo.run(
            "server",
            *("-d", database, *options, "--stop-after-init"),
            f"--http-port={free_port()}",
            stdout=output,
            stderr=output,
        )
    text = log.read_text()
    log.unlink()
    return _judge(name, done.returncode, text)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _judge(name, status, text):
    result = _counts(text)
    problems = [entry for entry in bad_entries(text) if cache.ADDON in entry]
    if result.failed or status:
        problems = bad_entries(text) or text.splitlines()[-20:]
    for problem in problems:
        print(problem)
    if not result.passed:
        print(f"{name}: no test was run.")
    if (problems or status or not result.passed) and not result.failed:
        result += Result(failed=1)
    print(f"{name}: {result}")
    return result


def _counts(text):
    """Odoo counts a skipped test among those that ran."""
    result = Result()
    for failed, errors, ran in _CLOSING_LINE.findall(text):
        broken = int(failed) + int(errors)
        skipped = len(_SKIPPED_TEST.findall(text))
        result += Result(int(ran) - broken - skipped, broken, skipped)
    return result
