from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.identity import is_same
from ..base.opening import open_form
from ..base.told import Label, tell

GROUNDS = [
    ("maintenance", "Maintenance of what runs"),
    ("continuity", "Continuity of the service"),
    ("reversibility", "Reversibility: getting data and rights back"),
    ("migration", "Migration to another solution"),
]

LEAVING = ("reversibility", "migration")


class Part(NamedTuple):
    """What was ordered of a product: in its unit, and in € HT."""

    quantity: float = 0.0
    amount: float = 0.0

    def __add__(self, other):
        return Part(self.quantity + other.quantity, self.amount + other.amount)

    def exceeds(self, limit):
        """Whether more was ordered, beyond what rounding explains."""
        return any(mine > most + 0.005 for mine, most in zip(self, limit, strict=True))


class PurchaseOrder(models.Model):
    """An order that leaves although its file is not in order.

    A signed contract must be performed, and leaving it needs orders too; what cannot
    wait leaves under a confirmed urgency, before its file is there.
    """

    _inherit = "purchase.order"

    continuity_ground = fields.Selection(
        GROUNDS,
        string="Ground on a lapsed contract",
        copy=False,
        tracking=True,
        help="The contract no longer meets the doctrine since it was signed. New "
        "services, new data and extensions are refused; maintenance, continuity, "
        "reversibility and migration may be ordered, with a reason, and are listed for "
        "the compliance officers. Policy of the ministry.",
    )
    continuity_reason = fields.Text(
        string="Reason on a lapsed contract",
        copy=False,
        tracking=True,
        help="Why this has to be ordered although the contract lapsed, and until when.",
    )
    continuity_used = fields.Boolean(
        string="On a lapsed contract",
        readonly=True,
        copy=False,
        help="The order was confirmed although its contract no longer met the "
        "doctrine, on the ground it states.",
        guard="server",
    )
    continuity_offered = fields.Boolean(
        string="Ground offered",
        compute="_compute_continuity_offered",
        help="The contract lapsed: a ground may be stated.",
    )

    extreme_urgency_ids = fields.Many2many(
        "souverainete.extreme.urgency",
        "souverainete_extreme_urgency_order_rel",
        string="Urgencies",
        readonly=True,
        copy=False,
        help="Extreme urgencies that list this order.",
        guard="server",
    )
    extreme_urgency_id = fields.Many2one(
        "souverainete.extreme.urgency",
        string="Left in urgency",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The urgency without which this order would have been refused.",
        guard="server",
    )

    @api.depends("requisition_id", "need_id", "state", "scope_status")
    def _compute_continuity_offered(self):
        for order in self:
            shown = order._origin and order._is_banner_shown()
            order.continuity_offered = bool(shown and order._origin._get_lapses())

    def _get_judged_lists(self):
        return [*super()._get_judged_lists(), (self, "extreme_urgency_ids")]

    # === WHAT IS STATED === #
    def write(self, vals):
        self._check_stated_kept(vals)
        return super().write(vals)

    @api.model
    def _get_stated_fields(self):
        """Names of what its banner asks to state, which it is confirmed on."""
        return frozenset({"continuity_ground", "continuity_reason"})

    def _check_stated_kept(self, vals):
        stated = self._get_stated_fields() & vals.keys()
        frozen = self.filtered(
            lambda order: (
                order.gate_state == "purchase"
                and any((order[n] or False) != (vals[n] or False) for n in stated)
            )
        )
        if frozen:
            raise UserError(
                self.env._(
                    "%(orders)s: what an order was confirmed on is not rewritten.",
                    orders=", ".join(frozen.mapped("name")),
                )
            )

    # === LAPSE === #
    # A contract that was in order once: maintenance, continuity, reversibility and
    # migration may still be ordered, with a ground and a reason.

    def _get_lapses(self):
        """[Finding] of its files that were in order once, and no longer are."""
        order = self.sudo()
        return [
            finding
            for file in order._get_judged_files()
            for finding in order._judge_file(file)
            if finding.blocking and order._lifts(finding)
        ]

    def _lifts(self, finding):
        """A ground lifts what was in order once, and stopped being so by itself: a
        fact, a rule or the day. What people declare cannot do it: the gate refuses
        it."""
        rule, file = finding.rule, finding.record
        lapsed = rule.stage != "order" and rule.code not in file._get_signed_codes()
        return lapsed and file._is_once_met()

    def _get_lifting_label(self):
        return tell(self.env)._(
            "Lifted for this order by: %(ground)s.",
            ground=Label(self._name, "continuity_ground", self.continuity_ground),
        )

    def _get_waivers(self):
        """The ground it states, where it holds; then an urgency."""
        holds = self.continuity_ground and not self._finding_order_continuity()
        grounds = self if holds else ()
        return [*super()._get_waivers(), *grounds, *self._get_extreme_urgency()]

    def _finding_order_continuity(self):
        """A ground has its reason, and covers no new service."""
        file = self._get_studied_file()
        if not self.continuity_ground or not file or not self._get_lapses():
            return {}
        messages = {}
        if not (self.continuity_reason or "").strip():
            messages["reason"] = tell(self.env)._(
                "Give the reason of this order on a lapsed contract, in the banner of "
                "the order."
            )
        if products := self._get_new_services(file):
            messages["new"] = self._get_new_service_message(file, products)
        if products := self._get_extended_services(file):
            messages["more"] = self._get_extension_message(file, products)
        return messages

    def _get_new_services(self, file):
        """Products that the ground does not cover."""
        leaving = self.continuity_ground in LEAVING
        bought = self.order_line.product_id
        return bought - file._get_continued_products(leaving)

    def _get_extended_services(self, file):
        """Products of which more is ordered than what runs, in quantity or in amount,
        what was continued already included: to keep it running is no ground to extend
        it."""
        if self.continuity_ground in LEAVING:
            return self.env["product.product"]
        limits = file._get_continued_limits()
        bought = (self | file._get_continuing_orders())._get_product_parts()
        return self.order_line.product_id.filtered(
            lambda product: (
                product in limits and bought[product].exceeds(limits[product])
            )
        )

    def _get_product_parts(self):
        """{product: Part} of these orders together, which are in one currency."""
        parts = defaultdict(Part)
        for line in self.order_line.filtered("product_id"):
            bought = Part(line.product_uom_qty, line._get_judged_subtotal())
            parts[line.product_id] += bought
        return parts

    def _get_extension_message(self, file, products):
        return tell(self.env)._(
            "%(products)s: more, in quantity or in amount, than was ordered under "
            "%(file)s while it was in order, with what was continued over the last "
            "period. An extension is refused while the contract falls short: lower it, "
            "or buy the rest under a file of its own.",
            products=", ".join(products.mapped("display_name")),
            file=file.display_name,
        )

    def _get_new_service_message(self, file, products):
        names = ", ".join(products.mapped("display_name"))
        if self.continuity_ground in LEAVING:
            return tell(self.env)._(
                "%(products)s: neither on %(file)s nor ordered under it before. A new "
                "service is refused while the contract falls short; take it off the "
                "order, or buy it under a file of its own.",
                products=names,
                file=file.display_name,
            )
        return tell(self.env)._(
            "%(products)s: never ordered under %(file)s before. A new service is "
            "refused while the contract falls short; take it off the order, or buy it "
            "under a file of its own.",
            products=names,
            file=file.display_name,
        )

    def _may_be_continued(self, findings):
        """Whether a ground, not stated yet, could lift some of these findings."""
        stopped = any(finding.rule.stage != "order" for finding in findings)
        return stopped and not self.continuity_ground and bool(self._get_lapses())

    # === EXTENSION === #
    # More of a service, once its contract lapsed, is an extension.

    def _prepare_envelope(self):
        envelope = super()._prepare_envelope() | {"quantities": self._get_quantities()}
        return envelope | {"priced": self._get_priced(envelope)}

    def _get_priced(self, now):
        """€ HT that its prices are compared with: what it was worth when it was last
        judged with its files. Small steps add up."""
        judged = self.gate_envelope or {}
        kept = self.gate_state == "purchase" and "priced" in judged
        return (
            judged["priced"] if kept and not self._is_extended(now) else now["amount"]
        )

    def _get_quantities(self):
        """{product: quantity} in the product's own unit: a dozen hides nothing."""
        quantities = {}
        for line in self.order_line.filtered("product_id"):
            product, unit = line.product_id, line.product_uom_id
            quantity = unit._compute_quantity(line.product_qty, product.uom_id)
            key = str(product.id)
            quantities[key] = quantities.get(key, 0.0) + max(quantity, 0.0)
        return quantities

    def _is_within_envelope(self, now):
        return super()._is_within_envelope(now) and not self._is_extended(now)

    def _is_extended(self, now):
        """Whether more is bought than was judged, or dearer by more than a dated
        percentage than it was and than the contract says: Odoo reads the price there
        again when a quantity changes."""
        judged = self.gate_envelope or {}
        before = judged.get("quantities", {})
        more = any(
            quantity > before.get(product, 0.0)
            for product, quantity in now["quantities"].items()
        )
        worth = max(judged.get("priced", 0.0), self._get_contract_worth(now))
        most = self._get_price_ratio()._raise_by(worth)
        return more or self._is_raised(most, now["amount"])

    def _get_contract_worth(self, now):
        """€ HT of these quantities at the prices of the contract."""
        prices = self._get_file()._get_contract_prices()
        return sum(
            quantity * prices.get(int(product), 0.0)
            for product, quantity in now["quantities"].items()
        )

    def _get_price_ratio(self):
        company = self.company_id
        ratios = self.env["souverainete.ratio"]
        return ratios._get("lapsed_price", company, company._souverainete_today())

    def _get_regression_findings(self, now):
        """An extension is judged with the files as they are now: what lapsed since
        stops it. What left in urgency alone is raised by another urgency alone."""
        if self.extreme_urgency_id or self._is_extended(now):
            return self._findings()
        return super()._get_regression_findings(now)

    # === URGENCY === #
    # An order under a confirmed urgency leaves before its file is there.

    def _get_extreme_urgency(self):
        """The confirmed urgency that covers this order as it is now, or empty."""
        today = self.company_id._souverainete_today()
        running = self.extreme_urgency_ids.filtered(
            lambda urgency: urgency._is_running(today)
        )
        return running.filtered(lambda urgency: self._is_as_asked(urgency))[:1]

    def _is_as_asked(self, urgency):
        """Whether vendor, file and currency are those asked for, and nothing more is
        bought. Less is free."""
        asked = (urgency.envelopes or {}).get(str(self.id))
        if not asked:
            return False
        now = self._prepare_urgent_envelope()
        same = all(now[name] == asked[name] for name in ("links", "currency"))
        same = same and is_same(asked["vendor"], now["vendor"])
        fewer = set(now["products"]) <= set(asked["products"])
        return same and fewer and not self._is_raised(asked["amount"], now["amount"])

    def _prepare_urgent_envelope(self):
        names = ("company_id", "requisition_id", "need_id")
        return {
            "links": [self[name].id for name in names],
            "vendor": self.partner_id._get_identity(),
            "currency": self.currency_id.id,
            "products": self.order_line.product_id.ids,
            "amount": self._get_judged_amount(),
        }

    def _may_be_urgent(self):
        """Digital, waiting, and without a file or under contracts already in order:
        the urgency does not launch a need in the place of its people."""
        waiting = self.state in ("draft", "sent", "to approve")
        files = self._get_judged_files()
        settled = all(file.is_prior or file._is_once_met() for file in files)
        return waiting and self.scope_status != "out" and settled

    # === REFUSAL === #
    def _get_ways_out(self, findings):
        """Say that a ground may be stated, or why a confirmed urgency does not do."""
        ways = super()._get_ways_out(findings)
        if self._may_be_continued(findings):
            ways = [*ways, self._get_way_out_message()]
        if urgency := self._get_unfit_extreme_urgency():
            ways = [*ways, self._get_not_covered_message(urgency)]
        return ways

    def _get_way_out_message(self):
        return tell(self.env)._(
            "The contract was in order when it was signed. To maintain what runs, to "
            "keep the service going, to get the data back or to migrate, choose a "
            "ground and give the reason in the banner of the order. New services and "
            "extensions stay refused."
        )

    def _get_unfit_extreme_urgency(self):
        """A confirmed urgency that lists this order but does not cover it, or empty."""
        order = self.sudo()
        confirmed = order.extreme_urgency_ids.filtered(lambda u: u.state == "confirmed")
        return confirmed.browse() if order._get_extreme_urgency() else confirmed[:1]

    def _get_not_covered_message(self, urgency):
        return tell(self.env)._(
            "%(urgency)s does not cover this order: it is over, or the vendor, the "
            "file, a product or the amount is not what was asked for. Ask for another "
            "urgency, for an order of its own.",
            urgency=urgency.display_name,
        )

    # === RECORD === #
    def _before_ordered(self):
        """Keep on what the order leaves, before it counts among those of its file."""
        result = super()._before_ordered()
        for order in self.sudo():
            waived = order.continuity_ground or order.extreme_urgency_ids
            lifting = {f.lifted_by for f in order._findings()} if waived else set()
            urgency = order.extreme_urgency_ids.filtered(lifting.__contains__)
            vals = {
                "continuity_used": order in lifting,
                "extreme_urgency_id": urgency.id,
            }
            if (order.continuity_used, order.extreme_urgency_id.id) != (
                *vals.values(),
            ):
                order._write_server(vals)
        return result

    def _on_ordered(self):
        result = super()._on_ordered()
        for order in self.sudo():
            if order.continuity_used:
                asker = order._get_askers() | self.env.user
                order._get_file()._tell_officers_of_continuity(asker)
            if order.extreme_urgency_id:
                message = self.env._("%(order)s was confirmed.", order=order.name)
                order.extreme_urgency_id._message_log(body=message)
        return result

    def _prepare_order_payload(self):
        payload = super()._prepare_order_payload()
        if self.continuity_used:
            file = self._get_file()
            total = sum(o.amount_judged for o in file._get_continuing_orders())
            payload["continuity"] = {
                "total_ht": total,
                "ground": self.continuity_ground,
                "reason": self.continuity_reason,
                "lapsed": sorted({f.rule.code for f in self._get_lapses()}),
            }
        if self.extreme_urgency_id:
            payload["extreme_urgency"] = self.extreme_urgency_id.id
        return payload

    def _is_small(self, lines):
        """What left in urgency weighs on no other purchase."""
        return not self.extreme_urgency_id and super()._is_small(lines)

    # === WAY OUT === #
    def action_ask_extreme_urgency(self):
        """Open the urgency of this order, or write a new one."""
        self.check_access("write")
        self.ensure_one()
        open_states = ("draft", "requested", "confirmed")
        known = self.extreme_urgency_ids.filtered(lambda e: e.state in open_states)[:1]
        context = {
            "default_order_ids": self.ids,
            "default_company_id": self.company_id.id,
        }
        return open_form(known, self.env._("Extreme urgency"), context=context)
