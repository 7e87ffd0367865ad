from odoo import api, fields, models


class Opinion(models.Model):
    """What the DINUM was asked to judge, frozen when the request leaves."""

    _inherit = "souverainete.opinion"

    requester_id = fields.Many2one(
        "res.users",
        string="Requested by",
        readonly=True,
        copy=False,
        help="Who submitted the request. They never record or give its outcome.",
    )
    date_submitted = fields.Date(string="Submitted on", readonly=True, copy=False)
    basis_cost = fields.Monetary(
        string="Cost submitted",
        readonly=True,
        copy=False,
        help="Known cost of the project when the request was submitted, € TTC. A cost "
        "above it leaves what the DINUM judged.",
    )
    basis_cost_known = fields.Boolean(
        string="Cost wholly known", readonly=True, copy=False
    )
    basis_threshold = fields.Monetary(
        string="Threshold", readonly=True, copy=False, help="Threshold then, € TTC."
    )
    basis_lines = fields.Json(
        readonly=True, copy=False, help="Cost lines as they were submitted."
    )
    basis_summary = fields.Text(
        string="Cost lines submitted", compute="_compute_basis_summary"
    )

    is_stale = fields.Boolean(
        string="Cost above what was submitted",
        compute="_compute_is_stale",
        help="Whether the project costs more than what was submitted and the growth "
        "the ministry tolerates (menu “Thresholds”; none: nothing is tolerated).",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "requester_id",
            "date_submitted",
            "basis_cost",
            "basis_cost_known",
            "basis_threshold",
            "basis_lines",
        }

    def _is_stale(self):
        """Whether the project outgrew what was submitted. Only people declare it."""
        if not self or self.state in ("draft", "withdrawn"):
            return False
        cost, _known = self.project_id._get_cost()
        limit = self.basis_cost + self._get_tolerance()
        return self.currency_id.compare_amounts(cost, limit) > 0

    def _get_tolerance(self):
        """€ TTC of growth the ministry tolerates; none in force: nothing."""
        company = self.company_id
        today = company._souverainete_today()
        tolerance = self.env["souverainete.threshold"]._get(
            "opinion_tolerance", company, today
        )
        return tolerance.currency_id._convert(
            tolerance.amount, self.currency_id, company, today
        )

    @api.depends("basis_lines")
    @api.depends_context("lang")
    def _compute_basis_summary(self):
        for opinion in self:
            opinion.basis_summary = "\n".join(
                opinion._format_basis_line(line) for line in opinion.basis_lines or []
            )

    def _format_basis_line(self, line):
        if not line["known"]:
            return self.env._("%(name)s: amount unknown", name=line["name"])
        return self.env._(
            "%(name)s: %(counted)s counted, %(excluded)s not counted (incl. tax)",
            name=line["name"],
            counted=self.currency_id.format(line["counted"]),
            excluded=self.currency_id.format(line["excluded"]),
        )

    @api.depends("state", "basis_cost", "project_id.dinum_cost_low")
    def _compute_is_stale(self):
        for opinion in self:
            opinion.is_stale = opinion._is_stale()
