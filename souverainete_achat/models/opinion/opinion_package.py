from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .referral_package import Part, get_file_name, make_zip


class Opinion(models.Model):
    """The referral file as it left: one PDF and one zip, frozen with their digests."""

    _inherit = "souverainete.opinion"

    referral_pdf_id = fields.Many2one(
        "ir.attachment",
        string="Referral file (PDF)",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The request, the costs and every PDF piece, as they left.",
    )
    referral_zip_id = fields.Many2one(
        "ir.attachment",
        string="Referral file (zip)",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Every piece as it left, the list of the pieces, and the SHA-256 of each "
        "file.",
    )
    referral_digests = fields.Json(
        readonly=True,
        copy=False,
        help="SHA-256 of each file of the zip and of the zip, as in the journal.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "referral_pdf_id",
            "referral_zip_id",
            "referral_digests",
        }

    # === FREEZING === #

    def _freeze_referral(self):
        """Make the file of what leaves, out of reach of later edits.

        Returns the values to write on the request. Its rights are checked already.
        """
        opinion = self.sudo()
        for line in opinion.piece_ids:
            copies = self._copy_documents(line.document_ids)
            line._write_server({"document_ids": [Command.set(copies.ids)]})
        main = self._get_main_part()
        parts = [main, *(part for part, _document in opinion._get_parts())]
        archive = Part("", "zip", make_zip(parts, opinion._get_manifest(parts)))
        pdf = main.path.endswith(".pdf") and opinion._keep(main.content, "pdf")
        return {
            "referral_pdf_id": pdf and pdf.id,
            "referral_zip_id": opinion._keep(archive.content, "zip").id,
            "referral_digests": {part.path: part.digest for part in [*parts, archive]},
        }

    def _keep(self, content, extension):
        name = self.env._("Referral file - %(project)s", project=self.project_id.name)
        return self.env["ir.attachment"].create(
            {
                "name": get_file_name(f"{name}.{extension}"),
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _prepare_step_payload(self):
        payload = super()._prepare_step_payload()
        if digests := self.referral_digests:
            payload["referral"] = digests
        return payload

    # === SCREEN === #

    def action_preview_referral(self):
        """Print the file as it would leave, marked as a draft."""
        self.ensure_one()
        self.check_access("read")
        report = self.env.ref("souverainete_achat.action_report_referral")
        return report.report_action(self, config=False)

    def action_download_referral(self):
        """Download the zip of what left."""
        return self._get_download(self.referral_zip_id)

    def action_download_referral_pdf(self):
        """Download the PDF of what left."""
        return self._get_download(self.referral_pdf_id)

    def _get_download(self, attachment):
        self.ensure_one()
        self.check_access("read")
        if not attachment:
            raise UserError(
                self.env._("This request left before its file was kept here.")
            )
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/{attachment.id}?download=true",
        }

    # === EVIDENCE === #

    @api.model
    def _get_kept_documents(self, documents):
        """Those among `documents` that left with a request, or that a decision was
        confirmed on."""
        opinions = self.browse(set(documents.mapped("res_id")) - {0}).exists()
        sent = opinions.filtered(lambda o: o.state != "draft")
        kept = sent.piece_ids.document_ids | sent.referral_pdf_id | sent.referral_zip_id
        kept |= sent.filtered("confirmer_id").document_ids
        return kept & documents
