from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.documents import file_documents


class OpinionPiece(models.Model):
    """One piece of one request: its documents, or the reason it is absent."""

    _name = "souverainete.opinion.piece"
    _inherit = ["souverainete.written", "souverainete.guarded"]
    _description = "Piece of a request for opinion"
    _order = "sequence, id"
    _rec_name = "name"
    _root_path = "opinion_id"
    _piece_unique = models.Constraint(
        "UNIQUE (opinion_id, piece_id)", "Each piece is once on the checklist."
    )

    opinion_id = fields.Many2one(
        "souverainete.opinion",
        required=True,
        index=True,
        ondelete="cascade",
        guard="server",
    )
    piece_id = fields.Many2one(
        "souverainete.referral.piece",
        string="Piece asked",
        required=True,
        index=True,
        ondelete="restrict",
        guard="server",
    )
    company_id = fields.Many2one(
        related="opinion_id.company_id", store=True, index=True, guard="server"
    )
    sequence = fields.Integer(related="piece_id.sequence", store=True, guard="server")
    name = fields.Char(related="piece_id.name", string="Piece")
    is_required = fields.Boolean(related="piece_id.is_required")
    provision = fields.Selection(related="piece_id.provision")
    description = fields.Text(related="piece_id.description")
    certainty = fields.Selection(related="piece_id.certainty")
    document_ids = fields.Many2many(
        "ir.attachment",
        "souverainete_opinion_piece_document_rel",
        string="Documents",
        ondelete="restrict",
        copy=False,
        help="PDF documents enter the single PDF of the file; every document is in its "
        "zip. When the request leaves, they are copied and no longer change.",
    )
    document_names = fields.Char(
        string="Names of the documents", compute="_compute_document_names"
    )
    reason = fields.Char(
        string="Reason it is absent",
        help="Why the file leaves without this piece. For a required one, an officer "
        "gives it, and only for a file that was sent outside.",
    )
    is_excused = fields.Boolean(
        string="Absence accepted",
        help="Whether the reason was given by a compliance officer who does not ask.",
        guard="server",
    )
    excuser_id = fields.Many2one(
        "res.users",
        string="Reason given by",
        readonly=True,
        copy=False,
        help="Who gave the reason last; never who sends the request.",
        guard="server",
    )
    state = fields.Selection(
        [
            ("joined", "Joined"),
            ("absent", "Absent, with its reason"),
            ("missing", "Not joined"),
        ],
        string="Status",
        compute="_compute_state",
        help="Joined, absent for the reason given, or not settled yet.",
    )

    # === COMPUTE METHODS === #
    @api.depends("document_ids.name")
    def _compute_document_names(self):
        for line in self:
            line.document_names = ", ".join(line.sudo().document_ids.mapped("name"))

    @api.depends("document_ids", "reason", "is_excused", "opinion_id.note")
    def _compute_state(self):
        for line in self:
            line.state = line._get_state()

    def _get_state(self):
        if self._is_provided():
            return "joined"
        return "absent" if self.reason and self._is_absence_accepted() else "missing"

    def _is_provided(self):
        opinion = self.opinion_id
        return bool(
            self.sudo().document_ids._is_document()
            or (self.provision == "note" and opinion._is_note_written())
            or (self.provision == "costs" and self._are_costs_known())
        )

    def _are_costs_known(self):
        """The DINUM judges all the costs estimated: an unknown one is none of them."""
        project = self.opinion_id.project_id
        return bool(project.cost_line_ids) and project._get_cost().known

    def _is_absence_accepted(self):
        """What was sent outside is a fact: an officer says why a required piece of it
        is not kept here. What leaves from here leaves complete."""
        if not self.is_required:
            return True
        return self.opinion_id.channel == "registered" and self.is_excused

    def _get_missing_message(self):
        if self.provision == "note":
            return self.env._(
                "%(piece)s: write it on the tab “Summary note”, or join it.",
                piece=self.name,
            )
        if self.provision == "costs" and not self.document_ids:
            return self.env._(
                "%(piece)s: complete the cost lines that are not known, on the "
                "project's form.",
                piece=self.name,
            )
        return self.env._(
            "%(piece)s: join the document, on the tab “Referral file”.", piece=self.name
        )

    # === CRUD === #
    @api.model
    def _get_content_fields(self):
        """The reason is of who excuses, and they do not ask."""
        return super()._get_content_fields() - {"reason"}

    def write(self, vals):
        if self._is_granted("write", vals):
            return super().write(vals)
        self._check_draft()
        before = {line: line.sudo().document_ids for line in self}
        res = super().write(vals)
        for line, documents in before.items():
            added = line.sudo().document_ids - documents
            file_documents(self._name, line.id, added)
        if "reason" in vals:
            self._record_excuser()
        return res

    def _record_excuser(self):
        """Four eyes: who asks does not excuse what is missing."""
        user = self.env.user
        officer = user.has_group("souverainete_achat.group_officer")
        for line in self:
            independent = officer and user not in line.opinion_id._get_askers()
            line._write_server({"is_excused": independent, "excuser_id": user.id})

    def _check_draft(self):
        if self.sudo().opinion_id.filtered(lambda o: o.state != "draft"):
            raise UserError(
                self.env._(
                    "The pieces of a submitted request no longer change: withdraw it "
                    "and make a new one."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "A piece stays on the checklist: give the reason it is absent instead."
            )
        )
