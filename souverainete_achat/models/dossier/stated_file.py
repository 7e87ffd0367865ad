from odoo import api, fields, models

from ..base.finding import SIGNED_STATES
from ..base.told import Money, tell
from .light_need import Need


class StatedFile(models.AbstractModel):
    """What a purchase file says of its own scope, and what is held against it: “not
    digital”, said of agreements, adds up with what orders say of the same need."""

    _name = "souverainete.stated.file"
    _inherit = ["souverainete.counted"]
    _description = "Purchase file whose scope may be stated"

    def _get_seller(self):
        return self.vendor_id

    def _is_stating(self):
        """Whether the buyer alone says, against its classes or its words, that this
        agreement is not digital. A template buys nothing: its orders say so."""
        stated = self.scope_override == "out" and not self._is_as_agreed()
        buying = self.requisition_type == "blanket_order" and not self.is_prior
        return stated and buying and self._get_inputs_scope() != "out"

    @api.model
    def _search_stated(self, company):
        """The agreements of the ministry that were signed as not digital, on their
        buyer's word, over the period that counts for `company`."""
        start = self.env["souverainete.light.need"]._get_start(company)
        signed = self.search(
            [
                ("company_id", "child_of", company.sudo().root_id.id),
                ("scope_override", "=", "out"),
                ("scope_officer_id", "=", False),
                ("state", "in", SIGNED_STATES),
            ]
        )
        return signed.filtered(
            lambda file: file._is_stating() and file._get_stated_day() >= start
        )

    def _get_stated_day(self):
        """Day its statement was signed, by the server's clock in Paris."""
        day = (self.gate_envelope or {}).get("on")
        return fields.Date.to_date(day) or self.company_id._souverainete_today()

    def _get_stated_parts(self):
        """{key of a need: € HT that this agreement is worth of it}, in the ministry's
        currency. All of it is of the need that its main CPV code names; what its lines
        do not detail may be of any of theirs."""
        value, lines = self._get_value().value, self._get_bought_lines()
        beyond = max(value - sum(line._get_typed_amount() for line in lines), 0.0)
        parts = {}
        for line in lines.filtered(self._is_of_a_need) or lines:
            for key in self._get_need_keys(line.product_id.product_tmpl_id._origin):
                parts[key] = parts.get(key, beyond) + line._get_typed_amount()
        parts |= dict.fromkeys(self._get_main_keys(), value)
        return {key: self._to_ministry(amount) for key, amount in parts.items()}

    def _get_main_keys(self):
        """The need that its main CPV code names, where that is not out of scope."""
        company, code = self.company_id, self.cpv_code
        prefixes = self.env["souverainete.cpv.prefix"]
        today = company._souverainete_today()
        if not code or prefixes._get_scope(code, company, today) == "out":
            return set()
        return {Need("cpv", prefixes._get_family(code[:8], company, today), None, None)}

    # === WHAT ADDS UP === #

    def _is_below_scope_out(self):
        return super()._is_below_scope_out() and not self._get_stated_passed()

    def _get_stated_passed(self):
        """{need: € HT} of what buyers stated as not digital, this agreement included,
        of the needs that it takes to the amount an officer agrees from."""
        if not self._is_stating():
            return {}
        file, needs = self.sudo(), self.env["souverainete.light.need"].sudo()
        parts = file._get_stated_parts()
        found = needs._find(file._get_ministry(), parts)
        recorded = found._get_amounts(
            self.env["purchase.order"], file.company_id, "scope_out"
        )
        uncalled = found._get_uncalled(file.company_id)
        called = found._get_called(file.company_id, file._origin)
        totals = {}
        for need in found:
            rests = uncalled.get(need, {})
            others = sum(rest for other, rest in rests.items() if other != file._origin)
            own = parts[need._get_key()]
            uncalled_own = max(own - called.get((need, file._origin), 0.0), 0.0)
            total = recorded.get(need, 0.0) + others + uncalled_own
            if need.currency_id.compare_amounts(total, own) > 0:
                totals[need] = file._from_ministry(total)
        return {
            need: total
            for need, total in totals.items()
            if not file._is_below("scope_out", total)
        }

    def _get_ledgers(self):
        """The ministries whose small orders these are added to."""
        return self.filtered(lambda file: file._is_stating())._get_ministry()

    def _lock_statements(self):
        """Write the rows of the needs that these agreements state against, the missing
        ones made: PostgreSQL refuses one of two at once."""
        needs = self.env["souverainete.light.need"].sudo()
        for file in self.sudo().filtered(lambda file: file._is_stating()):
            ministry, parts = file._get_ministry(), file._get_stated_parts()
            needs._make(ministry, parts)
            needs._find(ministry, parts)._refresh_totals()

    # === TOLD === #

    def _finding_scope(self, options):
        """Nothing leaves while the scope is unknown, or said by too many together."""
        if passed := self._get_stated_passed():
            return {"stated": self._tell_stated_passed(passed)}
        return {"": self._tell_scope_asked()} if self._derive_scope() == "ask" else {}

    def _describe_scope_limit(self):
        if passed := self._get_stated_passed():
            return self._tell_stated_passed(passed)
        return super()._describe_scope_limit()

    def _tell_stated_passed(self, passed):
        """Why an officer agrees, though this agreement alone is small."""
        need, total = max(passed.items(), key=lambda item: item[1])
        return tell(self.env)._(
            "%(need)s: with this agreement, what buyers stated as not digital of this "
            "need reaches %(total)s excl. tax, and from %(ceiling)s on a compliance "
            "officer agrees, with the button “Agree it is not digital”.",
            need=need.display_name,
            total=Money(total, self.currency_id),
            ceiling=need._get_ceiling_label("scope_out"),
        )
