from contextlib import nullcontext

from odoo import api, models


class Declaration(models.AbstractModel):
    """A record whose content the gate judges: an option, a component, an answer…

    On a launched or confirmed file such a change is refused when it adds a blocking
    finding or rewrites what was frozen at launch; what removes one is accepted. Its
    fields are judged, unless they say `guard="free"` (notes, layout…).
    """

    _name = "souverainete.declaration"
    _inherit = ["souverainete.written", "souverainete.guarded"]
    _description = "Content judged by the gate"
    _guard = "judged"
    # Dotted path from the record to the purchase file(s) that carry the need.
    _file_path = None

    @api.model
    def _is_judged(self, vals):
        """Whether writing these values is judged. What only the server fills in is
        written by acts, which are judged themselves."""
        return bool(self._get_guarded_fields("judged", "frozen").intersection(vals))

    @api.model
    def _get_root_path(self):
        return super()._get_root_path() or self._file_path

    def _get_declared_files(self):
        """The needs this record is judged in."""
        return self.sudo().mapped(self._file_path)

    @api.model
    def _get_files_from_vals(self, vals_list):
        """The needs that records about to be created will be judged in."""
        name, _sep, path = self._file_path.partition(".")
        default = self.default_get([name]).get(name)
        ids = {vals.get(name, default) for vals in vals_list} - {False, None}
        parents = self.env[self._fields[name].comodel_name].sudo().browse(ids)
        return parents.mapped(path) if path else parents

    @api.model_create_multi
    def create(self, vals_list):
        with self._get_files_from_vals(vals_list)._judging_change():
            return super().create(vals_list)

    def _judging_write(self, vals):
        """Context in which `vals`, and what follows from it, is written and judged."""
        if not self._is_judged(vals):
            return nullcontext()
        files = self._get_declared_files() | self._get_files_from_vals([vals])
        return files._judging_change()

    def write(self, vals):
        with self._judging_write(vals):
            return super().write(vals)

    def unlink(self):
        with self._get_declared_files()._judging_change():
            return super().unlink()
