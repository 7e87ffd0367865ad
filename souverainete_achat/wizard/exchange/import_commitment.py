from odoo import models

from .plan import CREATED, UNCHANGED, UPDATED, Plan


class ImportCommitment(models.AbstractModel):
    """An extraction of Chorus: the lines of one commitment, vendor and group of goods
    are one, and what a later extraction says replaces it."""

    _name = "souverainete.import.commitment"
    _inherit = "souverainete.import.target"
    _description = "Destination of an extraction of Chorus"

    # === PLANNING === #

    def _skip_repeated(self, record, seen):
        """Lines of one commitment add up: none repeats another."""

    def _group(self, wizard, records):
        plans = {}
        for position, record in enumerate(records):
            key = record.key if not record.refused else position
            plans.setdefault(key, Plan([])).records.append(record)
        return list(plans.values())

    def _prepare(self, wizard, plans):
        known = self._find_known(wizard, plans)
        for plan in plans:
            plan.vals = self._prepare_vals(wizard, plan)
            plan.found = known.get(plan.key)
            if not plan.found:
                plan.notes.append(self.env._("New commitment."))
                continue
            plan.changes = {
                name: value
                for name, value in plan.vals.items()
                if name != "company_id" and plan.found[name] != value
            }
            plan.settle(UPDATED if plan.changes else UNCHANGED, self._get_note(plan))

    def _find_known(self, wizard, plans):
        found = self.env["souverainete.chorus.commitment"].search(
            [
                ("company_id", "=", wizard.company_id.id),
                ("key", "in", [plan.key for plan in plans]),
            ]
        )
        return {commitment.key: commitment for commitment in found}

    def _prepare_vals(self, wizard, plan):
        said = {name: value or False for name, value in plan.record.values.items()}
        amount = sum(record.values["amount"] for record in plan.records)
        return said | {
            "company_id": wizard.company_id.id,
            "key": plan.key,
            "amount": wizard.company_id.currency_id.round(amount),
        }

    def _get_note(self, plan):
        if not plan.changes:
            return self.env._("Chorus says the same as before.")
        info = plan.found.fields_get(sorted(plan.changes), ["string"])
        labels = ", ".join(sorted(field["string"] for field in info.values()))
        return self.env._("Changed: %(fields)s.", fields=labels)

    # === WRITING === #

    def _write_plans(self, wizard, plans):
        new = [plan for plan in plans if plan.status == CREATED]
        commitments = self.env["souverainete.chorus.commitment"].sudo()
        created = commitments._create_server([plan.vals for plan in new])
        for plan, commitment in zip(new, created.sudo(False), strict=True):
            plan.found = commitment
        for plan in plans:
            if plan.status == UPDATED:
                plan.found.sudo()._write_server(plan.changes)
