from odoo import api, fields, models
from odoo.tools import format_date


class JournalSeal(models.Model):
    """How the seals leave the database by mail."""

    _inherit = "souverainete.journal.seal"

    @api.model
    def _send_pending(self):
        """Mail the seals not mailed yet to the DAE's readers, one mail a language.

        The mail waits in the outgoing queue: a broken mail server loses nothing.
        """
        seals = self.search([("sent_on", "=", False)], order="company_id, number")
        readers = self._get_mail_readers()
        if not seals or not readers:
            return
        self.env["mail.mail"].sudo().create(
            [
                seals.with_context(lang=lang)._prepare_mail(users)
                for lang, users in readers.grouped("lang").items()
            ]
        )
        seals._write_server({"sent_on": fields.Datetime.now()})

    @api.model
    def _get_mail_readers(self):
        """Users who keep the seals outside of this database."""
        group = self.env.ref("souverainete_achat.group_dae").sudo()
        return group.all_user_ids.filtered("email")

    def _prepare_mail(self, users):
        today = self.env.company._souverainete_today()
        return {
            "subject": self.env._(
                "Seals of the digital purchasing journals, %(date)s",
                date=format_date(self.env, today),
            ),
            "body_html": self.env["ir.qweb"]._render(
                "souverainete_achat.journal_seal_mail", {"seals": self}
            ),
            "email_from": self.env.company.email_formatted or users[0].email_formatted,
            "recipient_ids": [fields.Command.set(users.partner_id.ids)],
        }
