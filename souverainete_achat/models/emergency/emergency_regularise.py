from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .emergency_steps import TO_REGULARISE


class Emergency(models.Model):
    """Regularising: a purchase file in order or, failing that, an officer's reason."""

    _inherit = "souverainete.emergency"

    regularise_before = fields.Date(
        string="To regularise before",
        readonly=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="Last day to link the purchase file (inclusive): the day the urgency was "
        "confirmed plus a dated delay, in the menu “Delays”.",
    )
    file_id = fields.Many2one(
        "purchase.requisition",
        string="Purchase file",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The file that regularises the urgency: launched with everything that is "
        "asked then, for what was ordered.",
    )
    closure_reason = fields.Text(
        string="Reason of the closure",
        copy=False,
        tracking=True,
        help="Why an officer closes the urgency without a purchase file.",
    )
    regularised_by_id = fields.Many2one(
        "res.users", string="Regularised by", readonly=True, copy=False
    )
    regularised_on = fields.Date(
        string="Regularised on",
        readonly=True,
        copy=False,
        tracking=True,
        help="Day it was regularised.",
    )
    days_late = fields.Integer(
        string="Days late",
        readonly=True,
        copy=False,
        aggregator="avg",
        tracking=True,
        help="Days between the last day to regularise and the day it was. Kept.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "regularise_before",
            "regularised_by_id",
            "regularised_on",
            "days_late",
        }

    def action_regularise(self):
        """Link the file: it has everything that is asked at launch."""
        for record in self:
            record.check_access("write")
            record._check_state("confirmed")
            record._check_file()
            record.sudo().file_id.need_id._launch_on_order()
            record._settle()

    def action_close(self):
        """An officer who did not ask closes it, with a reason, without a file."""
        for record in self:
            record.check_access("write")
            record._check_state("confirmed")
            record._check_closing_officer()
            record._settle()

    def _settle(self):
        today = self.company_id._souverainete_today()
        self._write_server(
            {
                "state": "regularised",
                "regularised_by_id": self.env.uid,
                "regularised_on": today,
                "days_late": max((today - self.regularise_before).days, 0),
            }
        )
        self.sudo().activity_unlink([TO_REGULARISE])
        self._journal_event()

    # === CHECKS === #

    def _check_closing_officer(self):
        officer = self.env.user.has_group("souverainete_achat.group_officer")
        if not officer or self.env.user in self._get_askers():
            raise AccessError(
                self.env._(
                    "Without a purchase file, the urgency is closed by a compliance "
                    "officer who did not ask for it."
                )
            )
        if not (self.closure_reason or "").strip():
            raise UserError(
                self.env._("Give the reason for closing without a purchase file.")
            )

    def _check_file(self):
        """The file is that of this purchase, and has what is asked at launch."""
        file = self.sudo().file_id
        if not file:
            raise UserError(
                self.env._("Choose the purchase file that regularises this urgency.")
            )
        if gap := self._get_file_gap(file):
            raise UserError(gap)
        file._raise_if_blocked(
            {file.need_id: file.need_id._findings("launch")},
            self.env._("regularising the urgency"),
        )

    def _get_file_gap(self, file):
        """What makes `file` another purchase than what was ordered, or empty."""
        name, orders = file.display_name, self._get_placed_orders()
        if self._is_foreign(file):
            return self.env._(
                "%(file)s cannot regularise this urgency: choose a digital purchase "
                "file of the ministry, neither cancelled nor signed before the rules.",
                file=name,
            )
        if not file.need_id.date_launch and file.need_id._is_published():
            return self.env._(
                "Launch %(file)s first or, where nothing was published, correct its "
                "route.",
                file=name,
            )
        if any(order._get_products_outside(file) for order in orders):
            return self.env._("%(file)s does not list what was ordered.", file=name)
        return self._is_worth_less(file, orders) and self.env._(
            "%(file)s is worth less than what was ordered, or its value is not known: "
            "estimate it at the top of the file.",
            file=name,
        )

    def _is_foreign(self, file):
        return (
            file.company_id not in self.company_id.parent_ids
            or file._get_judged_scope() != "in"
            or file.state == "cancel"
            or file.is_prior
        )

    def _is_worth_less(self, file, orders):
        value, known = file._get_value()
        orders |= file._get_placed_orders()
        placed = sum(order._get_amount_ht(file.currency_id) for order in orders)
        return not known or file.currency_id.compare_amounts(placed, value) > 0
