"""./dev bench mutation [ROOM or FILE] [NUMBER] [SEED]: which changes no test notices.

One place of the critical code is changed at a time, in memory, and the tests nearest to
it that cross the place run until one fails. A line a mutant, tab-separated: file, line,
what was changed, killed, survived, uncrossed or late, the seconds it took, the test
that killed it; then the count.
"""

import random
import subprocess
import sys
from typing import NamedTuple

from bench.mutants import find_mutants
from devtools import cache, templates

NUMBER = 40
SEED = 20261130

MODELS = cache.CHECKOUT / "souverainete_achat" / "models"


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


def chosen(name):
    """The targets of a room or a file."""
    name = name.removeprefix(f"{MODELS.relative_to(cache.CHECKOUT)}/")
    if name in TARGETS:
        return [TARGETS[name]]
    found = [
        target._replace(sources=(name,) if name != "all" else target.sources)
        for target in TARGETS.values()
        if name == "all" or name in target.sources
    ]
    if not found:
        raise SystemExit(f"No such room or file: {name}. Rooms: {', '.join(TARGETS)}.")
    return found


def draw(name, number, seed):
    """`number` mutants, as many of each target."""
    targets, picker, drawn = chosen(name), random.Random(seed), []
    for rank, target in enumerate(targets):
        mutants = [
            m for source in target.sources for m in find_mutants(MODELS / source)
        ]
        wanted = (number + rank) // len(targets)
        drawn += picker.sample(mutants, min(wanted, len(mutants)))
    return drawn


def main(odoo, arguments):
    """Whether no mutant survived; raises SystemExit where there is nothing to run."""
    name, number, seed, *_more = (*arguments, *("all", NUMBER, SEED)[len(arguments) :])
    tests = dict.fromkeys(test for target in chosen(name) for test in target.tests)
    database = templates.clone(odoo, "mutation")
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "devtools.pytest_plugin"),
            *("-p", "bench.mutation_plugin", "-p", "no:cacheprovider", "-s", "-qq"),
            *("--no-header", "--no-summary", "--odoo-log-level=critical"),
            *(f"--odoo-database={database}", f"--odoo-config={odoo.config}"),
            *(f"--mutated={name}", f"--mutants={number}", f"--seed={seed}"),
            *(f"tests/{test}" for test in tests),
        ],
        cwd=cache.CHECKOUT,
        env=odoo.environment,
        check=False,
    ).returncode
