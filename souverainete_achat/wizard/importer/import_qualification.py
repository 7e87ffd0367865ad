from odoo import models

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
        return Plan([reported], file=record)

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
            plan.file = matched
            plan.vals = self._prepare_vals(wizard, plan)
            if plan.file:
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
        if found["state"] and (not plan.file or plan.file.state != "withdrawn"):
            vals["state"] = found["state"]
        source = found["source"] or self.env._(
            "List “%(name)s”", name=wizard.filename or ""
        )
        if found["renewal_pending_since"]:
            vals["renewal_source"] = source
        return vals | {"source": source}

    # === COMPARING === #

    def _compare(self, plan):
        if plan.file.state == "withdrawn" and plan.record.values["state"] == "granted":
            plan.notes.append(
                self.env._(
                    "Withdrawn in the register, qualified in the list: verify it on "
                    "the ANSSI catalogue. The withdrawal is kept."
                )
            )
        changed = {
            name: value
            for name, value in plan.vals.items()
            if name not in ("source", "renewal_source") and plan.file[name] != value
        }
        if not changed:
            plan.settle(UNCHANGED, self.env._("The register says the same."))
            return
        # What was read in the official catalogue is no longer what is recorded.
        if plan.file.certainty == "primary" and self._is_judged(changed):
            changed["certainty"] = "unverified"
        plan.changes = {**plan.vals, **changed}
        info = plan.file.fields_get(sorted(changed), ["string"])
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
                plan.file.write(vals)
            elif plan.status == CREATED:
                plan.file = self._create(plan, vals)

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
