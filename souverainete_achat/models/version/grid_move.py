from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..sovereignty.option import SCORE_FIELDS

# Options moved together: enough to share their queries, few enough to show progress
# and to lose little when it is cut short.
BATCH = 1000

_STUDIED = [("kind", "=", "studied")]
_MOVERS = ("souverainete_achat.group_officer", "souverainete_achat.group_manager")


class Grid(models.Model):
    """Drafts move to a new version of their grid; what was launched keeps its own."""

    _inherit = "souverainete.grid"

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
        self._refresh_scores(options)
        for file, moved in options.grouped("requisition_id").items():
            self._journal_move(target, file, {o.id: left.get(o.id, 0) for o in moved})

    def _refresh_scores(self, options):
        """The figures follow at once, from the answers as they now stand."""
        names = [*SCORE_FIELDS, "oldest_answer_on"]
        for name in names:
            self.env.add_to_compute(options._fields[name], options)
        options.flush_recordset(names)

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
