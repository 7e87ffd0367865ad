from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..base.identity import is_siren


class BoundBody(models.Model):
    """Who is bound by loi SREN, art. 31, and since when: a kind of body, or one body.

    What is not known is not a no: a body of which nothing is said is held as bound.
    """

    _name = "souverainete.bound.body"
    _inherit = ["souverainete.policy"]
    _description = "Who is bound by loi SREN, art. 31"
    _order = "category, name, date_start desc, id desc"

    name = fields.Char(required=True, translate=True)
    category = fields.Selection(
        [
            ("state", "Administration of the State"),
            ("operator", "Operator listed in the annex to the finance bill"),
            ("gip", "Public interest grouping (GIP) named by décret 2026-272"),
            ("other", "Other body"),
        ],
        required=True,
        default="operator",
        help="On what ground the body is bound or not. The annex to the finance bill "
        "and the six GIP named by the decree were not read: name each body yourself.",
    )
    entity_type = fields.Selection(
        selection=lambda self: self.env["res.company"]._get_entity_kinds(),
        string="Type of public entity",
        help="Every body of this type, unless one is named. Empty: only the body "
        "named by its SIREN or chosen as ministry or body.",
    )
    siren = fields.Char(
        string="SIREN",
        help="The body named: first nine digits of its company ID. Without it, without "
        "a type and without a body chosen, this line applies to nobody yet.",
    )
    bound = fields.Selection(
        [("yes", "Bound"), ("no", "Not bound: advice"), ("unknown", "Not known yet")],
        required=True,
        default="unknown",
        help="Not bound: findings on the hosting of sensitive data are shown as "
        "advice, and never refuse anything. Not known yet: held as bound.",
    )

    # === CONSTRAINTS === #
    @api.constrains("siren")
    def _check_siren(self):
        for body in self.filtered("siren"):
            if not is_siren(body.siren):
                raise ValidationError(
                    self.env._(
                        "%(siren)s is not a SIREN: nine digits, whose key is checked.",
                        siren=body.siren,
                    )
                )

    @api.constrains("bound", "entity_type", "company_id")
    def _check_state_is_bound(self):
        """The first bound by the law are the administrations of the State."""
        for body in self.filtered(lambda body: body.bound != "yes"):
            owner = body.company_id.public_entity_type
            if "ministry" in (body.entity_type, owner):
                raise ValidationError(
                    self.env._(
                        "%(name)s: the administrations of the State are bound.",
                        name=body.name,
                    )
                )

    # === READING === #
    def _get_key_fields(self):
        """A line that says whom it is about replaces the one that said it before,
        whatever they are called."""
        identified = self.company_id or self.siren or self.entity_type
        named = () if identified else ("name",)
        return (*super()._get_key_fields(), "entity_type", "siren", *named)

    @api.model
    def _get(self, company, date):
        """What is said of `company` on `date`: of itself, else of its SIREN, else of
        what it is a part of, else of its type; empty when nothing is."""
        company = company.sudo()
        siren = (company.company_registry or "").replace(" ", "")[:9]
        return self.sudo().browse(
            self._get_id(company.id, company.public_entity_type, siren, date)
        )

    @api.model
    @tools.ormcache("company_id", "entity_type", "siren", "date")
    def _get_id(self, company_id, entity_type, siren, date):
        said = self._search_in_force(company_id, date)
        about = said.filtered(lambda body: body._is_about(entity_type, siren))
        lineage = self._get_lineage(company_id)
        # Stable: of lines that say the same, the first by name.
        return about.sorted(lambda body: body._get_rank(lineage, siren))[:1].id

    def _is_about(self, entity_type, siren):
        if self.company_id:
            return True
        if self.siren:
            return self.siren == siren
        return bool(self.entity_type) and self.entity_type == entity_type

    def _get_rank(self, lineage, siren):
        """The nearest line first; of two as near, the one that binds most: what is
        said by mistake of a body that is bound would let its data out."""
        binds = ("yes", "unknown", "no").index(self.bound)
        return (*self._get_nearness(lineage, siren), binds)

    def _get_nearness(self, lineage, siren):
        owner = self.company_id.id
        if owner in lineage[:1]:
            return 0, 0
        if self.siren and self.siren == siren:
            return 1, 0
        return (2, lineage.index(owner)) if owner else (3, 0)
