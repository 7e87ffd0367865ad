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
        "cost_line_ids.amount_known",
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
            *self._explain_unknown(lines.filtered(lambda line: not line.amount_known)),
            self._explain_result(),
        ]

    def _explain_parts(self):
        lines = self.cost_line_ids.filtered("amount_known")
        months = self._get_threshold().mco_months
        parts = [
            (self.env._("Construction"), lines.filtered(lambda r: r.phase != "mco")),
            (
                self.env._("Maintenance, first %(months)s months", months=months),
                lines.filtered(lambda r: r.phase == "mco"),
            ),
        ]
        sentences = [
            self._explain_amount(label, sum(group.mapped("amount_counted")))
            for label, group in parts
        ]
        staff = lines.filtered(lambda r: r.nature == "staff")
        excluded = sum(lines.mapped("amount_excluded"))
        return [
            *sentences,
            self._explain_amount(
                self.env._("of which staff"), sum(staff.mapped("amount_counted"))
            ),
            self._explain_amount(
                self.env._("Not counted (later maintenance)"), excluded
            ),
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
        names = ", ".join(lines.mapped("name"))
        return [self.env._("Amount unknown: %(lines)s", lines=names)]

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
