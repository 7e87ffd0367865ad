from odoo import api, fields, models


class ImportOrigin(models.Model):
    """Which record of which public register a purchase file came from.

    It keeps what the register said last: a new import applies what changed there, and
    leaves what people wrote here. Numbers shown on the file may be corrected at will.
    """

    _name = "souverainete.import.origin"
    _description = "Origin of an imported file"
    _order = "id"
    _rec_name = "key"
    _company_adapter_key_uniq = models.Constraint(
        "UNIQUE (company_id, adapter, key)",
        "This record of the source was already imported.",
    )

    requisition_id = fields.Many2one(
        "purchase.requisition", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    adapter = fields.Char(required=True, help="Code of the source.")
    key = fields.Char(required=True, help="Identifier of the record in its source.")
    imported = fields.Json(help="Values of the file's fields as the source gave them.")

    @api.model
    def _find(self, wizard, keys):
        """{key: origin} of what was imported before from the wizard's source."""
        return {
            origin.key: origin
            for origin in self.sudo().search(
                [
                    ("company_id", "=", wizard.company_id.id),
                    ("adapter", "=", wizard.adapter),
                    ("key", "in", keys),
                ]
            )
        }

    @api.model
    def _remember(self, wizard, imported):
        """Record `{file: (keys, values)}` as imported now, whatever was before."""
        keys = [key for keys, _values in imported.values() for key in keys]
        known = self._find(wizard, keys)
        new = []
        for file, (own_keys, values) in imported.items():
            for key in own_keys:
                if key in known:
                    known[key].imported = values
                else:
                    new.append(self._prepare(wizard, file, key, values))
        self.sudo().create(new)

    @api.model
    def _prepare(self, wizard, file, key, values):
        return {
            "requisition_id": file.id,
            "company_id": wizard.company_id.id,
            "adapter": wizard.adapter,
            "key": key,
            "imported": values,
        }
