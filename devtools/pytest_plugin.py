"""What pytest alone would let pass: untagged classes, silent skips, logged warnings."""

import json
import logging
import os
import sys
import traceback
import unittest
from pathlib import Path

import pytest

ADDON = Path(__file__).resolve().parent.parent / "souverainete_achat"
RESULT_FILE = "DEV_TEST_RESULT"
_EXPECTED_SKIP = "sample data folder"


class _Watch(logging.Handler):
    """Keeps the warnings and errors the addon caused.

    A test that expects one says so with assertLogs or mute_logger, which keep it from
    this handler.
    """

    def __init__(self):
        super().__init__(logging.WARNING)
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
        self.entries = []

    def emit(self, record):
        if _comes_from_addon(record):
            self.entries.append(self.format(record))

    def take(self):
        entries, self.entries = self.entries, []
        return entries


_watch = _Watch()


def _comes_from_addon(record):
    if ADDON.name in record.name or ADDON.name in record.getMessage():
        return True
    frames = traceback.walk_stack(sys._getframe())
    if record.exc_info and record.exc_info[2]:
        frames = (*frames, *traceback.walk_tb(record.exc_info[2]))
    folder = f"{ADDON}{os.sep}"
    return any(frame.f_code.co_filename.startswith(folder) for frame, _line in frames)


def pytest_configure(config):
    logging.getLogger().addHandler(_watch)


@pytest.hookimpl(trylast=True)
def pytest_sessionstart():
    """Keep the files of attachments until the database of the tests is dropped.

    Odoo collects them after each class, and looks at one worker's database only: it
    would delete those of the others, which share the folder.
    """
    from odoo.tests import TransactionCase

    TransactionCase._gc_filestore = classmethod(lambda cls: None)


@pytest.fixture(autouse=True)
def no_logged_problem():
    """Fail the test during which the addon logged a warning or an error."""
    yield
    entries = _watch.take()
    if entries:
        pytest.fail("The addon logged:\n" + "\n".join(entries), pytrace=False)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector, name, obj):
    """Odoo would run an untagged class at install, where pytest-odoo cannot follow."""
    from odoo.tests import BaseCase

    if not isinstance(obj, type) or not issubclass(obj, BaseCase):
        return
    has_tests = unittest.defaultTestLoader.getTestCaseNames(obj)
    if has_tests and not _runs_after_install(obj):
        raise collector.CollectError(
            f"class {name} is not @tagged('post_install', '-at_install')."
        )


def _runs_after_install(test_class):
    tags = getattr(test_class, "test_tags", ())
    return "post_install" in tags and "at_install" not in tags


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    return _refuse_skip(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    return _refuse_skip(report)


def _refuse_skip(report):
    """In CI everything a test needs is there, so a skip hides a failure."""
    if not os.environ.get("CI") or not report.skipped or hasattr(report, "wasxfail"):
        return report
    reason = report.longrepr[2].removeprefix("Skipped: ")
    if not reason.startswith(_EXPECTED_SKIP):
        report.outcome = "failed"
        report.longrepr = f"Skipped in CI: {reason}"
    return report


def pytest_terminal_summary(terminalreporter):
    """Leave the counts to ./dev, which adds those of core's suites."""
    stats = terminalreporter.stats
    result = {
        "passed": len(stats.get("passed", ())),
        "failed": len(stats.get("failed", ())) + len(stats.get("error", ())),
        "skipped": len(stats.get("skipped", ())),
    }
    if os.environ.get(RESULT_FILE):
        Path(os.environ[RESULT_FILE]).write_text(json.dumps(result))
