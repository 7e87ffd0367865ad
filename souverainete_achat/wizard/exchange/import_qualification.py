from datetime import date

from odoo import models

from ...models.base.text import fold
from .adapters.base import Record
from .plan import CREATED, REFUSED, UNCHANGED, UPDATED, Plan

_FOLLOWED = (
    "version",
    "decision",
    "date_start",
    "date_end",
    "date_withdrawn",
    "renewal_pending_since",
    "source_url",
)
_NO_DECISION = ("examination", "void")


class ImportQualification(models.AbstractModel):
    """A list of qualified services updates the register. What it does not hold is only
    reported: a list may be partial or late, and nothing is withdrawn by silence."""

    _name = "souverainete.import.qualification"
    _inherit = "souverainete.import.target"
    _description = "Destination of a list of qualified services"

    # === PLANNING === #

    def _get_plans(self, wizard, records):
        plans = super()._get_plans(wizard, records)
        read = [plan for plan in plans if not plan.record.refused]
        providers, register = self._get_providers(wizard, read), self._get_register()
        listed = self.env["souverainete.qualification"]
        for plan in read:
            provider = providers[plan.key]
            matched, _same = self._match(plan, provider, register)
            listed |= matched._get_line()
        return plans + [self._report_absent(record) for record in self._absent(listed)]

    def _absent(self, listed):
        """What the register holds of this scheme and the list does not."""
        return self.env["souverainete.qualification"].search(
            [
                ("scheme", "=", "secnumcloud"),
                ("state", "in", ("granted", "examination")),
                ("id", "not in", listed.ids),
            ]
        )

    def _report_absent(self, record):
        reported = Record(
            self.env._("Not in the list"),
            title=record.display_name,
            skipped=self.env._(
                "In the register, not in the list: verify it on the ANSSI catalogue. "
                "Nothing was changed."
            ),
        )
        return Plan([reported], found=record)

    def _prepare(self, wizard, plans):
        providers, register = self._get_providers(wizard, plans), self._get_register()
        for plan in plans:
            plan.notes += plan.record.notes
            provider = providers[plan.key]
            if isinstance(provider, str):
                plan.settle(REFUSED, provider)
                continue
            plan.holders = {"provider": provider}
            matched, same = self._match(plan, provider, register)
            if len(matched) > 1:
                plan.settle(REFUSED, self._get_ambiguity(matched))
                continue
            plan.found = matched
            plan.vals = self._prepare_vals(wizard, plan)
            if plan.found:
                self._compare(plan)
            else:
                self._explain_new(plan, same)
        self._link_new(plans)

    def _get_providers(self, wizard, plans):
        """{key: the provider, an empty record where it is new, or why not}."""
        finder = self.env["souverainete.import.provider"]
        return finder._find(wizard.company_id, plans)

    def _get_register(self):
        """{company: its qualifications}, read once."""
        held = self.env["souverainete.qualification"].search([("state", "!=", "void")])
        return held.grouped(lambda q: q.partner_id.sudo().commercial_partner_id.id)

    def _prepare_vals(self, wizard, plan):
        """What the list says; what it leaves empty is not erased."""
        found = plan.record.values
        vals = {name: found[name] for name in _FOLLOWED if found[name]}
        kinds = self.env["souverainete.service.type"].search(
            [("name", "in", found["types"])]
        )
        if kinds:
            vals["service_type_ids"] = kinds
        # A withdrawal of the register is not undone by a list.
        if found["state"] and (not plan.found or plan.found.state != "withdrawn"):
            vals["state"] = found["state"]
        source = found["source"] or self.env._(
            "List “%(name)s”", name=wizard.filename or ""
        )
        if found["renewal_pending_since"]:
            vals["renewal_source"] = source
        return vals | {"source": source}

    # === COMPARING === #

    def _compare(self, plan):
        if plan.found.state == "withdrawn" and plan.record.values["state"] == "granted":
            plan.notes.append(
                self.env._(
                    "Withdrawn in the register, qualified in the list: verify it on "
                    "the ANSSI catalogue. The withdrawal is kept."
                )
            )
        changed = {
            name: value
            for name, value in plan.vals.items()
            if name not in ("source", "renewal_source") and plan.found[name] != value
        }
        if not changed:
            plan.settle(UNCHANGED, self.env._("The register says the same."))
            return
        # What was read in the official catalogue is no longer what is recorded.
        if plan.found.certainty == "primary" and self._is_judged(changed):
            changed["certainty"] = "unverified"
        plan.changes = {**plan.vals, **changed}
        info = plan.found.fields_get(sorted(changed), ["string"])
        labels = ", ".join(sorted(field["string"] for field in info.values()))
        plan.settle(UPDATED, self.env._("Changed: %(fields)s.", fields=labels))

    def _is_judged(self, changed):
        judged = self.env["souverainete.qualification"]._get_judged_fields()
        return bool(judged & set(changed))

    def _explain_new(self, plan, same):
        """What a record that is not in the register yet comes from."""
        found = plan.record.values
        if not found["state"]:
            plan.notes.append(
                self.env._(
                    "The list gives no state: recorded as granted. Verify it on the "
                    "ANSSI catalogue."
                )
            )
        if not plan.holders["provider"]:
            plan.notes.append(
                self.env._("New provider: %(name)s.", name=found["provider"])
            )
        plan.same = same

    # === WRITING === #

    def _apply(self, wizard, plans):
        return super()._apply(wizard, self._sort_by_start(plans))

    def _write_plans(self, wizard, plans):
        reason = self.env._("Import of “%(name)s”", name=wizard.filename or "")
        self.env["souverainete.import.provider"]._create_missing(wizard, plans)
        for plan in plans:
            vals = plan.changes if plan.status == UPDATED else plan.vals
            vals = {**vals, **self._get_renewed(plan), "change_reason": reason}
            if kinds := vals.pop("service_type_ids", None):
                vals["service_type_ids"] = [(6, 0, kinds.ids)]
            if plan.status == UPDATED:
                plan.found.write(vals)
            elif plan.status == CREATED:
                plan.found = self._create(plan, vals)

    def _create(self, plan, vals):
        found = plan.record.values
        return self.env["souverainete.qualification"].create(
            {
                "partner_id": plan.holders["provider"].id,
                "service": found["service"],
                "scheme": found["scheme"],
                "certainty": "unverified",
                **vals,
            }
        )

    # === THE SAME DECISION === #

    def _match(self, plan, provider, register):
        """(the qualifications this line may be about, those of the same service)."""
        none = self.env["souverainete.qualification"]
        if isinstance(provider, str) or not provider:
            return none, none
        found = plan.record.values
        held = register.get(provider.sudo().commercial_partner_id.id, none)
        same = held.filtered(
            lambda q: q.scheme == found["scheme"] and q._is_named(found["service"])
        )
        return self._pick(same, found), same

    def _pick(self, same, found):
        """The surest way to tell decisions apart first: their number, their dates."""
        kept = same.filtered(lambda q: self._is_same(q, found))
        for is_surely in (self._has_number, self._has_dates):
            kept = kept.filtered(lambda q, test=is_surely: test(q, found)) or kept
        return kept

    def _has_number(self, record, found):
        number = fold(found["decision"] or "")
        return bool(number) and fold(record.decision or "") == number

    def _has_dates(self, record, found):
        return all(
            found[name] and record[name] == found[name]
            for name in ("date_start", "date_end")
        )

    def _is_same(self, record, found):
        """The same decision; where one side does not know it, the same dates, or none
        that contradict."""
        if record.decision and found["decision"]:
            return self._has_number(record, found)
        return all(
            not record[name] or not found[name] or record[name] == found[name]
            for name in ("date_start", "date_end")
        )

    def _get_ambiguity(self, matched):
        states = dict(matched._fields["state"]._description_selection(self.env))
        names = [
            f"{record.decision or '–'} ({states[record.state]}, "
            f"{record.date_start or '–'} – {record.date_end or '–'})"
            for record in matched
        ]
        return self.env._(
            "It may be any of these records of the register: %(names)s. Give its "
            "decision number and its dates in the list, or correct the register.",
            names="; ".join(names),
        )

    # === WHAT IT RENEWS === #

    def _sort_by_start(self, plans):
        """The earlier decisions first: a later one renews them."""
        return sorted(
            plans, key=lambda p: p.record.values.get("date_start") or date.min
        )

    def _link_new(self, plans):
        """A later decision on a service of the register, or of a line of this list
        that starts before, is its renewal."""
        before = {}
        for plan in self._sort_by_start(p for p in plans if p.status != REFUSED):
            service = self._get_service(plan)
            if plan.status == CREATED:
                self._link(plan, before.get(service))
            found = plan.record.values
            if found["date_start"] and found["state"] not in _NO_DECISION:
                before[service] = plan

    def _get_service(self, plan):
        found, provider = plan.record.values, plan.holders["provider"]
        known = provider.sudo().commercial_partner_id.id or fold(found["provider"])
        return known, fold(found["service"]), found["scheme"]

    def _link(self, plan, earlier):
        """Note what this new decision renews: the one that starts last before it."""
        latest, start = plan.same._pick_latest(), plan.record.values["date_start"]
        if earlier and self._is_between(earlier, latest, start):
            plan.earlier = earlier
            plan.notes.append(self._get_renewal_note(earlier.record.values))
        elif not latest:
            plan.notes.append(self.env._("New in the register."))
        elif start and start > latest.date_start:
            plan.vals["replaces_id"] = latest.id
            plan.notes.append(self._get_renewal_note(latest))
        else:
            plan.notes.append(
                self.env._("Another decision on the same service, not its renewal.")
            )

    def _is_between(self, earlier, latest, start):
        """Whether this line of the list comes after the register and before `start`."""
        day = earlier.record.values["date_start"]
        return bool(start and day < start) and not (latest and latest.date_start > day)

    def _get_renewal_note(self, decision):
        return self.env._(
            "Renewal of decision %(decision)s, which ends on %(end)s: the "
            "purchases that rely on it follow.",
            decision=decision["decision"] or "–",
            end=decision["date_end"] or "–",
        )

    def _get_renewed(self, plan):
        """The earlier line of the list, once it is in the register."""
        if not plan.earlier or plan.earlier.status == REFUSED:
            return {}
        return {"replaces_id": plan.earlier.found.id}
