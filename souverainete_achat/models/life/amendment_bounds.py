from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

_FACT = "amendment_beyond"


class AmendmentBounds(models.AbstractModel):
    """How far the case of a modification goes, and how many people sign it.

    The percentages are dated records: what was not read in a primary text is shown,
    journalled and told to the officers, and refuses nothing.
    """

    _name = "souverainete.amendment.bounds"
    _inherit = ["souverainete.authored"]
    _description = "Bounds of a modification"
    _decider_groups = ("purchase.group_purchase_user",)

    share_label = fields.Char(
        string="Cumulated with the others",
        compute="_compute_bounds",
        help="Sum of the amendments of the agreement, this one included, over its "
        "amount before the first one, both in € HT.",
    )
    bounds_gap = fields.Text(
        string="Beyond the case",
        compute="_compute_bounds",
        help="What goes beyond the case of modification, or cannot be compared.",
    )
    takes_two = fields.Boolean(
        compute="_compute_bounds",
        help="Whether another person than who wrote it signs.",
    )

    @api.depends("amount", "amount_known", "ground", "requisition_id", "vendor_id")
    def _compute_bounds(self):
        for amendment in self:
            agreement = bool(amendment.requisition_id)
            amendment.share_label = agreement and amendment._get_share_label()
            amendment.bounds_gap = agreement and "\n".join(amendment._get_bound_gaps())
            amendment.takes_two = agreement and amendment._takes_two()

    # === SHARE === #

    def _get_others(self):
        """The amendments of the agreement signed before this one."""
        signed = self.requisition_id.sudo().amendment_ids.filtered(
            lambda amendment: amendment.state == "signed"
        )
        ranked = signed.sorted(
            lambda amendment: (amendment.signed_on, amendment.number)
        )
        ids = ranked.ids
        own = self._origin.id
        return ranked[: ids.index(own)] if own in ids else ranked

    def _get_initial(self):
        """(€ HT, known) of the agreement before its first amendment."""
        signed = self.browse() if self.state == "draft" else self
        if first := (self._get_others() or signed)[:1]:
            return first.amount_before, first.amount_before_known
        return self.requisition_id.sudo()._get_ceiling()

    def _get_part(self, amount):
        """`amount` over the initial amount; None when that is not known."""
        initial, known = self._get_initial()
        return amount / initial if known and initial else None

    def _get_share(self):
        """Cumulated share of the initial amount; None when it is not known."""
        return self._get_part(sum(self._get_others().mapped("amount")) + self.amount)

    def _get_share_label(self):
        share = self.share if self.state == "signed" else self._get_share()
        if share is None or (self.state == "signed" and not self.share_known):
            return self.env._("Not known: the initial amount of the agreement is not.")
        return self.env._(
            "%(share)s %% of %(initial)s",
            share=formatLang(self.env, share * 100, digits=1),
            initial=formatLang(
                self.env, self._get_initial()[0], currency_obj=self.currency_id
            ),
        )

    # === CASE === #

    def _get_ratio(self):
        """The percentage of its case in force the day it is signed, or empty."""
        day = self.date or self.requisition_id.company_id._souverainete_today()
        ratios = self.env["souverainete.ratio"]
        kind = f"amendment_{self.ground}"
        return ratios._get(kind, self.requisition_id.company_id, day)

    def _get_counted(self, ratio):
        """What the case bounds, € HT: this amendment, or all of its case."""
        same = self._get_others().filtered(lambda a: a.ground == self.ground)
        before = sum(same.mapped("amount")) if ratio.is_cumulated else 0.0
        return before + self.amount

    def _get_bound_gaps(self):
        """[message] of what goes beyond its case."""
        if not self.ground or self.amount <= 0:
            return []
        ratio = self._get_ratio()
        gaps = [self._get_ratio_gap(ratio), self._get_threshold_gap(ratio)]
        return [gap for gap in gaps if gap]

    def _get_ratio_gap(self, ratio):
        part = self._get_part(self._get_counted(ratio))
        if not ratio.percent or (part is not None and part * 100 <= ratio.percent):
            return ""
        if part is None:
            return self.env._(
                "The initial amount of the agreement is not known: nothing says "
                "whether this is within the %(percent)s %% of this case. %(article)s",
                percent=formatLang(self.env, ratio.percent, digits=0),
                article=ratio.source or "",
            )
        return self.env._(
            "%(part)s %% of the initial amount, where this case goes to "
            "%(percent)s %%. %(article)s",
            part=formatLang(self.env, part * 100, digits=1),
            percent=formatLang(self.env, ratio.percent, digits=0),
            article=ratio.source or "",
        )

    def _get_threshold_gap(self, ratio):
        """A small amount stays below the threshold of formalised procedures."""
        if self.ground != "small":
            return ""
        counted = self._get_counted(ratio)
        threshold = self._get_threshold("formalised")
        if not threshold or not self._is_reached(threshold, counted):
            return ""
        return self.env._(
            "%(amount)s, where this case stays below %(threshold)s. %(article)s",
            amount=formatLang(self.env, counted, currency_obj=self.currency_id),
            threshold=formatLang(
                self.env, threshold.amount, currency_obj=threshold.currency_id
            ),
            article=ratio.source or "",
        )

    def _get_threshold(self, kind):
        company = self.requisition_id.company_id
        today = company._souverainete_today()
        return self.env["souverainete.threshold"]._get(kind, company, today)

    def _is_reached(self, threshold, amount):
        company = self.requisition_id.company_id
        today = company._souverainete_today()
        return threshold._is_reached_by(amount, self.currency_id, company, today)

    def _check_bounds(self):
        """Refuse what goes beyond a text that was read."""
        gaps = self._get_bound_gaps()
        if gaps and self._get_ratio()._is_law():
            raise UserError("\n".join([self.display_name, *gaps]))

    def _tell_beyond(self):
        """The officers learn of what went beyond a text that nobody read yet."""
        if not self._get_bound_gaps():
            return
        officers = self.company_id._get_role_users("group_officer")
        self.env["mail.activity"]._tell(
            self,
            _FACT,
            officers - self._get_askers() - self.env.user,
            lambda amendment: amendment.env._("Amendment beyond its case"),
            note="\n".join(self._get_bound_gaps()),
        )

    # === TWO PEOPLE === #

    def _takes_two(self):
        """Whether another person signs: for a new holder, and once what the amendments
        add reaches a dated threshold. Without one in force, always."""
        if self.vendor_id:
            return True
        added = [
            a for a in (*self._get_others().mapped("amount"), self.amount) if a > 0
        ]
        if not added or self.amount <= 0:
            return False
        threshold = self._get_threshold("amendment_alone")
        return not threshold or self._is_reached(threshold, sum(added))

    def _check_signatory(self):
        if not self._takes_two():
            return
        self._check_asked_by_a_person()
        self._check_four_eyes(
            self.env._(
                "Four eyes: %(name)s brings a new holder, or takes the amendments of "
                "this agreement to the amount where who wrote it does not sign it.",
                name=self.display_name,
            )
        )
