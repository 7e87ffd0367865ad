from odoo import api, fields, models


class Likeness(models.Model):
    """What those that look like one project are worth together.

    Costs of projects are with tax, values of purchases without: they are stated apart,
    and the sum adds VAT to the latter.
    """

    _inherit = "souverainete.project.likeness"

    amount_projects = fields.Monetary(
        string="Costs of the projects (incl. tax)",
        compute="_compute_amounts",
        help="€ TTC: known costs of the projects among the two.",
    )
    amount_files = fields.Monetary(
        string="Purchases without project (excl. tax)",
        compute="_compute_amounts",
        help="€ HT: value of the purchases among the two that have no project.",
    )
    amount_total = fields.Monetary(
        string="Together (incl. tax)",
        compute="_compute_amounts",
        help="€ TTC: costs of the projects, and the purchases without project plus VAT "
        "at the rate of the threshold. At least this, where something is unknown.",
    )

    @api.depends(
        "project_id.dinum_cost_low",
        "other_project_id.dinum_cost_low",
        "file_id.amount_estimated",
        "other_file_id.amount_estimated",
    )
    def _compute_amounts(self):
        for pair in self.sudo():
            sums = self._get_sums(pair._get_subjects(), pair.company_id)
            pair.amount_projects, pair.amount_files, pair.amount_total = sums

    @api.model
    def _get_sums(self, subjects, company):
        """(€ TTC of projects, € HT of files, € TTC together), at least: what is in a
        currency without any rate adds nothing."""
        today = company._souverainete_today()
        threshold = self._get_threshold(company)
        parts = {"souverainete.project": 0.0, "purchase.requisition": 0.0}
        for subject in subjects:
            if threshold._is_rate_unknown(subject.currency_id, company):
                continue
            amount = (
                subject.dinum_cost_low
                if subject._name == "souverainete.project"
                else subject._get_value()[0]
            )
            parts[subject._name] += subject.currency_id._convert(
                amount, company.currency_id, company, today
            )
        ttc, ht = parts.values()
        total = ttc + ht * (100 + threshold.vat_rate) / 100
        return ttc, ht, company.currency_id.round(total)

    @api.model
    def _get_threshold(self, company):
        today = company._souverainete_today()
        return self.env["souverainete.threshold"]._get("dinum_opinion", company, today)

    # === WHAT THE FILES ARE TOLD === #

    def _refresh_split(self):
        """Write on each side what it is told; constant queries, only what changed."""
        pairs = self.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("ended_on", "=", False),
                ("state", "!=", "different"),
            ]
        )
        neighbours = {}
        for pair in pairs.filtered(lambda pair: not pair._is_moot()):
            one, other = pair._get_subjects()
            neighbours.setdefault(one, []).append((other, pair))
            neighbours.setdefault(other, []).append((one, pair))
        for side in {s for pair in self for s in pair._get_subjects()} | set(
            neighbours
        ):
            company = side.company_id.root_id
            alert = self._prepare_alert(side, neighbours.get(side, []), company)
            if (side.split_alert or {}) != alert:
                side._write_server({"split_alert": alert or False})

    @api.model
    def _prepare_alert(self, side, neighbours, company):
        """What to warn of, as JSON-able data; empty when nothing is.

        Below the threshold together, or above it alone, nothing is split: unless an
        officer said that they are one project and they still are not.
        """
        threshold = self._get_threshold(company)
        same = [other for other, pair in neighbours if pair.state == "same"]
        others = [other for other, _pair in neighbours]
        ttc, ht, total = self._get_sums([side, *others], company)
        alone = self._get_sums([side], company)[2]
        reaches = self._is_reached(threshold, total, company)
        split = reaches and not self._is_reached(threshold, alone, company)
        if not others or not (same or split):
            return {}
        return {
            "others": sorted(other.display_name for other in others),
            "same": sorted(other.display_name for other in same),
            "ttc": ttc,
            "ht": ht,
            "total": total,
        }

    @api.model
    def _is_reached(self, threshold, amount, company):
        today = company._souverainete_today()
        return bool(threshold) and threshold._is_reached_by(
            amount, company.currency_id, company, today
        )
