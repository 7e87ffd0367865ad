import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.base.opening import download


class GridExchange(models.TransientModel):
    """A grid on its way out, or in, as an XLSX workbook."""

    _name = "souverainete.grid.exchange"
    _description = "Workbook of a grid"

    grid_id = fields.Many2one("souverainete.grid", ondelete="cascade")
    content = fields.Binary(
        string="Workbook", compute="_compute_content", attachment=False
    )
    data = fields.Binary(string="Workbook to import", attachment=False)
    filename = fields.Char()
    code = fields.Char(help="Stable name of the new grid, such as ministry_2027.")
    name = fields.Char()

    @api.depends("grid_id")
    def _compute_content(self):
        for exchange in self:
            exchange.content = exchange.grid_id and base64.b64encode(
                exchange.grid_id._get_workbook()
            )

    def _get_download_action(self):
        self.filename = f"{self.grid_id.code}.xlsx"
        return download(self, "content", self.filename)

    def action_import(self):
        """Make a new grid of the workbook. Raises with the sheet and the row."""
        self.check_access("read")
        self.ensure_one()
        if not (self.data and self.code and self.name):
            raise UserError(
                self.env._(
                    "Choose a workbook, and give the new grid a code and a name."
                )
            )
        grid = self.env["souverainete.grid"]._create_from_workbook(
            base64.b64decode(self.data), self.code, self.name
        )
        return grid.get_formview_action()
