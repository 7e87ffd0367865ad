from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.amount import Amount
from ..base.finding import SIGNED_STATES
from ..base.opening import open_some
from .dates import add_days, get_end


class Renewed(models.AbstractModel):
    """An agreement and the files that are to follow it: each for the same need, in
    which nothing is decided yet."""

    _name = "souverainete.renewed"
    _inherit = ["souverainete.guarded"]
    _description = "Agreement that is renewed"

    renewed_from_id = fields.Many2one(
        "purchase.requisition",
        string="Renews",
        copy=False,
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The agreement that this file is to follow.",
        guard="server",
    )
    renewal_ids = fields.One2many(
        "purchase.requisition",
        "renewed_from_id",
        string="Renewals",
        context={"active_test": False},
        help="The files prepared to follow this agreement.",
    )
    renewal_count = fields.Integer(compute="_compute_renewal_count")

    @api.depends("renewal_ids")
    def _compute_renewal_count(self):
        for file in self:
            file.renewal_count = len(file.renewal_ids)

    def action_renew(self):
        """Open the renewal of this agreement, made now where there is none yet."""
        self.check_access("write")
        self.ensure_one()
        self._check_renewable()
        running = self.renewal_ids.filtered(lambda file: file.state != "cancel")
        return open_some(running or self._renew(), self.env._("Renewal"))

    def action_open_renewals(self):
        self.check_access("read")
        return open_some(self.renewal_ids, self.env._("Renewal"))

    def action_open_renewed(self):
        self.check_access("read")
        return open_some(self.renewed_from_id, self.env._("Renewal"))

    def _check_renewable(self):
        signed = self.gate_state in SIGNED_STATES
        if not signed or self.requisition_type != "blanket_order":
            raise UserError(
                self.env._(
                    "%(name)s is not a signed agreement: there is nothing to renew.",
                    name=self.display_name,
                )
            )

    def _renew(self):
        """Create the draft file that follows this agreement, and link them."""
        renewal = self.create(self._prepare_renewal_vals())
        renewal.sudo()._write_server({"renewed_from_id": self.id})
        options = self.env["souverainete.option"]
        options._create_server(self._prepare_renewed_options(renewal))
        renewal._complete_renewal()
        self._record_act(
            "renewal", {"file": renewal.name}, self.env._("A renewal was prepared.")
        )
        renewal._journal(
            "renewal", {"renews": self.name}, renewal._get_renewal_summary()
        )
        return renewal

    def _complete_renewal(self):
        """What follows from the need being known already: the catalogue is searched
        with its own words."""
        if text := self._get_search_text():
            self._run_search(text)

    def _get_renewal_summary(self):
        if not self.amount_estimated_known:
            return self.env._("Prepared as a renewal.")
        return self.env._(
            "Prepared as a renewal. Value proposed: %(amount)s excl. tax.",
            amount=self.currency_id.format(self.amount_estimated),
        )

    @api.model
    def _get_renewed_fields(self):
        """Names of what the need says again; what was decided is decided again."""
        return (
            "reference",
            "cpv_code",
            "purchase_nature",
            "purchase_route",
            "has_cloud",
            "need_effect",
            "need_measure",
            "search_text",
            "ref_approch",
            "is_umbrella",
        )

    def _prepare_renewal_vals(self):
        need = self.need_id
        end = self._get_last_end()
        worth = Amount.unknown() if self.is_umbrella else self._get_ceiling()
        return {
            **{name: need[name] for name in self._get_renewed_fields()},
            "reference": self.reference,
            "requisition_type": "blanket_order",
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "user_id": self.env.uid,
            "project_id": need.project_id.id,
            "data_owner_id": need.data_owner_id.id,
            # That it is digital holds; that it is not would need its agreement again.
            "scope_override": "in" if self.scope_status == "in" else "auto",
            **self._prepare_renewal_period(end),
            # Proposed from what runs; the ceiling of a framework is no estimate.
            "amount_estimated": worth.known and worth.value,
            "amount_estimated_known": worth.known,
            "line_ids": [
                fields.Command.create(self._prepare_agreement_line_vals(line))
                for line in self.line_ids
            ],
        }

    def _prepare_renewal_period(self, end):
        """As long as what ends, from the day after; empty where that is not known."""
        if not end:
            return {}
        start = add_days(end, 1)
        if not self.date_start:
            return {"date_start": start}
        length = relativedelta(start, self.date_start)
        months = length.years * 12 + length.months
        return {"date_start": start, "date_end": months and get_end(start, months)}

    def _prepare_renewed_options(self, renewal):
        """The options studied, and what was signed, to be examined again.

        A bid that was not retained stays with the consultation it answered.
        """
        need = self.need_id
        signed = self._get_judged_options().filtered(lambda o: not o._is_confidential())
        options = need.sudo().judged_option_ids.filtered(
            lambda option: option.kind == "studied" or option in signed
        )
        # Studied first: what a retained offer says of the same option is newer.
        ordered = options.sorted("kind", reverse=True)
        kept = {self._get_option_identity(option): option for option in ordered}
        return [
            self._prepare_renewed_option(renewal, option) for option in kept.values()
        ]

    def _get_option_identity(self, option):
        return option.solution_id.id or option.name.strip().lower()

    def _prepare_renewed_option(self, renewal, option):
        return {
            "requisition_id": renewal.id,
            "renewed_from_id": option.id,
            "kind": "studied",
            "name": option.name,
            "path": option.path,
            "solution_id": option.solution_id.id,
            "partner_id": option.partner_id.id,
            "reason": option._get_said_before(),
        }
