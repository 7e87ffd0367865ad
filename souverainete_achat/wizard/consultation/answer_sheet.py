import base64
import binascii
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...models.base.identity import is_siret, normalise
from ...models.base.opening import open_dialog
from ...models.base.workbook import WorkbookError
from ...models.consultation import sheet_format as form
from ...models.consultation import sheet_reader
from ...models.consultation.sheet_format import get_choices


class Plan(NamedTuple):
    """What a sheet says, recognised. `lines`: values of the rows of the preview."""

    bidder: dict
    partner: models.Model
    lot: models.Model
    option: models.Model
    grid_id: int
    lines: list


class AnswerSheet(models.TransientModel):
    """A sheet returned by a bidder: shown first, then recorded as the bid's answers.

    Nothing is written by the preview. The import reads the workbook again, so that what
    is recorded is what the bidder wrote, whatever was done to the preview.
    """

    _name = "souverainete.answer.sheet"
    _inherit = ["souverainete.answer.sheet.text"]
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
        self.check_access("read")
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
        self.check_access("read")
        self.ensure_one()
        plan = self._plan()
        self._check_importable(plan)
        option = plan.option or self._create_offer(plan)
        self._record(plan, option)
        self.write({"state": "done", "option_id": option.id, "needs_partner": False})
        return option.get_formview_action()

    def action_back(self):
        """Choose another workbook."""
        self.check_access("read")
        self.write({"state": "upload", "line_ids": [fields.Command.clear()]})
        return self._reopen()

    def _reopen(self):
        name = self.env._("Import an answer sheet")
        return open_dialog(self, name, dialog_size="extra-large")

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
        with option.requisition_id.sudo()._judging_change():
            for line in plan.lines:
                if line["status"] == "recorded":
                    option._get_bid_lines(line["criterion_id"]).write(_get_bid(line))
            if not option.answer_sheet_digest:
                option._record_sheet(content, self.filename or "", self.data)

    # === WHAT THE SHEET SAYS === #

    def _plan(self):
        """The Plan of this sheet; raises where it is not one of this consultation."""
        self._check_analyst()
        try:
            sheet = sheet_reader.read(self._get_bytes())
            tender = self._recognise(sheet.mark)
            content = self._get_lot_content(tender, sheet.mark)
            bidder = self._read_bidder(sheet.bidder)
        except WorkbookError as error:
            raise UserError(self._get_sheet_message(error)) from error
        lot = self._find_lot(content)
        partner = self._find_partner(bidder)
        option = self._find_option(partner, lot)
        grid = content["grid"]
        self._check_option(option, partner, lot, grid)
        lines = self._plan_answers(sheet.answers, grid, option)
        return Plan(bidder, partner, lot, option, grid["id"], lines)

    # === THE CONSULTATION === #

    def _recognise(self, mark):
        """What this need left with, if the sheet is of it. Runs sudo."""
        need = self.requisition_id.need_id.sudo()
        if not need.date_launch:
            raise WorkbookError("not_launched", value=need.display_name)
        if mark["format"] != form.FORMAT:
            raise WorkbookError("no_mark", form.MARK)
        if not mark["tender"]:
            raise WorkbookError("draft", form.MARK)
        tender = need._get_tender()
        known = (str(tender.id), tender.content_digest, tender.launch_digest or "")
        if (mark["tender"], mark["content"], mark["launch"]) != known:
            raise WorkbookError("foreign", form.MARK, value=need.display_name)
        return tender

    def _get_lot_content(self, tender, mark):
        """What was published for the lot of the sheet."""
        for lot in tender.content["lots"]:
            if lot["number"] == mark["lot"] and lot["grid"]:
                return lot
        raise WorkbookError("no_lot", form.MARK, value=mark["lot"])

    def _find_lot(self, content):
        lots = self.requisition_id.need_id.lot_ids
        return lots.filtered(lambda lot: lot.number == content["number"])[:1]

    # === THE BIDDER === #

    def _read_bidder(self, told):
        """{name, siret} as the sheet gives them."""
        siret = normalise(told["siret"])
        # A spreadsheet that reads a number drops the zeros it begins with.
        siret = siret.zfill(14) if siret.isdecimal() else siret
        if siret and not is_siret(siret):
            row, said = form.BIDDER_ROWS["siret"], told["siret"][:40]
            raise WorkbookError("siret", form.BIDDER, row, said, column="B")
        return {"name": told["name"], "siret": siret}

    def _find_partner(self, bidder):
        """The contact of this SIRET; else the one chosen; else that of the offer."""
        need = self.requisition_id.need_id
        if bidder["siret"]:
            holders = self.env["souverainete.holder"]
            wanted = [["SIRET", bidder["siret"], bidder["name"]]]
            found = holders._find(need.company_id, wanted)
            if partner := found.get(bidder["siret"]):
                return partner
        chosen = self.partner_id or self.option_id.partner_id
        self._check_same_bidder(chosen, bidder)
        return chosen

    def _check_same_bidder(self, partner, bidder):
        """A contact whose number is known is not the bidder of another number."""
        known = partner._get_identity().get("siren")
        told = bidder["siret"]
        if known and told and known[:9] != told[:9]:
            raise UserError(
                self.env._(
                    "The sheet gives the SIRET %(told)s (%(name)s), and %(partner)s "
                    "has %(known)s: it is that of another bidder.",
                    told=told,
                    name=bidder["name"],
                    partner=partner.display_name,
                    known=known,
                )
            )

    def _find_option(self, partner, lot):
        """The offer chosen; else the one this bidder made for this lot."""
        if self.option_id or not partner:
            return self.option_id
        bidder = partner.commercial_partner_id
        offers = self.requisition_id.need_id.offer_ids.filtered(
            lambda o: o.partner_id.commercial_partner_id == bidder and o.lot_id == lot
        )
        if len(offers) > 1:
            raise UserError(
                self.env._(
                    "%(bidder)s made several offers: open the one this sheet is of, "
                    "and import it from there.",
                    bidder=partner.display_name,
                )
            )
        return offers

    def _check_option(self, option, partner, lot, grid):
        """An offer gets the sheet of its own bidder, lot and grid."""
        if not option:
            return
        if option.requisition_id != self.requisition_id.need_id or (
            option.kind != "offer"
        ):
            raise UserError(self.env._("This option is no offer of this consultation."))
        if option.lot_id != lot:
            raise UserError(
                self.env._(
                    "The sheet is of lot “%(lot)s”, and the offer of lot "
                    "“%(offered)s”.",
                    lot=lot.label or "",
                    offered=option.lot_id.label or "",
                )
            )
        bidder = option.partner_id.commercial_partner_id
        if bidder and partner and bidder != partner.commercial_partner_id:
            raise UserError(
                self.env._(
                    "The sheet is that of %(bidder)s, and the offer that of %(offer)s.",
                    bidder=partner.display_name,
                    offer=option.partner_id.display_name,
                )
            )
        if option.grid_id.id != grid["id"]:
            raise UserError(
                self.env._(
                    "The offer is assessed with another grid than the one published: "
                    "choose “%(grid)s” on the offer.",
                    grid=grid["name"],
                )
            )

    # === EACH ROW === #

    def _plan_answers(self, answers, grid, option):
        """Values of one preview line a row; every mistake is named, not the first."""
        numbers = form.get_numbers(grid["objectives"])
        asked = {
            criterion["key"]: criterion | {"number": numbers[criterion["key"]]}
            for objective in grid["objectives"]
            for criterion in objective["criteria"]
        }
        lines, seen = [], set()
        for answer in answers:
            lines += self._plan_faults(answer, asked) or [
                self._plan_answer(answer, asked, seen, option)
            ]
            seen.add(answer.key)
        lines += [
            self._refuse("", self._get_missing_message(criterion), criterion)
            for key, criterion in asked.items()
            if key not in seen
        ]
        return lines

    def _plan_faults(self, answer, asked):
        """One refused line a cell of the row that holds no text."""
        criterion = asked.get(answer.key)
        return [
            self._refuse(fault.cell, self._get_fault_message(fault), criterion)
            for fault in answer.faults
        ]

    def _plan_answer(self, answer, asked, seen, option):
        criterion = asked.get(answer.key)
        if not criterion or criterion["number"] != answer.number:
            return self._refuse(
                f"{form.NUMBER}{answer.row}", self._get_unknown_message(answer)
            )
        if answer.key in seen:
            return self._refuse(
                f"{form.NUMBER}{answer.row}", self._get_twice_message(), criterion
            )
        return self._plan_level(answer, criterion, option)

    def _plan_level(self, answer, criterion, option):
        cell = f"{form.LEVEL}{answer.row}"
        choices = dict(zip(get_choices(criterion), criterion["levels"], strict=True))
        blank = answer.level in self._get_blank_choices()
        if not blank and answer.level not in choices:
            message = self._get_level_message(answer.level)
            return self._refuse(cell, message, criterion)
        if blank and answer.level and (answer.text or answer.proof):
            return self._refuse(cell, self._get_both_message(), criterion)
        said = not blank or answer.text or answer.proof
        line = {
            "place": self._get_place(form.ANSWERS, cell),
            "criterion_id": criterion["id"],
            "level_id": False if blank else choices[answer.level]["id"],
            "bid_text": answer.text or False,
            "bid_proof": answer.proof or False,
            "left_blank": not said,
            "message": False,
        }
        return line | self._compare(line, option)

    def _get_blank_choices(self):
        """An empty cell, or the choice that says so, in the sheet's own language."""
        pieces = self.env["souverainete.tender.pieces"]
        lang = self.requisition_id._with_document_lang().env.lang
        return {"", pieces.with_context(lang=lang)._get_blank_choice()}

    def _compare(self, line, option):
        """What is recorded of a bid stays: the same again changes nothing, and
        anything else is refused."""
        told = {
            "bid_text": line["bid_text"],
            "bid_level_id": line["level_id"],
            "bid_proof": line["bid_proof"],
            "left_blank": line["left_blank"],
        }
        answers = option._get_bid_lines(line["criterion_id"])
        recorded = answers.filtered(lambda answer: answer._is_bid_recorded())
        if any(answer._get_bid_vals() != told for answer in recorded):
            return {"status": "refused", "message": self._get_altered_message()}
        if recorded:
            return {"status": "unchanged"}
        if line["left_blank"] and answers.filtered("level_id"):
            return {"status": "refused", "message": self._get_evaluated_message()}
        return {"status": "recorded"}

    def _refuse(self, cell, message, criterion=None):
        return {
            "place": self._get_place(form.ANSWERS, cell),
            "criterion_id": criterion and criterion["id"],
            "level_id": False,
            "bid_text": False,
            "bid_proof": False,
            "left_blank": False,
            "status": "refused",
            "message": message,
        }

    # === BEFORE WRITING === #

    def _check_importable(self, plan):
        refused = [line for line in plan.lines if line["status"] == "refused"]
        if refused:
            points = [f"• {line['place']} — {line['message']}" for line in refused]
            raise UserError(
                "\n".join([self.env._("Nothing was imported. Refused:"), *points])
            )
        if not plan.option and not plan.partner:
            raise UserError(
                self.env._(
                    "No contact has the SIRET %(siret)s (%(name)s): choose the bidder, "
                    "or create the contact with this SIRET.",
                    siret=plan.bidder["siret"] or self.env._("not given"),
                    name=plan.bidder["name"] or self.env._("not named"),
                )
            )


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
