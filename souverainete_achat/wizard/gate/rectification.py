from odoo import api, fields, models


class Rectification(models.TransientModel):
    """Words that left with a consultation, corrected with a reason that stays."""

    _name = "souverainete.rectification"
    _description = "Rectification of a launched consultation"

    requisition_id = fields.Many2one(
        "purchase.requisition", string="Need", required=True, ondelete="cascade"
    )
    reason = fields.Text(required=True, help="Why what left is corrected.")
    need_effect = fields.Text(
        string="Effect to obtain",
        compute="_compute_words",
        store=True,
        readonly=False,
    )
    need_measure = fields.Text(
        string="How it will be measured",
        compute="_compute_words",
        store=True,
        readonly=False,
    )
    sovereignty_statement = fields.Text(
        string="How sovereignty was taken into account",
        compute="_compute_words",
        store=True,
        readonly=False,
    )

    @api.depends("requisition_id")
    def _compute_words(self):
        for rectification in self:
            need = rectification.requisition_id
            rectification.update({name: need[name] for name in need._get_rectified()})

    def action_rectify(self):
        """Record the correction on the file."""
        self.check_access("read")
        self.ensure_one()
        need = self.requisition_id
        words = {name: self[name] for name in need._get_rectified()}
        need._rectify(words, self.reason)
        return {"type": "ir.actions.act_window_close"}
