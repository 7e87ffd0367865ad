from odoo import api, fields, models
from odoo.exceptions import AccessError

from .qualification_ending import ENDING_STEPS


class QualificationAlert(models.Model):
    """One step before the end of a qualification, told once for one purchase file."""

    _name = "souverainete.qualification.alert"
    _inherit = ["souverainete.evidence"]
    _description = "Alert on the end of a qualification"
    _order = "date_end, requisition_id, id"
    _rec_name = "qualification_id"

    qualification_id = fields.Many2one(
        "souverainete.qualification",
        string="Qualified service",
        required=True,
        index=True,
        ondelete="restrict",
    )
    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Purchase file",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id",
        string="Ministry",
        store=True,
        index=True,
        precompute=True,
    )
    reference = fields.Char(
        related="requisition_id.reference", string="Purpose of the file"
    )
    step = fields.Selection(ENDING_STEPS, required=True)
    date_end = fields.Date(
        string="End in the register",
        required=True,
        help="End date of what was proven when the alert was given. A service whose "
        "date passed may have been renewed: verify on the ANSSI catalogue.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Told to",
        help="The buyer of the file; from the last alert on, a compliance officer who "
        "does not buy it, where there is one.",
    )
    order_count = fields.Integer(
        string="Orders then", help="Confirmed orders of the file when it was told."
    )
    day = fields.Date(string="Told on", required=True)
    state = fields.Selection(
        [("open", "To follow"), ("closed", "Settled")],
        required=True,
        default="open",
        index=True,
        help="Settled by itself: a later step replaced it, the qualification was "
        "renewed, or the file no longer relies on it.",
    )
    closed_on = fields.Date(string="Settled on")
    activity_id = fields.Many2one("mail.activity", ondelete="set null")

    _once = models.Constraint(
        "UNIQUE (qualification_id, requisition_id, step, date_end)",
        "This step was already told for this file.",
    )

    def write(self, vals):
        if not self._is_server():
            raise AccessError(
                self.env._("Alerts are given and settled by the daily job.")
            )
        return super().write(vals)

    def _get_identity(self):
        return (
            self.qualification_id.id,
            self.requisition_id.id,
            self.step,
            self.date_end,
        )

    @api.model
    def _follow(self, qualifications, planned):
        """Tell what was not told yet, and settle what no longer stands, of these
        qualifications. `planned`: {identity: values}. Returns the files concerned."""
        known = self.search([("qualification_id", "in", qualifications.ids)])
        told = {alert._get_identity() for alert in known}
        new = [vals for identity, vals in planned.items() if identity not in told]
        over = known.filtered(
            lambda a: a.state == "open" and a._get_identity() not in planned
        )
        over._settle()
        opened = self._create_server(new)
        opened._create_activities()
        return (opened | over).requisition_id

    def _settle(self):
        """Nothing is left to do about these: their to-dos go with them."""
        self.activity_id.filtered("active").unlink()
        today = self.env.company._souverainete_today()
        self._write_server({"state": "closed", "closed_on": today})
