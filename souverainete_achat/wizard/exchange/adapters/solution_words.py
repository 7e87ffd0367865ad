"""How sources write the step and the state of a solution, in French and English."""

import re

from ....models.base.text import fold

# Beginnings of the words that say that a solution is dead, however they agree.
_ENDED = (
    "abandon",
    "archiv",
    "arret",
    "decommission",
    "deprecat",
    "discontinu",
    "obsol",
    "retir",
)
_ENDED_PHRASES = ("findevie", "endoflife")
_STATUSES = {
    "concept": "concept",
    "en développement": "development",
    "in development": "development",
    "development": "development",
    "bêta": "beta",
    "stable": "stable",
    "en service": "stable",
    "en production": "stable",
    "in production": "stable",
}
_PATHS = {
    "mutualisé": "mutualised",
    "mutualisée": "mutualised",
    "solution mutualisée": "mutualised",
    "mutualised": "mutualised",
    "mutualised solution": "mutualised",
    "sur étagère": "off_the_shelf",
    "off the shelf": "off_the_shelf",
    "off_the_shelf": "off_the_shelf",
}


def _fold_keys(table):
    return {fold(words): value for words, value in table.items()}


_FOLDED_STATUSES = _fold_keys(_STATUSES)
_FOLDED_PATHS = _fold_keys(_PATHS)


def _fold(text):
    """Without what is added in brackets, as in “Sur étagère (SaaS)”."""
    return fold(text.partition("(")[0])


def is_ended(text):
    """Whether a state says that the solution is abandoned."""
    folded = fold(text)
    words = (fold(word) for word in re.findall(r"\w+", text))
    return any(word.startswith(_ENDED) for word in words) or any(
        phrase in folded for phrase in _ENDED_PHRASES
    )


def get_status(text):
    """The development status these words name, or nothing."""
    return "obsolete" if is_ended(text) else _FOLDED_STATUSES.get(_fold(text))


def get_path(text):
    """The step these words name, or nothing."""
    return _FOLDED_PATHS.get(_fold(text))
