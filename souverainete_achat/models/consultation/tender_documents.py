from typing import NamedTuple

from odoo import api, models

from . import odt


class Block(NamedTuple):
    """A part of a document, drawn alike in PDF and in ODT. `kind`: heading,
    subheading, question, text, note or table; `rows`: of a table, its head first."""

    kind: str
    text: str = ""
    rows: tuple = ()


_TITLES = ("heading", "subheading", "question")


def _get_parts(blocks):
    """The blocks in parts that pages do not cut: titles and what they announce."""
    parts = [[]]
    for block in blocks:
        if block.kind in _TITLES and any(b.kind not in _TITLES for b in parts[-1]):
            parts.append([])
        parts[-1].append(block)
    return parts


class TenderPieces(models.AbstractModel):
    """What is read, as PDF, and what is pasted and edited, as ODT (the format of the
    State's general interoperability framework): the same blocks in both."""

    _inherit = "souverainete.tender.pieces"

    # === DRAWING === #

    @api.model
    def _build_document(self, name, document, tender):
        title, content, blocks = document
        values = {
            "title": title,
            "facts": self._get_facts(content, tender),
            "draft": "" if tender else self._get_draft_notice(),
            "parts": _get_parts(blocks),
            "lang": content["lang"].replace("_", "-"),
            "country": content["lang"][3:],
        }
        return [
            (f"{name}.pdf", self._print_pdf(values)),
            (f"{name}.odt", odt.pack(self._render("tender_odt", values))),
        ]

    @api.model
    def _render(self, template, values):
        return str(
            self.env["ir.qweb"]._render(f"souverainete_achat.{template}", values)
        )

    @api.model
    def _print_pdf(self, values):
        """Printed without Odoo's style sheets: nothing is fetched from a server."""
        report = self.env["ir.actions.report"].sudo()
        return report._run_wkhtmltopdf(
            ["<!DOCTYPE html>" + self._render("tender_pdf", values)],
            report_ref="souverainete_achat.action_report_tender",
        )

    # === CLAUSES === #

    @api.model
    def _get_clauses(self, content, code):
        """The clauses of one document, or None where it has none."""
        clauses = [c for c in content["clauses"] if c["document"] == code]
        if not clauses:
            return None
        titles = {
            "ccap": self.env._("Clauses for the CCAP"),
            "cctp": self.env._("Clauses for the CCTP"),
        }
        blocks = [Block("note", self._get_clauses_notice())]
        for number, clause in enumerate(clauses, start=1):
            blocks.append(Block("heading", f"{number}. {clause['name']}"))
            paragraphs = filter(str.strip, clause["text"].splitlines())
            blocks += [Block("text", paragraph) for paragraph in paragraphs]
        return titles[code], content, blocks

    @api.model
    def _get_clauses_notice(self):
        return self.env._(
            "To be pasted in the document: number the articles after its own, and fill "
            "in what is between brackets."
        )
