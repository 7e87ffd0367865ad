from odoo import api, models
from odoo.tools import SQL

ADDON = "souverainete_achat"


class Columns(models.AbstractModel):
    """What the addon adds to the tables of others."""

    _name = "souverainete.columns"
    _description = "Columns added to the tables of other addons"

    @api.model
    def _set_defaults(self):
        """Give a default, in the database too, to each column that is required: an
        instance of Odoo that was started before the addon was installed goes on
        inserting rows without knowing of it."""
        for field in self._get_required():
            model = self.env[field.model_name]
            value = field.convert_to_column_insert(self._get_default(field), model)
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s",
                    SQL.identifier(model._table),
                    SQL.identifier(field.name),
                    value,
                )
            )

    @api.model
    def _get_required(self):
        """Stored fields of ours that the tables of others require."""
        return [
            field
            for model in self.env.values()
            if not model._abstract and model._original_module != ADDON
            for field in model._fields.values()
            if self._is_required_column(field)
        ]

    @api.model
    def _is_required_column(self, field):
        own = field._modules[:1] == (ADDON,) and field.store and field.column_type
        return own and field.required and self._get_default(field) is not None

    @api.model
    def _get_default(self, field):
        """What nobody answered is unknown."""
        if field.default:
            return field.default(self.env[field.model_name])
        answers = dict(field.selection) if field.type == "selection" else {}
        return "unknown" if "unknown" in answers else None
