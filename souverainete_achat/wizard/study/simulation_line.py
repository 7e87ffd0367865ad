from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SimulationLine(models.TransientModel):
    """One objective: the weight tried, and what each fictitious offer obtains on it."""

    _name = "souverainete.simulation.line"
    _description = "Objective of a simulation"

    simulation_id = fields.Many2one(
        "souverainete.simulation", required=True, ondelete="cascade"
    )
    objective_id = fields.Many2one(
        "souverainete.objective", required=True, ondelete="cascade"
    )
    weight = fields.Float(string="Weight (%)", help="Weight to try, in percent.")
    value_a = fields.Float(string="Offer A (%)", help="Share of the points, 0 to 100.")
    value_b = fields.Float(string="Offer B (%)", help="Share of the points, 0 to 100.")
    value_c = fields.Float(string="Offer C (%)", help="Share of the points, 0 to 100.")
    value_d = fields.Float(string="Offer D (%)", help="Share of the points, 0 to 100.")

    @api.constrains("weight", "value_a", "value_b", "value_c", "value_d")
    def _check_percentages(self):
        names = ("weight", "value_a", "value_b", "value_c", "value_d")
        for line in self:
            if not all(0 <= line[name] <= 100 for name in names):
                raise ValidationError(
                    self.env._(
                        "%(objective)s: weights and values are percentages, from 0 to "
                        "100.",
                        objective=line.objective_id.name,
                    )
                )
