from odoo import api, fields, models

from ...models.base.opening import open_form

STATUSES = [
    ("created", "Created"),
    ("updated", "Updated"),
    ("unchanged", "Unchanged"),
    ("skipped", "Skipped"),
    ("refused", "Refused"),
    ("absent", "No longer given"),
]


class ImportLine(models.TransientModel):
    """What becomes of some records of the source, and why."""

    _name = "souverainete.import.line"
    _description = "Line of an import"
    _order = "sequence, id"
    _rec_name = "title"

    import_id = fields.Many2one(
        "souverainete.import", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    line = fields.Char(
        string="Place",
        help="Where it is in the source: line or number of the record, identifier.",
    )
    title = fields.Char()
    status = fields.Selection(STATUSES, required=True)
    outcome = fields.Char(
        compute="_compute_outcome",
        help="What will happen, or what happened.",
    )
    message = fields.Text(string="Why")
    key = fields.Char(help="Identifier of the first record in its source.")
    record_count = fields.Integer(
        string="Records", help="Records of the source that make this line."
    )
    chosen = fields.Boolean(
        string="To import",
        default=True,
        help="Untick what is left out: nothing is recorded of it.",
    )
    apart = fields.Boolean(
        string="Keep apart",
        help="Tick it when these records are several agreements, not one agreement "
        "with several holders.",
    )
    res_model = fields.Char(string="Model")
    res_id = fields.Many2oneReference(string="Record", model_field="res_model")

    @api.depends("status", "import_id.state")
    def _compute_outcome(self):
        labels = dict(self._fields["status"]._description_selection(self.env))
        planned = self._get_planned_labels()
        for line in self:
            pending = line.import_id.state == "preview" and line.status in planned
            line.outcome = (planned if pending else labels).get(line.status)

    def _get_planned_labels(self):
        return {
            "created": self.env._("To create"),
            "updated": self.env._("To update"),
        }

    def action_open(self):
        """Open the record this line made or found."""
        self.check_access("read")
        self.ensure_one()
        return open_form(self.env[self.res_model].browse(self.res_id))
