from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import format_date

from .qualification_ending import ENDING_STEPS


class QualificationAlert(models.Model):
    """One step before the end of a qualification, told once for one purchase file."""

    _name = "souverainete.qualification.alert"
    _inherit = ["souverainete.evidence"]
    _description = "Alert on the end of a qualification"
    _order = "date_end, requisition_id, id"
    _rec_name = "qualification_id"
    _once = models.Constraint(
        "UNIQUE (qualification_id, requisition_id, step, date_end)",
        "This step was already told for this file.",
    )

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

    def write(self, vals):
        if not self._is_granted("write", vals):
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

    # === ACTIVITY === #
    # The to-do of each alert, on the file, in the language of who reads it.

    def _create_activities(self):
        """All at once. No message is sent: the list of to-dos shows them."""
        told = self.filtered("user_id")
        orders = told._get_orders_by_file()
        kind = self.env.ref("souverainete_achat.activity_qualification_ending")
        activities = (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create([alert._prepare_activity(kind, orders) for alert in told])
        )
        for alert, activity in zip(told, activities, strict=True):
            alert._write_server({"activity_id": activity.id})

    def _get_orders_by_file(self):
        qualifications = self.qualification_id
        orders = qualifications._get_orders(self.requisition_id)
        return qualifications._get_orders_by_file(orders)

    def _prepare_activity(self, kind, orders):
        read = self.with_context(lang=self.user_id.lang)
        return {
            "activity_type_id": kind.id,
            "automated": True,
            "date_deadline": self.day,
            "res_id": self.requisition_id.id,
            "res_model_id": self.env["ir.model"]._get_id(self.requisition_id._name),
            "summary": read._get_summary(),
            "note": read._get_note(orders.get(self.requisition_id)),
            "user_id": self.user_id.id,
        }

    def _get_summary(self):
        if self.step == "passed":
            return self.env._(
                "“%(service)s”: end date passed in the register, verify",
                service=self.qualification_id.display_name,
            )
        return self.env._(
            "“%(service)s”: qualification until %(date)s",
            service=self.qualification_id.display_name,
            date=format_date(self.env, self.date_end),
        )

    def _get_note(self, orders):
        """What to do, and the orders it touches."""
        text = self.env._(
            "The register says that this qualification ends on %(date)s. It does not "
            "say whether it was renewed: verify on the ANSSI catalogue; an officer "
            "records the renewal in “Qualified services”. Otherwise prepare another "
            "host.",
            date=format_date(self.env, self.date_end),
        )
        note = Markup("<p>%s</p>") % text
        if not orders:
            return note
        label = self.env._("Confirmed orders under this file:")
        items = Markup("").join(Markup("<li>%s</li>") % o.name for o in orders)
        return note + Markup("<p>%s</p><ul>%s</ul>") % (label, items)
