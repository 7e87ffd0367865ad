from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .grid_part import SOURCE_LANG

# Options moved together: enough to share their queries, few enough to show progress
# and to lose little when it is cut short.
BATCH = 1000

_STUDIED = [("kind", "=", "studied")]

_MOVERS = ("souverainete_achat.group_officer", "souverainete_achat.group_manager")


class Correspondence(NamedTuple):
    """{id in a grid: id in its new version} of what means the same in both."""

    criteria: dict
    levels: dict


class GridVersion(models.AbstractModel):
    """A grid whose drafts move to a new version of it; what was launched keeps its own.

    `_move_batch(target)` does it, batch by batch: what is left to move is read from the
    drafts themselves.
    """

    _name = "souverainete.grid.version"
    _description = "Version of a grid"

    # === HOOKS === #

    @api.model
    def _get_proposing_tables(self):
        """(table, column of its file) of what proposes a grid to options to come."""
        return [("purchase_requisition", "id")]

    # === WHAT MOVES === #

    def _get_drafts_domain(self, target):
        """Files of the user's ministries that nobody launched nor signed, for which
        `target` may be used."""
        draft = Domain("state", "=", "draft") & Domain(
            "need_id.date_launch", "=", False
        )
        signed = Domain("agreement_ids", "any", [("state", "!=", "draft")])
        mine = Domain("company_id", "in", self.env.companies.ids)
        own = Domain("company_id", "child_of", target.company_id.ids)
        drafts = draft & ~signed & mine
        return drafts & own if target.company_id else drafts

    def _get_movable_options(self, target, limit=None):
        """Studied options of drafts assessed with this grid. Read sudo: who keeps the
        referentials reads no file."""
        return (
            self.env["souverainete.option"]
            .sudo()
            .search(
                Domain("grid_id", "=", self.id)
                & Domain(_STUDIED)
                & Domain("requisition_id", "any", self._get_drafts_domain(target)),
                order="id",
                limit=limit,
            )
        )

    def _get_movable_files(self, target, limit=None):
        """Drafts that propose this grid, and have no option of it left to move."""
        waiting = Domain("option_ids", "any", [("grid_id", "=", self.id), *_STUDIED])
        return (
            self.env["purchase.requisition"]
            .sudo()
            .search(
                Domain("grid_id", "=", self.id)
                & self._get_drafts_domain(target)
                & ~waiting,
                order="id",
                limit=limit,
            )
        )

    def _check_movable(self, target):
        if not any(self.env.user.has_group(group) for group in _MOVERS):
            raise AccessError(
                self.env._(
                    "Only a compliance officer or a referentials manager can move "
                    "drafts to another version of a grid."
                )
            )
        if self == target or not target.active:
            raise UserError(
                self.env._(
                    "Choose another grid than the one in use, and one that is not "
                    "archived."
                )
            )
        target._check_weights()

    # === ONE BATCH === #

    def _move_batch(self, target):
        """Move the next options, or the files without option once all have moved."""
        self._check_movable(target)
        options = self._get_movable_options(target, BATCH)
        if options:
            self.sudo()._move_options(target.sudo(), options)
        else:
            self.sudo()._move_files(target.sudo())

    def _move_options(self, target, options):
        correspondence = self._get_correspondence(target)
        left = self._move_rows(target, options, correspondence)
        options._refresh_scores()
        for file, moved in options.grouped("requisition_id").items():
            self._journal_move(target, file, {o.id: left.get(o.id, 0) for o in moved})

    def _move_files(self, target):
        files = self._get_movable_files(target, BATCH)
        self.env.flush_all()
        self._set_grid(target, files.option_ids.browse(), files)
        files.invalidate_recordset(["grid_id"])
        for file in files:
            self._journal_move(target, file, {})

    def _journal_move(self, target, file, left):
        """`left`: {option id: answers that could not follow}, for who checks later."""
        file._journal(
            "grid",
            {
                "from": self.code,
                "to": target.code,
                "answers_to_give_again": {str(key): n for key, n in left.items()},
            },
            self.env._(
                "The draft moved to the grid %(code)s; answers to give again: "
                "%(count)s.",
                code=target.code,
                count=sum(left.values()),
            ),
        )

    # === CORRESPONDENCE === #
    # What the new version still asks, in the same words.

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
        for lang in (SOURCE_LANG, *langs):
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

    # === ROWS === #
    # By SQL, thousands at once: what a write would do one by one is done here for all.

    def _move_rows(self, target, options, correspondence):
        """Move the answers of `options` from this grid to `target`.

        Returns {option id: number of answers that could not follow}.
        """
        self.env.flush_all()
        self._carry_answers(options, correspondence)
        self._drop_blank_rows(options)
        left = self._leave_answers(options)
        self._set_grid(target, options, options.requisition_id)
        self._add_blank_rows(target, options)
        self.env.invalidate_all(flush=False)
        return left

    def _carry_answers(self, options, correspondence):
        """Those whose criterion, and rung if any, mean the same in the new version."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE souverainete_answer AS answer
                   SET criterion_id = criterion.id,
                       objective_id = criterion.objective_id,
                       grid_id = criterion.grid_id,
                       level_id = level.other,
                       write_uid = %(user)s,
                       write_date = NOW() AT TIME ZONE 'UTC'
                  FROM souverainete_answer AS before
                  JOIN %(criteria)s AS pair (id, other) ON pair.id = before.criterion_id
                  JOIN souverainete_criterion AS criterion ON criterion.id = pair.other
             LEFT JOIN %(levels)s AS level (id, other) ON level.id = before.level_id
                 WHERE before.id = answer.id
                   AND answer.option_id IN %(options)s
                   AND (answer.level_id IS NULL OR level.other IS NOT NULL)
                """,
                user=self.env.uid,
                criteria=self._get_pairs(correspondence.criteria),
                levels=self._get_pairs(correspondence.levels),
                options=options._ids,
            )
        )

    def _get_pairs(self, pairs):
        """A table of ids, of two columns; empty where nothing corresponds."""
        rows = [SQL("(%s, %s)", *pair) for pair in pairs.items()]
        return SQL("(VALUES %s)", SQL(", ").join(rows or [SQL("(0, 0)")]))

    def _drop_blank_rows(self, options):
        """Lines of this grid in which nothing was recorded (see `_is_blank`)."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM souverainete_answer AS answer
                 WHERE option_id IN %(options)s
                   AND grid_id = %(grid)s
                   AND level_id IS NULL
                   AND CONCAT(source, source_url, evidence) = ''
                   AND NOT EXISTS (
                       SELECT 1 FROM ir_attachment AS document
                        WHERE document.res_model = 'souverainete.answer'
                          AND document.res_field = 'evidence_file'
                          AND document.res_id = answer.id
                   )
                """,
                options=options._ids,
                grid=self.id,
            )
        )

    def _leave_answers(self, options):
        """What could not follow is kept, and counts for nothing any more."""
        self.env.cr.execute(
            SQL(
                """
                   WITH kept AS (
                 UPDATE souverainete_answer SET is_current = FALSE
                  WHERE option_id IN %(options)s AND grid_id = %(grid)s
              RETURNING option_id
                   )
                 SELECT option_id, COUNT(*) FROM kept GROUP BY option_id
                """,
                options=options._ids,
                grid=self.id,
            )
        )
        return dict(self.env.cr.fetchall())

    def _set_grid(self, target, options, files):
        """Options, and what proposes a grid to those still to come."""
        of_files = [(*place, files.ids) for place in self._get_proposing_tables()]
        for table, column, ids in [
            ("souverainete_option", "id", options.ids),
            *of_files,
        ]:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET grid_id = %s WHERE grid_id = %s AND %s = ANY(%s)",
                    SQL.identifier(table),
                    target.id,
                    self.id,
                    SQL.identifier(column),
                    ids,
                )
            )

    def _add_blank_rows(self, target, options):
        """A line for each question of the new version that has none: not assessed."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO souverainete_answer (
                       option_id, requisition_id, company_id, component_id,
                       criterion_id, objective_id, grid_id, is_current, state,
                       create_uid, create_date, write_uid, write_date)
                SELECT option.id, option.requisition_id, option.company_id, link.id,
                       criterion.id, criterion.objective_id, criterion.grid_id,
                       TRUE, 'not_assessed',
                       %(user)s, NOW() AT TIME ZONE 'UTC',
                       %(user)s, NOW() AT TIME ZONE 'UTC'
                  FROM souverainete_option AS option
                  JOIN souverainete_criterion AS criterion
                    ON criterion.grid_id = %(grid)s
             LEFT JOIN souverainete_component AS link
                    ON criterion.per_link AND link.option_id = option.id
                 WHERE option.id IN %(options)s
                   AND NOT EXISTS (
                       SELECT 1 FROM souverainete_answer AS answer
                        WHERE answer.option_id = option.id
                          AND answer.criterion_id = criterion.id
                          AND answer.component_id IS NOT DISTINCT FROM link.id
                   )
                """,
                user=self.env.uid,
                options=options._ids,
                grid=target.id,
            )
        )
