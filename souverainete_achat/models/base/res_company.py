from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import fields, models

_PARIS = ZoneInfo("Europe/Paris")


class ResCompany(models.Model):
    _inherit = "res.company"

    public_entity_type = fields.Selection(
        [
            ("ministry", "Ministry"),
            ("supervised_body", "Supervised body"),
            ("voluntary", "Body that applies the doctrine by choice"),
        ],
        default="ministry",
        required=True,
        help="Decides, among others, whether the DINUM's opinion is binding "
        "(ministries) or simple (supervised bodies): décret 2019-1088, art. 3.",
    )

    def _souverainete_today(self):
        """The legal day: the server's clock, in Paris.

        `context_today` follows a time zone the client sends, so it decides nothing.
        """
        return datetime.now(_PARIS).date()

    # === COMPANY === #

    def _get_role_users(self, *groups):
        """Active users who hold one of these groups and work for this ministry.

        `groups`: names of the addon's groups, such as `group_officer`.
        """
        self.ensure_one()
        held = [self.env.ref(f"souverainete_achat.{name}").sudo() for name in groups]
        users = self.env["res.users"].sudo().union(*(g.all_user_ids for g in held))
        return users.filtered(lambda user: user.active and self in user.company_ids)
