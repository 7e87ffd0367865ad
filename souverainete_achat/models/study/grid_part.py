from collections import Counter

from odoo import api, models
from odoo.exceptions import UserError

# A translation added changes no meaning: what was written is compared first.
SOURCE_LANG = "en_US"


class GridPart(models.AbstractModel):
    """A grid or a part of it: what a consultation was launched with stays as it was."""

    _name = "souverainete.grid.part"
    _inherit = [
        "souverainete.guarded",
        "souverainete.kept",
        "souverainete.shipping",
    ]
    _description = "Content of a grid, frozen at its first launch"
    # A consultation leaves with it: retiring a grid alone changes nothing in its files.
    _guard = "frozen"
    # Dotted path from a part to its grid.
    _grid_path = None

    # === HOOKS === #

    def _get_grids(self):
        """The grids these records belong to."""
        return self.mapped(self._grid_path) if self._grid_path else self

    @api.model
    def _get_kept_domain(self):
        """What is frozen no longer changes."""
        path = f"{self._grid_path}." if self._grid_path else ""
        return [(f"{path}frozen_on", "!=", False)]

    def _get_meaning(self):
        """What has to be the same for an answer to mean the same."""
        raise NotImplementedError

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._get_grids()._revise()
        return parts

    def write(self, vals):
        if self._get_guarded_fields("frozen").isdisjoint(vals):
            return super().write(vals)
        # Before and after: a part may be moved out of a frozen grid, or into one.
        self._get_grids()._revise()
        result = super().write(vals)
        self._get_grids()._revise()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_frozen(self):
        self._get_grids()._revise()

    def _update_field_translations(self, field_name, *args, **kwargs):
        # The translation dialog does not go through write().
        if field_name in self._get_guarded_fields("frozen"):
            self._get_grids()._revise()
        return super()._update_field_translations(field_name, *args, **kwargs)

    def _forget_translations(self, names):
        """What a consultation left with keeps its words in each language."""
        if self._get_grids().frozen_on:
            return None
        return super()._forget_translations(names)

    @api.model
    def _raise_frozen(self, grids):
        raise UserError(
            self.env._(
                "A consultation was launched with these grids, which can no longer "
                "change: %(grids)s. Duplicate the grid to make a new version.",
                grids=", ".join(grids.mapped("display_name")),
            )
        )

    # === CORRESPONDENCE === #
    # What a part of another version says that means the same.

    def _is_written_in(self, lang):
        """Whether the part has in this language the words of its source."""
        return self._get_told(lang) == self._get_told(SOURCE_LANG)

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
