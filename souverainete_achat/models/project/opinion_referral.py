import io

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..base.opening import download
from ..base.text import is_written
from .opinion_state import RUNNING
from .referral_package import (
    Part,
    get_file_name,
    is_mergeable,
    make_zip,
    merge_pdf,
    stamp_pdf,
)

REPORT = "souverainete_achat.referral"


class OpinionReferral(models.AbstractModel):
    """What asks for an opinion: the costs as the DINUM will judge them, the pieces, and
    the file that left, frozen with its digests."""

    _name = "souverainete.opinion.referral"
    _inherit = ["souverainete.guarded"]
    _description = "Referral file of a DINUM opinion"

    basis_lines = fields.Json(
        readonly=True,
        copy=False,
        help="Cost lines as they were submitted.",
        guard="server",
    )
    basis_summary = fields.Text(
        string="Cost lines submitted", compute="_compute_basis_summary"
    )
    missing_pieces = fields.Text(
        compute="_compute_missing_pieces",
        help="Required pieces without which the request does not leave.",
    )
    filing_address = fields.Char(
        compute="_compute_filing",
        help="Where the file is filed (menu “Referral pieces”).",
    )
    filing_source = fields.Char(
        string="Source of the address",
        compute="_compute_filing",
        help="What says so, and when it was read.",
    )
    referral_pdf_id = fields.Many2one(
        "ir.attachment",
        string="Referral file (PDF)",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The request, the costs and every PDF piece, as they left.",
        guard="server",
    )
    referral_zip_id = fields.Many2one(
        "ir.attachment",
        string="Referral file (zip)",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Every piece as it left, the list of the pieces, and the SHA-256 of each "
        "file.",
        guard="server",
    )
    referral_digests = fields.Json(
        readonly=True,
        copy=False,
        help="SHA-256 of each file of the zip and of the zip, as in the journal.",
        guard="server",
    )

    # === SUBMISSION === #

    def action_submit(self):
        """Send the request: cost basis, kind and time limit are frozen from now on."""
        self.check_access("read")
        for opinion in self:
            opinion._check_submittable()
            opinion.sudo()._write_server(opinion._prepare_submission())
            opinion._take_step(
                opinion._freeze_referral(),
                self.env._("The request for the DINUM's opinion was submitted."),
            )

    def _check_submittable(self):
        self.check_access("write")
        self._check_asked_by_a_person()
        if self.state != "draft":
            raise UserError(self.env._("This request was already submitted."))
        project = self.project_id
        if not project._get_threshold():
            raise UserError(
                self.env._("No opinion of the DINUM is asked of this kind of body.")
            )
        if not project.cost_line_ids:
            raise UserError(
                self.env._(
                    "Give the costs of %(project)s first, on its form: the DINUM "
                    "judges the project on them.",
                    project=project.display_name,
                )
            )
        self._check_excuses()
        if project.opinion_ids.filtered(lambda o: o.state in RUNNING):
            raise UserError(
                self.env._(
                    "A request on %(project)s is already running: withdraw it before "
                    "making another one.",
                    project=project.display_name,
                )
            )
        self._add_pieces()
        if missing := self._get_missing_pieces():
            raise UserError(
                self.env._(
                    "The referral file leaves complete. What it lacks:\n%(points)s\n\n"
                    "If it was already sent outside, a compliance officer gives the "
                    "reason a piece is not kept here, on its line.",
                    points="\n".join(missing),
                )
            )

    def _check_excuses(self):
        """Who sends the request is not who said why a required piece is absent."""
        excused = self.sudo().piece_ids.filtered(
            lambda line: line.is_excused and line.excuser_id == self.env.user
        )
        own = excused.filtered(lambda line: line.state == "absent")
        self._check_four_eyes(
            self.env._(
                "Four eyes: you gave the reason why these pieces are absent, so "
                "another person submits the request: %(pieces)s.",
                pieces=", ".join(own.mapped("name")),
            ),
            askers=own.excuser_id,
        )

    def _prepare_submission(self):
        """What the DINUM will judge, frozen."""
        project = self.project_id
        threshold = project._get_threshold()
        cost, known = project._get_cost()
        return {
            "state": "submitted",
            "kind": threshold.opinion_kind,
            "requester_id": self.env.uid,
            "date_submitted": self.company_id._souverainete_today(),
            "basis_cost": cost,
            "basis_cost_known": known,
            "basis_threshold": project._get_threshold_amount(),
            "basis_lines": project.cost_line_ids._prepare_basis(threshold.mco_months),
            "time_limit_months": threshold.opinion_time_limit_months,
            "silence_favourable": threshold.silence_favourable,
        }

    # === BASIS === #

    @api.depends("basis_lines")
    @api.depends_context("lang")
    def _compute_basis_summary(self):
        for opinion in self:
            opinion.basis_summary = "\n".join(
                opinion._format_basis_line(line) for line in opinion.basis_lines or []
            )

    def _format_basis_line(self, line):
        if not line["known"]:
            return self.env._("%(name)s: amount unknown", name=line["name"])
        return self.env._(
            "%(name)s: %(counted)s counted, %(excluded)s not counted (incl. tax)",
            name=line["name"],
            counted=self.currency_id.format(line["counted"]),
            excluded=self.currency_id.format(line["excluded"]),
        )

    # === CHECKLIST === #

    def _add_pieces(self):
        """Put on the checklist the pieces in force that are not on it yet."""
        lines = self.env["souverainete.opinion.piece"].sudo()
        lines._create_server(
            [
                {"opinion_id": opinion.id, "piece_id": piece.id}
                for opinion in self
                for piece in opinion._get_asked_pieces()
                - opinion.sudo().piece_ids.piece_id
            ]
        )

    def _get_asked_pieces(self):
        return self._get_pieces_in_force().filtered(
            lambda piece: piece.provision not in ("filing", "aspect")
        )

    @api.model
    def _get_headings(self):
        """The aspects that are judged, as headings: of the note, of the opinion."""
        return self._get_pieces_in_force()._render_headings()

    def _is_note_written(self):
        """Whether something stands under the headings of the summary note."""
        return is_written(self.note)

    def _get_pieces_in_force(self):
        company = self.company_id or self.env.company
        today = company._souverainete_today()
        return self.env["souverainete.referral.piece"]._get_in_force(company, today)

    @api.depends("piece_ids.state", "piece_ids.is_required", "state")
    @api.depends_context("lang")
    def _compute_missing_pieces(self):
        for opinion in self:
            draft = opinion.state == "draft"
            points = opinion._get_missing_pieces() if draft else []
            opinion.missing_pieces = "\n".join(points)

    def _get_missing_pieces(self):
        """A sentence for each required piece that is neither there nor excused."""
        asked = self._get_asked_pieces()
        lines = self.piece_ids.filtered(
            lambda line: line.is_required and line.piece_id in asked
        )
        missing = lines.filtered(lambda line: line.state == "missing")
        return [f"• {line._get_missing_message()}" for line in missing]

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_filing(self):
        for opinion in self:
            pieces = opinion._get_pieces_in_force()
            filing = pieces.filtered(lambda p: p.provision == "filing")[:1]
            opinion.filing_address = filing.address
            opinion.filing_source = filing.source

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

    # === PARTS OF THE FILE === #

    def _get_main_part(self):
        """The single PDF. Odoo's tests make its pages for a browser instead."""
        report = self.env["ir.actions.report"]
        name = self.env._("referral")
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
        merged = self._merge_referral(main)
        if self.state == "draft":
            merged = stamp_pdf(merged, self.env._("DRAFT"))
        return io.BytesIO(merged)

    # === SCREEN === #

    def action_preview_referral(self):
        """Print the file as it would leave, marked as a draft."""
        self.check_access("read")
        self.ensure_one()
        report = self.env.ref("souverainete_achat.action_report_referral")
        return report.report_action(self, config=False)

    def action_download_referral(self):
        """Download the zip of what left."""
        self.check_access("read")
        return self._get_download(self.referral_zip_id)

    def action_download_referral_pdf(self):
        """Download the PDF of what left."""
        self.check_access("read")
        return self._get_download(self.referral_pdf_id)

    def _get_download(self, attachment):
        self.check_access("read")
        self.ensure_one()
        if not attachment:
            raise UserError(
                self.env._("This request left before its file was kept here.")
            )
        return download(attachment, "raw", attachment.name)
