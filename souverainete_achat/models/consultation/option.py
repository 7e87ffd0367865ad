import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError


class Option(models.Model):
    """The answer sheet that came with a bid, kept as it was received; and since when
    the contract's host holds sensitive data."""

    _inherit = "souverainete.option"

    answer_sheet = fields.Binary(
        attachment=True,
        copy=False,
        help="The workbook the bidder returned, as it was received. It is neither "
        "replaced nor deleted.",
        guard="server",
    )
    answer_sheet_name = fields.Char(
        string="Name of the answer sheet", copy=False, guard="server"
    )
    answer_sheet_digest = fields.Char(
        string="SHA-256 of the answer sheet",
        copy=False,
        help="Kept in the journal too.",
        guard="server",
    )
    data_live_on = fields.Date(
        string="Sensitive data since",
        copy=False,
        help="Day of the first order under which sensitive data may be deposited. From "
        "then on no order of this option goes without a valid qualification.",
        guard="server",
    )

    @api.model
    def _get_kept_documents(self, documents):
        """The sheets received are evidence."""
        return documents.filtered(lambda d: d.res_field == "answer_sheet")

    def write(self, vals):
        if "partner_id" in vals:
            self._check_same_bidder(vals["partner_id"])
        offers = self.filtered(lambda option: option.kind == "offer")
        before = {offer: offer._prepare_price() for offer in offers}
        result = super().write(vals)
        for offer, price in before.items():
            if offer._prepare_price() != price:
                offer._journal_price(price)
        return result

    def _prepare_price(self):
        return {"cost": self.cost, "known": self.cost_known}

    def _journal_price(self, before):
        """The price ranks bids: what it was stays readable once they are disclosed."""
        self.requisition_id._journal(
            "bid_price",
            {"option": self.id, "before": before, "after": self._prepare_price()},
            self.env._("The price of an offer was corrected."),
        )

    def _check_same_bidder(self, partner_id):
        """Whose sheet was recorded is who bids, until the award at least: a contract
        may be taken over afterwards."""
        moved = self.filtered(
            lambda option: (
                option.sudo().answer_sheet_digest
                and not option.awarded
                and option.partner_id.id != partner_id
            )
        )
        if moved:
            raise UserError(
                self.env._(
                    "The answer sheet of %(offers)s was recorded: the offer keeps its "
                    "bidder.",
                    offers=", ".join(moved.mapped("name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_answered(self):
        """A bid whose sheet was received is set aside with a reason, not deleted."""
        self.answer_ids._unlink_unless_bid()

    def _record_sheet(self, content, name, data):
        """Keep the workbook, and say so in the journal. Rights are checked."""
        vals = {
            "answer_sheet": data,
            "answer_sheet_name": name,
            "answer_sheet_digest": hashlib.sha256(content).hexdigest(),
        }
        self.sudo()._write_server(vals)
        self.requisition_id._journal(
            "bid_answers",
            {"option": self.id, "sha256": vals["answer_sheet_digest"], "name": name},
            self.env._("Answer sheet of a bidder imported."),
        )

    def _get_bid_lines(self, criterion_id):
        """The answers to one criterion: several, where each link has its own."""
        return self.answer_ids.filtered(lambda a: a.criterion_id.id == criterion_id)

    # === SCREEN === #
    def action_import_sheet(self):
        """Import the answer sheet of this offer."""
        self.check_access("read")
        self.ensure_one()
        return self.requisition_id._get_sheet_action(default_option_id=self.id)
