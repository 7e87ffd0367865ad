from collections import Counter
from typing import NamedTuple

from odoo import models


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
        mine, theirs = parts._get_by_meaning(), others._get_by_meaning()
        return {mine[key]: theirs[key] for key in mine.keys() & theirs.keys()}


class GridPart(models.AbstractModel):
    _inherit = "souverainete.grid.part"

    def _get_meaning(self):
        """What has to be the same for an answer to mean the same."""
        raise NotImplementedError

    def _get_by_meaning(self):
        """{meaning: part}, without those that two parts share: no one can tell which.

        Read in the language of the source: a translation added changes no meaning.
        """
        meanings = [part.with_context(lang="en_US")._get_meaning() for part in self]
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
