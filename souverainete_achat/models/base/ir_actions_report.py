import io

from odoo import models

from .paper import make_pdf, set_french_spaces

_OWN = "souverainete_achat."


class IrActionsReport(models.Model):
    """Our documents are made into PDF here, not by wkhtmltopdf: pages are numbered,
    text is text, and each weighs what it says."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        if not self._get_report(report_ref).report_name.startswith(_OWN):
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        return {
            res_id: {
                "stream": io.BytesIO(self._print_paper(report_ref, data, [res_id])),
                "attachment": None,
            }
            for res_id in res_ids or []
        }

    def _print_paper(self, report_ref, data, res_ids):
        """The PDF of one record."""
        page = self._render_qweb_html(report_ref, res_ids, data=dict(data or {}))[0]
        return self._make_paper(page.decode())

    def _make_paper(self, page):
        """The PDF of a page in the language of the context."""
        if (self.env.context.get("lang") or "").startswith("fr"):
            page = set_french_spaces(page)
        return make_pdf(page)
