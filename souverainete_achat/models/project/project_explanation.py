from odoo import api, fields, models


class Project(models.Model):
    """The calculation in words: what is counted, what is not, what follows."""

    _inherit = "souverainete.project"

    cost_explanation = fields.Text(
        string="Calculation",
        compute="_compute_cost_explanation",
        help="How the cost compared with the threshold is made up.",
    )

    @api.depends(
        "dinum_cost_low",
        "dinum_cost_known",
        "opinion_required",
        "cost_line_ids.amount_counted",
        "cost_line_ids.amount_excluded",
        "cost_line_ids.cost_known",
        "cost_line_ids.phase",
        "cost_line_ids.nature",
    )
    @api.depends_context("lang")
    def _compute_cost_explanation(self):
        for project in self:
            project.cost_explanation = "\n".join(project._get_explanation())

    def _get_explanation(self):
        """The sentences, in the order one would explain them aloud."""
        lines = self.cost_line_ids
        if not lines:
            return [self.env._("No cost line yet: the cost is unknown, not zero.")]
        return [
            *self._explain_parts(),
            *self._explain_unknown(lines.filtered(lambda line: not line.cost_known)),
            self._explain_result(),
            *self._explain_studies(),
            *self._explain_review(),
        ]

    def _explain_parts(self):
        """What each part is worth; the sum is exact, so these may differ by a cent."""
        lines = self.cost_line_ids.filtered("cost_known")
        staff = lines.filtered(lambda r: r.nature == "staff")
        mco = lines.filtered(lambda r: r.phase == "mco")
        before = lines.filtered(lambda r: r._get_phase().counts == "none")
        months = self._get_threshold().mco_months
        parts = [
            (self.env._("From construction on"), lines - mco - before, "counted"),
            (
                self.env._("Maintenance, first %(months)s months", months=months),
                mco,
                "counted",
            ),
            (self.env._("of which staff"), staff, "counted"),
            (self.env._("Not counted (later maintenance)"), mco, "excluded"),
            (self.env._("Not counted (before construction)"), before, "excluded"),
        ]
        return [
            self._explain_amount(label, sum(group.mapped(f"amount_{part}")))
            for label, group, part in parts
            if part == "counted" or group
        ]

    def _explain_amount(self, label, amount):
        return self.env._(
            "%(label)s: %(amount)s incl. tax",
            label=label,
            amount=self.currency_id.format(amount),
        )

    def _explain_unknown(self, lines):
        if not lines:
            return []
        causes = [f"{line.name} ({line._explain_unknown()})" for line in lines]
        return [self.env._("Cost unknown: %(lines)s", lines="; ".join(causes))]

    def _explain_studies(self):
        """Costs before construction are not counted: say when they would decide."""
        if self._get_opinion_required() != "no":
            return []
        before = self.cost_line_ids.filtered(lambda r: r._get_phase().counts == "none")
        whole = self._get_cost()[0] + sum(before.mapped("amount_excluded"))
        reached = self.currency_id.compare_amounts(whole, self._get_threshold_amount())
        if not before or reached < 0:
            return []
        return [
            self.env._(
                "With the costs before construction the threshold would be reached: "
                "have the compliance officer check what is stated as studies."
            )
        ]

    def _explain_review(self):
        """The tier below the opinion: advice, which blocks nothing."""
        review = self._get_review()
        reached = self._get_review_required() == "yes"
        if not reached or self._get_opinion_required() == "yes":
            return []
        return [
            self.env._(
                "From %(threshold)s incl. tax on, the ministry examines the project "
                "and informs the DINUM (%(text)s; %(certainty)s).",
                threshold=review.currency_id.format(review.amount),
                text=review.source,
                certainty=self._get_certainty_label(review),
            )
        ]

    def _explain_result(self):
        threshold = self._get_threshold()
        if not threshold:
            return self.env._("No opinion of the DINUM is asked of this kind of body.")
        results = {
            "yes": self.env._(
                "Total: %(cost)s, which reaches the threshold of %(threshold)s incl. "
                "tax (%(source)s). The DINUM's opinion is required before any "
                "contract: %(kind)s."
            ),
            "no": self.env._(
                "Total: %(cost)s, below the threshold of %(threshold)s incl. tax "
                "(%(source)s). The DINUM's opinion is not required."
            ),
            "unknown": self.env._(
                "At least %(cost)s; the threshold is %(threshold)s incl. tax "
                "(%(source)s). Nothing can be concluded while a cost is unknown."
            ),
        }
        return results[self._get_opinion_required()] % {
            "cost": self.currency_id.format(self._get_cost()[0]),
            "threshold": self.currency_id.format(self._get_threshold_amount()),
            "source": threshold.source,
            "kind": self._get_kind_label(threshold.opinion_kind),
        }

    def _get_kind_label(self, kind):
        """`binding` → “Binding opinion”, in the user's language."""
        field = self.env["souverainete.threshold"]._fields["opinion_kind"]
        return dict(field._description_selection(self.env)).get(kind, "")
