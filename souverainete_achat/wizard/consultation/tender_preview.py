import base64

from odoo import api, fields, models

from ...models.base.opening import download


class TenderPreview(models.TransientModel):
    """The tender documents before launch: made to be looked at, stored nowhere."""

    _name = "souverainete.tender.preview"
    _description = "Draft of the tender documents"

    requisition_id = fields.Many2one(
        "purchase.requisition", string="Need", required=True, ondelete="cascade"
    )
    content = fields.Binary(
        string="Draft", compute="_compute_content", attachment=False
    )

    @api.depends("requisition_id")
    def _compute_content(self):
        for preview in self:
            _name, archive = preview._build()
            preview.content = base64.b64encode(archive)

    def _build(self):
        """(name, bytes) of the draft of a file the user may read."""
        need = self.requisition_id.need_id
        need.check_access("read")
        content = need.sudo()._prepare_tender()
        return self.env["souverainete.tender.pieces"]._build_archive(content)

    def _get_download_action(self):
        content = self.requisition_id.need_id.sudo()._prepare_tender()
        name = self.env["souverainete.tender.pieces"]._get_stem(content) + ".zip"
        return download(self, "content", name)
