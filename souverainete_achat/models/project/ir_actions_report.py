import io

from odoo import models

from .opinion_referral import REPORT


class IrActionsReport(models.Model):
    """The referral file is its own pages and the PDF pieces that are joined."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        if self._get_report(report_ref).report_name != REPORT or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        opinions = self.env["souverainete.opinion"].browse(res_ids)
        opinions.check_access("read")
        streams = {}
        for opinion in opinions:
            if left := opinion.sudo().referral_pdf_id:
                streams[opinion.id] = {"stream": io.BytesIO(left.raw)}
                continue
            made = super()._render_qweb_pdf_prepare_streams(
                report_ref, data, opinion.ids
            )
            main = made[opinion.id]["stream"].getvalue()
            streams[opinion.id] = {"stream": opinion._get_referral_stream(main)}
        return {key: {"attachment": None, **value} for key, value in streams.items()}
