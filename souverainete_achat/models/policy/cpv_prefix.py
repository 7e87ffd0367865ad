import re

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

_CPV = re.compile(r"[0-9]{8}(-[0-9])?")


class CpvPrefix(models.Model):
    """Says which CPV codes are digital purchases; the longest prefix wins."""

    _name = "souverainete.cpv.prefix"
    _inherit = ["souverainete.policy"]
    _description = "CPV prefix of digital purchases"
    _rec_name = "prefix"
    _order = "prefix"

    prefix = fields.Char(
        required=True, help="First digits of the CPV codes concerned (2 to 8)."
    )
    name = fields.Char(string="Label", required=True, translate=True)
    scope = fields.Selection(
        [("in", "Digital"), ("ask", "To be asked"), ("out", "Not digital")],
        required=True,
        default="ask",
        help="Digital: the doctrine applies. To be asked: the buyer says for each "
        "purchase. Not digital: the doctrine does not apply.",
    )

    @api.constrains("prefix")
    def _check_prefix(self):
        for record in self:
            if not re.fullmatch(r"[0-9]{2,8}", record.prefix):
                raise ValidationError(
                    self.env._(
                        "%(prefix)s is not a CPV prefix: 2 to 8 digits are expected.",
                        prefix=record.prefix,
                    )
                )

    @api.model
    def _get_key_fields(self):
        return (*super()._get_key_fields(), "prefix")

    @api.model
    def _check_code(self, code):
        """Raise when `code` is not a CPV code: 8 digits, optional check digit."""
        if code and not _CPV.fullmatch(code):
            raise ValidationError(
                self.env._(
                    "%(code)s is not a CPV code: 8 digits are expected, with or "
                    "without the check digit (for instance 48000000 or 48000000-8).",
                    code=code,
                )
            )

    @api.model
    def _get_scope(self, code, company, date):
        """`in`, `ask` or `out` for one CPV code, as the prefixes stood on `date`."""
        scopes = self._get_scopes(company.id, date)
        for length in range(8, 1, -1):
            if scope := scopes.get(code[:length]):
                return scope
        return "out"

    @api.model
    @tools.ormcache("company_id", "date")
    def _get_scopes(self, company_id, date):
        """{prefix: scope} in force; a ministry's own line replaces the common one."""
        prefixes = self._search_in_force(company_id, date)
        return {prefix.prefix: prefix.scope for prefix in reversed(prefixes)}

    # === WHAT A CHANGE OF CLASS REACHES === #
    def _approve(self):
        result = super()._approve()
        self._reclassify()
        return result

    @api.model
    def _reclassify_moved(self):
        """Derive again the drafts that a prefix starting or ended today speaks of."""
        today = self.env.company._souverainete_today()
        moved = self.search(
            [
                ("policy_state", "=", "active"),
                "|",
                ("date_start", "=", today),
                ("date_end", "=", fields.Date.subtract(today, days=1)),
            ]
        )
        moved._reclassify()

    def _reclassify(self):
        """Drafts follow; what was confirmed is listed for the officer."""
        codes = self._get_codes_domain()
        categories = self.env["product.category"].sudo().search(codes)
        products = self.env["product.template"].sudo().with_context(active_test=False)
        held = codes | Domain("categ_id", "child_of", categories.ids)
        products.search(held)._reclassify_drafts()

    def _get_codes_domain(self):
        """What has a CPV code that one of these prefixes speaks of."""
        return Domain.OR(Domain("cpv_code", "=like", f"{p.prefix}%") for p in self)
