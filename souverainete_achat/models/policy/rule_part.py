from odoo import SUPERUSER_ID, api, models


class RulePart(models.AbstractModel):
    """A line of a rule: it changes with its proposal, and who changes it wrote it."""

    _name = "souverainete.rule.part"
    _inherit = ["souverainete.written", "souverainete.guarded", "souverainete.kept"]
    _description = "Part of a rule"
    _root_path = "rule_id"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_proposed()
        return lines

    def write(self, vals):
        # Before and after: a line may be taken out of a rule in force, or put into it.
        self._check_proposed()
        result = super().write(vals)
        self._check_proposed()
        return result

    def _update_field_translations(self, *args, **kwargs):
        """Translating passes beside `write`."""
        self._check_proposed()
        self._get_roots()._add_authors()
        return super()._update_field_translations(*args, **kwargs)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_of_proposals(self):
        self._check_proposed()

    def _check_proposed(self):
        """A part changes with a proposal of the rule."""
        if self.env.uid == SUPERUSER_ID:
            return
        rules = self.rule_id
        rules.check_access("write")
        rules._check_editable()
