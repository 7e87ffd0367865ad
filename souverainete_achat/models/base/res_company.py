from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

_PARIS = ZoneInfo("Europe/Paris")


def get_paris_day(moment):
    """The legal day of a moment that the server kept, in UTC."""
    return moment.replace(tzinfo=timezone.utc).astimezone(_PARIS).date()


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

    # Where everyone who holds a role wrote what is decided on.
    deputy_ids = fields.Many2many(
        "res.users",
        "souverainete_company_deputy_rel",
        string="Deputies",
        help="People with the role and access here, such as a head of service or an "
        "officer lent by a parent body, who are not asked all year: they decide only "
        "where everyone else who holds the role wrote or asked.",
    )
    deputy_company_id = fields.Many2one(
        "res.company",
        string="Body that stands in",
        help="Body whose people decide, once they are given access here, where nobody "
        "here can. The bodies this one is a part of do without being named.",
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
        """Active users who hold one of these groups and work for this ministry all
        year: its deputies are not asked.

        `groups`: names of the addon's groups, such as `group_officer`, or full ones.
        """
        self.ensure_one()
        return self._get_holders(*groups) - self.sudo().deputy_ids

    def _get_holders(self, *groups):
        names = [n if "." in n else f"souverainete_achat.{n}" for n in groups]
        held = [self.env.ref(name).sudo() for name in names]
        users = self.env["res.users"].sudo().union(*(g.all_user_ids for g in held))
        return users.filtered(lambda user: user.active and self in user.company_ids)

    def _get_decider_levels(self, *groups):
        """Yield the users who hold one of `groups` here, those who stand in for them,
        then those of each body above, the nearest first, and of the one named."""
        body = self.sudo()
        yield self._get_role_users(*groups)
        yield self._get_holders(*groups) & body.deputy_ids
        for other in (body.parent_ids - body)[::-1] | body.deputy_company_id:
            yield other._get_role_users(*groups)
