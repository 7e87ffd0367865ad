from odoo import api, models


class Paged(models.AbstractModel):
    """A file whose form holds what it is daily worked on with; the rest opens from it,
    on pages of its own."""

    _name = "souverainete.paged"
    _description = "Purchase file shown on several pages"

    @api.model
    def _get_view_fields(self, view_type, models):
        """The client is told of our fields that a screen shows: a file has a hundred
        more, and a search is told of them all."""
        shown = set(models.get(self._name, ()))
        models = super()._get_view_fields(view_type, models)
        models[self._name] = [
            name
            for name in models[self._name]
            if name in shown or self._fields[name]._modules != ("souverainete_achat",)
        ]
        return models

    def _open_page(self, name):
        """The action that opens a page of this file, by its XML id."""
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"souverainete_achat.{name}"
        )
        return action | {"res_id": self.id}

    def _open_list(self, name, *domain, **context):
        """The same for a list of what belongs to this file, and is added to it."""
        return self._open_page(name) | {
            "res_id": False,
            "domain": [("requisition_id", "=", self.id), *domain],
            "context": {"default_requisition_id": self.id, **context},
        }

    def action_open_references(self):
        return self._open_page("action_references_page")
