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
OBJECTIVE, CODE, QUESTION, HELP, LEVEL, TEXT, PROOF, KEY = "ABCDEFGH"

FIRST_ROW = 2


def get_choices(criterion):
    """The texts a bidder chooses from, in the order of the ladder."""
    return [f"{n}. {rung['name']}" for n, rung in enumerate(criterion["levels"], 1)]
