import base64
import hashlib

from odoo import api, fields, models

from ..base.opening import download
from ..journal.digest import digest


class Tender(models.Model):
    """What one launch left with: frozen as plain data, then as one archive.

    The archive is built once, at the first download, from what was frozen; the same
    bytes are given ever after. A file that goes back to draft and is launched again
    leaves with another one.
    """

    _name = "souverainete.tender"
    _inherit = ["souverainete.evidence"]
    _description = "Tender documents of a consultation"
    _order = "id desc"

    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Need",
        required=True,
        index=True,
        ondelete="restrict",
        help="The purchase file that carries the need.",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id",
        string="Ministry",
        store=True,
        index=True,
        precompute=True,
    )
    date_launch = fields.Datetime(
        string="Launched on", required=True, help="Launch that it left with."
    )
    launch_digest = fields.Char(
        help="SHA-256 of what was frozen at that launch, as the journal has it."
    )
    content = fields.Json(
        required=True,
        help="What leaves with the consultation: criteria, weights, levels, clauses. "
        "Nothing of the study, of offers or of estimates.",
    )
    content_digest = fields.Char(
        required=True,
        help="SHA-256 of the content. Answer sheets carry it, to be recognised.",
    )
    archive = fields.Binary(
        string="Tender documents",
        attachment=True,
        help="The .zip, built once: the same bytes are given ever after.",
    )
    archive_name = fields.Char(string="Name of the archive")
    archive_digest = fields.Char(
        string="SHA-256 of the archive", help="Kept in the file's journal too."
    )
    archive_date = fields.Datetime(string="Built on")

    @api.depends("requisition_id", "date_launch")
    def _compute_display_name(self):
        for tender in self:
            tender.display_name = self.env._(
                "Tender documents of %(file)s", file=tender.requisition_id.display_name
            )

    @api.model
    def _get_kept_documents(self, documents):
        """Archives are neither replaced, moved nor deleted, whoever asks."""
        return documents

    # === FREEZING === #
    @api.model
    def _freeze(self, need):
        """Keep what `need` leaves with. Runs sudo."""
        content = need._prepare_tender()
        tender = self._create_server(
            [
                {
                    "requisition_id": need.id,
                    "date_launch": need.date_launch,
                    "launch_digest": need.launch_digest,
                    "content": content,
                    "content_digest": digest(content),
                }
            ]
        )
        need._journal(
            "tender",
            {"tender": tender.id, "content": tender.content_digest},
            self.env._("Tender documents frozen."),
        )
        return tender

    # === ARCHIVE === #
    def _ensure_archive(self):
        """Build the archive, unless it was. Runs sudo; of two at once, one is tried
        again and finds it."""
        self.ensure_one()
        if self.archive_digest:
            return
        name, archive = self.env["souverainete.tender.pieces"]._build_archive(
            self.content, self
        )
        self._write_server(
            {
                "archive": base64.b64encode(archive),
                "archive_name": name,
                "archive_digest": hashlib.sha256(archive).hexdigest(),
                "archive_date": fields.Datetime.now(),
            }
        )
        self.requisition_id._journal(
            "tender",
            {"tender": self.id, "archive": name, "sha256": self.archive_digest},
            self.env._("Tender documents built."),
        )

    def action_download(self):
        """Download the archive, built if it was not yet."""
        self.check_access("read")
        self.ensure_one()
        self.sudo()._ensure_archive()
        return download(self, "archive", self.archive_name)
