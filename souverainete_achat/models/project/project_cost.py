from fractions import Fraction

from odoo import api, models
from odoo.exceptions import ValidationError

from .exact import round_half_up


class Project(models.Model):
    """What the project costs in the sense of the order, and what follows from it."""

    _inherit = "souverainete.project"

    # === COST === #

    @api.depends("cost_line_ids.amount_counted", "cost_line_ids.cost_known")
    def _compute_dinum_cost(self):
        for project in self:
            low, known = project._get_cost()
            project.dinum_cost_low = low
            project.dinum_cost_known = known
            project.dinum_cost = low if known else 0.0

    @api.depends("dinum_cost_low", "dinum_cost_known", "company_id.public_entity_type")
    def _compute_opinion_required(self):
        for project in self:
            project.opinion_required = project._get_opinion_required()

    def _get_threshold(self, day=None):
        """The threshold record in force on `day` (today), or empty: no opinion."""
        company = self.company_id
        day = day or company._souverainete_today()
        return self.env["souverainete.threshold"]._get("dinum_opinion", company, day)

    def _get_threshold_amount(self, day=None):
        """The threshold in the project's currency, TTC."""
        threshold = self._get_threshold(day)
        return threshold.currency_id._convert(
            threshold.amount,
            self.currency_id,
            self.company_id,
            day or self.company_id._souverainete_today(),
        )

    def _get_low_cost(self, mco_months, day=None):
        """€ TTC of the lines that are known: exact amounts added up, and rounded to
        the cent once, for the sum. What is compared is what is shown."""
        known = self.cost_line_ids.filtered("cost_known")
        exact = sum(
            (line._get_counted_exact(mco_months, day) for line in known), Fraction()
        )
        return float(round_half_up(exact, self.currency_id)) if self else 0.0

    def _get_cost(self, day=None):
        """(TTC, known), from what was typed on the lines and the rule of `day`."""
        lines = self.cost_line_ids
        low = self._get_low_cost(self._get_threshold(day).mco_months, day)
        return low, bool(lines) and all(lines.mapped("cost_known"))

    def _get_opinion_required(self, day=None):
        """`yes` as soon as the known part reaches the threshold; unknown is not no."""
        threshold = self._get_threshold(day)
        if not threshold:
            return "no"
        if threshold._is_rate_unknown(self.currency_id, self.company_id):
            return "unknown"
        low, known = self._get_cost(day)
        if self.currency_id.compare_amounts(low, self._get_threshold_amount(day)) >= 0:
            return "yes"
        return "no" if known else "unknown"

    @api.constrains(
        "dinum_cost", "dinum_cost_low", "dinum_cost_known", "opinion_required"
    )
    def _check_cost_is_derived(self):
        """A stored compute is a plain column: derive it again from its inputs."""
        for project in self:
            low, known = project._get_cost()
            stored = (project.dinum_cost_low, project.dinum_cost)
            wanted = (low, low if known else 0.0)
            amounts = zip(stored, wanted, strict=True)
            if (
                any(project.currency_id.compare_amounts(*pair) for pair in amounts)
                or project.dinum_cost_known != known
                or project.opinion_required != project._get_opinion_required()
            ):
                raise ValidationError(
                    self.env._(
                        "The cost of %(project)s is derived from its cost lines and "
                        "cannot be written.",
                        project=project.display_name,
                    )
                )

    def _record_cost(self):
        """Its costs changed: the project's row moves, its files stand elsewhere."""
        self._touch_evidence()
        files = self._get_judged_files()
        files._touch_evidence()
        files._refresh_compliance()
        launched = files.filtered("date_launch")
        launched._journal("project", self._prepare_cost_payload())

    def _prepare_cost_payload(self):
        """What the journal keeps when the cost of a launched project changes."""
        return {
            project.display_name: {"cost": cost, "known": known}
            for project, (cost, known) in ((p, p._get_cost()) for p in self)
        }

    def _get_review(self, day=None):
        """The threshold of the ministry's own review in force on `day`, or empty."""
        company = self.company_id
        day = day or company._souverainete_today()
        return self.env["souverainete.threshold"]._get("ministry_review", company, day)

    def _get_review_required(self, day=None):
        """Whether the ministry examines the project itself, below the opinion."""
        review = self._get_review(day)
        low, known = self._get_cost(day)
        day = day or self.company_id._souverainete_today()
        if review and review._is_reached_by(
            low, self.currency_id, self.company_id, day
        ):
            return "yes"
        return "no" if known or not review else "unknown"

    def _is_rate_frozen(self):
        """Whether its exchange rates stay: what was relied on is not moved by night."""
        return any(self.sudo().file_ids.mapped("date_launch"))

    @api.model
    def _cron_refresh_cost(self):
        """A threshold that starts or ends moves the cost without any line changing,
        and so does the rate of the day until it is relied on."""
        projects = self.search([("cost_line_ids", "!=", False)])
        lines = projects.cost_line_ids
        moving = projects.filtered(lambda project: not project._is_rate_frozen())
        for records, names in (
            (moving.cost_line_ids, ("rate", "rate_date", "cost_known")),
            (lines, ("amount_ttc", "amount_counted", "amount_excluded")),
            (projects, ("dinum_cost", "dinum_cost_low", "dinum_cost_known")),
            (projects, ("opinion_required",)),
        ):
            for name in names:
                self.env.add_to_compute(records._fields[name], records)
