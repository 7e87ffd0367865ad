from odoo import models
from odoo.tools.misc import format_date


class Qualification(models.Model):
    """Why a service is not proven qualified on a day, in words its buyer can act on."""

    _inherit = "souverainete.qualification"

    def _get_validity_gap(self, date):
        """Why the line of this qualification proves nothing on `date`; empty when its
        current decision is valid."""
        current = self._get_current(date)
        return current._get_standing_messages().get(current._get_standing(date), "")

    def _get_standing_messages(self):
        name = self.display_name
        return {
            "void": self.env._(
                "the qualification “%(name)s” was recorded by mistake. Choose another.",
                name=name,
            ),
            "withdrawn": self.env._(
                "the qualification “%(name)s” is withdrawn. Choose another host.",
                name=name,
            ),
            "examination": self.env._(
                "the qualification “%(name)s” is only under examination. Wait for the "
                "decision, or choose another host.",
                name=name,
            ),
            "suspended": self.env._(
                "the qualification “%(name)s” is suspended. Wait for the end of the "
                "suspension to be recorded, or choose another host.",
                name=name,
            ),
            "ended": self._get_ended_message(),
            "coming": self.env._(
                "the qualification “%(name)s” only starts on %(date)s.",
                name=name,
                date=format_date(self.env, self.date_start),
            ),
            "unknown": self.env._(
                "%(unknown)s unknown for the qualification “%(name)s”: verify on the "
                "ANSSI catalogue and have an officer complete the register.",
                unknown=", ".join(self._get_unknown_labels()),
                name=name,
            ),
        }

    def _get_ended_message(self):
        """The register passed its date: nobody knows from it whether it was renewed."""
        message = self.env._(
            "the end date of the qualification “%(name)s” in the register, %(date)s, "
            "is passed. Verify on the ANSSI catalogue whether it was renewed and have "
            "an officer record it, or choose another host.",
            name=self.display_name,
            date=format_date(self.env, self.date_end),
        )
        if not self.renewal_pending_since or self.renewal_closed_on:
            return message
        pending = self.env._(
            "Its renewal, recorded as pending since %(since)s (%(where)s), is no proof "
            "for this.",
            since=format_date(self.env, self.renewal_pending_since),
            where=self.renewal_source,
        )
        return f"{message} {pending}"
