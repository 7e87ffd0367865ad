from odoo import models
from odoo.tools import LazyTranslate
from odoo.tools.misc import format_date

from ...models.doctrine import words
from .adapters import ADAPTERS
from .adapters.base import Record
from .plan import ABSENT, Plan

_lt = LazyTranslate(__name__)


class ImportSolution(models.AbstractModel):
    """Which entries are one: twice in a file, known from before, gone from the source.

    An identifier says it first; else the name, unless Wikidata or the address tells two
    entries of one name apart. Those are then a possible duplicate, which someone
    decides.
    """

    _inherit = "souverainete.import.solution"

    # === TWICE IN THE FILE === #

    def _get_repeat_key(self, record):
        """A table may gather several sources, each with its own references."""
        return record.values.get("source"), record.key

    def _skip_repeated(self, record, seen):
        first = seen.get(self._get_repeat_key(record))
        super()._skip_repeated(record, seen)
        if record.skipped and first:
            self._complete(first, record)
        if record.refused or record.skipped:
            return
        named = seen.setdefault(("name", *self._get_name_key(record)), [])
        same = next((r for r in named if not self._are_two(r.values, record.values)), 0)
        if same:
            self._complete(same, record)
            record.skipped = self.env._(
                "The same software was read before: %(place)s.",
                place=self.env._(same.place),
            )
        named.append(record)

    def _complete(self, first, record):
        """A feed that repeats an entry may say in one place what it left out before."""
        for name, value in record.values.items():
            first.values[name] = first.values.get(name) or value

    def _get_name_key(self, record):
        return record.values["source"], words.get_name_key(record.values["name"])

    def _are_two(self, vals, other):
        """Whether something tells apart two entries of one name."""
        pairs = [
            (vals["wikidata"], other["wikidata"]),
            (words.get_url_key(vals["url"]), words.get_url_key(other["url"])),
        ]
        return any(one and two and one != two for one, two in pairs)

    # === KNOWN FROM BEFORE === #

    def _find_known(self, plans):
        """{(source, reference): solution}, archived and merged ones too."""
        found = self._find_by_reference(plans)
        known = {(s.source, s.external_ref): s for s in found}
        missing = [
            plan for plan in plans if (self._get_source(plan), plan.key) not in known
        ]
        by_name = self._find_by_name(missing, found)
        for plan in missing:
            solution = by_name.get(self._get_name_key(plan.record))
            if solution and not self._are_two(plan.record.values, solution[0]):
                # Taken once: two entries never fall on one solution.
                known[self._get_source(plan), plan.key] = solution
                del by_name[self._get_name_key(plan.record)]
        return {key: solution.with_env(self.env) for key, solution in known.items()}

    def _get_source(self, plan):
        return plan.record.values["source"]

    def _find_by_reference(self, plans):
        return self._search_solutions(
            [
                ("source", "in", list({self._get_source(plan) for plan in plans})),
                ("external_ref", "in", [plan.key for plan in plans]),
            ]
        )

    def _find_by_name(self, plans, known):
        """{(source, name): solution}: sources that number their entries anew."""
        keys = [self._get_name_key(plan.record) for plan in plans]
        found = self._search_solutions(
            [
                ("source", "in", list({source for source, _name in keys})),
                ("name_key", "in", [name for _source, name in keys]),
                ("id", "not in", known.ids),
            ]
        )
        return {(s.source, s.name_key): s for s in reversed(found)}

    def _search_solutions(self, domain):
        Solution = self.env["souverainete.solution"].with_context(active_test=False)
        return Solution.search(domain, order="id")

    # === GONE FROM THE SOURCE === #

    def _get_absent(self, wizard, plans):
        """What is left of the source's entries: kept, and no longer confirmed."""
        records = [p.record for p in plans if p.record.values]
        if not records or not ADAPTERS[wizard.adapter].whole:
            return []
        given = {(r.values["source"], r.key) for r in records}
        given |= {self._get_name_key(record) for record in records}
        sources = {record.values["source"] for record in records}
        found = self.env["souverainete.solution"].search(
            [
                ("source", "in", list(sources)),
                ("confirmed_on", "!=", False),
                ("confirmed_on", "<=", wizard._get_file_date()),
            ],
            order="name, id",
        )
        return [
            self._get_absence(solution)
            for solution in found
            if (solution.source, solution.external_ref) not in given
            and (solution.source, solution.name_key) not in given
        ]

    def _get_absence(self, solution):
        record = Record(
            _lt("Not in the file"), key=solution.external_ref, title=solution.name
        )
        note = self.env._(
            "Its source gave it until %(date)s, and this file does not. It stays as it "
            "is: check that it can still be obtained, or archive it.",
            date=format_date(self.env, solution.confirmed_on),
        )
        return Plan([record], status=ABSENT, notes=[note], file=solution)
