from odoo import fields, models
from odoo.exceptions import UserError


class DecideAlone(models.TransientModel):
    """The reason for which one person is about to decide alone."""

    _name = "souverainete.decide.alone"
    _description = "Decide alone"

    res_model = fields.Char(
        string="Model",
        required=True,
        default=lambda self: self.env.context.get("active_model"),
    )
    res_id = fields.Many2oneReference(
        string="Record",
        model_field="res_model",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    reason = fields.Text(required=True, help="Why nobody else can decide.")

    def action_record(self):
        """Record the reason: the decision's own button then passes, once."""
        self.check_access("read")
        self.ensure_one()
        self._get_record().action_decide_alone(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _get_record(self):
        """What is decided on: nothing else than what takes four eyes."""
        model = self.env.get(self.res_model)
        if not hasattr(model, "action_decide_alone"):
            raise UserError(self.env._("Nothing here takes such a reason."))
        return model.browse(self.res_id)
