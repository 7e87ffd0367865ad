"""Answers that follow options to a new version of their grid, by SQL.

A thousand options bring tens of thousands of answers: rows are moved where they stand,
with their sources and documents, by as many statements whatever their number.
"""

from odoo import models
from odoo.tools import SQL


class Grid(models.Model):
    _inherit = "souverainete.grid"

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
        """Options, and what proposes a grid to those still to come: files and lots."""
        for table, column, ids in (
            ("souverainete_option", "id", options.ids),
            ("souverainete_lot", "requisition_id", files.ids),
            ("purchase_requisition", "id", files.ids),
        ):
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
