"""A need as the catalogue is asked for it: what was written, and what it may mean."""

import math
from dataclasses import dataclass, field

# How near each way of answering is to what was asked.
FACTORS = {"word": 1.0, "typo": 0.9, "synonym": 0.8, "similar": 1.5}

# A word among the keywords says more than one in the text; `D` holds products.
LABELS = {"A": 1.0, "B": 1.0, "C": 0.5, "D": 1.0}

LONGEST_PRODUCT = 4

# In a long text, as many of its rarest words say what is asked.
MOST_ASKED = 8

# What is bought comes first; what follows says for whom, where, how many.
FIRST = 3

LATER = 0.5


@dataclass(frozen=True)
class Term:
    """Words that answer a concept when a solution has them all."""

    lexemes: tuple
    kind: str
    label: str

    def get_tsquery(self):
        return " & ".join(f"'{lexeme}'" for lexeme in self.lexemes)

    def get_weight(self, found):
        """What this term is worth in a solution; `found`: {lexeme: its best label}."""
        labels = [found.get(lexeme) for lexeme in self.lexemes]
        if None in labels:
            return 0.0
        return FACTORS[self.kind] * min(LABELS[label] for label in labels)


@dataclass
class Concept:
    """One thing asked, as it was written, and the terms that answer it."""

    asked: str
    terms: list = field(default_factory=list)
    # A word of the need; other concepts are readings of the same words.
    is_word: bool = False
    # What it is worth in saying what is asked, by its place in the need.
    share: float = 1.0
    # How many solutions answer it, at most: what is rare says more.
    frequency: int = 0

    def get_value(self, total):
        """A word that no solution has says as much as one that a single one has."""
        return math.log(1 + total / max(self.frequency, 1))

    def get_best(self, found):
        """(weight, term) of what answers it best in one solution."""
        weighted = [(term.get_weight(found), term) for term in self.terms]
        return max(weighted, key=lambda pair: pair[0], default=(0.0, None))


@dataclass
class Token:
    """A word of the need: as compared, as written, its stem."""

    folded: str
    written: str
    stem: str
    # The known word it is taken for, as written, when it looks typed wrong.
    corrected: str = ""


def get_asked(concepts, total):
    """What the need asks in all, known to the catalogue or not."""
    asked = [c.get_value(total) * c.share for c in concepts if c.is_word]
    return sum(sorted(asked, reverse=True)[:MOST_ASKED])


def get_products(tokens):
    """{key: (position, length, name as written)} of what may be a product's name."""
    found = {}
    for start in range(len(tokens)):
        for length in range(1, LONGEST_PRODUCT + 1):
            part = tokens[start : start + length]
            if len(part) == length:
                key = "xsim" + "".join(token.folded for token in part)
                name = " ".join(token.written for token in part)
                found.setdefault(key, (start, length, name))
    return found


def get_word_concepts(tokens, ignored):
    """A concept a word; words of purchasing are passed over unless nothing is left."""
    known = {}
    for token in tokens:
        # A number alone says how many, or of which year.
        said = token.stem and not (ignored and token.folded.isdigit())
        if said and token.stem not in ignored and token.stem not in known:
            kind = "typo" if token.corrected else "word"
            term = Term((token.stem,), kind, token.corrected or token.written)
            share = 1.0 if len(known) < FIRST else LATER
            known[token.stem] = Concept(token.written, [term], True, share)
    if not known and ignored:
        return get_word_concepts(tokens, ())
    return list(known.values())


def drop_phrases(tokens, phrases):
    """The words, without the phrases of purchasing that say nothing together."""
    for stems in phrases:
        kept = [(i, token.stem) for i, token in enumerate(tokens) if token.stem]
        start = _find(stems, [stem for _i, stem in kept])
        if start is not None:
            first, last = kept[start][0], kept[start + len(stems) - 1][0]
            left = tokens[:first] + tokens[last + 1 :]
            # A need that is nothing but such a phrase is still a need.
            tokens = left if any(token.stem for token in left) else tokens
    return tokens


def get_synonym_concepts(tokens, groups):
    """A concept for each group of synonyms one of whose terms was written."""
    kept = [(i, token.stem) for i, token in enumerate(tokens) if token.stem]
    written = [stem for _i, stem in kept]
    concepts = []
    for group in groups:
        for _term, stems in group:
            start = _find(stems, written)
            if start is not None:
                first, last = kept[start][0], kept[start + len(stems) - 1][0]
                asked = " ".join(token.written for token in tokens[first : last + 1])
                concepts.append(_get_group_concept(group, stems, asked))
                break
    return concepts


def _get_group_concept(group, stems, asked):
    terms = [Term(own, "synonym", term) for term, own in group if own != stems]
    if len(stems) > 1:
        terms.append(Term(stems, "word", asked))
    return Concept(asked, terms)


def _find(stems, written):
    """Where these stems follow one another among those written."""
    for start, stem in enumerate(written):
        if stem == stems[0] and tuple(written[start : start + len(stems)]) == stems:
            return start
    return None
