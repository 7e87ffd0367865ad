from odoo import api, fields, models


class TakeOver(models.TransientModel):
    """Take over contracts signed elsewhere or before the rules, with their documents.

    One contract or thousands: shown first, then recorded batch by batch. What was
    recorded is kept when it is cut short; taking over again goes on from there.
    """

    _name = "souverainete.take.over"
    _inherit = ["souverainete.guarded"]
    _description = "Take over a contract already signed"

    requisition_ids = fields.Many2many(
        "purchase.requisition",
        string="Contracts",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    requisition_count = fields.Integer(
        string="Number of contracts", compute="_compute_requisition_count"
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Documents by contract",
        help="Several documents, or one .zip of them. Each goes to the contract whose "
        "number or name is in the name of the file or of its folder.",
    )
    document = fields.Binary(
        string="Document for the others",
        attachment=False,
        help="What proves that they were signed, for the contracts without a document "
        "of their own.",
    )
    filename = fields.Char()
    reason = fields.Text(
        required=True, help="Where and when it was signed, and why it is taken over."
    )
    state = fields.Selection(
        [
            ("upload", "Documents"),
            ("preview", "Preview"),
            ("running", "Being taken over"),
            ("done", "Taken over"),
        ],
        default="upload",
        required=True,
    )
    line_ids = fields.One2many("souverainete.take.over.line", "wizard_id")
    common_ids = fields.Many2many(
        "ir.attachment",
        "souverainete_take_over_common_rel",
        help="The document for the others, once a ministry.",
    )
    remaining = fields.Integer(
        compute="_compute_remaining", help="Contracts still to take over."
    )
    summary = fields.Char(compute="_compute_remaining")

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"state", "common_ids"}

    @api.depends("requisition_ids")
    def _compute_requisition_count(self):
        for wizard in self:
            wizard.requisition_count = len(wizard.requisition_ids)

    @api.depends("line_ids.status")
    def _compute_remaining(self):
        for wizard in self:
            counts = wizard._get_counts()
            labels = wizard.line_ids._fields["status"]._description_selection(self.env)
            wizard.remaining = counts.get("planned", 0)
            wizard.summary = " · ".join(
                self.env._("%(label)s: %(count)s", label=label, count=counts[status])
                for status, label in labels
                if status in counts
            )

    def _get_counts(self):
        """{status: number of lines}."""
        return dict(
            self.env["souverainete.take.over.line"]._read_group(
                [("wizard_id", "in", self.ids)], ["status"], ["__count"]
            )
        )

    # === ACTIONS === #

    def action_preview(self):
        """Say what goes with what, and what is refused. Records nothing."""
        self.ensure_one()
        self._plan("preview")
        return self._reopen()

    def action_back(self):
        """Choose other documents."""
        self.ensure_one()
        self._restart("upload")
        return self._reopen()

    def action_take_over(self):
        """Put the drafts into `confirmed`, state `prior`: four eyes, journalled. One
        that is refused is named and does not stop the others."""
        self.ensure_one()
        self._start()
        while self.remaining:
            self._take_over_batch()
        self._raise_if_none()
        return {"type": "ir.actions.act_window_close"}

    def action_take_over_with_progress(self):
        """From the form: many contracts go batch by batch, on screen."""
        self.ensure_one()
        self._start()
        if self._is_long():
            return {
                "type": "ir.actions.client",
                "tag": "souverainete_take_over",
                "params": {"wizard_id": self.id, "total": self.remaining},
            }
        while self.remaining:
            self._take_over_batch()
        self._raise_if_none()
        return self.action_show_result()

    def action_take_over_batch(self):
        """Take over the next batch; says how many are left."""
        self.ensure_one()
        self._start()
        self._take_over_batch()
        return {"remaining": self.remaining}

    def action_show_result(self):
        """What became of each; nothing to show when all were taken over."""
        self.ensure_one()
        if set(self.line_ids.mapped("status")) == {"taken"}:
            return {"type": "ir.actions.act_window_close"}
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take over (already signed)"),
            "res_model": self._name,
            "res_id": self.id,
            # Read as it is by the script that shows the progress.
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
