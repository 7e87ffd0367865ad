from odoo import api, fields, models

from .recommendation_text import split_recommendations


class Opinion(models.Model):
    """The recommendations the opinion carries, one by one."""

    _inherit = "souverainete.opinion"

    recommendation_ids = fields.One2many(
        "souverainete.recommendation",
        "opinion_id",
        string="Recommendations one by one",
        readonly=True,
        copy=False,
    )
    unanswered_count = fields.Integer(
        string="Recommendations to answer",
        compute="_compute_unanswered_count",
        help="Recommendations of which the project did not say what it does.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"recommendation_ids"}

    @api.depends("recommendation_ids.answer")
    def _compute_unanswered_count(self):
        for opinion in self:
            opinion.unanswered_count = len(opinion._get_unanswered())

    def _get_unanswered(self):
        return self.recommendation_ids.filtered(lambda record: not record.answer)

    # === TRANSCRIBED, CONFIRMED, SENT BACK === #

    def _record_outcome(self, outcome, vals):
        """What the letter recommends is transcribed with it."""
        self._add_recommendations(vals)
        return super()._record_outcome(outcome, vals)

    def _add_recommendations(self, vals):
        texts = vals.get("recommendation_texts")
        if texts is None:
            texts = split_recommendations(vals.get("recommendations"))
        self.env["souverainete.recommendation"].sudo()._create_server(
            [
                {"opinion_id": self.id, "number": number, "text": text}
                for number, text in enumerate(texts, start=1)
            ]
        )

    def action_reject_registration(self):
        res = super().action_reject_registration()
        self.sudo().recommendation_ids._as_server().unlink()
        return res

    def _prepare_step_payload(self):
        payload = super()._prepare_step_payload()
        if recommendations := self.recommendation_ids:
            payload["recommendations"] = recommendations.mapped("text")
        return payload

    def _notify_outcome(self):
        """Who asked is told how many recommendations are to be answered."""
        res = super()._notify_outcome()
        opinion = self.sudo()
        if count := opinion.unanswered_count:
            opinion.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._(
                    "Recommendations of the DINUM to answer: %(count)s", count=count
                ),
                user_id=opinion.requester_id.id,
            )
        return res

    def action_open_recommendations(self):
        """Open the list of this opinion's recommendations, to answer them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "souverainete_achat.recommendation_action"
        )
        return action | {"domain": [("opinion_id", "=", self.id)], "context": {}}
