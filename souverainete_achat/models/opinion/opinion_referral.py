from odoo import api, fields, models
from odoo.exceptions import UserError


class Opinion(models.Model):
    """The referral file: its pieces, complete before the request leaves."""

    _inherit = "souverainete.opinion"

    piece_ids = fields.One2many(
        "souverainete.opinion.piece",
        "opinion_id",
        string="Pieces of the referral file",
        help="Each piece with its document, or the reason it is absent.",
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

    # === CHECKLIST === #

    @api.model_create_multi
    def create(self, vals_list):
        opinions = super().create(vals_list)
        opinions._add_pieces()
        return opinions

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
        return self._get_pieces_in_force().filtered(lambda p: p.provision != "filing")

    def _get_pieces_in_force(self):
        company = self.company_id or self.env.company
        today = company._souverainete_today()
        return self.env["souverainete.referral.piece"]._get_in_force(company, today)

    # === COMPLETENESS === #

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

    def _check_submittable(self):
        result = super()._check_submittable()
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
        return result

    # === FILING === #

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_filing(self):
        for opinion in self:
            pieces = opinion._get_pieces_in_force()
            filing = pieces.filtered(lambda p: p.provision == "filing")[:1]
            opinion.filing_address = filing.address
            opinion.filing_source = filing.source
