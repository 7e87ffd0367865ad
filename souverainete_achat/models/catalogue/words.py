"""Words of a text as the catalogue compares them, without any database."""

import re
import unicodedata
from functools import lru_cache

LONGEST_WORD = 40

# Shorter words have too many neighbours to be corrected.
SHORTEST_CORRECTED = 6

_WORD = re.compile(r"[^\W_]+")

_NOT_LETTER = re.compile(r"[\W_]+")

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})

# PostgreSQL's French stemmer knows “partagée” by its accent: without it, the feminine
# would no longer meet “partager”.
_FEMININE = re.compile(r"ee(s?)$")


def split(text):
    """[(word as compared, word as written)] in the order of the text."""
    pairs = ((fold(word), word) for word in _WORD.findall(text or ""))
    return [(folded, word) for folded, word in pairs if folded]


@lru_cache(maxsize=50_000)
def fold(word):
    """One word in lower case and without accents, whatever the database knows."""
    plain = unicodedata.normalize("NFKD", word.lower().translate(_LIGATURES))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _FEMININE.sub(r"e\1", _NOT_LETTER.sub("", plain))[:LONGEST_WORD]


def fold_text(text, longest):
    """The words of a text as compared, separated by spaces."""
    return " ".join(folded for folded, _word in split((text or "")[:longest]))


def split_list(text):
    """The items of a list written with commas, semicolons or lines."""
    items = (" ".join(item.split()) for item in re.split(r"[,;\n]", text or ""))
    return list(dict.fromkeys(item for item in items if item))


def get_name_key(name):
    """A name as catalogues are compared: “Libre Office” is “LibreOffice”."""
    return "".join(folded for folded, _word in split(name))


def get_url_key(url):
    """An address without what two catalogues write differently."""
    address = re.sub(r"^\w+://(www\.)?", "", (url or "").lower())
    return address.removesuffix(".git").rstrip("/")[:200]


def get_product_key(name):
    """A product's name as one word: “Google Drive” is neither Google nor a drive."""
    return "xsim" + get_name_key(name)


def is_long(word):
    """Whether a word is long enough to be corrected."""
    return len(word) >= SHORTEST_CORRECTED


def is_typo(word, other):
    """Whether two words differ by a slip of the keyboard: one, or two if they are long.

    Swapping two neighbouring letters counts as one.
    """
    allowed = 1 if len(word) < 8 else 2
    if word[0] != other[0] or abs(len(word) - len(other)) > allowed:
        return False
    return _get_distance(word, other) <= allowed


def _get_distance(word, other):
    before, row = [], list(range(len(other) + 1))
    for i, char in enumerate(word, 1):
        older, before, row = before, row, [i]
        for j, target in enumerate(other, 1):
            best = min(before[j] + 1, row[-1] + 1, before[j - 1] + (char != target))
            if i > 1 and j > 1 and word[i - 2] == target and char == other[j - 2]:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]
