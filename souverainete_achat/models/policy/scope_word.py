import re
import unicodedata

from odoo import api, fields, models, tools


class ScopeWord(models.Model):
    """A word of a planned purchase that suggests whether it is digital.

    Only a suggestion, for purchases published without a CPV code: the buyer states
    the scope.
    """

    _name = "souverainete.scope.word"
    _description = "Word that suggests the scope"
    _order = "suggestion, name"
    _name_uniq = models.Constraint("UNIQUE (name)", "This word is already listed.")

    name = fields.Char(
        string="Word or phrase",
        required=True,
        help="Singular; accents, capitals and a final s or x make no difference.",
    )
    suggestion = fields.Selection(
        [("in", "Digital"), ("out", "Not digital")],
        required=True,
        help="What a purchase that uses this word probably is. A digital word "
        "prevails over the others.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _suggest(self, text):
        """(`in`, `out` or `none`, the words that led there)."""
        folded = self._fold(text)
        for suggestion in ("in", "out"):
            words = self._get_words().get(suggestion, ())
            found = [word for word, pattern in words if pattern.search(folded)]
            if found:
                return suggestion, found
        return "none", []

    @api.model
    @tools.ormcache()
    def _get_words(self):
        """{suggestion: ((word, pattern), …)}; each word also matches its plural."""
        words = {}
        for record in self.sudo().search([("suggestion", "!=", False)]):
            parts = [re.escape(part) for part in self._fold(record.name).split()]
            pattern = re.compile(r"\b" + r"[sx]?\s+".join(parts) + r"[sx]?\b")
            words.setdefault(record.suggestion, []).append((record.name, pattern))
        return words

    @api.model
    def _fold(self, text):
        """Lower case, without accents; apostrophes and dashes separate words."""
        plain = unicodedata.normalize("NFKD", (text or "").lower())
        plain = "".join(char for char in plain if not unicodedata.combining(char))
        return " ".join(re.findall(r"[a-z0-9.+#]+", plain))
