from odoo import api, models


class Declaration(models.AbstractModel):
    """A record whose content the gate judges: an option, a component, an answer…

    On a launched or confirmed file such a change is refused when it adds a blocking
    finding or rewrites what was frozen at launch; what removes one is accepted.
    """

    _name = "souverainete.declaration"
    _description = "Content judged by the gate"
    # Dotted path from the record to the purchase file(s) that carry the need.
    _file_path = None

    @api.model
    def _get_free_fields(self):
        """Names of the fields the gate does not judge (notes, layout…)."""
        return frozenset({"sequence"})

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
        with self._get_files_from_vals(vals_list)._declared():
            return super().create(vals_list)

    def write(self, vals):
        if self._get_free_fields().issuperset(vals):
            return super().write(vals)
        files = self._get_declared_files() | self._get_files_from_vals([vals])
        with files._declared():
            return super().write(vals)

    def unlink(self):
        with self._get_declared_files()._declared():
            return super().unlink()
