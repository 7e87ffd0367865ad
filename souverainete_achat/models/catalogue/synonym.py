from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from . import words


class _Stems(dict):
    def __missing__(self, word):
        return ""


class Synonym(models.Model):
    """Terms the search of the catalogue takes for one another, or passes over."""

    _name = "souverainete.synonym"
    _inherit = ["souverainete.kept", "souverainete.shipping"]
    _description = "Synonyms of the catalogue"
    _order = "kind, terms"
    _rec_name = "terms"

    terms = fields.Char(
        required=True,
        help="Words or phrases separated by commas. Accents, capitals and plurals make "
        "no difference.",
    )
    kind = fields.Selection(
        [("same", "Same meaning"), ("ignored", "Passed over")],
        string="Use",
        required=True,
        default="same",
        help="Same meaning: whoever looks for one of these terms also finds the "
        "others. Passed over: words of purchasing that say nothing of a need.",
    )
    active = fields.Boolean(default=True)

    @api.constrains("terms", "kind")
    def _check_terms(self):
        for synonym in self:
            terms = [term for term in synonym._get_terms() if words.split(term)]
            if len(terms) < (2 if synonym.kind == "same" else 1):
                raise ValidationError(
                    self.env._(
                        "Write at least two terms that mean the same, separated by a "
                        "comma: “%(terms)s” has fewer.",
                        terms=synonym.terms,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        synonyms = super().create(vals_list)
        synonyms._refresh_search()
        return synonyms

    def write(self, vals):
        result = super().write(vals)
        self._refresh_search()
        return result

    def _refresh_search(self):
        self.env["souverainete.solution.word"].sudo()._learn(self.mapped("terms"))

    @api.model
    def _on_release(self):
        self.search([("kind", "!=", False)])._refresh_search()

    def _get_terms(self):
        return words.split_list(self.terms)

    # === SEARCH === #
    @api.model
    @tools.ormcache()
    def _get_vocabulary(self):
        """(groups of same meaning, stems passed over, phrases passed over).

        A group is a tuple of (term, its stems); a phrase, a tuple of stems.
        """
        synonyms = self.sudo().search([("kind", "!=", False)])
        terms = {term for synonym in synonyms for term in synonym._get_terms()}
        stems = self._get_stems(sorted(terms))
        same, ignored = [], set()
        for synonym in synonyms:
            group = [(t, stems[t]) for t in synonym._get_terms() if stems[t]]
            if synonym.kind == "same":
                same.append(tuple(group))
            else:
                ignored.update(own for _term, own in group)
        phrases = sorted((len(own), own) for own in ignored if len(own) > 1)
        words_alone = frozenset(own[0] for own in ignored if len(own) == 1)
        return (
            tuple(same),
            words_alone,
            tuple(own for _length, own in reversed(phrases)),
        )

    @api.model
    def _get_stems(self, terms):
        """{term: stems of its words}, without the words French passes over."""
        folded = {t: [word for word, _w in words.split(t)] for t in terms}
        stems = self._stem({word for own in folded.values() for word in own})
        return {
            term: tuple(stems[word] for word in own if stems[word])
            for term, own in folded.items()
        }

    @api.model
    def _stem(self, folded):
        """{word: its French stem, empty for a word without meaning of its own}."""
        folded = sorted(word for word in folded if len(word) > 1)
        self.env.cr.execute(
            "SELECT word, (tsvector_to_array(to_tsvector('french', word)))[1] "
            "FROM unnest(%s::text[]) AS word",
            [folded],
        )
        stems = dict(self.env.cr.fetchall())
        return _Stems({word: stem or "" for word, stem in stems.items()})
