"""./dev bench mutation [ROOM or FILE] [NUMBER] [SEED]: which changes no test notices.

One line of the critical code is changed at a time, in a copy of the checkout, and the
tests nearest to it run until one fails. A line a mutant, tab-separated: file, line,
what was changed, killed, survived or late, the test that killed it; then the count.
"""

import ast
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from devtools import cache, templates

NUMBER = 40
SEED = 20261130
# Of one mutant: the nearest tests of the largest room take a third of it.
SECONDS = 400

_COPIED = ("devtools", "souverainete_achat", "tests", "pyproject.toml")
_MODELS = Path("souverainete_achat/models")


class Target(NamedTuple):
    """Critical code, and the tests nearest to it, the quickest to fail first."""

    sources: tuple
    tests: tuple


TARGETS = {
    "gate": Target(
        ("gate/act.py", "gate/purchase_order.py", "gate/purchase_requisition.py"),
        (
            "gate/test_acts.py",
            "gate/test_bypass.py",
            "gate/test_bypass_signed.py",
            "gate/test_flow.py",
            "gate/test_audit_roads.py",
            "gate/test_audit_amounts.py",
            "gate/test_orders_flows.py",
            "gate/test_judgement.py",
            "project/test_recommendations.py",
        ),
    ),
    "scope": Target(
        (
            "dossier/scoped.py",
            "dossier/stated_order.py",
            "dossier/stated_file.py",
            "dossier/worded.py",
            "dossier/purchase_order.py",
        ),
        (
            "dossier/test_scope_words.py",
            "dossier/test_stated_agreements.py",
            "dossier/test_audit_scope.py",
            "dossier/test_frame.py",
            "dossier/test_scope_classes.py",
            "gate/test_audit_roads.py",
            "gate/test_audit_amounts.py",
        ),
    ),
    "circuit": Target(
        ("dossier/counted.py", "dossier/light_order.py", "dossier/light_need.py"),
        (
            "dossier/test_stated_agreements.py",
            "dossier/test_circuit.py",
            "dossier/test_scenario_small.py",
            "dossier/test_frame.py",
            "dossier/test_circuit_two_at_once.py",
            "gate/test_audit_amounts.py",
        ),
    ),
    "take_over": Target(
        ("life/purchase_requisition.py",),
        (
            "life/test_prior_take_over.py",
            "life/test_scenario_take_over.py",
            "life/test_prior_trajectory.py",
            "life/test_renewal.py",
            "life/test_scenario_amendment.py",
            "life/test_scenario_renewal.py",
        ),
    ),
    "amendments": Target(
        ("life/amendment.py", "life/amendment_bounds.py", "life/amendment_line.py"),
        (
            "life/test_scenario_amendment.py",
            "life/test_scenario_renewal.py",
            "gate/test_two_at_once.py",
        ),
    ),
    "waivers": Target(
        (
            "waiver/extreme_urgency.py",
            "waiver/purchase_order.py",
            "waiver/purchase_requisition.py",
            "waiver/waiver.py",
            "hosting/derogation.py",
        ),
        (
            "waiver/test_extreme_urgency.py",
            "waiver/test_continuity.py",
            "waiver/test_scenario_extreme_urgency.py",
            "waiver/test_scenario_lapsed.py",
            "hosting/test_hosting_derogation.py",
        ),
    ),
    "journal": Target(
        (
            "journal/digest.py",
            "journal/journal.py",
            "journal/journal_elimination.py",
            "journal/journal_seal.py",
            "journal/purchase_requisition.py",
        ),
        (
            "journal/test_journal.py",
            "journal/test_journal_tampering.py",
            "journal/test_audit_evidence.py",
        ),
    ),
}


# === MUTANTS === #


class Mutant(NamedTuple):
    """One change: the characters from `start` to `end` of a file become `text`."""

    source: str
    tests: tuple
    line: int
    start: int
    end: int
    text: str
    label: str

    def apply(self, code):
        return code[: self.start] + self.text + code[self.end :]


_FLIPPED = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
_COMBINED = (ast.BitOr, ast.BitAnd, ast.Add, ast.Sub)


