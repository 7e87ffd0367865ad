from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class Suspension(models.Model):
    """A request for more information: the time limit stops until it is answered."""

    _name = "souverainete.suspension"
    _inherit = ["souverainete.guarded"]
    _description = "Suspension of the DINUM's time limit"
    _order = "date_from, id"
    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A suspension ends on or after the day it starts.",
    )

    opinion_id = fields.Many2one(
        "souverainete.opinion",
        required=True,
        index=True,
        ondelete="cascade",
        guard="server",
    )
    company_id = fields.Many2one(
        related="opinion_id.company_id", store=True, index=True
    )
    date_from = fields.Date(
        string="Asked on",
        required=True,
        help="Day of the request: the time limit stops.",
        guard="server",
    )
    date_to = fields.Date(
        string="Answered on",
        help="Day the answer was received: the time limit runs again. Empty: running.",
        guard="server",
    )
    reason = fields.Text(string="Information asked", guard="server")

    def _get_days(self, date_received):
        """Days that lengthen the time limit; none before its start."""
        start = max(self.date_from, date_received)
        return max((self.date_to - start).days, 0)

    @api.constrains("date_from", "date_to", "opinion_id")
    def _check_no_overlap(self):
        for opinion in self.opinion_id:
            ordered = opinion.suspension_ids.sorted(
                lambda s: (s.date_from, s.date_to or date.max)
            )
            for before, after in zip(ordered, ordered[1:], strict=False):
                if not before.date_to or before.date_to > after.date_from:
                    raise ValidationError(
                        self.env._(
                            "Two suspensions of one time limit overlap: end the first "
                            "one before the second one starts."
                        )
                    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A suspension is evidence and is never deleted."))
