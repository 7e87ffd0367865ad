import base64
import binascii

from odoo import api, fields, models

from .adapters import ADAPTERS, guess
from .plan import BATCH


class Import(models.TransientModel):
    """Bring in what public registers know: shown first, then recorded.

    Nothing is written by the preview. The import reads the file again, so that what
    is recorded is what the file says, whatever was done to the preview.
    """

    _name = "souverainete.import"
    _description = "Import from a public register"
    _rec_name = "filename"

    data = fields.Binary(string="File", required=True)
    filename = fields.Char()
    adapter = fields.Selection(
        selection="_get_adapter_selection",
        string="Source",
        compute="_compute_adapter",
        store=True,
        readonly=False,
        help="Guessed from the content and the name of the file.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Ministry",
        required=True,
        default=lambda self: self.env.company,
        help="Who buys: the files are created for this ministry or body.",
    )
    state = fields.Selection(
        [
            ("upload", "File"),
            ("preview", "Preview"),
            ("running", "Being imported"),
            ("done", "Imported"),
        ],
        default="upload",
        required=True,
    )
    line_ids = fields.One2many("souverainete.import.line", "import_id")
    total = fields.Integer(help="Number of lines the file gives.")
    position = fields.Integer(help="Lines already imported.")
    remaining = fields.Integer(
        compute="_compute_remaining", help="Lines still to import."
    )
    apart = fields.Json(help="Keys of the groups the user keeps apart.")
    document_id = fields.Many2one(
        "ir.attachment", help="The file itself, kept as evidence of what was signed."
    )
    summary = fields.Char(compute="_compute_summary")
    has_records = fields.Boolean(compute="_compute_summary")

    @api.model
    def _get_adapter_selection(self):
        return [(code, self.env._(a.label)) for code, a in ADAPTERS.items()]

    @api.depends("data", "filename")
    def _compute_adapter(self):
        for wizard in self:
            data = wizard.with_context(bin_size=False).data
            wizard.adapter = data and guess(wizard._get_bytes(), wizard.filename)

    @api.depends("total", "position")
    def _compute_remaining(self):
        for wizard in self:
            wizard.remaining = max(wizard.total - wizard.position, 0)

    @api.depends("line_ids.status", "line_ids.res_id", "state")
    def _compute_summary(self):
        for wizard in self:
            counts = {}
            for line in wizard.line_ids:
                counts[line.outcome] = counts.get(line.outcome, 0) + 1
            wizard.has_records = any(
                line.res_id and line.status != "absent" for line in wizard.line_ids
            )
            wizard.summary = " · ".join(
                self.env._("%(label)s: %(count)s", label=label, count=count)
                for label, count in counts.items()
            )

    # === ACTIONS === #

    def action_preview(self):
        """Say what would be created, updated, skipped or refused. Writes no record."""
        self.ensure_one()
        self._keep_apart()
        plans = self._get_plans()
        target = self._get_target()
        target._plan(self, plans)
        self._restart("preview", len(plans))
        self._add_lines([*plans, *target._get_absent(self, plans)])
        return True

    def action_import(self):
        """Import what is left of the file, to its end."""
        self.ensure_one()
        plans = self._start()
        while self.remaining:
            self._import_batch(plans)
        return True

    def action_import_with_progress(self):
        """Import from the form: a long file goes batch by batch, on screen."""
        self.ensure_one()
        plans = self._start()
        if self.remaining > BATCH:
            return {
                "type": "ir.actions.client",
                "tag": "souverainete_import",
                "params": {"import_id": self.id, "total": self.total},
            }
        self._import_batch(plans)
        return True

    def action_import_batch(self):
        """Import the next batches; says how far it went."""
        self.ensure_one()
        self._import_batches(self._start())
        return {"position": self.position, "total": self.total}

    def action_back(self):
        """Choose another file."""
        self.apart = False
        self._restart("upload", 0)
        return True

    def action_open_files(self):
        """Open what the lines made or found, as a list."""
        lines = self.line_ids.filtered(lambda x: x.res_id and x.status != "absent")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Imported: %(name)s", name=self.display_name),
            "res_model": lines[:1].res_model,
            "domain": [("id", "in", lines.mapped("res_id"))],
            "view_mode": "list,form",
        }

    def _get_bytes(self):
        try:
            return base64.b64decode(self.with_context(bin_size=False).data or b"")
        except (binascii.Error, ValueError):
            return b""
