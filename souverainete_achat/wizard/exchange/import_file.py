from datetime import date

from odoo import models
from odoo.tools import html2plaintext

from .plan import CREATED


class ImportFile(models.AbstractModel):
    """What planned purchases and signed contracts share: they become purchase files,
    recognised at the next import, where only what the source changed is applied."""

    _name = "souverainete.import.file"
    _inherit = "souverainete.import.target"
    _description = "Destination of records that become purchase files"

    # === HOOKS === #

    def _prepare_vals(self, wizard, plan):
        """Values of the file, as the source gives them."""
        raise NotImplementedError

    def _get_reference_field(self):
        """Field of the file that shows the identifier of the source."""
        raise NotImplementedError

    def _explain(self, wizard, plan):
        """Sentences that say what is recorded, and what is not known."""
        return []

    def _compare(self, wizard, plan, imported):
        """Settle a plan whose file exists; `imported`: what the source said last."""
        raise NotImplementedError

    def _create_files(self, wizard, plans):
        raise NotImplementedError

    # === PLANNING === #

    def _prepare(self, wizard, plans):
        known = self._find_known(wizard, plans)
        for plan in plans:
            plan.vals = self._prepare_vals(wizard, plan)
            origin, plan.found = known[plan.key]
            if plan.found:
                self._compare(wizard, plan, origin.imported or {})
            else:
                plan.notes += self._explain(wizard, plan)
            if not plan.notes:
                plan.notes.append(self.env._("Nothing changed since the last import."))

    def _find_known(self, wizard, plans):
        """{key: (origin, file)}: imported before, or typed by hand with the same
        reference. Two queries, whatever the number of plans."""
        origins = self._find_origins(wizard, [r for p in plans for r in p.records])
        by_hand = self._find_by_reference(wizard, plans)
        known = {}
        for plan in plans:
            found = [origins[r.key] for r in plan.records if r.key in origins]
            files = [by_hand[r] for r in self._get_references(plan) if r in by_hand]
            origin = found[0] if found else self.env["souverainete.import.origin"]
            file = origin.requisition_id.sudo(False)
            known[plan.key] = origin, file or next(iter(files), file)
        return known

    def _find_origins(self, wizard, records):
        keys = [record.key for record in records if record.key]
        return self.env["souverainete.import.origin"]._find(wizard, keys)

    def _find_by_reference(self, wizard, plans):
        field = self._get_reference_field()
        references = [ref for plan in plans for ref in self._get_references(plan)]
        files = self.env["purchase.requisition"].with_context(active_test=False)
        found = files.search(
            [("company_id", "=", wizard.company_id.id), (field, "in", references)],
            order="id DESC",
        )
        return {file[field]: file.with_env(self.env) for file in found}

    def _get_references(self, plan):
        """What a file typed by hand would show of the source's identifiers."""
        return [record.key for record in plan.records]

    # === COMPARING === #

    def _get_changed(self, plan, imported):
        """Names of the fields whose value changed in the source since the last time,
        and is not the file's."""
        new = self._to_json(plan.vals)
        return {
            name
            for name in new
            if new[name] != imported.get(name, False)
            and new[name] != self._get_current(plan.found, name)
        }

    def _is_untouched(self, file, name, imported):
        """Whether the file still holds what was imported, or nothing."""
        current = self._get_current(file, name)
        return not current or current == imported.get(name, False)

    def _get_current(self, file, name):
        value = file[name]
        if isinstance(value, models.BaseModel):
            value = value.ids
        return self._to_json({name: value})[name]

    def _to_json(self, vals):
        """Values as they are kept; formatted text without its tags, which the host
        rewrites."""
        kept = {}
        for name, value in vals.items():
            if isinstance(value, date):
                value = value.isoformat()
            elif name == "description":
                value = html2plaintext(value or "")
            kept[name] = value or False
        return kept

    def _get_labels(self, names):
        info = self.env["purchase.requisition"].fields_get(sorted(names), ["string"])
        return ", ".join(sorted(field["string"] for field in info.values()))

    # === WRITING === #

    def _update_file(self, plan):
        """Apply what the source changed to a file that exists."""
        return plan.found.write(plan.changes)

    def _write_plans(self, wizard, plans):
        new = [plan for plan in plans if plan.status == CREATED]
        if new:
            for plan, file in zip(new, self._create_files(wizard, new), strict=True):
                plan.found = file
        for plan in plans:
            if plan.status != CREATED:
                self._update_file(plan)
        self.env["souverainete.import.origin"]._remember(
            wizard,
            {
                plan.found: ([r.key for r in plan.records], self._to_json(plan.vals))
                for plan in plans
            },
        )
