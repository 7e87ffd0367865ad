import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class AnswerSheet(models.TransientModel):
    """A sheet returned by a bidder: shown first, then recorded as the bid's answers.

    Nothing is written by the preview. The import reads the workbook again, so that what
    is recorded is what the bidder wrote, whatever was done to the preview.
    """

    _name = "souverainete.answer.sheet"
    _description = "Answer sheet returned by a bidder"
    _rec_name = "filename"

    requisition_id = fields.Many2one(
        "purchase.requisition", string="Need", required=True, ondelete="cascade"
    )
    option_id = fields.Many2one(
        "souverainete.option",
        string="Offer",
        ondelete="cascade",
        domain="[('requisition_id', '=', requisition_id), ('kind', '=', 'offer')]",
        help="Offer the sheet belongs to. Empty: that of the SIRET the sheet gives, "
        "created where there is none yet.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Bidder",
        ondelete="cascade",
        help="Asked where no contact has the SIRET that the sheet gives.",
    )
    data = fields.Binary(string="Answer sheet (.xlsx)", attachment=False)
    filename = fields.Char()
    state = fields.Selection(
        [("upload", "File"), ("preview", "Preview"), ("done", "Imported")],
        default="upload",
        required=True,
    )
    bidder = fields.Char(
        string="Bidder named by the sheet", readonly=True, help="As it was typed."
    )
    siret = fields.Char(string="SIRET given by the sheet", readonly=True)
    lot = fields.Char(readonly=True, help="Lot the sheet was made for.")
    line_ids = fields.One2many("souverainete.answer.sheet.line", "sheet_id")
    needs_partner = fields.Boolean(
        readonly=True, help="No contact has this SIRET: the bidder is to be chosen."
    )
    refused_count = fields.Integer(compute="_compute_refused_count")

    @api.depends("line_ids.status")
    def _compute_refused_count(self):
        for sheet in self:
            refused = sheet.line_ids.filtered(lambda line: line.status == "refused")
            sheet.refused_count = len(refused)

    # === ACTIONS === #

    def action_preview(self):
        """Say what would be recorded, and what is refused with its cell."""
        self.ensure_one()
        plan = self._plan()
        lines = sorted(plan.lines, key=lambda line: line["status"] != "refused")
        self.write(
            {
                "state": "preview",
                "bidder": plan.bidder["name"],
                "siret": plan.bidder["siret"],
                "lot": plan.lot.label,
                "option_id": plan.option.id,
                "needs_partner": not plan.option and not plan.partner,
                "partner_id": plan.partner.id,
                "line_ids": [fields.Command.clear(), *map(_create, lines)],
            }
        )
        return self._reopen()

    def action_import(self):
        """Record the bid's answers: all of them, or none."""
        self.ensure_one()
        plan = self._plan()
        self._check_importable(plan)
        option = plan.option or self._create_offer(plan)
        self._record(plan, option)
        self.write({"state": "done", "option_id": option.id, "needs_partner": False})
        return option.get_formview_action()

    def action_back(self):
        """Choose another workbook."""
        self.write({"state": "upload", "line_ids": [fields.Command.clear()]})
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import an answer sheet"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # === WHO === #

    def _check_analyst(self):
        """Bids are confidential: only the analysts of the file record them."""
        need = self.requisition_id.need_id
        need.check_access("write")
        user = self.env.user
        dae = user.has_group("souverainete_achat.group_dae")
        if dae or user not in need.sudo().analyst_ids:
            raise AccessError(
                self.env._(
                    "Offers are confidential: only an analyst of %(file)s imports the "
                    "sheets of its bidders. One of them can name another.",
                    file=need.display_name,
                )
            )

    # === BYTES === #

    def _get_bytes(self):
        data = self.with_context(bin_size=False).data
        if not data:
            raise UserError(self.env._("Choose the workbook the bidder returned."))
        try:
            return base64.b64decode(data)
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("This file cannot be read.")) from error

    # === WRITING === #

    def _create_offer(self, plan):
        studied = self.requisition_id.need_id.studied_ids
        retained = studied.filtered(lambda option: option.verdict == "retained")
        return self.env["souverainete.option"].create(
            {
                "requisition_id": self.requisition_id.need_id.id,
                "kind": "offer",
                "name": plan.partner.name,
                "path": retained[:1].path or "off_the_shelf",
                "partner_id": plan.partner.id,
                "lot_id": plan.lot.id,
                "grid_id": plan.grid_id,
            }
        )

    def _record(self, plan, option):
        """Judged once, whatever the number of answers."""
        option._prepare_answers()
        content = self._get_bytes()
        with option.requisition_id.sudo()._declared():
            for line in plan.lines:
                if line["status"] == "recorded":
                    option._get_bid_lines(line["criterion_id"]).write(_get_bid(line))
            if not option.answer_sheet_digest:
                option._record_sheet(content, self.filename or "", self.data)


def _create(line):
    return fields.Command.create(line)


def _get_bid(line):
    """Values of an answer, out of those of a line."""
    return {
        "bid_text": line["bid_text"],
        "bid_level_id": line["level_id"],
        "bid_proof": line["bid_proof"],
        "left_blank": line["left_blank"],
    }
