from collections import Counter
from typing import NamedTuple

from odoo import models

# A translation added changes no meaning: what was written is compared first.
_SOURCE = "en_US"


class Correspondence(NamedTuple):
    """{id in a grid: id in its new version} of what means the same in both."""

    criteria: dict
    levels: dict


class Grid(models.Model):
    """What a new version of a grid still asks, in the same words."""

    _inherit = "souverainete.grid"

    def _get_correspondence(self, target):
        """Criteria and rungs of this grid that mean the same in `target`."""
        criteria = self._match(self.criterion_ids, target.criterion_ids)
        levels = {}
        for criterion, other in criteria.items():
            levels |= self._match(criterion.level_ids, other.level_ids)
        return Correspondence(
            {criterion.id: other.id for criterion, other in criteria.items()},
            {rung.id: other.id for rung, other in levels.items()},
        )

    def _match(self, parts, others):
        """{part: other} of those that alone have the same meaning on both sides."""
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        found = {}
        for lang in (_SOURCE, *langs):
            found = self._match_in(lang, parts, others) | found
        return {
            part: other
            for part, other in found.items()
            if not any(part._is_reworded(other, lang) for lang in langs)
        }

    def _match_in(self, lang, parts, others):
        """{part: other} of those that say the same in one language.

        A workbook exported in French comes back with French words alone: what one side
        says in that language only is what the other says in it. Where both are
        translated the source decides, as a translation may be late on it.
        """
        mine, theirs = parts._get_by_meaning(lang), others._get_by_meaning(lang)
        return {
            mine[key]: theirs[key]
            for key in mine.keys() & theirs.keys()
            if mine[key]._is_written_in(lang) or theirs[key]._is_written_in(lang)
        }


class GridPart(models.AbstractModel):
    _inherit = "souverainete.grid.part"

    def _get_meaning(self):
        """What has to be the same for an answer to mean the same."""
        raise NotImplementedError

    def _is_written_in(self, lang):
        """Whether the part has in this language the words of its source."""
        return self._get_told(lang) == self._get_told(_SOURCE)

    def _is_reworded(self, other, lang):
        """Whether both are translated, and say different things: who answered in that
        language did not answer this."""
        return (
            self._get_told(lang) != other._get_told(lang)
            and not self._is_written_in(lang)
            and not other._is_written_in(lang)
        )

    def _get_told(self, lang):
        return self.with_context(lang=lang)._get_meaning()

    def _get_by_meaning(self, lang):
        """{meaning: part}, less those that two parts share: nobody can tell which."""
        meanings = [part._get_told(lang) for part in self]
        times = Counter(meanings)
        return {
            meaning: part
            for meaning, part in zip(meanings, self, strict=True)
            if times[meaning] == 1
        }


class Criterion(models.Model):
    _inherit = "souverainete.criterion"

    def _get_meaning(self):
        """The same code, asked in the same words, of the whole or link by link."""
        return (self.objective_id.code, self.code, self.name, self.per_link)


class Level(models.Model):
    _inherit = "souverainete.level"

    def _get_meaning(self):
        """The same observation, at the same level; its points may have changed."""
        return (self.level, self.name)
