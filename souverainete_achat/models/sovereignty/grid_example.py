from odoo import api, fields, models
from odoo.exceptions import UserError


class Grid(models.Model):
    """An example of weights can be loaded to try a grid; it says that it is one."""

    _inherit = "souverainete.grid"

    is_example = fields.Boolean(
        string="Example weights",
        compute="_compute_is_example",
        store=True,
        help="The weights are those of the example: the ministry has not set its own.",
    )
    has_example = fields.Boolean(compute="_compute_has_example")

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"is_example"}

    @api.depends(
        "objective_ids.weight",
        "objective_ids.weight_known",
        "objective_ids.example_weight",
    )
    def _compute_is_example(self):
        for grid in self:
            pairs = [(o.weight, o.example_weight) for o in grid.objective_ids]
            loaded = any(weight for weight, _example in pairs)
            grid.is_example = loaded and all(weight == ex for weight, ex in pairs)

    @api.depends("objective_ids.example_weight")
    def _compute_has_example(self):
        for grid in self:
            grid.has_example = any(grid.objective_ids.mapped("example_weight"))

    def action_load_example(self):
        """Give each objective its example weight. Raises where weights were set."""
        self.ensure_one()
        if self.is_weighted or not self.has_example:
            raise UserError(
                self.env._(
                    "Weights were already set, or this grid has no example: set the "
                    "weights of its objectives yourself."
                )
            )
        self.write(
            {
                "objective_ids": [
                    fields.Command.update(o.id, {"weight": o.example_weight})
                    for o in self.objective_ids
                ]
            }
        )
