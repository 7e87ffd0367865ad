from odoo import fields, models


class Departure(models.Model):
    """Who decides goes against a simple opinion, and says why. Written once."""

    _name = "souverainete.opinion.departure"
    _inherit = ["souverainete.evidence"]
    _description = "Departure from a simple opinion"
    _order = "id desc"
    _rec_name = "authority"

    opinion_id = fields.Many2one(
        "souverainete.opinion", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="opinion_id.company_id", store=True, index=True
    )
    reason = fields.Text(
        required=True, help="Why the body decides otherwise than the DINUM advised."
    )
    authority = fields.Char(
        string="Decided by",
        required=True,
        help="Who decides for the ministry or body: name and function.",
    )
    recorded_by_id = fields.Many2one(
        "res.users",
        string="Recorded by",
        required=True,
        help="Officer who recorded the decision; never who asked for the opinion.",
    )
    recorded_on = fields.Datetime(required=True, help="Server time.")
    recommendation_ids = fields.One2many(
        "souverainete.recommendation",
        "departure_id",
        string="Recommendations not followed",
        help="Those that were not followed when the decision was recorded.",
    )

    def _prepare_entry(self):
        """What the journal keeps of it."""
        return {
            "opinion": self.opinion_id.id,
            "opinion_state": self.opinion_id.state,
            "reason": self.reason,
            "authority": self.authority,
            "recommendations": self.recommendation_ids.mapped("number"),
        }
