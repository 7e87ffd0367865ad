from markupsafe import Markup

from odoo import api, models

from .plan import UNCHANGED, UPDATED


class ImportNeed(models.AbstractModel):
    """Planned purchases become needs in draft, for the buyer to carry on."""

    _name = "souverainete.import.need"
    _inherit = "souverainete.import.file"
    _description = "Destination of planned purchases"

    def _get_reference_field(self):
        return "ref_approch"

    def _prepare_vals(self, wizard, plan):
        found = plan.record.values
        return {
            "requisition_type": "purchase_template",
            "company_id": wizard.company_id.id,
            "reference": found["title"],
            "description": self._get_description(found),
            "ref_approch": found.get("approch", plan.key),
            "ref_place": found["place"],
            "cpv_code": found["cpv"],
            "amount_estimated": found["amount"] or 0.0,
            "amount_estimated_known": found["amount"] is not None,
            "date_publication": found["publication"],
            "duration_months": found["months"] or 0,
            **self._prepare_suggestion(found),
        }

    def _get_description(self, found):
        """Title and text of the planned purchase; its award criteria and the deadline
        of its offers, if any."""
        lines = [found["title"], found["description"], self._get_criteria(found)]
        if found["offers"]:
            lines.append(
                self.env._("Deadline of the offers: %(date)s", date=found["offers"])
            )
        return Markup().join(Markup("<p>%s</p>") % line for line in lines if line)

    def _get_criteria(self, found):
        """The award criteria that a notice announces, with their weights."""
        criteria = [
            self.env._("%(name)s (%(weight)s %%)", name=name, weight=weight)
            if weight
            else name
            for name, weight in found.get("criteria", ())
        ]
        return criteria and self.env._(
            "Award criteria announced: %(criteria)s", criteria=", ".join(criteria)
        )

    def _prepare_suggestion(self, found):
        """Without a CPV code, the words suggest the scope; the buyer states it."""
        if found["cpv"]:
            return {"scope_suggestion": False, "scope_suggestion_reason": False}
        text = " ".join((found["title"], found["description"], found["keywords"]))
        suggestion, words = self.env["souverainete.scope.word"]._suggest(text)
        return {
            "scope_suggestion": suggestion,
            "scope_suggestion_reason": ", ".join(words),
        }

    def _is_doubtful(self, plan):
        """What is over, or probably not digital, is proposed to be left out."""
        if plan.record.values["closed"]:
            return True
        vals = plan.vals
        if vals["cpv_code"]:
            company = self.env.company
            today = company._souverainete_today()
            prefixes = self.env["souverainete.cpv.prefix"]
            return prefixes._get_scope(vals["cpv_code"], company, today) == "out"
        return vals["scope_suggestion"] == "out"

    @api.model
    def _prepare_opened(self, ids):
        """To be sorted at once: what is probably digital first."""
        view = self.env.ref("souverainete_achat.purchase_requisition_view_list_scope")
        return super()._prepare_opened(ids) | {
            "views": [(view.id, "list"), (False, "form")],
            "context": {"search_default_scope_ask": 1},
        }

    def _explain(self, wizard, plan):
        plan.doubtful = self._is_doubtful(plan)
        return [self._explain_scope(plan.vals), *plan.record.notes]

    def _explain_scope(self, vals):
        words = vals["scope_suggestion_reason"]
        if vals["cpv_code"]:
            return self.env._("The CPV code says its scope: %s.", vals["cpv_code"])
        if vals["scope_suggestion"] == "in":
            return self.env._(
                "Scope to state: probably digital (%(words)s).", words=words
            )
        if vals["scope_suggestion"] == "out":
            return self.env._(
                "Scope to state: probably not digital (%(words)s).", words=words
            )
        return self.env._("Scope to state: its words suggest nothing.")

    def _find_by_reference(self, wizard, plans):
        """The need itself: its agreements show the same reference."""
        found = super()._find_by_reference(wizard, plans)
        return {reference: file.need_id for reference, file in found.items()}

    # === COMPARING === #

    def _compare(self, wizard, plan, imported):
        """Apply what the source changed, except on what people wrote or launched."""
        changed = self._get_changed(plan, imported)
        free = self._get_free(plan.found, changed, imported)
        plan.changes = {name: plan.vals[name] for name in free}
        plan.settle(UPDATED if free else UNCHANGED)
        if free:
            plan.notes.append(
                self.env._("Changed: %(fields)s.", fields=self._get_labels(free))
            )
        if kept := changed - free:
            plan.notes.append(self._get_kept_note(plan.found, kept))

    def _get_free(self, file, names, imported):
        """Those of the changed fields that an import may write on this file."""
        if not self._is_open(file):
            return set()
        free = {name for name in names if self._is_untouched(file, name, imported)}
        # An amount and whether it is known are one answer.
        if "amount_estimated" not in free or "amount_estimated_known" not in free:
            pair = {"amount_estimated", "amount_estimated_known"}
            free -= pair if (names - free) & pair else set()
        return free

    def _is_open(self, file):
        """Whether the need may still follow its source: a draft not yet launched."""
        return file.state == "draft" and not file.date_launch

    def _get_kept_note(self, file, names):
        labels = self._get_labels(names)
        if self._is_open(file):
            return self.env._(
                "Written by hand, and kept as it is here: %(fields)s.", fields=labels
            )
        return self.env._(
            "%(name)s is no longer a draft; it keeps its own: %(fields)s.",
            name=file.display_name,
            fields=labels,
        )

    # === WRITING === #

    def _create_files(self, wizard, plans):
        return self.env["purchase.requisition"].create([plan.vals for plan in plans])
