from datetime import date

from odoo import models

from .plan import CREATED, REFUSED
from .values import fold

_NO_DECISION = ("examination", "void")


class ImportQualification(models.AbstractModel):
    """Which record of the register a line is about, and which decision it renews."""

    _inherit = "souverainete.import.qualification"

    # === THE SAME DECISION === #

    def _match(self, plan, provider, register):
        """(the qualifications this line may be about, those of the same service)."""
        none = self.env["souverainete.qualification"]
        if isinstance(provider, str) or not provider:
            return none, none
        found = plan.record.values
        service = fold(found["service"])
        held = register.get(provider.sudo().commercial_partner_id.id, none)
        same = held.filtered(
            lambda q: q.scheme == found["scheme"] and fold(q.service or "") == service
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
        return {"replaces_id": plan.earlier.file.id}
