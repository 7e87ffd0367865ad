from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..base.identity import is_same
from ..base.together import get_judged_with, once
from ..base.told import Money, tell

_LOOKED_FOR = [("yes", "Yes, none fits"), ("no", "No")]

_YES_NO = [("yes", "Yes"), ("no", "No")]

QUESTIONS = ("light_mutualised", "light_cloud", "light_sensitive")

# Orders named in a refusal, the dearest first: beyond, the list is for the officer.
_NAMED = 8


class LightOrder(models.AbstractModel):
    """The light circuit: no file, three questions on the order itself, and small orders
    of one need that add up, whatever it was split by."""

    _name = "souverainete.light.order"
    _inherit = ["souverainete.counted", "souverainete.gated.order"]
    _description = "Order that the light circuit may spare a file"

    light_mutualised = fields.Selection(
        _LOOKED_FOR,
        string="Mutualised solution looked for?",
        copy=False,
        tracking=True,
        help="Light circuit: was a solution already shared by the State looked for?",
    )
    light_cloud = fields.Selection(
        _YES_NO,
        string="Cloud service?",
        copy=False,
        tracking=True,
        help="Light circuit: is it a cloud service sold by a private provider?",
    )
    light_sensitive = fields.Selection(
        [*_YES_NO, ("unknown", "I do not know")],
        string="Sensitive data?",
        copy=False,
        tracking=True,
        help="Light circuit: data of particular sensitivity in the sense of loi SREN, "
        "art. 31. No amount exempts from this question.",
    )

    gate_is_light = fields.Boolean(
        string="Light circuit",
        compute="_compute_gate_needs_file",
        help="The three questions on the order stand for a purchase file.",
    )

    def _get_seller(self):
        return self.partner_id

    # === CIRCUIT === #
    def _is_light(self):
        """Whether this order needs no file: below the dated ceiling, € HT, alone and
        with the small orders of the same need."""
        return self._is_small_alone() and not self._get_passed_needs()

    def _is_small_alone(self):
        return self._is_below("light", self._get_judged_amount())

    def _is_on_light_need(self):
        """Whether its file is a need that was itself judged by the light circuit: cut
        in files, a need is cut as it would be in orders. Agreements are signed: their
        orders are owed, within their own ceiling."""
        file = self._get_file()
        return (
            file.requisition_type == "purchase_template"
            and not file.is_prior
            and file._get_circuit() == "light"
        )

    def _is_sensitive_cloud(self):
        """A cloud service whose data may be sensitive is never a light purchase."""
        return self.light_cloud == "yes" and self.light_sensitive in ("yes", "unknown")

    # === THE THREE QUESTIONS === #
    def _finding_order_light(self):
        """The light circuit asks three questions, whatever the amount."""
        if self.scope_status != "in" or self._get_file() or not self._is_light():
            return {}
        return {
            name: self._get_light_message(name)
            for name in QUESTIONS
            if not self._is_settled(name)
        }

    def _is_settled(self, name):
        """Not having looked for a mutualised solution is an answer, not a way on."""
        return self[name] == "yes" if name == "light_mutualised" else bool(self[name])

    def _get_light_message(self, name):
        label = self.fields_get([name], ["string"])[name]["string"]
        if self[name] == "no":
            return tell(self.env)._(
                "Look for a mutualised solution first, then answer the question "
                "“%(question)s” in the banner of the order.",
                question=label,
            )
        return tell(self.env)._(
            "Answer the question “%(question)s” in the banner of the order.",
            question=label,
        )

    # === THE FILE THAT OPENS === #
    def _prepare_light_vals(self):
        """What was already said is not asked again: the answers, and what the order is
        worth, with the small orders of its need where they add up."""
        worth = max([self._get_judged_amount(), *self._get_passed_needs().values()])
        vals = {"amount_estimated": worth, "amount_estimated_known": bool(worth)}
        if self.light_cloud == "yes":
            vals["purchase_nature"] = "cloud"
        return vals

    # === FILE === #
    # When an order needs a purchase file: its amount, its data, or what it adds
    # to.

    def _finding_order_file(self):
        """Above the light ceiling, a digital order needs a purchase file."""
        if self.scope_status != "in":
            return {}
        if self._is_file_digital():
            return self._get_split_finding() if self._is_on_light_need() else {}
        if file := self._get_file():
            return {"": self._get_not_digital_message(file)}
        if self._is_sensitive_cloud():
            return {"sensitive": self._get_sensitive_message()}
        if not self._is_small_alone():
            return {"": self._get_file_message()}
        return self._get_split_finding()

    def _get_file_message(self):
        return tell(self.env)._(
            "This digital purchase needs a purchase file: use “Create the purchase "
            "file” or “Link to a file” in the banner of the order."
        )

    def _get_sensitive_message(self):
        return tell(self.env)._(
            "A cloud service that may hold sensitive data needs a purchase file, "
            "whatever its amount: use “Create the purchase file” or “Link to a file” "
            "in the banner of the order."
        )

    def _get_split_finding(self):
        """Small orders of one need are one purchase: they are judged together."""
        splits = self._get_splits("light")
        if not splits:
            return {}
        messages = [self._get_split_message(*split) for split in splits]
        return {"split": "\n".join([*messages, self._get_split_way_out()])}

    def _get_splits(self, kind):
        """[(need, € HT, orders that add up with this one)] of the needs taken to the
        threshold `kind`; the same orders are told once, as one use rather than as one
        vendor."""
        splits = {}
        passed = self._get_passed(kind)
        for need in sorted(passed, key=lambda need: need.basis):
            orders = need._get_other_orders(self, kind)
            splits.setdefault(orders._ids, (need, passed[need], orders))
        return list(splits.values())

    def _get_split_message(self, need, total, orders):
        return tell(self.env)._(
            "%(need)s: with this order, the small orders of this need reach "
            "%(total)s excl. tax, and the light circuit stops before %(ceiling)s. They "
            "add up: %(orders)s.",
            **self._prepare_split(need, total, orders, "light"),
        )

    def _prepare_split(self, need, total, orders, kind):
        told = tell(self.env)
        # A branch is told of its own orders, and how many others there are.
        read = orders.sudo(False)._filtered_access("read")[:_NAMED]
        names = [self._get_order_label(order) for order in read.sudo()]
        more = len(orders) - len(names)
        if more and names:
            names.append(told._("and %(count)s more", count=more))
        elif more:
            names.append(told._("%(count)s that you do not read", count=more))
        return {
            "need": need.display_name,
            "total": Money(total, self.currency_id),
            "ceiling": need._get_ceiling_label(kind),
            "orders": names,
        }

    def _get_order_label(self, order):
        return tell(self.env)._(
            "%(order)s (%(vendor)s)",
            order=order.name,
            vendor=order.partner_id.commercial_partner_id.name,
        )

    def _get_split_way_out(self):
        if self._get_file():
            return tell(self.env)._(
                "Its file was judged by the light circuit: give it the estimated value "
                "of the whole need, or link the order to a file that has it."
            )
        return tell(self.env)._(
            "The whole need needs a purchase file: use “Create the purchase file” or "
            "“Link to a file” in the banner of the order."
        )

    # === NEEDS === #
    # Small orders of one need add up, whatever it was split by.

    # === WHAT ADDS UP === #
    def _get_ledgers(self):
        """The ministries whose small orders these may add to, or state against."""
        adding = self.filtered(
            lambda o: o.scope_status == "in" or o.scope_override == "out"
        )
        return adding._get_ministry()

    def _get_need_parts(self):
        """{product: € HT}, in the order's currency: what this order buys of each."""
        parts = defaultdict(float)
        for line in self.order_line:
            if self._is_of_a_need(line):
                product = line.product_id.product_tmpl_id._origin
                parts[product] += line._get_judged_subtotal()
        return parts

    def _get_passed_needs(self):
        """See `_get_passed`: those taken to the light ceiling."""
        return self._get_passed("light")

    def _get_passed(self, kind):
        """{need: € HT of what counts of it with this order}, in the order's currency,
        of the needs that it takes, together with others, to the threshold `kind`."""
        together = get_judged_with(self)
        return once(
            self.env,
            ("passed", kind, together),
            lambda: together._get_passed_by_order(kind),
        )[self]

    def _get_passed_by_order(self, kind):
        """{order: see `_get_passed`}: those judged together count one another, as if
        they had come one by one."""
        brought = self._get_brought()
        counted = self.filtered(lambda order: order._counts_for(kind))
        recorded = self._get_recorded(brought, kind)
        stated = self._get_agreed(brought)
        passed = {}
        for order in self:
            others = counted - order
            totals = {}
            for need, own in brought[order].items():
                met = others.filtered(lambda o, need=need: need in brought[o])
                uncalled = (met | order)._get_uncalled(stated, need, brought)
                if need in recorded[order] or met or uncalled:
                    total = recorded[order].get(need, 0.0) + uncalled + own
                    total += sum(brought[other][need] for other in met)
                    totals[need] = order._from_ministry(total)
            passed[order] = {
                need: total
                for need, total in totals.items()
                if not order._is_below(kind, total)
            }
        return passed

    def _counts_for(self, kind):
        """Whether this order, once confirmed, counts towards the threshold `kind`: what
        buyers alone state as not digital is a part of the whole need too."""
        return self._is_stating() or (kind == "light" and self._adds_up())

    def _adds_up(self):
        """Whether this order, once confirmed, counts with the small ones."""
        small = self._is_on_light_need() if self._get_file() else self._is_small_alone()
        return self.scope_status == "in" and small

    def _get_brought(self):
        """{order: {need: € HT that it brings to it}}, in the ministry's currency, of
        the needs that small orders already met."""
        parts = {order: order._get_need_parts() for order in self}
        needs = self._get_needs_by_order(parts)
        return {
            order: {
                need: order._to_ministry(sum(parts[order][p] for p in products))
                for need, products in needs[order].items()
            }
            for order in self
        }

    def _get_recorded(self, brought, kind):
        """{order: {need: € HT}} of what was recorded, these ones apart."""
        recorded = {}
        for orders in self.grouped("company_id").values():
            needs = self.env["souverainete.light.need"].sudo()
            needs = needs.union(*(need for o in orders for need in brought[o]))
            amounts = needs._get_amounts(self, orders.company_id, kind)
            recorded |= dict.fromkeys(orders, amounts)
        return recorded

    def _get_agreed(self, brought):
        """{need: {agreement: € HT}}: see `souverainete.light.need`; these orders
        apart."""
        agreed = {}
        for company, orders in self.grouped("company_id").items():
            needs = self.env["souverainete.light.need"].sudo()
            needs = needs.union(*(need for o in orders for need in brought[o]))
            agreed |= needs._get_uncalled(company, self)
        return agreed

    def _get_uncalled(self, agreed, need, brought):
        """€ HT of `need` that agreements state as not digital, but what these orders
        call off: an agreement and its orders are one purchase."""
        rests = {
            agreement: amount
            - sum(brought[o][need] for o in self if o.requisition_id == agreement)
            for agreement, amount in agreed.get(need, {}).items()
        }
        return sum(max(rest, 0.0) for rest in rests.values())

    def _get_needs_by_order(self, parts):
        """{order: {need: products of it that the need counts}}. A product stays of the
        needs it was bought for: a new CPV code does not make another need of it.

        `parts`: {order: {product: € HT}}.
        """
        found = {}
        for ministry, orders in self.grouped(lambda o: o._get_ministry()).items():
            products = self.env["product.template"].union(
                *(p for o in orders for p in parts[o])
            )
            found |= orders._find_needs(ministry, products, parts)
        return found

    def _find_needs(self, ministry, products, parts):
        needs = self.env["souverainete.light.need"].sudo()
        if not products:
            return {order: {} for order in self}
        keys = {
            order: {product: order._get_need_keys(product) for product in parts[order]}
            for order in self
        }
        every_key = set().union(*(k for of in keys.values() for k in of.values()))
        sellers = {key.vendor_id for key in every_key if key.vendor_id}
        held = needs._get_held(ministry, products, sellers)
        by_key = {need._get_key(): need for need in needs._find(ministry, every_key)}
        found = {}
        for order in self:
            bought = products.browse().union(*parts[order])
            mine = {k.vendor_id for of in keys[order].values() for k in of} | {False}
            found[order] = {
                need: counted & bought
                for need, counted in held.items()
                if counted & bought and need.vendor_id.id in mine
            }
            for product, product_keys in keys[order].items():
                for need in filter(None, map(by_key.get, product_keys)):
                    found[order][need] = found[order].get(need, product) | product
        return found

    # === LEDGER === #
    # What small orders leave behind them: their answers and their share of a
    # need.

    def _lock_shared(self):
        """The rows of the needs that these orders add to, the missing ones made."""
        self.filtered(lambda o: o._adds_up() or o._is_stating())._lock_needs()
        return super()._lock_shared()

    def _on_ordered(self):
        self.filtered(lambda order: order._adds_up())._record_small()
        return super()._on_ordered()

    def _on_order_written(self, changed):
        if changed:
            self._record_small()
        return super()._on_order_written(changed)

    def _on_order_left(self, left):
        by_class = self.scope_status == "out" and self.scope_override == "auto"
        if left and not (by_class and self.gate_settled):
            self._get_small_lines()._end_of_order(self._get_taken_parts())
        elif self.state in ("draft", "sent") and not by_class and not self._get_file():
            self._warn_of_passed_needs()
        return super()._on_order_left(left)

    def _warn_of_passed_needs(self):
        """The officer learns that small orders add up as soon as one is prepared that
        takes them to the ceiling: a refusal leaves no trace."""
        if self.scope_status == "in" and self._is_small_alone():
            for need, _total, _orders in self._get_splits("light"):
                need._warn_officer(self._get_askers())

    def _check_kept(self):
        """Vendor, company and answers of a confirmed order are not rewritten."""
        super()._check_kept()
        judged = self.gate_envelope
        if not judged or self._get_file():
            return
        moved = self.company_id.id != judged["links"]["company_id"]
        if moved or not is_same(judged["vendor"], self.partner_id._get_identity()):
            raise ValidationError(
                self.env._(
                    "%(name)s was confirmed, and keeps its vendor and its company: "
                    "cancel it and order again.",
                    name=self.name,
                )
            )
        if [self[name] or False for name in QUESTIONS] != judged["answers"]:
            raise ValidationError(
                self.env._(
                    "%(name)s was confirmed on its answers to the three questions: "
                    "they stay as they were given. If they were wrong, cancel the "
                    "order, set it back to RFQ and answer again, or link it to a "
                    "purchase file.",
                    name=self.display_name,
                )
            )

    # === ENVELOPE === #
    def _prepare_need_parts(self):
        """{"parts": {product: € HT}}: moving an amount from one product to another adds
        to a need."""
        if self._get_file() and not self._is_on_light_need():
            return {}
        parts = self._get_need_parts()
        return {"parts": {str(product.id): amount for product, amount in parts.items()}}

    def _is_part_raised(self, now):
        """Whether more of some product is bought than was judged."""
        parts = (self.gate_envelope or {}).get("parts")
        return parts is not None and any(
            self._is_raised(parts.get(product, 0.0), amount)
            for product, amount in now.get("parts", {}).items()
        )

    # === RECORD === #
    def _get_small_lines(self):
        """What this order counts for, in the needs of small orders."""
        lines = self.env["souverainete.light.need.line"].sudo()
        return lines.search([("order_id", "in", self.ids), ("ended_on", "=", False)])

    def _is_small(self, lines):
        """Whether this order, now confirmed, adds to a need. What was recorded counts
        as long as no other file judges it, even if the ceiling was lowered since."""
        if self._get_file():
            return self._is_on_light_need()
        return bool(lines) or self._is_small_alone()

    def _record_small(self):
        """Write what these orders add to their needs, whose rows `_lock_shared` wrote:
        PostgreSQL refuses one of two small orders confirmed at once."""
        orders = self.sudo()
        lines = orders._get_small_lines()
        by_order = lines.grouped("order_id")
        kinds = {o: o._get_kind(by_order.get(o, lines.browse())) for o in orders}
        small = orders.filtered(kinds.get)
        if not lines and not small:
            return
        lines.filtered(lambda line: line.order_id not in small)._end()
        parts = {order: order._get_need_parts() for order in small}
        needs = small._get_needs_by_order(parts)
        vals = {}
        for order in small:
            vals |= order._prepare_small_lines(needs[order], parts[order], kinds[order])
        lines.filtered(lambda line: line.order_id in small)._set_parts(vals)

    def _lock_needs(self):
        needs = self.env["souverainete.light.need"]
        parts = {order: order._get_need_parts() for order in self}
        for ministry, orders in self.grouped(lambda o: o._get_ministry()).items():
            keys = {
                key
                for order in orders
                for product in parts[order]
                for key in order._get_need_keys(product)
            }
            needs._make(ministry, keys)
            shared = orders._get_needs_by_order(parts).values()
            held = needs.union(*(need for of in shared for need in of))
            needs.union(*(n for n in held if n._get_key() not in keys))._touch()

    def _get_kind(self, lines):
        """What this order, now confirmed, counts as; nothing where it does not."""
        if self.scope_status == "in":
            return "light" if self._is_small(lines) else False
        if not self._is_against_inputs():
            return False
        return "agreed" if self._is_as_agreed() else "scope_out"

    def _get_taken_parts(self):
        """{product: € HT} of what was received or billed: it counts for good."""
        parts = defaultdict(float)
        for line in self.order_line:
            product = line.product_id.product_tmpl_id._origin
            parts[product] += line._get_taken_subtotal()
        return parts

    def _prepare_small_lines(self, needs, parts, kind):
        """{(order, need, product): vals} of what this order counts for."""
        common = {
            "order_id": self.id,
            "kind": kind,
            "scope_reason": self.scope_reason,
            "scope_officer_id": self.scope_officer_id.id,
            "scope_words": ", ".join(sorted(self._get_scope_words())),
            "vendor_id": self.partner_id.commercial_partner_id.id,
            "date": self.company_id._souverainete_today(),
            "user_id": self.env.uid,
            **{name: self[name] for name in QUESTIONS},
        }
        return {
            (self.id, need.id, product.id): {
                **common,
                "need_id": need.id,
                "product_id": product.id,
                "amount": self._to_ministry(parts[product]),
            }
            for need, products in needs.items()
            for product in products
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_small_purchase(self):
        """A cancelled small order keeps its answers, and what it counted for."""
        digital = self.filtered(
            lambda o: o.scope_status != "out" or o._is_against_inputs()
        )
        lines = self.env["souverainete.light.need.line"].sudo()
        if digital and lines.search_count([("order_id", "in", digital.ids)], limit=1):
            raise UserError(
                self.env._(
                    "%(orders)s cannot be deleted: small digital purchases that were "
                    "confirmed are kept with their answers, even once cancelled.",
                    orders=", ".join(digital.mapped("display_name")),
                )
            )

    # === STRIP === #
    # The strip of the light circuit: all that a small purchase asks of its buyer.

    def _is_strip_shown(self):
        """Asked while it waits; afterwards, the answers it was confirmed on."""
        if self.scope_status != "in" or self._get_file():
            return False
        if self.state in ("draft", "sent", "to approve"):
            return self._is_light()
        return all(self[name] for name in QUESTIONS)

    def _get_banner_findings(self):
        """What the strip itself shows is not listed a second time."""
        findings = super()._get_banner_findings()
        if not self.gate_is_light:
            return findings
        shown = {("order_light", name) for name in QUESTIONS}
        shown.add(("order_file", "sensitive"))
        return [finding for finding in findings if finding.identity not in shown]
