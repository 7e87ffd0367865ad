from odoo import models
from odoo.exceptions import UserError

from .opinion import RUNNING


class Opinion(models.Model):
    """Asking: what the DINUM will judge is frozen when the request leaves."""

    _inherit = "souverainete.opinion"

    def action_submit(self):
        """Send the request: its cost basis, kind and delay are frozen from now on."""
        for opinion in self:
            opinion._check_submittable()
            opinion.sudo()._write_server(opinion._prepare_submission())
            opinion._take_step(
                opinion._freeze_referral(),
                self.env._("The request for the DINUM's opinion was submitted."),
            )

    def _check_submittable(self):
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This request was already submitted."))
        project = self.project_id
        if not project._get_threshold():
            raise UserError(
                self.env._("No opinion of the DINUM is asked of this kind of body.")
            )
        if not project.cost_line_ids:
            raise UserError(
                self.env._(
                    "Give the costs of %(project)s first, on its form: the DINUM "
                    "judges the project on them.",
                    project=project.display_name,
                )
            )
        self._check_excuses()
        if project.opinion_ids.filtered(lambda o: o.state in RUNNING):
            raise UserError(
                self.env._(
                    "A request on %(project)s is already running: withdraw it before "
                    "making another one.",
                    project=project.display_name,
                )
            )

    def _check_excuses(self):
        """Who sends the request is not who said why a required piece is absent."""
        excused = self.sudo().piece_ids.filtered(
            lambda line: line.is_excused and line.excuser_id == self.env.user
        )
        if own := excused.filtered(lambda line: line.state == "absent"):
            raise UserError(
                self.env._(
                    "Four eyes: you gave the reason why these pieces are absent, so "
                    "another person submits the request: %(pieces)s.",
                    pieces=", ".join(own.mapped("name")),
                )
            )

    def _prepare_submission(self):
        """What the DINUM will judge, frozen."""
        project = self.project_id
        threshold = project._get_threshold()
        cost, known = project._get_cost()
        return {
            "state": "submitted",
            "kind": threshold.opinion_kind,
            "requester_id": self.env.uid,
            "date_submitted": self.company_id._souverainete_today(),
            "basis_cost": cost,
            "basis_cost_known": known,
            "basis_threshold": project._get_threshold_amount(),
            "basis_lines": project.cost_line_ids._prepare_basis(threshold.mco_months),
            "delay_months": threshold.opinion_delay_months,
            "silence_favourable": threshold.silence_favourable,
        }
