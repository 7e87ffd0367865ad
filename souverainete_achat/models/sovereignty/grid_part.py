from odoo import api, models
from odoo.exceptions import UserError


class GridPart(models.AbstractModel):
    """A grid or a part of it: what a consultation was launched with stays as it was."""

    _name = "souverainete.grid.part"
    _inherit = "souverainete.guarded"
    _description = "Content of a grid, frozen at its first launch"

    def _get_grids(self):
        """The grids these records belong to."""
        raise NotImplementedError

    @api.model
    def _get_free_fields(self):
        """Names of the fields that may still change on a frozen grid."""
        return frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._get_grids()._revise()
        return parts

    def write(self, vals):
        if self._is_server() or self._get_free_fields().issuperset(vals):
            return super().write(vals)
        # Before and after: a part may be moved out of a frozen grid, or into one.
        self._get_grids()._revise()
        result = super().write(vals)
        self._get_grids()._revise()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_frozen(self):
        self._get_grids()._revise()

    def _update_field_translations(self, field_name, *args, **kwargs):
        # The translation dialog does not go through write().
        if field_name not in self._get_free_fields():
            self._get_grids()._revise()
        return super()._update_field_translations(field_name, *args, **kwargs)

    @api.model
    def _raise_frozen(self, grids):
        raise UserError(
            self.env._(
                "A consultation was launched with these grids, which can no longer "
                "change: %(grids)s. Duplicate the grid to make a new version.",
                grids=", ".join(grids.mapped("display_name")),
            )
        )
