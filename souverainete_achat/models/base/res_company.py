from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

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

    scope_words_ask = fields.Boolean(
        string="Digital words ask",
        help="Whether words of what is bought ask whether it is digital. It starts "
        "when somebody says which kind of body this is, and is not taken back: until "
        "then, only classes (CPV codes, Chorus groups) ask.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_concerned(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._prepare_concerned(vals)
        kept = vals.get("scope_words_ask", True)
        if not kept and any(company.scope_words_ask for company in self):
            raise ValidationError(
                self.env._("Digital words ask here: this is not taken back.")
            )
        result = super().write(vals)
        if "scope_words_ask" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache("company_id")
    def _is_asked_by_words(self, company_id):
        """Whether words ask in this company, or in the body it is a part of."""
        company = self.sudo().browse(company_id)
        return company.scope_words_ask or company.root_id.scope_words_ask

    @api.model
    def _prepare_concerned(self, vals):
        """Nobody is concerned by what they install, but by what is said of them."""
        said = "public_entity_type" in vals
        return {**vals, "scope_words_ask": True} if said else vals

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
