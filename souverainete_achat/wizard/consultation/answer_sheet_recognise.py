from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError

from ...models.consultation import sheet_format as form
from ...models.consultation import sheet_reader
from ...models.consultation.sheet_format import SheetError
from ...models.need.siret import is_siret, normalise


class Plan(NamedTuple):
    """What a sheet says, recognised. `lines`: values of the rows of the preview."""

    bidder: dict
    partner: models.Model
    lot: models.Model
    option: models.Model
    grid_id: int
    lines: list


class AnswerSheet(models.TransientModel):
    """Which consultation, lot, bidder and offer a sheet is of; others are refused."""

    _inherit = "souverainete.answer.sheet"

    def _plan(self):
        """The Plan of this sheet; raises where it is not one of this consultation."""
        self._check_analyst()
        try:
            sheet = sheet_reader.read(self._get_bytes())
            tender = self._recognise(sheet.mark)
            content = self._get_lot_content(tender, sheet.mark)
            bidder = self._read_bidder(sheet.bidder)
        except SheetError as error:
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
            raise SheetError("not_launched", value=need.display_name)
        if mark["format"] != form.FORMAT:
            raise SheetError("no_mark", form.MARK)
        if not mark["tender"]:
            raise SheetError("draft", form.MARK)
        tender = need._get_tender()
        known = (str(tender.id), tender.content_digest, tender.launch_digest or "")
        if (mark["tender"], mark["content"], mark["launch"]) != known:
            raise SheetError("foreign", form.MARK, value=need.display_name)
        return tender

    def _get_lot_content(self, tender, mark):
        """What was published for the lot of the sheet."""
        for lot in tender.content["lots"]:
            if lot["number"] == mark["lot"] and lot["grid"]:
                return lot
        raise SheetError("no_lot", form.MARK, value=mark["lot"])

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
            cell = f"B{form.BIDDER_ROWS['siret']}"
            raise SheetError("siret", form.BIDDER, cell, told["siret"][:40])
        return {"name": told["name"], "siret": siret}

    def _find_partner(self, bidder):
        """The contact of this SIRET; else the one chosen; else that of the offer."""
        need = self.requisition_id.need_id
        if bidder["siret"]:
            holders = self.env["souverainete.import.holder"]
            wanted = [["SIRET", bidder["siret"], bidder["name"]]]
            found = holders._find(need.company_id, wanted)
            if partner := found.get(bidder["siret"]):
                return partner
        chosen = self.partner_id or self.option_id.partner_id
        self._check_same_bidder(chosen, bidder)
        return chosen

    def _check_same_bidder(self, partner, bidder):
        """A contact whose number is known is not the bidder of another number."""
        known = normalise(partner.commercial_partner_id.company_registry or "")
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
