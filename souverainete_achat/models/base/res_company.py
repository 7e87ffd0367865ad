from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

_PARIS = ZoneInfo("Europe/Paris")
# Bodies to which the texts apply, whatever they choose.
STATE_KINDS = ("ministry", "supervised_body")


def get_paris_day(moment):
    """The legal day of a moment that the server kept, in UTC."""
    return moment.replace(tzinfo=timezone.utc).astimezone(_PARIS).date()


class ResCompany(models.Model):
    _inherit = "res.company"

    public_entity_type = fields.Selection(
        [
            ("none", "Not concerned"),
            ("ministry", "Ministry"),
            ("supervised_body", "Supervised body"),
            ("voluntary", "Body that applies the doctrine by choice"),
        ],
        string="Applies the digital doctrine as",
        default="none",
        required=True,
        help="Nobody is concerned by what they install: an administrator says so. "
        "Decides, among others, whether the DINUM's opinion is binding (ministries) or "
        "simple (supervised bodies): décret 2019-1088, art. 3.",
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

    # === WHO IS CONCERNED === #

    @api.constrains("public_entity_type", "parent_id")
    def _check_part_is_concerned(self):
        """What is a part of a ministry is no way out of it."""
        for company in self:
            above = company.parent_ids - company
            if company.public_entity_type == "none" and above._filter_concerned():
                raise ValidationError(
                    self.env._(
                        "%(part)s is a part of %(body)s, which applies the digital "
                        "doctrine: say as what it does too.",
                        part=company.name,
                        body=above._filter_concerned()[-1:].name,
                    )
                )

    @api.model
    def _get_entity_kinds(self):
        """[(kind, label)] of the bodies that apply the doctrine."""
        kinds = self._fields["public_entity_type"]._description_selection(self.env)
        return [kind for kind in kinds if kind[0] != "none"]

    def _filter_concerned(self):
        """Those to which the doctrine is applied: somebody said as what."""
        return self.filtered(lambda company: company._is_concerned())

    def _is_concerned(self):
        return bool(self) and self._get_entity_kind(self.id) != "none"

    @api.model
    @tools.ormcache("company_id")
    def _get_entity_kind(self, company_id):
        """Kept between requests: asked of each purchase, of chairs too."""
        return self.sudo().browse(company_id).public_entity_type

    @api.model
    @tools.ormcache("kinds")
    def _is_anybody_concerned(self, kinds=()):
        """Whether any body of this database is (one of `kinds`, where some are given):
        of what they share, the strictest holds."""
        kinds = kinds or (*STATE_KINDS, "voluntary")
        return bool(self.sudo().search([("public_entity_type", "in", kinds)], limit=1))

    def _chooses_rules(self):
        """Whether this body applies the rules it chose, and no other: by choice, and
        no part of a body of the State."""
        if not self or self._get_entity_kind(self.id) != "voluntary":
            return False
        kinds = {self._get_entity_kind(id_) for id_ in self.sudo().parent_ids.ids}
        return kinds.isdisjoint(STATE_KINDS)

    @api.model_create_multi
    def create(self, vals_list):
        """A part of a body is what that body is, unless something else is said."""
        for vals in vals_list:
            if vals.get("parent_id") and "public_entity_type" not in vals:
                above = self.browse(vals["parent_id"])
                vals["public_entity_type"] = above.public_entity_type
        companies = super().create(vals_list)
        self.env.registry.clear_cache()
        return companies

    def write(self, vals):
        if "public_entity_type" not in vals:
            return super().write(vals)
        kind = vals["public_entity_type"]
        parts = self.search([("id", "child_of", self.ids)]) - self
        parts = parts.filtered(lambda part: part.public_entity_type == "none")
        moved = (self | parts).filtered(lambda c: c._is_concerned() != (kind != "none"))
        if kind in ("none", "voluntary"):
            self._filter_easing(kind)._check_leaves()
        result = super(ResCompany, self | parts).write({"public_entity_type": kind})
        self.env.registry.clear_cache()
        moved._on_concern_moved()
        others = {name: vals[name] for name in vals if name != "public_entity_type"}
        return super().write(others) if others else result

    def _filter_easing(self, kind):
        """Those that would apply less of the doctrine as `kind`."""
        stricter = STATE_KINDS if kind == "voluntary" else (*STATE_KINDS, "voluntary")
        return self.filtered(lambda company: company.public_entity_type in stricter)

    def _check_leaves(self):
        """Raise where a body that applies the doctrine may not apply less of it."""

    def _on_concern_moved(self):
        """Called once these bodies became concerned, or ceased to be."""

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
