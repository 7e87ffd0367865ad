import re
from datetime import date

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

    family_digits = fields.Integer(
        string="Digits of one family",
        required=True,
        default=4,
        help="First digits that CPV codes of one family of goods or services share (3: "
        "group, 4: class, 5: category). What is bought of one family is one need, "
        "whatever the number of vendors (CCP R. 2121-6).",
    )
    reclassified_on = fields.Date(
        string="Brought to drafts on",
        help="Last day its start, or its end, was brought to the drafts it speaks of.",
        guard="server",
    )
    _family_digits_range = models.Constraint(
        "CHECK (family_digits BETWEEN 2 AND 8)",
        "A family of CPV codes shares 2 to 8 digits.",
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
        return self._get_nearest(code, company, date)[0]

    @api.model
    def _get_family(self, code, company, date):
        """First digits that the codes of the same family as `code` share."""
        return code[: self._get_nearest(code, company, date)[1]]

    @api.model
    def _get_nearest(self, code, company, date):
        """(scope, digits of a family) of the longest prefix that speaks of `code`."""
        said = self._get_said(company.id, date)
        found = (said.get(code[:length]) for length in range(8, 1, -1))
        digits = self._fields["family_digits"].default(self)
        return next(filter(None, found), ("out", digits))

    @api.model
    @tools.ormcache("company_id", "date")
    def _get_said(self, company_id, date):
        """{prefix: (scope, digits of a family)} in force; a ministry's own line
        replaces the common one."""
        prefixes = self._search_in_force(company_id, date)
        return {p.prefix: (p.scope, p.family_digits) for p in reversed(prefixes)}

    # === WHAT A CHANGE OF CLASS REACHES === #
    def _approve(self):
        result = super()._approve()
        self._reclassify()
        return result

    @api.model
    def _reclassify_moved(self):
        """Derive again the drafts that a prefix speaks of which started or ended since
        this was last done, also where no job ran that day."""
        today = self.env.company._souverainete_today()
        dated = self.search(
            [
                ("policy_state", "=", "active"),
                "|",
                ("date_start", "<=", today),
                ("date_end", "<", today),
            ]
        )
        moved = dated.filtered(lambda prefix: prefix._is_moved(today))
        if moved:
            moved._reclassify()
            moved._write_server({"reclassified_on": today})

    def _is_moved(self, today):
        done = self.reclassified_on or date.min
        ended = self.date_end and self.date_end < today and self.date_end >= done
        started = self.date_start and done < self.date_start <= today
        return bool(started or ended)

    def _reclassify(self):
        """Drafts follow; what was confirmed is listed for the officer."""
        products = self.env["product.template"].sudo().with_context(active_test=False)
        codes = [f"{prefix.prefix}%" for prefix in self]
        products._search_of_class("cpv_code", codes, "=like")._reclassify_drafts()

    def _get_codes_domain(self):
        """What has a CPV code that one of these prefixes speaks of."""
        return Domain.OR(Domain("cpv_code", "=like", f"{p.prefix}%") for p in self)
