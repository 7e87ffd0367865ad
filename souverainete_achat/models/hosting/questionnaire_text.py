from odoo import api, fields, models

from .data_questions import QUESTIONS


class QuestionnaireText(models.Model):
    """What is shown beside a question of the questionnaire: the text, as it is known,
    examples and counter-examples."""

    _name = "souverainete.questionnaire.text"
    _inherit = ["souverainete.policy.coded"]
    _description = "Text of the data questionnaire"

    name = fields.Char(string="Title", required=True, translate=True)
    topic = fields.Selection(
        [
            ("data_method", "How the test is made"),
            ("data_protected_secret", "A1. Secrets protected by law"),
            ("data_essential_mission", "A2. Essential missions of the State"),
            ("data_breach_harm", "B. Consequence of a breach"),
        ],
        string="Question",
        required=True,
        default="data_method",
        help="Where the text is shown.",
    )
    kind = fields.Selection(
        [
            ("text", "Text of the law or of the doctrine"),
            ("example", "Example"),
            ("counter_example", "Not enough by itself"),
        ],
        required=True,
        default="example",
        help="Not enough by itself: what people take for data of particular "
        "sensitivity, and is not for that reason alone.",
    )
    text = fields.Text(
        string="What is shown",
        translate=True,
        required=True,
        help="Plain words, with quotations of the text between « and ».",
    )

    # === SHOWN BESIDE A QUESTION === #
    @api.model
    def _get_topics(self):
        return ("data_method", *QUESTIONS)

    def _render(self, topic):
        """HTML of the texts of one question, each with its certainty and source."""
        texts = self.filtered(lambda text: text.topic == topic)
        if not texts:
            return False
        kinds = texts.grouped("kind")
        return self.env["ir.qweb"]._render(
            "souverainete_achat.questionnaire_texts",
            {kind: kinds.get(kind, self.browse()) for kind in self._get_kinds()},
        )

    @api.model
    def _get_kinds(self):
        return tuple(dict(self._fields["kind"].selection))

    def _get_certainty_label(self):
        labels = dict(self._fields["certainty"]._description_selection(self.env))
        return labels[self.certainty]
