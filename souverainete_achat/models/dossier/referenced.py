from odoo import api, models

# In the order of a purchase: planned, published, signed, requested, committed.
REFERENCES = (
    "ref_approch",
    "ref_place",
    "ref_contract",
    "ref_chorus_da",
    "ref_chorus_ej",
)


class Referenced(models.AbstractModel):
    """A record that shows under which numbers other systems know a purchase."""

    _name = "souverainete.referenced"
    _description = "References of a purchase in other systems"

    def _get_references(self):
        """[(label, value)] of the references known, in the user's language."""
        self.ensure_one()
        values = {name: self._get_reference(name) for name in REFERENCES}
        labels = self.fields_get(list(values), ["string"])
        return [
            (labels[name]["string"], values[name]) for name in values if values[name]
        ]

    def _get_reference(self, name):
        """The value of one reference, as it is printed."""
        return self[name]

    @api.model
    def _get_shared_references(self):
        """Names of the references of the need: typed on it, shown wherever it goes."""
        return ("ref_approch", "ref_place", "ref_chorus_da")