class _Changes:
    """The changes that one file takes, as (start, end, new text)."""

    def __init__(self, code):
        self.code = code
        self.starts = [0]
        for line in code.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def _span(self, node):
        return (
            self._place(node.lineno, node.col_offset),
            self._place(node.end_lineno, node.end_col_offset),
        )

    def _place(self, line, column):
        start = self.starts[line - 1]
        # The tree counts bytes.
        text = self.code[start : self.starts[line]].encode()
        return start + len(text[:column].decode())

    def _text(self, node):
        start, end = self._span(node)
        return self.code[start:end]

    def find(self):
        tree = ast.parse(self.code)
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                yield from self._of_function(function)

    def _of_function(self, function):
        yield from self._of_decorators(function)
        for statement in function.body:
            for node in ast.walk(statement):
                if change := getattr(self, f"_of_{type(node).__name__}", None):
                    yield from change(node)
        first, *others = function.body
        returns = any(isinstance(n, ast.Return) and n.value for n in ast.walk(function))
        if others and not returns:
            yield *self._span(others[-1]), "return"

    def _of_decorators(self, function):
        """A field less that a constraint follows."""
        for node in function.decorator_list:
            if isinstance(node, ast.Call) and "constrains" in self._text(node.func):
                for name, other in zip(node.args[1:], node.args, strict=False):
                    yield *self._span(name), self._text(other)

    def _of_Expr(self, node):
        if isinstance(node.value, ast.Call):
            yield *self._span(node), "pass"

    def _of_If(self, node):
        yield *self._span(node.test), f"not ({self._text(node.test)})"

    def _of_IfExp(self, node):
        yield *self._span(node.test), f"not ({self._text(node.test)})"

    def _of_UnaryOp(self, node):
        if isinstance(node.op, ast.Not):
            yield *self._span(node), f"bool({self._text(node.operand)})"

    def _of_Compare(self, node):
        if len(node.ops) == 1 and type(node.ops[0]) in _FLIPPED:
            left, right = self._text(node.left), self._text(node.comparators[0])
            yield *self._span(node), f"{left} {_FLIPPED[type(node.ops[0])]} {right}"

    def _of_BoolOp(self, node):
        word = "and" if isinstance(node.op, ast.Or) else "or"
        texts = [f"({self._text(value)})" for value in node.values]
        yield *self._span(node), f"({f' {word} '.join(texts)})"
        for index in range(len(texts)):
            kept = texts[:index] + texts[index + 1 :]
            other = "or" if word == "and" else "and"
            yield *self._span(node), f"({f' {other} '.join(kept)})"

    def _of_BinOp(self, node):
        if isinstance(node.op, _COMBINED):
            yield *self._span(node), self._text(node.left)

    def _of_Constant(self, node):
        if isinstance(node.value, bool):
            yield *self._span(node), str(not node.value)
        elif isinstance(node.value, int):
            yield *self._span(node), str(node.value + 1)

    def _of_Return(self, node):
        if isinstance(node.value, ast.Compare | ast.BoolOp | ast.Call):
            yield *self._span(node.value), "None"


def find_mutants(target):
    for source in target.sources:
        code = (cache.CHECKOUT / _MODELS / source).read_text()
        # What is inside an inner function is met twice.
        for start, end, text in sorted(set(_Changes(code).find())):
            line = code.count("\n", 0, start) + 1
            label = f"{_shorten(code[start:end])} -> {_shorten(text)}"
            mutant = Mutant(source, target.tests, line, start, end, text, label)
            if _compiles(mutant.apply(code)):
                yield mutant


def _shorten(text):
    return " ".join(text.split())[:160]


def _compiles(code):
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def draw(name, number, seed):
    """`number` mutants of a room or a file, or as many of each room."""
    chosen = [
        target
        for room, target in TARGETS.items()
        if name in ("all", room) or name in target.sources
    ]
    if not chosen:
        raise SystemExit(f"No such room or file: {name}. Rooms: {', '.join(TARGETS)}.")
    picker, drawn = random.Random(seed), []
    for rank, target in enumerate(chosen):
        if name in target.sources:
            target = target._replace(sources=(name,))
        mutants = list(find_mutants(target))
        wanted = (number + rank) // len(chosen)
        drawn += picker.sample(mutants, min(wanted, len(mutants)))
    return drawn


# === RUNS === #


class _Copy:
    """A copy of the checkout, with a database of its own, where mutants run."""

    def __init__(self, odoo, folder):
        self.odoo, self.folder = odoo, Path(folder)
        for name in _COPIED:
            source, copied = cache.CHECKOUT / name, self.folder / name
            if source.is_dir():
                shutil.copytree(source, copied)
            else:
                shutil.copy(source, copied)
        self.config = self.folder / "odoo.conf"
        paths = odoo.config.read_text()
        self.config.write_text(paths.replace(str(cache.CHECKOUT), str(self.folder)))
        self.database = templates.clone(odoo, "mutation")

    def run(self, mutant):
        """(verdict, the test that killed it)."""
        path = self.folder / _MODELS / mutant.source
        code = path.read_text()
        path.write_text(mutant.apply(code))
        try:
            return self._test(mutant.tests)
        finally:
            path.write_text(code)

    def _test(self, tests):
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "pytest", "-p", "devtools.pytest_plugin"),
                *("-x", "-q", "--no-header", "--tb=no", "--odoo-log-level=critical"),
                *(f"--odoo-database={self.database}", f"--odoo-config={self.config}"),
                *("-p", "no:cacheprovider", *(f"tests/{test}" for test in tests)),
            ],
            cwd=self.folder,
            env={**self.odoo.environment, "ODOO_RC": str(self.config)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            output, _nothing = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            # What was left half done would fail the next ones.
            self.database = templates.clone(self.odoo, "mutation")
            return "late", ""
        if process.returncode == 0:
            return "survived", ""
        failed = re.search(r"^(?:FAILED|ERROR) (\S+)", output, re.M)
        return "killed", failed[1] if failed else "while loading"


def main(odoo, arguments):
    """Whether no mutant survived; raises SystemExit where there is nothing to run."""
    name, number, seed, *_more = (*arguments, *("all", NUMBER, SEED)[len(arguments) :])
    mutants = draw(name.removeprefix(f"{_MODELS}/"), int(number), int(seed))
    verdicts = []
    with tempfile.TemporaryDirectory() as folder:
        copy = _Copy(odoo, folder)
        for mutant in mutants:
            verdict, test = copy.run(mutant)
            verdicts.append(verdict)
            place = mutant.source, mutant.line, mutant.label
            print(*place, verdict, test, sep="\t", flush=True)
    counts = [f"{v}={verdicts.count(v)}" for v in ("killed", "survived", "late")]
    print("mutants", len(verdicts), *counts, sep="\t", flush=True)
    return int("survived" in verdicts)
