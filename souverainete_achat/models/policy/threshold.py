from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class Threshold(models.Model):
    """An amount that changes what a purchase must go through, with its dates."""

    _name = "souverainete.threshold"
    _inherit = ["souverainete.policy"]
    _description = "Dated threshold"
    _order = "kind, date_start desc, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [
            ("dinum_opinion", "DINUM opinion on the project"),
            ("ministry_review", "Review by the ministry"),
            ("light", "Ceiling of the light circuit"),
            ("reinforced", "Floor of the reinforced circuit"),
            ("criteria", "Floor for more criteria than the three questions"),
            ("scope_out", "Ceiling for a buyer to take a purchase out of scope"),
            ("scope_unclassified", "Floor for asking about what has no class"),
        ],
        required=True,
    )
    amount = fields.Monetary(
        required=True, help="Amount in the currency shown, on the tax basis below."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.ref("base.EUR"),
    )
    tax_basis = fields.Selection(
        [("ht", "Without tax (HT)"), ("ttc", "With tax (TTC)")],
        required=True,
        help="HT and TTC amounts are never compared with one another.",
    )
    entity_type = fields.Selection(
        selection=lambda self: self.env["res.company"]._get_entity_kinds(),
        help="Empty: any entity. Otherwise only bodies of this type.",
    )

    @api.constrains(
        "amount", "currency_id", "company_id", "kind", "policy_state", "date_start"
    )
    def _check_ministry_hardens(self):
        """Every threshold eases what is below it: a ministry lowers it, or keeps it, in
        the same currency."""
        for threshold in self.filtered("company_id"):
            if threshold.company_id._chooses_rules():
                continue
            common = threshold._get_common_versions()
            if common and not common._is_hardened_by(threshold):
                raise ValidationError(
                    self.env._(
                        "A ministry may lower the threshold “%(name)s”, not raise it "
                        "nor state it in another currency.",
                        name=threshold.name,
                    )
                )

    def _get_common_versions(self):
        """Versions of the same threshold that are every ministry's, and that hold at
        some time this one does."""
        versions = self.search(
            [
                ("kind", "=", self.kind),
                ("company_id", "=", False),
                ("policy_state", "=", "active"),
                ("entity_type", "in", [False, self._get_entity_type()]),
                *self._get_overlap_domain(),
            ]
        )
        return versions.filtered("entity_type") or versions

    def _get_entity_type(self):
        return self.entity_type or self.company_id.public_entity_type

    def _get_overlap_domain(self):
        domain = []
        if self.date_start:
            domain += [
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", self.date_start),
            ]
        if self.date_end:
            domain += [
                "|",
                ("date_start", "=", False),
                ("date_start", "<=", self.date_end),
            ]
        return domain

    def _is_hardened_by(self, own):
        """Whether `own` asks at least what one of these common versions asks."""
        return any(
            own.currency_id == common.currency_id and own.amount <= common.amount
            for common in self
        )

    @api.model
    def _get_key_fields(self):
        return (*super()._get_key_fields(), "kind", "entity_type")

    def _is_reached_by(self, amount, currency, company, date):
        """Whether `amount`, on the same tax basis, is at or above this threshold."""
        self.ensure_one()
        ceiling, currency_id = self._get_limit()
        own = self.env["res.currency"].browse(currency_id)
        if self._is_rate_unknown(currency, company):
            return True
        converted = currency._convert_dated(amount, own, company, date)
        return own.compare_amounts(converted, ceiling) >= 0

    @tools.ormcache("self.id")
    def _get_limit(self):
        """(amount, id of its currency), kept between requests: a version in force is
        not edited."""
        return self.amount, self.currency_id.id

    def _is_rate_unknown(self, currency, company):
        """What is unknown is not below a threshold."""
        _amount, own_id = self._get_limit()
        return currency.id != own_id and not currency._has_rate(company)

    @api.model
    def _get(self, kind, company, date):
        """The threshold of `kind` in force on `date` for `company`, or empty.

        The ministry's own record wins over its entity type's, which wins over the
        common one.
        """
        return self._get_for_body(kind, company, company.public_entity_type, date)

    @api.model
    def _get_for_body(self, kind, company, entity_type, date):
        """The same for a body of another type, which may not use this database."""
        return self.sudo().browse(
            self._get_threshold_id(kind, company.id, entity_type, date)
        )

    @api.model
    @tools.ormcache("kind", "company_id", "entity_type", "date")
    def _get_threshold_id(self, kind, company_id, entity_type, date):
        domain = [("kind", "=", kind), ("entity_type", "in", [False, entity_type])]
        candidates = self._search_in_force(company_id, date, domain)
        nearest = candidates.filtered(
            lambda t: t.company_id == candidates[:1].company_id
        )
        return nearest.sorted(lambda t: bool(t.entity_type), reverse=True)[:1].id
