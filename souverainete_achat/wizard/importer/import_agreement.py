from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import Command, models

from .plan import UNCHANGED, UPDATED

MAX_NUMBERS = 12


class ImportAgreement(models.AbstractModel):
    """Contracts already signed are taken over by an officer; never files to confirm."""

    _inherit = "souverainete.import.agreement"

    # === HOOKS === #

    def _get_reference_field(self):
        return "ref_contract"

    def _get_references(self, plan):
        return [record.values["reference"] for record in plan.records]

    def _get_free_fields(self):
        """Fields of a contract taken over that a new import may still write: what is
        longer or costs more is an amendment, which the doctrine judges."""
        return frozenset({"holder_ids"})

    def _get_end(self, found):
        """Notification plus duration, which includes tranches and extensions."""
        if not found["months"]:
            return False
        return found["date"] + relativedelta(months=found["months"])

    # === VALUES === #

    def _prepare_vals(self, wizard, plan):
        found = plan.record.values
        end = self._get_end(found)
        return {
            "requisition_type": "blanket_order",
            "company_id": wizard.company_id.id,
            "reference": found["title"],
            "description": Markup("<p>%s</p>") % found["title"],
            "ref_contract": self._get_contract_numbers(plan),
            "cpv_code": found["cpv"],
            "purchase_route": self._get_route(found),
            "amount_max": found["amount"] or 0.0,
            "amount_max_known": found["amount"] is not None,
            "date_start": found["date"],
            "date_end": end,
            "date_end_estimated": bool(end),
            "duration_months": found["months"] or 0,
        }

    def _get_contract_numbers(self, plan):
        """Numbers of its records, as many as an index can hold."""
        numbers = self._get_references(plan)
        more = ["…"] if len(numbers) > MAX_NUMBERS else []
        return ", ".join(numbers[:MAX_NUMBERS] + more)

    def _get_route(self, found):
        return "subsequent" if found["call_off"] or found["framework"] else "own"

    def _get_holders(self, plan):
        """[type, identifier, name] of each holder, over the rows of the agreement."""
        holders = [h for record in plan.records for h in record.values["holders"]]
        return list({holder[1]: holder for holder in holders}.values())

    # === PLANNING === #

    def _prepare(self, wizard, plans):
        holders = [holder for plan in plans for holder in self._get_holders(plan)]
        known = self.env["souverainete.import.holder"]._find(wizard.company_id, holders)
        for plan in plans:
            plan.holders = known
        return super()._prepare(wizard, plans)

    # === COMPARING === #

    def _compare(self, wizard, plan, imported):
        """A contract taken over is not amended by an import: what differs is said."""
        plan.settle(UNCHANGED)
        missing = self._get_missing_holders(plan)
        if missing and "holder_ids" in self._get_free_fields():
            plan.settle(UPDATED, self._explain_holders(plan))
        if changed := self._get_changed(plan, imported) - self._get_free_fields():
            plan.notes.append(self._get_amended_note(plan.file, changed))

    def _get_missing_holders(self, plan):
        """Holders of the source that the file does not have yet."""
        numbers = [number for _kind, number, _name in self._get_holders(plan)]
        ids = [plan.holders[n].id if n in plan.holders else None for n in numbers]
        return [partner for partner in ids if partner not in plan.file.holder_ids.ids]

    def _get_amended_note(self, file, changed):
        return self.env._(
            "The source differs from %(name)s, which an import does not amend: "
            "%(fields)s. Record the amendment on the file.",
            name=file.display_name,
            fields=self._get_labels(changed),
        )

    # === WRITING === #

    def _write_plans(self, wizard, plans):
        holders = [holder for plan in plans for holder in self._get_holders(plan)]
        model = self.env["souverainete.import.holder"]
        partners = model._find_or_create(wizard.company_id, holders)
        for plan in plans:
            ids = [partners[h[1]].id for h in self._get_holders(plan)]
            plan.changes = {"holder_ids": [Command.link(i) for i in ids]}
        return super()._write_plans(wizard, plans)

    def _update_file(self, plan):
        """A holder published since is a fact that the officer records."""
        if not plan.file.is_prior:
            return super()._update_file(plan)
        ids = [link[1] for link in plan.changes["holder_ids"]]
        return plan.file._record_holders(self.env["res.partner"].browse(ids))

    def _create_files(self, wizard, plans):
        return self.env["purchase.requisition"]._create_prior(
            [self._prepare_prior(plan) for plan in plans],
            self._get_document(wizard),
            reason=self.env._("Imported from the published data (DECP)."),
        )

    def _prepare_prior(self, plan):
        """The vendor of an agreement is one of its holders."""
        links = plan.changes["holder_ids"]
        return plan.vals | plan.changes | {"vendor_id": links and links[0][1]}

    def _get_document(self, wizard):
        """The file itself: what proves that the contracts were signed."""
        if not wizard.document_id:
            wizard.document_id = self.env["ir.attachment"].create(
                {"name": wizard.filename or wizard.adapter, "raw": wizard._get_bytes()}
            )
        return wizard.document_id
