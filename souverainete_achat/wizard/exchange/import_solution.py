from odoo import models
from odoo.tools import LazyTranslate
from odoo.tools.misc import format_date

from ...models.catalogue import words
from .adapters import ADAPTERS
from .adapters.base import Record
from .plan import ABSENT, CREATED, REFUSED, SKIPPED, UNCHANGED, UPDATED, Plan

# What an import may change on a solution that people keep up to date by hand.
_FOLLOWED = (
    "name",
    "path",
    "need",
    "keywords",
    "similar_to",
    "url",
    "licence",
    "development_status",
    "used_by",
    "contact",
    "contract_vehicle",
    "wikidata",
    "operator_id",
)
_lt = LazyTranslate(__name__)


class ImportSolution(models.AbstractModel):
    """Entries of a catalogue become solutions, one each, kept as their source says.

    Which entries are one, an identifier says first; else the name, unless Wikidata or
    the address tells two entries of one name apart. Those are then a possible
    duplicate, which someone decides.
    """

    _name = "souverainete.import.solution"
    _inherit = "souverainete.import.target"
    _description = "Destination of catalogued solutions"

    # === PLANNING === #

    def _prepare(self, wizard, plans):
        known = self._find_known(plans)
        operators = self._find_operators(plans)
        writable = self._get_writable(known.values())
        for plan in plans:
            found = plan.record.values
            plan.notes += plan.record.notes
            plan.vals = self._prepare_vals(plan, operators)
            if found["operator"] and not plan.vals["operator_id"]:
                plan.notes.append(
                    self.env._(
                        "Operator left empty: no contact is named %(name)s.",
                        name=found["operator"],
                    )
                )
            plan.found = known.get((found["source"], plan.key))
            if plan.found:
                self._compare(wizard, plan, plan.found in writable)
            else:
                self._explain_new(plan)

    def _find_operators(self, plans):
        """{name in lower case: company}, the oldest of a name: one query."""
        names = {plan.record.values["operator"] for plan in plans} - {""}
        partners = self.env["res.partner"].search(
            [("is_company", "=", True), ("name", "in", list(names))], order="id DESC"
        )
        return {partner.name.lower(): partner.id for partner in partners}

    def _get_writable(self, solutions):
        found = self.env["souverainete.solution"].union(*solutions)
        return found._filtered_access("write")

    def _prepare_vals(self, plan, operators):
        found = plan.record.values
        vals = {name: found[name] or False for name in (*_FOLLOWED[:-1], "source")}
        # Only now: an entry read twice may say its need the second time.
        vals["need"] = vals["need"] or found["name"]
        vals["operator_id"] = operators.get(found["operator"].lower(), False)
        vals["similar_source"] = found["similar_to"] and found["source"]
        vals["external_ref"] = plan.key
        vals["active"] = not found["withdrawn"]
        return vals

    def _explain_new(self, plan):
        if not plan.vals["active"]:
            plan.notes.append(
                self.env._(
                    "No longer recommended by its source: kept archived, never "
                    "proposed."
                )
            )
        elif plan.vals["development_status"] == "obsolete":
            plan.notes.append(self.env._("Abandoned: kept, never proposed."))
        if not plan.notes:
            plan.notes.append(self.env._("New in the catalogue."))

    def _compare(self, wizard, plan, writable):
        """Apply what the source changed, except on what people wrote."""
        if plan.found.sudo().merged_into_id:
            plan.settle(
                SKIPPED,
                self.env._(
                    "Merged into %(solution)s, which stands for it.",
                    solution=plan.found.sudo().merged_into_id.name,
                ),
            )
            return
        if self._is_outdated(wizard, plan):
            plan.settle(SKIPPED, self._get_outdated_note(plan.found))
            return
        changed = self._get_changes(plan)
        if changed and not writable:
            plan.settle(
                REFUSED,
                self.env._(
                    "Someone else keeps this entry: ask a referentials manager to "
                    "import it."
                ),
            )
            return
        plan.changes = changed
        plan.settle(UPDATED if changed else UNCHANGED, self._get_change_note(changed))

    def _is_outdated(self, wizard, plan):
        """Whether its source was read on a later day than this file."""
        confirmed = plan.found.sudo().confirmed_on
        return bool(confirmed and confirmed > wizard._get_file_date())

    def _get_outdated_note(self, solution):
        return self.env._(
            "Already confirmed on %(date)s, after this file: nothing is changed.",
            date=format_date(self.env, solution.sudo().confirmed_on),
        )

    def _get_changes(self, plan):
        """{field: value} that the source changed since its last import, still as it
        was imported or empty here."""
        before = plan.found.sudo().imported or {}
        changes = {}
        for name in (*_FOLLOWED, "active"):
            current = plan.found[name]
            current = current.id if name == "operator_id" else current
            new, old = plan.vals[name], before.get(name, False)
            # What someone archived stays so, whatever the source still says.
            free = current == old or (not current and name != "active")
            if new not in (old, current or False) and free:
                changes[name] = new
        return changes

    def _get_change_note(self, changed):
        if not changed:
            return self.env._("Nothing changed since the last import.")
        info = self.env["souverainete.solution"].fields_get(sorted(changed), ["string"])
        labels = sorted(field["string"] for field in info.values())
        return self.env._("Changed: %(fields)s.", fields=", ".join(labels))

    # === WRITING === #

    def _write_plans(self, wizard, plans):
        new = [plan for plan in plans if plan.status == CREATED]
        for plan in new:
            # A first try, undone, may have left one that no longer exists.
            plan.found = None
        vals_list = [self._prepare_new(wizard, plan) for plan in new]
        created = self.env["souverainete.solution"].create(vals_list)
        for plan, solution in zip(new, created, strict=True):
            plan.found = solution
        for plan in plans:
            if plan.status == UPDATED:
                day = wizard._get_file_date()
                plan.found.write({**plan.changes, "snapshot_date": day})

    def _prepare_new(self, wizard, plan):
        """Declared by the administration whose own table this is; else by no one."""
        own = wizard.adapter == "solution_sheet"
        manager = self.env.user.has_group("souverainete_achat.group_manager")
        declared = wizard.company_id.id if own and not manager else False
        return {
            **plan.vals,
            "declared_by_company_id": declared,
            "snapshot_date": wizard._get_file_date(),
        }

    def _apply(self, wizard, plans):
        result = super()._apply(wizard, plans)
        day = wizard._get_file_date()
        for plan in plans:
            if plan.found and plan.status in (CREATED, UPDATED, UNCHANGED):
                solution = plan.found.sudo()
                solution._write_server({"confirmed_on": day, "imported": plan.vals})
        if any(plan.status == CREATED for plan in plans):
            self.env["souverainete.solution.duplicate"]._find_pairs()
        return result

    # === TWICE IN THE FILE === #

    def _get_repeat_key(self, record):
        """A table may gather several sources, each with its own references."""
        return record.values.get("source"), record.key

    def _skip_repeated(self, record, seen):
        first = seen.get(self._get_repeat_key(record))
        if first and self._are_namesakes(first, record):
            # Without a reference its name was its key: two of one name are kept.
            record.key = f"{record.key[:100]} ({record.values['url'][:90]})"
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

    def _are_namesakes(self, first, record):
        if record.refused or record.skipped or record.key != record.title:
            return False
        return bool(record.values["url"]) and self._are_two(first.values, record.values)

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
        return Plan([record], status=ABSENT, notes=[note], found=solution)
