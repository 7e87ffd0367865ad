"""The answer sheet of bidders: what its writer and its reader agree on. No Odoo.

Sheets and cells are named here once. Their names are French whoever makes the sheet:
bidders receive it.
"""

NOTICE, BIDDER, ANSWERS = "Notice", "Identification", "Réponses"

# Hidden: the choices of the lists, and what recognises the sheet.
LISTS, MARK = "Listes", "_souverainete"

# Rows of the sheet that identifies the bidder, column B; those of the mark too.
BIDDER_ROWS = {"consultation": 2, "file": 3, "lot": 4, "name": 5, "siret": 6}

MARK_ROWS = {"format": 1, "tender": 2, "content": 3, "launch": 4, "lot": 5}

FORMAT = "souverainete-reponse-1"

# Columns of the answers; the first row is their head.
OBJECTIVE, NUMBER, QUESTION, HELP, LEVEL, TEXT, PROOF, KEY = "ABCDEFGH"

FIRST_ROW = 2


def get_choices(criterion):
    """The texts a bidder chooses from, by the levels of the ladder; those that read the
    same are told apart."""
    texts = [f"{rung['level']} – {rung['name']}" for rung in criterion["levels"]]
    return [
        f"{text} ({texts[: n + 1].count(text)})" if texts.count(text) > 1 else text
        for n, text in enumerate(texts)
    ]


def get_numbers(objectives):
    """{key of a criterion: its number for bidders, as 2.1}; that of its source where
    it has one, as SOV-2.1: bidders know it."""
    return {
        criterion["key"]: (
            criterion["code"] if _is_number(criterion["code"]) else f"{rank}.{n}"
        )
        for rank, objective in enumerate(objectives, 1)
        for n, criterion in enumerate(objective["criteria"], 1)
    }


def _is_number(code):
    return any(character.isdigit() for character in code)
