from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class PurchaseRequisition(models.Model):
    """How sovereignty was taken into account in the choice, and with which grid."""

    _inherit = "purchase.requisition"

    sovereignty_statement = fields.Text(
        string="How sovereignty was taken into account",
        help="Reasoned statement for the file: what the three questions of circular "
        "6519/SG (immunity, exit, mastery) showed, and what they changed in the "
        "choice. The circular sets no scale: words are asked for, not a score.",
    )
    grid_id = fields.Many2one(
        "souverainete.grid",
        string="Assessment grid",
        compute="_compute_grid_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Grid the options of this need are assessed with. It is frozen at launch.",
    )

    @api.depends("is_digital")
    def _compute_grid_id(self):
        default = self._get_default_grid() if any(self.mapped("is_digital")) else None
        for file in self:
            file.grid_id = file.grid_id or (file.is_digital and default)

    @api.model
    def _get_default_grid(self):
        """Grid proposed to a digital purchase: a ministry may prefer its own."""
        grid = self.env.ref(
            "souverainete_achat.grid_doctrine_2026", raise_if_not_found=False
        )
        return grid if grid and grid.active else self.env["souverainete.grid"]

    @api.constrains("grid_id", "company_id")
    def _check_grid(self):
        for file in self.filtered("grid_id"):
            file.grid_id._check_usable(file.company_id)

    def write(self, vals):
        announced = {file: file.grid_id for file in self} if "grid_id" in vals else {}
        result = super().write(vals)
        for file, grid in announced.items():
            if file.grid_id != grid:
                file._check_grid_announced(grid)
        if announced:
            self._move_unassessed_options()
        return result

    def _check_grid_announced(self, grid):
        """No repair changes what bidders were told they would be judged on: `grid` is
        the one left."""
        if self.date_launch and grid._is_binding():
            raise ValidationError(
                self.env._(
                    "%(file)s was launched with the grid “%(grid)s”: what was "
                    "announced to bidders no longer changes. Cancel the file and "
                    "launch it again.",
                    file=self.display_name,
                    grid=grid.display_name,
                )
            )

    def _move_unassessed_options(self):
        """Options where nothing is assessed yet follow the grid of their need."""
        for file in self:
            file.sudo().judged_option_ids.filtered(
                lambda option, grid=file.grid_id: (
                    not option.level_reached and option.grid_id != grid
                )
            ).write({"grid_id": file.grid_id.id})

    @api.model
    def _get_declared_fields(self):
        own = {"sovereignty_statement", "grid_id"}
        return super()._get_declared_fields() | own

    # === WHAT IS MISSING === #

    def _finding_sovereignty_statement(self, options):
        self.ensure_one()
        if (self.need_id.sovereignty_statement or "").strip():
            return {}
        return {
            "": self.env._(
                "How sovereignty was taken into account in the choice is not stated. "
                "Write it in the tab Sovereignty: the circular asks for reasons, "
                "not for a score."
            )
        }

    def _finding_sovereignty_coverage(self, options):
        self.ensure_one()
        return {
            str(option.id): option._conceal(
                self.env._(
                    "%(option)s: %(missing)s of %(asked)s criteria are not assessed. "
                    "Open the option, page Sovereignty.",
                    option=option.name,
                    missing=option.unassessed_count,
                    asked=len(option._get_scored(option.grid_id.criterion_ids)),
                )
            )
            for option in self._get_options_to_assess(options)
            if option.unassessed_count
        }

    def _finding_answers_aged(self, options):
        self.ensure_one()
        today = self.company_id._souverainete_today()
        return {
            str(option.id): option._conceal(
                self.env._(
                    "%(option)s: some answers go back to %(date)s, more than "
                    "%(months)s months ago. Check them again in the option, page "
                    "Sovereignty: the score does not move by itself.",
                    option=option.name,
                    date=format_date(self.env, option.oldest_answer_on),
                    months=option.grid_id.validity_months,
                )
            )
            for option in self._get_options_to_assess(options)
            if option._is_aged(today)
        }

    def _get_options_to_assess(self, options):
        """Options under judgement or, before any is retained, those being studied."""
        return options or self.need_id.judged_option_ids.filtered(
            lambda option: option.kind == "studied" and option.verdict != "rejected"
        )

    # === LAUNCH === #

    def _get_launch_content(self):
        content = super()._get_launch_content()
        need = self.need_id
        content["sovereignty"] = {
            "statement": need.sovereignty_statement or "",
            "grid": need.grid_id._get_launch_content(),
            "answers": {
                str(option.id): option._get_launch_answers()
                for option in need.judged_option_ids
                if option.kind == "studied"
            },
        }
        return content

    def _on_launch(self):
        result = super()._on_launch()
        self._freeze_grids()
        return result

    def _freeze_grids(self):
        """What a consultation was launched with can no longer change."""
        for file in self.sudo():
            grids = file.need_id.grid_id | file.need_id.judged_option_ids.grid_id
            grids._freeze(file.company_id._souverainete_today())
