import base64
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.exchange.essential_format import CONTRACT, to_xml


class EssentialExport(models.TransientModel):
    """The essential data of some contracts as the file that is published: those that
    lack nothing leave, the others are listed with what they lack."""

    _name = "souverainete.essential.export"
    _description = "Export of essential data"

    sheet_ids = fields.Many2many("souverainete.essential.data", string="Contracts")
    file_format = fields.Selection(
        [("json", "JSON (2.0.4)"), ("xml", "XML (2.0.2)")],
        required=True,
        default="json",
    )
    ready_ids = fields.Many2many(
        "souverainete.essential.data", compute="_compute_ready_ids"
    )
    incomplete_ids = fields.Many2many(
        "souverainete.essential.data",
        string="Not ready",
        compute="_compute_ready_ids",
        help="They stay out of the file until what they lack is said.",
    )
    ready_count = fields.Integer(
        string="Contracts that leave", compute="_compute_ready_ids"
    )
    data = fields.Binary(string="File", readonly=True)
    filename = fields.Char(readonly=True)

    @api.depends("sheet_ids.missing")
    def _compute_ready_ids(self):
        for export in self:
            export.incomplete_ids = export.sheet_ids.filtered("missing")
            export.ready_ids = export.sheet_ids - export.incomplete_ids
            export.ready_count = len(export.ready_ids)

    def action_export(self):
        """Make the file, and record the day of publication of what is in it. Raises
        when nothing is ready, naming what misses."""
        self.check_access("read")
        self.ensure_one()
        if not self.ready_ids:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(file)s: %(missing)s",
                        file=sheet.display_name,
                        missing=sheet.missing.replace("\n", " "),
                    )
                    for sheet in self.incomplete_ids
                )
                or self.env._("Choose signed contracts first.")
            )
        self.ready_ids.check_access("write")
        self.ready_ids._publish()
        self.write(self._prepare_file())
        return self._get_action()

    def _prepare_file(self):
        records = [r for sheet in self.ready_ids for r in sheet._get_records()]
        if self.file_format == "xml":
            content = to_xml(records)
        else:
            document = {"marches": {CONTRACT: records}}
            content = json.dumps(document, ensure_ascii=False, indent=2).encode()
        day = self.env.company._souverainete_today()
        return {
            "data": base64.b64encode(content),
            "filename": f"decp-{day}.{self.file_format}",
        }

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Export the essential data (DECP)"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
