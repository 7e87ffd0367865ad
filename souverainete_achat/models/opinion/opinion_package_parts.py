import io

from odoo import models
from odoo.tools.pdf import add_banner

from .referral_package import Part, get_file_name, is_mergeable, merge_pdf

REPORT = "souverainete_achat.referral"


class Opinion(models.Model):
    """What the referral file is made of: its own pages, then each document joined."""

    _inherit = "souverainete.opinion"

    def _get_main_part(self):
        """The single PDF; where the server makes no PDF, its pages for a browser."""
        report = self.env["ir.actions.report"]
        name = self.env._("referral")
        if report.get_wkhtmltopdf_state() == "install":
            content, kind = report._render_qweb_html(REPORT, self.ids)
        else:
            content, kind = report._render_qweb_pdf(REPORT, self.ids)
        return Part(self.env._("Request"), f"{name}.{kind}", content)

    def _get_parts(self):
        """[(Part, attachment)] of the documents joined, in the order of the pieces."""
        parts = []
        for rank, line in enumerate(self.piece_ids.sorted(), start=1):
            folder = f"{rank:02d} {get_file_name(line.name)}"
            taken = set()
            for document in line.document_ids.sorted("id"):
                name = get_file_name(document.name, taken)
                taken.add(name)
                part = Part(line.name, f"{folder}/{name}", document.raw or b"")
                parts.append((part, document))
        return parts

    def _get_manifest(self, parts):
        """The table of the pieces, those that are absent too."""
        labels = dict(self.piece_ids._fields["state"]._description_selection(self.env))
        head = [
            self.env._("Piece"),
            self.env._("Required"),
            self.env._("Status"),
            self.env._("File"),
            self.env._("Size (bytes)"),
            self.env._("SHA-256"),
            self.env._("Reason it is absent"),
        ]
        table = [head]
        for line in self.piece_ids.sorted():
            needed = self.env._("yes") if line.is_required else self.env._("no")
            row = [line.name, needed, labels[line.state]]
            own = [part for part in parts if part.piece == line.name]
            table += [
                [*row, part.path, str(len(part.content)), part.digest, ""]
                for part in own
            ] or [[*row, "", "", "", line.reason or ""]]
        return table

    def _merge_referral(self, main):
        """The single PDF: the generated pages, then each PDF piece after its name."""
        documents = [(self.env._("Request"), main)]
        documents += [
            (part.piece, part.content)
            for part, document in self.sudo()._get_parts()
            if is_mergeable(document.raw or b"")
        ]
        return merge_pdf(documents)

    def _get_apart(self):
        """Documents that are in the zip only: no PDF, or one that cannot be read."""
        parts = self._get_parts()
        return [part for part, _document in parts if not is_mergeable(part.content)]

    def _get_referral_stream(self, main):
        """The single PDF; a draft is marked on every page, so that it is never taken
        for what left."""
        stream = io.BytesIO(self._merge_referral(main))
        if self.state != "draft":
            return stream
        return add_banner(stream, self.env._("DRAFT"))
