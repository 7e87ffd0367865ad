"""What makes pytest run mutants.

The tests run once, which tells the lines that each of them crosses. Then each mutant
has a fork of this process, where Odoo is loaded: it runs the tests that cross it, ends
at the first failure, and leaves nothing behind, as these tests never commit.
"""

import os
import signal
import sys
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench import mutation

# Of one mutant: what it changed may never end.
SECONDS = 180


def pytest_addoption(parser):
    parser.addoption("--mutated")
    parser.addoption("--mutants", type=int)
    parser.addoption("--seed", type=int)


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus():
    """Not a dot a test: the lines of the mutants are what is read."""
    return "", "", ""


def pytest_collection_modifyitems(items):
    """Who commits would leave to the next mutants what a mutant made of it."""
    from odoo.tests import TransactionCase

    items[:] = [item for item in items if issubclass(item.cls, TransactionCase)]


def pytest_runtestloop(session):
    options = session.config.option
    mutants = mutation.draw(options.mutated, options.mutants, options.seed)
    crossings = _Crossings({mutant.path for mutant in mutants})
    with _plugin(session, crossings):
        _run(session.items)
    counts = Counter()
    for mutant in mutants:
        start = time.monotonic()
        verdict, test = _judge(session, mutant, crossings.find(mutant))
        counts[verdict] += 1
        place = Path(mutant.path).relative_to(mutation.MODELS), mutant.line
        took = round(time.monotonic() - start, 1)
        print(*place, mutant.label, verdict, took, test, sep="\t", flush=True)
    print("mutants", *(f"{v}={n}" for v, n in counts.items()), sep="\t", flush=True)
    session.testsfailed = counts["survived"] + counts["uncrossed"]
    return True


def _run(items):
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


@contextmanager
def _plugin(session, plugin):
    session.config.pluginmanager.register(plugin)
    yield
    session.config.pluginmanager.unregister(plugin)


# === WHICH TESTS === #


class _Crossings:
    """The lines of some files that each test crosses, or the setup of its class."""

    def __init__(self, paths):
        self.paths = paths
        self.lines = defaultdict(set)
        self.seconds = Counter()
        self.passed = []

    def find(self, mutant):
        """The tests that cross it, class by class, the quickest first."""
        wanted = {(mutant.path, line) for line in mutant.lines}
        found = [
            item
            for item in self.passed
            if wanted & (self.lines[item] | self.lines[item.parent])
        ]
        quickest = {}
        for item in found:
            seconds = self.seconds[item.parent] + self.seconds[item]
            quickest[item.parent] = min(seconds, quickest.get(item.parent, seconds))
        return sorted(
            found,
            key=lambda i: (quickest[i.parent], i.parent.nodeid, self.seconds[i]),
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item):
        with self._record(item.parent):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        with self._record(item):
            done = yield
        self.passed.append(item)
        return done

    @contextmanager
    def _record(self, node):
        crossed, start = self.lines[node], time.monotonic()

        def enter(frame, _event, _argument):
            if frame.f_code.co_filename in self.paths:
                return cross(frame, _event, _argument)

        def cross(frame, _event, _argument):
            crossed.add((frame.f_code.co_filename, frame.f_lineno))
            return cross

        sys.settrace(enter)
        try:
            yield
        finally:
            sys.settrace(None)
            self.seconds[node] += time.monotonic() - start


# === A MUTANT === #


class _FirstFailure:
    """Ends the process at the first failure, and tells which test it is of."""

    def __init__(self, writer):
        self.writer = writer

    def pytest_runtest_logreport(self, report):
        if report.failed:
            os.write(self.writer, report.nodeid.encode())
            os._exit(1)


def _judge(session, mutant, items):
    """(verdict, the test that killed it)."""
    from odoo.sql_db import close_all

    if not items:
        return "uncrossed", ""
    # A connection is of one process only.
    close_all()
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        _live(session, mutant, items, writer)
    os.close(writer)
    with open(reader) as told:
        killer = told.read()
    _child, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "late", ""
    return ("killed", killer) if killer else ("survived", "")


def _live(session, mutant, items, writer):
    signal.alarm(SECONDS)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.dup2(nothing, sys.stderr.fileno())
    try:
        _install(mutant)
        with _plugin(session, _FirstFailure(writer)):
            _run(items)
    except BaseException as error:
        os.write(writer, f"while loading: {error!r}".encode())
    finally:
        os._exit(0)


def _install(mutant):
    """Put the changed function in the place of the one that is loaded."""
    (module,) = (
        module
        for module in list(sys.modules.values())
        if getattr(module, "__file__", None) == mutant.path
    )
    loaded = dict(vars(module))
    code = Path(mutant.path).read_text()
    exec(compile(mutant.apply(code), mutant.path, "exec"), vars(module))
    changed = dict(vars(module))
    vars(module).update(loaded)
    if mutant.owner:
        owner, other = loaded[mutant.owner], changed[mutant.owner]
        _adopt(owner, other)
        setattr(owner, mutant.function, vars(other)[mutant.function])
        _forget_methods()
    else:
        # Other modules imported it under its name.
        loaded[mutant.function].__code__ = changed[mutant.function].__code__


def _adopt(owner, other):
    """What `super` looks for, in the methods of a class, becomes another class."""
    for method in vars(other).values():
        method = getattr(method, "__wrapped__", method)
        names = getattr(getattr(method, "__code__", None), "co_freevars", ())
        for name, cell in zip(
            names, getattr(method, "__closure__", None) or (), strict=True
        ):
            if name == "__class__":
                cell.cell_contents = owner


def _forget_methods():
    """The constraints of a model are read once."""
    from odoo.models import BaseModel
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    registry = Registry(get_db_name())
    registry.clear_all_caches()
    for model in registry.models.values():
        model._constraint_methods = BaseModel._constraint_methods
        model._ondelete_methods = BaseModel._ondelete_methods
