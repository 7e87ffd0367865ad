from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import plaintext2html
from odoo.tools.misc import format_date

from ..base.amount import tell_excess
from ..base.each import run_in_batches

_TO_ANSWER = "souverainete_achat.activity_extreme_urgency_answer"
_TO_REGULARISE = "souverainete_achat.activity_extreme_urgency_regularise"
_TO_ESCALATE = "souverainete_achat.activity_extreme_urgency_overdue"

_REQUEST = frozenset({"company_id", "order_ids", "reason", "date_start", "date_end"})

# How it ends: written while it is to regularise, and then only.
_ENDING = frozenset({"file_id", "closure_reason"})

# Of the order's own rules, those that ask what the urgency has no time for.
_LIFTED = frozenset({"order_file", "order_light"})


class ExtremeUrgency(models.Model):
    """Extreme urgency: orders that leave before their purchase file is there.

    An officer or the duty person who did not ask confirms it for the orders listed, as
    they stand, and for a time. It is regularised afterwards by a purchase file; when it
    is not in time, that is told and shown, and nothing else is refused for it.
    """

    _name = "souverainete.extreme.urgency"
    _inherit = ["souverainete.waiver"]
    _description = "Extreme urgency"
    _order = "id desc"
    _decider_groups = ("group_officer", "group_duty")
    _state_lifting = "confirmed"
    _states_deletable = ("draft",)
    _decision_fields = ("confirmed_by_id", "confirmed_on")
    _event = "extreme_urgency"

    company_id = fields.Many2one(
        "res.company",
        string="Ministry",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Ministry that orders.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("requested", "Requested"),
            ("confirmed", "Confirmed, to regularise"),
            ("regularised", "Regularised"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        copy=False,
        index=True,
        tracking=True,
        guard="server",
    )
    order_ids = fields.Many2many(
        "purchase.order",
        "souverainete_extreme_urgency_order_rel",
        string="Orders",
        copy=False,
        ondelete="restrict",
        help="The orders that cannot wait, and no other: they are listed before the "
        "urgency is asked for, with the vendor, products and amount they have then.",
    )
    reason = fields.Text(
        required=True,
        tracking=True,
        help="What happened that could not be foreseen, and what stops or is in danger "
        "without these orders (CCP R. 2122-1, cited from memory by a practitioner: to "
        "be checked on Legifrance).",
    )
    date_start = fields.Date(
        default=lambda self: self.env.company._souverainete_today()
    )
    date_end = fields.Date(
        help="Last day the orders may be confirmed (inclusive). The longest duration "
        "is a dated time limit, in the menu “Time limits”."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    envelopes = fields.Json(
        string="What was asked",
        copy=False,
        help="What was asked for, order by order: vendor, file, products, € HT.",
        guard="server",
    )
    amount = fields.Monetary(
        string="Amount asked (excl. tax)",
        readonly=True,
        copy=False,
        help="Sum of the orders when the urgency was asked for, in € HT: the most that "
        "may be ordered.",
        guard="server",
    )
    confirmed_by_id = fields.Many2one(
        "res.users",
        string="Answered by",
        readonly=True,
        copy=False,
        tracking=True,
        help="Officer or duty person who confirmed or refused it; never who asked.",
        guard="server",
    )
    confirmed_on = fields.Datetime(
        string="Answered on",
        readonly=True,
        copy=False,
        help="Server time.",
        guard="server",
    )

    regularise_before = fields.Date(
        string="To regularise before",
        readonly=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="Last day to link the purchase file (inclusive): the day the urgency was "
        "confirmed plus a dated time limit, in the menu “Time limits”.",
        guard="server",
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
        "res.users", string="Regularised by", readonly=True, copy=False, guard="server"
    )
    regularised_on = fields.Date(
        string="Regularised on",
        readonly=True,
        copy=False,
        tracking=True,
        help="Day it was regularised.",
        guard="server",
    )
    days_late = fields.Integer(
        string="Days late",
        readonly=True,
        copy=False,
        aggregator="avg",
        tracking=True,
        help="Days between the last day to regularise and the day it was. Kept.",
        guard="server",
    )

    overdue_on = fields.Date(
        string="Escalated on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="Day it was found not regularised in time: the compliance officers are "
        "told, and the DAE sees it in its list.",
        guard="server",
    )

    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "Urgency no. %(number)s", number=record._origin.id or "…"
            )

    @api.constrains("order_ids", "company_id")
    def _check_orders_of_one_ministry(self):
        for record in self:
            foreign = record.sudo().order_ids.filtered(
                lambda order, record=record: order.company_id != record.company_id
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(orders)s: an urgency holds orders of one ministry.",
                        orders=", ".join(foreign.mapped("name")),
                    )
                )

    @api.constrains("closure_reason")
    def _check_closure_reason_is_an_officer_s(self):
        officer = self.env.user.has_group("souverainete_achat.group_officer")
        if not officer and self.filtered("closure_reason"):
            raise AccessError(
                self.env._("Only a compliance officer closes without a purchase file.")
            )

    def _lifts(self, finding):
        """It has no time for a file: neither for what it lacks, nor for there being
        none. What the order itself is stays judged."""
        if finding.rule.stage != "order":
            return super()._lifts(finding)
        hurried = finding.rule.code in _LIFTED and not finding.record._get_file()
        return hurried and super()._lifts(finding)

    def _enter(self, state, vals=()):
        """What was to do in its former state no longer is."""
        urgencies = self.with_user(SUPERUSER_ID)
        urgencies.activity_unlink([_TO_ANSWER, _TO_REGULARISE, _TO_ESCALATE])
        return super()._enter(state, vals)

    # === ASKING === #
    # Two people, and what was asked is frozen.

    def action_request(self):
        """Ask for the urgency; who may answer is told at once."""
        self.check_access("read")
        for record in self:
            record._check_filled("date_start", "date_end", "order_ids", "reason")
            record._check_period()
            record._check_orders()
            record._ask(record._prepare_request())
            record._tell_who_may_answer()

    def _prepare_request(self):
        """Freeze the orders as they are asked for: raised meanwhile, they are not what
        the officer reads."""
        orders = self.sudo().order_ids
        return {
            "envelopes": {str(o.id): o._prepare_urgent_envelope() for o in orders},
            "amount": orders._sum_values(self.currency_id).value,
        }

    def _check_period(self):
        """A start put off lengthens nothing."""
        start = min(self.date_start, self.company_id._souverainete_today())
        latest = start + self._get_period("extreme_urgency_max")
        if self.date_end > latest:
            raise UserError(
                self.env._(
                    "An extreme urgency is limited to what it demands: it ends on "
                    "%(date)s at the latest.",
                    date=format_date(self.env, latest),
                )
            )

    def _check_orders(self):
        orders = self.sudo().order_ids
        if late := orders.filtered(lambda order: not order._may_be_urgent()):
            raise UserError(
                self.env._(
                    "%(orders)s: an urgency is asked for digital orders that are not "
                    "confirmed yet, without a purchase file or under a contract "
                    "already signed. Empty the purchase file of the order: one is "
                    "linked when the urgency is regularised.",
                    orders=", ".join(late.mapped("name")),
                )
            )

    # === ANSWERING === #
    def action_confirm(self):
        """Confirm the urgency: the orders listed may leave, as they were asked for."""
        self.check_access("read")
        for record in self:
            record._check_state("requested")
            record._check_decider()
            record._check_as_asked()
            today = record.company_id._souverainete_today()
            last = today + record._get_period("extreme_urgency_regularise")
            record._decide("requested", "confirmed", {"regularise_before": last})
            record._tell_who_regularises()

    def action_refuse(self):
        """Refuse the urgency: the orders follow the ordinary road."""
        self.check_access("read")
        for record in self:
            record._decide("requested", "refused")

    def _check_decider(self):
        self.check_access("read")
        if not self._may_answer():
            raise AccessError(
                self.env._(
                    "An urgency is answered by a compliance officer or a duty person."
                )
            )
        self._check_four_eyes(
            self.env._(
                "Four eyes: another officer or duty person answers this urgency."
            )
        )

    def _may_answer(self):
        user = self.env.user
        return any(
            user.has_group(f"souverainete_achat.{name}")
            for name in self._decider_groups
        )

    def _get_askers(self):
        """Who buys what it lists asks for it too."""
        return super()._get_askers() | self.sudo().order_ids._get_askers()

    def _check_as_asked(self):
        """What is confirmed is what was asked for."""
        record = self.sudo()
        if other := record.order_ids.filtered(lambda o: not o._is_as_asked(record)):
            raise UserError(
                self.env._(
                    "%(orders)s: no longer what was asked for. Put back the vendor, "
                    "the products and the amount, or ask for another urgency.",
                    orders=", ".join(other.mapped("name")),
                )
            )

    # === CANCELLING === #
    def action_cancel(self):
        """Give the urgency up, while none of its orders left."""
        self.check_access("read")
        for record in self:
            record.check_access("write")
            record._check_state("draft", "requested", "confirmed")
            if gone := record._get_placed_orders():
                raise UserError(
                    self.env._(
                        "%(orders)s left under this urgency: regularise it instead.",
                        orders=", ".join(gone.mapped("name")),
                    )
                )
            record._enter("cancelled")

    def _get_placed_orders(self):
        """Orders that were confirmed, whatever the user may see of them."""
        return self.sudo().order_ids.filtered(lambda order: order.state == "purchase")

    # === WHO IS TOLD === #
    def _tell_who_may_answer(self):
        company = self.company_id
        users = company._get_role_users("group_officer", "group_duty")
        self.env["mail.activity"]._tell(
            self,
            "extreme_urgency_answer",
            users - self._get_askers(),
            lambda read: read.env._("Extreme urgency: confirm or refuse"),
            act_type_xmlid=_TO_ANSWER,
            note=plaintext2html(self.reason),
        )

    # === ENDING === #
    @api.model
    def _get_content_fields(self):
        """How it ends is written by who ends it."""
        return super()._get_content_fields() - _ENDING

    def action_regularise(self):
        """Link the file: it has everything that is asked at launch."""
        self.check_access("read")
        for record in self:
            record.check_access("write")
            record._check_state("confirmed")
            record._check_file()
            record.sudo().file_id.need_id._launch_on_order()
            record._settle()

    def action_close(self):
        """An officer who did not ask closes it, with a reason, without a file."""
        self.check_access("read")
        for record in self:
            record.check_access("write")
            record._check_state("confirmed")
            record._check_closing_officer()
            record._settle()

    def _settle(self):
        today = self.company_id._souverainete_today()
        vals = {
            "regularised_by_id": self.env.uid,
            "regularised_on": today,
            "days_late": max((today - self.regularise_before).days, 0),
        }
        self._enter("regularised", vals)

    def _check_closing_officer(self):
        refusal = self.env._(
            "Without a purchase file, the urgency is closed by a compliance officer "
            "who did not ask for it."
        )
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(refusal)
        self._check_four_eyes(refusal)
        self._check_filled("closure_reason")

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
        placed, worth = self._get_placed_with(file, orders), file._get_value()
        return placed.exceeds(worth, file.currency_id) and self.env._(
            "%(file)s is worth less than what was ordered, or its value is not known: "
            "estimate it at the top of the file. %(figures)s",
            file=name,
            figures=tell_excess(self.env, placed, worth, file.currency_id),
        )

    def _is_foreign(self, file):
        return (
            file.company_id not in self.company_id.parent_ids
            or file._get_judged_scope() != "in"
            or file.state == "cancel"
            or file.is_prior
        )

    def _get_placed_with(self, file, orders):
        """What the file's own orders and these come to."""
        return (orders | file._get_placed_orders())._sum_values(file.currency_id)

    # === CLOCK === #
    def _get_period(self, kind):
        today = self.company_id._souverainete_today()
        time_limits = self.env["souverainete.time.limit"]
        return time_limits._get(kind, self.company_id, today)._get_period()

    def _tell_who_regularises(self):
        self.sudo().activity_schedule(
            _TO_REGULARISE,
            date_deadline=self.regularise_before,
            summary=self.env._("Regularise the urgency with a purchase file"),
            user_id=self.requested_by_id.id,
        )

    @api.model
    def _get_overdue_domain(self):
        return [
            ("state", "=", "confirmed"),
            ("regularise_before", "<", self.env.company._souverainete_today()),
            ("overdue_on", "=", False),
        ]

    @api.model
    def _cron_escalate(self):
        """Escalate what is not regularised in time; safe to run again after a cut."""
        run_in_batches(self, self._get_overdue_domain(), type(self)._escalate)

    def _escalate(self):
        for record in self:
            record._write_server(
                {"overdue_on": record.company_id._souverainete_today()}
            )
            record._tell_officers()
        self._record_event()

    def _tell_officers(self):
        self.env["mail.activity"]._tell(
            self,
            "extreme_urgency_overdue",
            self.company_id._get_role_users("group_officer"),
            lambda read: read.env._("Urgency not regularised in time"),
            act_type_xmlid=_TO_ESCALATE,
        )

    # === EVIDENCE === #
    # Asked for, it is neither rewritten nor deleted; its orders are not exchanged.

    def _get_files(self):
        """Those of its orders and the one that regularises it, once there are."""
        return self.file_id.union(*(order._get_file() for order in self.order_ids))

    def _prepare_entry(self):
        dates = ("date_start", "date_end", "regularise_before", "regularised_on")
        escalated = fields.Date.to_string(self.overdue_on) or ""
        return {
            "id": self.id,
            "state": self.state,
            "reason": self.reason,
            "amount_ht": self.amount,
            "orders": [
                {
                    "order": order.name,
                    "vendor": order.partner_id.display_name,
                    "asked_ht": (self.envelopes or {})
                    .get(str(order.id), {})
                    .get("amount"),
                    "state": order.state,
                }
                for order in self.order_ids
            ],
            "dates": {name: fields.Date.to_string(self[name]) or "" for name in dates},
            "requested_by": self.requested_by_id.name or "",
            "answered_by": self.confirmed_by_id.name or "",
            "closure_reason": self.closure_reason or "",
            "days_late": self.days_late,
            "escalated": escalated,
        }

    def _get_frozen_fields(self):
        """A draft is free, and how it ends is written while it is to regularise."""
        self.ensure_one()
        if self.state == "draft":
            return _ENDING
        return _REQUEST if self.state == "confirmed" else _REQUEST | _ENDING

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if any(_ENDING & set(vals) for vals in vals_list):
            records._check_frozen(_ENDING)
        return records
