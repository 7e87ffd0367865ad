"""What each kind of purchase is asked, empty then complete: the whole table at once.

A change of the rules, of where they apply or of what satisfies them shows here as the
kinds of purchase it touches. Where it is meant, write the table again and read the
differences in Git before committing them:

    SOUVERAINETE_SNAPSHOT=write ./dev test tests/gate/test_snapshot.py
"""

import csv
import os
from itertools import product

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.souverainete_achat.models.policy.rule_part import (
    CIRCUITS,
    NATURES,
    ROUTES,
)

from ..cases_common import get_path, read_cases
from ..flow import FlowCase

_KEY = ("nature", "route", "circuit", "file", "stage")
_SEEN = ("blocking", "warnings")
_AMOUNTS = {"light": 1_000, "standard": 100_000, "reinforced": 2_000_000}
_STAGES = ("launch", "award")


@tagged("post_install", "-at_install")
class TestSnapshot(FlowCase):
    def test_what_each_kind_of_purchase_is_asked(self):
        found = self._get_found()
        if os.environ.get("SOUVERAINETE_SNAPSHOT") == "write":
            _write(found)
        known = {
            tuple(case[name] for name in _KEY): tuple(case[name] for name in _SEEN)
            for case in read_cases("snapshot")
        }
        self.assertEqual("\n".join(_explain(known, found)), "")

    # === FILES === #

    def _get_found(self):
        """{nature, route, circuit, file, stage: (blocking, warnings)}."""
        kinds = list(product(*(dict(axis) for axis in (NATURES, ROUTES, CIRCUITS))))
        empty = self._create(kinds, [{} for _kind in kinds])
        found = self._observe(kinds, "empty", empty, _STAGES)
        # A small purchase is asked two things, which the empty ones show.
        kinds = [kind for kind in kinds if "light" not in kind]
        complete = self._create(kinds, self._prepare_complete(kinds))
        self._study(complete)
        found |= self._observe(kinds, "complete", complete, _STAGES[:1])
        # What is judged at the award stands on a launch.
        for file in complete:
            file._record_launch()
        self._receive_offers(complete)
        return found | self._observe(kinds, "complete", complete, _STAGES[1:])

    def _create(self, kinds, completed):
        files = self.env["purchase.requisition"].with_user(self.buyer)
        files = files.create(
            [
                {**self._prepare_file(*kind), **vals}
                for kind, vals in zip(kinds, completed, strict=True)
            ]
        )
        circuits = [circuit for _nature, _route, circuit in kinds]
        self.assertEqual(files.mapped("circuit"), circuits)
        return files

    def _prepare_file(self, nature, route, circuit):
        line = {
            "product_id": self.software.id,
            "product_qty": 1,
            "price_unit": _AMOUNTS[circuit],
        }
        return {
            "requisition_type": "blanket_order",
            "vendor_id": self.vendor.id,
            "line_ids": [Command.create(line)],
            "purchase_nature": nature,
            "purchase_route": route,
        }

    def _prepare_complete(self, kinds):
        """All that the flow fills in; only what is reinforced holds sensitive data, and
        intellectual services hold none of it in a cloud."""
        projects = self.env["souverainete.project"].with_user(self.buyer)
        projects = projects.create(
            [self._prepare_project(5_000_000) for _kind in kinds]
        )
        return [
            {
                **self._prepare_need(),
                **self._prepare_data_answers(),
                "amount_estimated": _AMOUNTS[circuit],
                "has_cloud": "no" if nature == "intellectual" else "yes",
                "data_breach_harm": "yes" if circuit == "reinforced" else "no",
                "project_id": project.id,
            }
            for (nature, _route, circuit), project in zip(kinds, projects, strict=True)
        ]

    def _observe(self, kinds, name, files, stages):
        observed = {}
        for stage in stages:
            findings = files._findings_by_file(stage)
            for kind, file in zip(kinds, files, strict=True):
                observed[(*kind, name, stage)] = _describe(findings[file])
        return observed


def _describe(findings):
    """(codes of what blocks, codes of what warns)."""
    return tuple(
        " ".join(sorted({f.rule.code for f in findings if f.blocking is blocking}))
        for blocking in (True, False)
    )


def _explain(known, found):
    """One line a difference, in the order of the table."""
    for key in sorted(known.keys() | found.keys()):
        for name, before, after in zip(
            _SEEN, known.get(key, ("", "")), found.get(key, ("", "")), strict=True
        ):
            before, after = set(before.split()), set(after.split())
            if before != after:
                added = [f"+{code}" for code in sorted(after - before)]
                gone = [f"-{code}" for code in sorted(before - after)]
                yield f"{' / '.join(key)}, {name}: {' '.join(added + gone)}"


def _write(found):
    with get_path("snapshot").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow((*_KEY, *_SEEN))
        table.writerows((*key, *seen) for key, seen in found.items())
