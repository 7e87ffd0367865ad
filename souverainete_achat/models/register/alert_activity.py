from markupsafe import Markup

from odoo import models
from odoo.tools.misc import format_date


class QualificationAlert(models.Model):
    """The to-do of each alert, on the file, in the language of who reads it."""

    _inherit = "souverainete.qualification.alert"

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
