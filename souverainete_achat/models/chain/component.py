from odoo import api, fields, models
from odoo.exceptions import UserError


class Component(models.Model):
    """A link of the chain is asked what the grid asks link by link."""

    _inherit = "souverainete.component"

    answer_ids = fields.One2many("souverainete.answer", "component_id", copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        # Judged once, with its blank answers.
        with self._get_files_from_vals(vals_list)._declared():
            components = super().create(vals_list)
            components.option_id._refresh_links()
        return components

    def write(self, vals):
        self._check_same_chain(vals)
        return super().write(vals)

    def unlink(self):
        options = self.option_id
        with self._get_declared_files()._declared():
            # By the ORM, not by the cascade: scores follow, and a bid's words stay.
            self.answer_ids._as_server().unlink()
            result = super().unlink()
            options._refresh_links()
        return result

    def _check_same_chain(self, vals):
        """Its answers are about the option it is a link of."""
        moved = vals.get("option_id")
        if moved and any(component.option_id.id != moved for component in self):
            raise UserError(
                self.env._(
                    "A component stays with its option: declare another one in the "
                    "other option, and delete this one."
                )
            )


class Option(models.Model):
    _inherit = "souverainete.option"

    def _refresh_links(self):
        """Ask of the chain as it is now. What was judged at the award stays judged."""
        open_options = self.filtered(lambda option: not option._is_settled())
        open_options._refresh_questions()
