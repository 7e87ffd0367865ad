"""The test of loi SREN, art. 31, as three-valued logic without any record.

Limb A, nature or use of the data: (A1) secrets protected by law, or (A2) data
necessary to the State's essential missions. Limb B, consequence: a violation is
liable to harm public order, public safety, health or life, or intellectual property.
Data is of particular sensitivity when A and B both hold.
"""

from odoo import api, fields, models

ANSWERS = [("yes", "Yes"), ("no", "No"), ("unknown", "Not known yet")]

SENSITIVITIES = [
    ("sensitive", "Of particular sensitivity"),
    ("not_sensitive", "Not of particular sensitivity"),
    ("undetermined", "Undetermined"),
]

QUESTIONS = ("data_protected_secret", "data_essential_mission", "data_breach_harm")

_RANKS = {"no": 0, "unknown": 1, "yes": 2}

_RESULTS = ("not_sensitive", "undetermined", "sensitive")


def _rank(answer):
    """An empty answer is not known, which is not no."""
    return _RANKS.get(answer, 1)


def get_sensitivity(secret, mission, harm):
    """`sensitive`, `not_sensitive` or `undetermined`.

    `or` is the highest of two answers and `and` the lowest, so an unknown answer
    that could not change the result does not make it undetermined.
    """
    nature = max(_rank(secret), _rank(mission))
    return _RESULTS[min(nature, _rank(harm))]


def get_open_questions(secret, mission, harm):
    """Names of the unanswered questions whose answer could settle the test."""
    answers = dict(zip(QUESTIONS, (secret, mission, harm), strict=True))
    if "yes" in (secret, mission):
        answers = {"data_breach_harm": harm}
    return [name for name, answer in answers.items() if _rank(answer) == 1]


class DataQuestions(models.AbstractModel):
    """The three questions of loi SREN, art. 31, and the texts shown beside them."""

    _name = "souverainete.data.questions"
    _description = "Questions on the sensitivity of data"

    data_protected_secret = fields.Selection(
        ANSWERS,
        string="A1. Secrets protected by law",
        required=True,
        default="unknown",
        copy=False,
        help="Is some of the data covered by secrets protected by law, notably "
        "articles L. 311-5 and L. 311-6 CRPA? Personal data of RGPD articles 9 or 10, "
        "or hosting of health data (HDS), are not enough by themselves.",
    )
    data_essential_mission = fields.Selection(
        ANSWERS,
        string="A2. Essential missions of the State",
        required=True,
        default="unknown",
        copy=False,
        help="Is some of the data necessary to the State's essential missions: "
        "safeguarding national security, maintaining public order, protecting the "
        "health and life of persons?",
    )
    data_breach_harm = fields.Selection(
        ANSWERS,
        string="B. Consequence of a breach",
        required=True,
        default="unknown",
        copy=False,
        help="Would a breach be liable to harm public order, public safety, the health "
        "or life of persons, or the protection of intellectual property?",
    )
    data_sensitivity = fields.Selection(
        SENSITIVITIES,
        string="Sensitivity of the data",
        compute="_compute_data_sensitivity",
        help="Loi SREN, art. 31 and doctrine cloud, rule R9: data of particular "
        "sensitivity meets A (A1 or A2) and B. An answer not known yet is not a no.",
    )
    data_method_text = fields.Html(
        string="How the test is made",
        compute="_compute_question_texts",
        sanitize=False,
        help="The two limbs of the test, who decides, and what is not enough.",
    )
    data_protected_secret_text = fields.Html(
        string="About A1",
        compute="_compute_question_texts",
        sanitize=False,
        help="The text on secrets protected by law, with its certainty, and examples.",
    )
    data_essential_mission_text = fields.Html(
        string="About A2",
        compute="_compute_question_texts",
        sanitize=False,
        help="The text on essential missions, with its certainty, and examples.",
    )
    data_breach_harm_text = fields.Html(
        string="About B",
        compute="_compute_question_texts",
        sanitize=False,
        help="The text on the consequence of a breach, with its certainty, and "
        "examples.",
    )

    # === RESULT === #
    @api.depends(*QUESTIONS)
    def _compute_data_sensitivity(self):
        for record in self:
            record.data_sensitivity = record._get_data_sensitivity()

    def _get_data_sensitivity(self):
        """The sensitivity derived from the answers: the gate trusts no stored value."""
        return get_sensitivity(*(self[name] for name in QUESTIONS))

    def _get_sensitivity_label(self):
        field = self._fields["data_sensitivity"]
        labels = dict(field._description_selection(self.env))
        return labels[self._get_data_sensitivity()]

    # === TEXTS === #
    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_question_texts(self):
        texts = self.env["souverainete.questionnaire.text"]
        for record in self:
            company = record.company_id or self.env.company
            today = company._souverainete_today()
            shown = record._are_texts_shown() and texts._get_in_force(company, today)
            for topic in texts._get_topics():
                record[f"{topic}_text"] = shown and shown._render(topic)

    def _are_texts_shown(self):
        """Whether the questions are asked on this record."""
        return True
