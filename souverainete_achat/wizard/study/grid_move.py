from odoo import api, fields, models


class GridMove(models.TransientModel):
    """Drafts move to a new version of their grid: shown first, then done by batches.

    What is left to move is read from the drafts themselves: cut short, it goes on from
    where it stopped.
    """

    _name = "souverainete.grid.move"
    _description = "Move drafts to a new version of a grid"

    target_id = fields.Many2one(
        "souverainete.grid",
        string="New version",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    source_id = fields.Many2one(
        "souverainete.grid",
        string="Grid in use",
        required=True,
        ondelete="cascade",
        context={"active_test": False},
        domain="[('id', '!=', target_id)]",
        help="Grid of the drafts to move. Consultations already launched keep it.",
    )
    option_count = fields.Integer(
        string="Options to move",
        compute="_compute_plan",
        help="Options studied for files that are still drafts.",
    )
    file_count = fields.Integer(string="Drafts without option", compute="_compute_plan")
    plan = fields.Html(compute="_compute_plan", sanitize=False)

    @api.depends_context("lang")
    @api.depends("source_id", "target_id")
    def _compute_plan(self):
        for move in self:
            source, target = move.source_id, move.target_id
            options = source._get_movable_options(target) if source else []
            move.option_count = len(options)
            move.file_count = len(source._get_movable_files(target)) if source else 0
            move.plan = source and self.env["ir.qweb"]._render(
                "souverainete_achat.grid_move_plan",
                {"rows": move._prepare_rows(options)},
            )

    def _prepare_rows(self, options):
        """One row a criterion of the grid in use, and what becomes of its answers."""
        given = self._count_answers(options)
        criteria, levels = self.source_id._get_correspondence(self.target_id)
        return [
            {
                "name": criterion.name,
                "asked": criterion.id in criteria,
                "carried": sum(given.get(rung, 0) for rung in same),
                "left": sum(given.get(rung, 0) for rung in criterion.level_ids - same),
            }
            for criterion in self.source_id.criterion_ids
            for same in [criterion.level_ids.filtered(lambda r: r.id in levels)]
        ]

    def _count_answers(self, options):
        """{rung: answers given} of these options."""
        if not options:
            return {}
        return dict(
            self.env["souverainete.answer"]
            .sudo()
            ._read_group(
                [
                    ("option_id", "in", options.ids),
                    ("grid_id", "=", self.source_id.id),
                    ("level_id", "!=", False),
                ],
                ["level_id"],
                ["__count"],
            )
        )

    # === ACTIONS === #

    def action_move(self):
        """From the form: batch by batch, on screen."""
        self.check_access("read")
        self.ensure_one()
        self.source_id._check_movable(self.target_id)
        return {
            "type": "ir.actions.client",
            "tag": "souverainete_grid_move",
            "params": {"wizard_id": self.id, "total": self.option_count},
        }

    def action_move_batch(self):
        """Move the next batch; says what is left."""
        self.check_access("read")
        self.ensure_one()
        self.source_id._move_batch(self.target_id)
        self.invalidate_recordset(["option_count", "file_count", "plan"])
        return {
            "options": self.option_count,
            "remaining": self.option_count + self.file_count,
        }
