"""The test of loi SREN, art. 31, as three-valued logic without any record.

Limb A, nature or use of the data: (A1) secrets protected by law, or (A2) data
necessary to the State's essential missions. Limb B, consequence: a violation is
liable to harm public order, public safety, health or life, or intellectual property.
Data is of particular sensitivity when A and B both hold.
"""

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
