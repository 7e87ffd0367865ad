"""Which contract a document is about: its number or name, found in the file's name."""

import re
import unicodedata
from collections import defaultdict
from os.path import splitext

# A shorter number would be found in any date or version of a file's name.
_SHORTEST = 4


def get_words(text):
    """Letters and digits, without case nor accents: `2025/M-01` is `2025 m 01`."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return tuple(re.findall(r"[a-z0-9]+", plain))


def _size(words):
    return sum(map(len, words))


class Index:
    """Contracts by the words of what names them."""

    def __init__(self, names):
        """`names`: (contract, text that names it) pairs."""
        self.contracts = defaultdict(set)
        for contract, name in names:
            words = get_words(name)
            if _size(words) >= _SHORTEST:
                self.contracts[words].add(contract)
        self.longest = max(map(len, self.contracts), default=0)

    def find(self, path):
        """The contracts that a file's path names; the longest name found decides."""
        words = get_words(splitext(path)[0])
        found = [span for span in self._get_spans(words) if span in self.contracts]
        best = max(map(_size, found), default=0)
        return set().union(*(self.contracts[w] for w in found if _size(w) == best))

    def _get_spans(self, words):
        for start in range(len(words)):
            for end in range(start + 1, min(start + self.longest, len(words)) + 1):
                yield words[start:end]
