import re
import unicodedata
from typing import NamedTuple

from odoo import api, fields, models, tools

_TWO_SIGNS = 2


class Signs(NamedTuple):
    """Words found in what is bought: those that ask, those that do with another one."""

    definite: frozenset = frozenset()
    ambiguous: frozenset = frozenset()

    def __or__(self, other):
        return Signs(self.definite | other.definite, self.ambiguous | other.ambiguous)

    def get_asking(self):
        """The words for which the scope is asked: one alone is no sign where its word
        is of several trades."""
        enough = len(self.ambiguous) >= _TWO_SIGNS
        return self.definite or (self.ambiguous if enough else frozenset())


class ScopeWord(models.Model):
    """A word of what is bought that says it may be digital: the buyer is asked.

    It never decides: the buyer states the scope. Of planned purchases published
    without a CPV code, it also suggests the answer.
    """

    _name = "souverainete.scope.word"
    _inherit = ["souverainete.policy"]
    _description = "Word that suggests the scope"
    _order = "suggestion, name"

    name = fields.Char(
        string="Word or phrase",
        required=True,
        help="Singular; accents, capitals and a final s or x make no difference.",
    )
    suggestion = fields.Selection(
        [
            ("in", "Digital"),
            ("maybe", "Digital, with a second sign"),
            ("out", "Not digital"),
        ],
        required=True,
        help="What a purchase that uses this word probably is. Digital: it is asked "
        "about at once. With a second sign: where another word, or the vendor's name, "
        "says so too. Not digital: a suggestion for planned purchases, nothing more.",
    )

    cpv_code = fields.Char(
        string="CPV code proposed",
        help="Code proposed for a small purchase whose words use this one. The buyer "
        "changes it where it is another.",
    )

    @api.constrains("cpv_code")
    def _check_cpv_code(self):
        for word in self:
            self.env["souverainete.cpv.prefix"]._check_code(word.cpv_code)

    @api.model
    def _get_key_fields(self):
        return (*super()._get_key_fields(), "name")

    @api.model
    def _get_cpv_code(self, text):
        """The code that the longest word found in `text` proposes, or False."""
        found = self._get_signs(self._fold(text)).definite
        company = self.env.company
        coded = self._search_in_force(
            company.id,
            company._souverainete_today(),
            [("name", "in", [*found]), ("cpv_code", "!=", False)],
        )
        return max(coded, key=lambda word: len(word.name), default=coded).cpv_code

    @api.model
    def _suggest(self, text):
        """(`in`, `out` or `none`, the words that led there)."""
        folded = self._fold(text)
        if asking := self._get_signs(folded).get_asking():
            return "in", sorted(asking)
        company = self.env.company
        words = self._get_words(company.id, company._souverainete_today())
        out = _find(words.get("out"), folded)
        return ("out", sorted(out)) if out else ("none", [])

    @api.model
    def _get_signs(self, folded, company=None):
        """The signs that a folded text shows, by the words in force for `company`."""
        company = company or self.env.company
        words = self._get_words(company.id, company._souverainete_today())
        return Signs(_find(words.get("in"), folded), _find(words.get("maybe"), folded))

    @api.model
    @tools.ormcache("company_id", "date")
    def _get_words(self, company_id, date):
        """{suggestion: (one pattern of all its words, {folded word: word})}: the
        longest first, each with its plural."""
        kept = {}
        for record in self._search_in_force(company_id, date):
            kept.setdefault(self._fold(record.name), record)
        words = {}
        for folded, record in sorted(kept.items(), key=lambda item: -len(item[0])):
            words.setdefault(record.suggestion, {})[folded] = record.name
        return {kind: (_compile(of), of) for kind, of in words.items()}

    @api.model
    def _fold(self, text):
        """Lower case, without accents; apostrophes and dashes separate words."""
        plain = unicodedata.normalize("NFKD", (text or "").lower())
        plain = "".join(char for char in plain if not unicodedata.combining(char))
        return " ".join(re.findall(r"[a-z0-9.+#]+", plain))


def _compile(words):
    """One pattern whose groups are numbered as the words are."""
    each = (
        r"[sx]?\s+".join(re.escape(part) for part in word.split()) for word in words
    )
    return re.compile(r"\b(?:" + "|".join(f"({word})" for word in each) + r")[sx]?\b")


def _find(words, folded):
    if not words:
        return frozenset()
    pattern, names = words
    labels = list(names.values())
    return frozenset(labels[m.lastindex - 1] for m in pattern.finditer(folded))
