from contextlib import contextmanager, nullcontext

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..base.finding import Finding, refuse
from ..base.reading import read_lists
from ..base.together import judging, once, wait_turn
from ..policy.shown import format_refusal, get_banner_points
from .act import acting, get_act


class PurchaseOrder(models.Model):
    """The gate of orders: nothing digital is bought outside what was judged."""

    _name = "purchase.order"
    _inherit = ["purchase.order", "souverainete.standing"]

    parked_by_id = fields.Many2one(
        "res.users",
        string="Confirmed by, waiting for the opinion",
        copy=False,
        guard="server",
        help="Who confirmed the order while the DINUM's opinion was running. When the "
        "opinion comes, the order leaves if Odoo's own rule passes for that person.",
    )
    gate_banner = fields.Html(
        compute="_compute_gate_banner",
        sanitize=False,
        help="What is missing before the order can be confirmed, and who can act.",
    )

    # === WHAT IS MISSING === #

    def _findings(self):
        self.ensure_one()
        return once(self.env, ("order", self), self.sudo()._find_missing)

    def _find_missing(self):
        order = self
        if order.scope_status == "out":
            return []
        findings = order._own_findings()
        if order.scope_status != "ask":
            for file in order._get_judged_files():
                findings += order._judge_file(file)
        blocked = any(finding.blocking for finding in findings)
        waivers = order._get_waivers() if blocked else ()
        return [finding.lift(waivers) for finding in findings]

    def _own_findings(self):
        company = self.company_id
        rules = self.env["souverainete.rule"]._get_rules(
            company, company._souverainete_today(), ("order",)
        )
        return [
            Finding(rule, message, rule.owner, rule._is_blocking(), key, self)
            for rule in rules
            for key, message in rule._get_missing(self).items()
        ]

    def _judge_file(self, file):
        return once(
            self.env,
            (file, self.option_id),
            lambda: file._findings(option=self.option_id),
        )

    def _findings_by_order(self):
        """{order: [Finding]}: one judgement of all, each file being read once."""
        with self.sudo()._judging():
            return {order: order._findings() for order in self}

    @contextmanager
    def _judging(self):
        """Judge at once the files of these orders, for what each order buys, by the
        rules that refuse: nothing else stops an order."""
        pairs = {
            (file, order.option_id)
            for order in self.filtered(lambda o: o.scope_status == "in")
            for file in order._get_judged_files()
        }
        asked = [(f, option or f._get_judged_options()) for f, option in pairs]
        files = self.env["purchase.requisition"]
        judged = files._judge(asked, ordering=True) if asked else []
        with judging(self) as known:
            known.update(zip(pairs, judged, strict=True))
            yield

    def _format_refusal(self, findings, act):
        """The refusal in plain words: what was attempted, what is missing, who acts."""
        refusal = format_refusal(self, findings, act)
        return "\n".join([refusal, *self._get_ways_out(findings)])

    # === THE GATE === #

    @api.constrains(
        "state",
        "amount_untaxed",
        "company_id",
        "currency_id",
        "light_cloud",
        "light_mutualised",
        "light_sensitive",
        "need_id",
        "option_id",
        "partner_id",
        "requisition_id",
        "scope_status",
    )
    def _check_order_gate(self):
        """Whoever writes the order, by whatever road, passes here."""
        self._refresh_scope()
        if act := get_act(self.env):
            act.enlist_orders(self)
        else:
            self._judge_state()

    def _acting(self):
        """The act that these orders are confirmed in; chairs need none."""
        asked = any(
            order.scope_status != "out" or order.scope_override == "out"
            for order in self
        )
        return acting(self.env) if asked else nullcontext()

    def button_confirm(self):
        """Raises `Refused` with all that is missing on all the orders."""
        if get_act(self.env) is None:
            digital = self.sudo().filtered(lambda o: o.scope_status != "out")
            wait_turn(digital._get_locked_files() or self.sudo()._get_ledgers())
            read_lists(digital._get_judged_lists())
        self.sudo()._derive_again()
        with self._acting():
            return super().button_confirm()

    def button_approve(self, force=False):
        """Name what is refused: core would drop these orders without a word."""
        if waiting := self.filtered(lambda o: o._is_waiting_for_opinion()):
            waiting._refuse(waiting._findings_by_order())
        with self._acting():
            return super().button_approve(force=force)

    def _judge_state(self):
        """Judge, at once, what the state of these orders says they are."""
        confirmed = self.filtered(lambda order: order.state == "purchase")
        confirmed._check_lines_have_product()
        self._judge_waiting()
        entering = confirmed.filtered(lambda order: order.gate_state != "purchase")
        confirmed._judge_statements()
        out = confirmed.filtered(lambda order: order.scope_status == "out")
        out._settle_out_of_scope()
        (entering - out)._pass_gate()
        for order in confirmed - out - entering:
            order._check_regression()
        (self - confirmed)._wait_at_gate()

    def _check_lines_have_product(self):
        """What has no product has no class: it could be anything."""
        for line in self.order_line:
            if line.product_id or line.display_type or line._is_billed_only():
                continue
            raise ValidationError(
                self.env._(
                    "%(name)s: some order lines are missing a product.",
                    name=line.order_id.display_name,
                )
            )

    def _settle_out_of_scope(self):
        """What was ordered as not digital by its class stays so, as much of it as was
        ordered: remember it."""
        new = self.filtered(
            lambda o: o.gate_state != "purchase" or o._get_judged_lines()
        )
        if not new:
            return
        for order in new.sudo():
            by_class = order.scope_override == "auto" and not order._is_stating()
            settled = order._get_typed_amounts() if by_class else {}
            vals = {"gate_state": "purchase", "gate_settled": settled}
            if order._get_file():
                vals["amount_judged"] = order._get_judged_amount()
            order._write_server(vals)
        new._on_settled()

    def _pass_gate(self):
        """Judge these orders at once, then record that they are confirmed."""
        if not self:
            return
        orders = self.sudo()
        orders._lock_shared()
        with orders._judging():
            self._refuse({order: order._findings() for order in self})
            orders._before_ordered()
        for order in orders:
            order._write_server(
                {
                    "gate_state": "purchase",
                    "gate_findings": [],
                    "gate_envelope": order._prepare_envelope(),
                    "amount_judged": order._get_judged_amount(),
                }
            )
        orders.need_id._launch_on_order()
        for order in orders:
            order._journal_order()
        self._on_ordered()

    def _get_judged_lists(self):
        files = self.env["purchase.requisition"].union(
            *(order._get_judged_files() for order in self)
        )
        return super()._get_judged_lists() + files._get_judged_lists()

    def _lock_shared(self):
        """Write the rows of the files and needs that these orders are judged on."""
        self._get_locked_files()._touch_evidence()
        return super()._lock_shared()

    def _get_locked_files(self):
        return (self.requisition_id | self.need_id)._get_locked()

    def _refuse(self, findings_by_order):
        refuse(findings_by_order, self.env._("confirming the order"))

    def _journal_order(self):
        if file := self._get_file():
            file._journal(
                "order",
                self._prepare_order_payload(),
                self.env._("%(order)s was confirmed.", order=self.name),
            )

    def _wait_at_gate(self):
        """Not ordered, or no longer: the next time is judged afresh."""
        for order in self:
            left = order.gate_state == "purchase"
            if order.gate_state != order.state:
                order.sudo()._write_server({"gate_state": order.state})
            order._on_order_left(left)

    # === CHANGES === #
    # A confirmed order changes freely inside what was judged, never out of it.

    def _check_regression(self):
        self._check_kept()
        order = self.sudo()
        now = order._prepare_envelope()
        changed = now != order.gate_envelope
        if changed:
            order._lock_shared()
            if not order._is_within_envelope(now):
                order._refuse_added_findings(now)
            order._write_server(
                {"gate_envelope": now, "amount_judged": order._get_judged_amount()}
            )
        self._on_order_written(changed)

    def _refuse_added_findings(self, now):
        known = {tuple(identity) for identity in self.gate_findings or []}
        findings = self._get_regression_findings(now)
        found = {f.identity: f for f in findings if f.blocking}
        self._refuse({self: [f for key, f in found.items() if key not in known]})
        if set(found) != known:
            self._write_server({"gate_findings": [list(key) for key in found]})

    # === WAITING FOR THE OPINION === #
    # An order for which only a running opinion is missing waits, then leaves.

    def _is_waiting_for_opinion(self):
        """Whether the opinion its need is due was requested, and is still running."""
        order = self.sudo()
        if order.scope_status == "out":
            return False
        files = order._get_judged_files()
        files._read_lists()
        return any(file._is_opinion_awaited() for file in files)

    def _approval_allowed(self):
        return super()._approval_allowed() and not self._is_waiting_for_opinion()

    def _judge_waiting(self):
        """An order waits for the opinion, not for what is missing beside it."""
        entering = self.filtered(
            lambda order: (
                order.state == "to approve"
                and order.gate_state != "to approve"
                and order.scope_status != "out"
            )
        )
        entering._refuse_to_submit()
        for order in entering.filtered(lambda o: o._is_waiting_for_opinion()):
            order.sudo()._write_server({"parked_by_id": self.env.uid})

    def _refuse_to_submit(self):
        """Raise `Refused` with all that these orders lack before anybody is asked to
        approve them: the opinion that runs is all that they may wait for."""
        findings = self._findings_by_order() if self else {}
        self._refuse(
            {
                order: [f for f in found if not order._is_awaited(f)]
                for order, found in findings.items()
            }
        )

    def _is_awaited(self, finding):
        """A submitted opinion that still runs parks the order: it is no mistake."""
        return finding.rule.code == "dinum_opinion" and self._is_waiting_for_opinion()

    def _release_parked(self):
        """Let orders leave once their opinion came, as who confirmed them would."""
        for order in self.filtered(lambda o: o.state == "to approve"):
            user = order.parked_by_id
            as_user = order.with_user(user).with_company(order.company_id)
            if user and not order._get_blocking() and as_user._approval_allowed():
                as_user._approve_or_explain()

    def _approve_or_explain(self):
        """Approve; what prevents it is told on the order, and never undoes the fact
        (an opinion that came) that released it."""
        try:
            with acting(self.env, own=True):
                self.button_approve()
        except UserError as refusal:
            self.message_post(body=str(refusal))

    # === GUIDED === #

    def action_create_file(self):
        """The file starts with the questions; what the order knows is not asked."""
        action = super().action_create_file()
        if self.need_id.state != "draft":
            return action
        return self.need_id.action_open_guided()

    # === BANNER === #

    @api.depends_context("uid", "lang")
    def _compute_gate_banner(self):
        for order in self:
            order.gate_banner = order._is_banner_shown() and order._render_banner()

    def _get_standing_points(self):
        """Of what may still be confirmed: what was ordered was judged."""
        waiting = self.state in ("draft", "sent", "to approve")
        return get_banner_points(self._findings()) if waiting else []

    def _render_banner(self):
        points = get_banner_points(self._origin._get_banner_findings())
        label = self.env._("Before confirming this order")
        return self.env["ir.qweb"]._render(
            "souverainete_achat.gate_banner",
            {"stages": [{"label": label, "points": points}]},
        )
