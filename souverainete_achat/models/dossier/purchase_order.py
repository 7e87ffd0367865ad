from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.purchase.models.purchase_order import PurchaseOrder as CoreOrder

from ..base.amount import Amount, tell_excess
from ..base.finding import SIGNED_STATES
from ..base.identity import is_same
from ..base.opening import open_dialog, open_form
from ..base.reading import read_lines
from ..base.told import Told, tell
from .light_order import QUESTIONS
from .referenced import REFERENCES


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = [
        "purchase.order",
        "souverainete.stated.order",
        "souverainete.scoped",
        "souverainete.referenced",
        "souverainete.bannered",
        "souverainete.gated.order",
    ]
    _rec_names_search = [*CoreOrder._rec_names_search, *REFERENCES, "ref_agreement_ej"]

    gate_state = fields.Char(
        copy=False,
        help="Last state the gate accepted; compared with the state to know what is "
        "being attempted, whoever wrote it.",
        guard="server",
    )
    gate_settled = fields.Json(
        copy=False,
        help="What was ordered as not digital by its class: € HT by product.",
        guard="server",
    )

    gate_findings = fields.Json(
        copy=False,
        help="What was missing when the order was last judged.",
        guard="server",
    )
    gate_envelope = fields.Json(
        copy=False,
        help="What was last judged: vendor, file, option, products, answers, € HT.",
        guard="server",
    )

    amount_judged = fields.Monetary(
        string="Amount judged (excl. tax)",
        copy=False,
        guard="server",
        help="What the order was last judged to be worth, in € HT, as long as it is "
        "confirmed: the orders of a file are summed by it.",
    )

    is_sourcing = fields.Boolean(
        string="Request for sourcing",
        copy=False,
        tracking=True,
        help="Vendors are only asked what exists and at what prices, before the "
        "consultation (sourcing, CCP R. 2111-1): no offer is asked for.",
    )

    need_id = fields.Many2one(
        "purchase.requisition",
        compute="_compute_need_id",
        store=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        help="The purchase file that carries the need this order meets. Under an "
        "umbrella framework each order carries its own.",
    )

    ref_approch = fields.Char(
        string="APProch reference",
        compute="_compute_references",
        store=True,
        copy=False,
        index="btree_not_null",
        help="Planned purchase in APProch: that of the need.",
        guard="server",
    )
    ref_place = fields.Char(
        string="PLACE reference",
        compute="_compute_references",
        store=True,
        copy=False,
        index="btree_not_null",
        help="Consultation on PLACE: that of the need.",
        guard="server",
    )
    ref_contract = fields.Char(
        string="Contract number",
        compute="_compute_references",
        store=True,
        copy=False,
        index="btree_not_null",
        help="Number of the contract: that of the agreement.",
        guard="server",
    )
    ref_chorus_da = fields.Char(
        string="Chorus purchase request (DA)",
        compute="_compute_references",
        store=True,
        copy=False,
        index="btree_not_null",
        help="Purchase request (demande d'achat) in Chorus: that of the need.",
        guard="server",
    )
    ref_chorus_ej = fields.Char(
        string="Chorus commitment (EJ)",
        copy=False,
        index="btree_not_null",
        help="Number of the legal commitment (engagement juridique) of this order in "
        "Chorus. Left empty, that of the agreement is printed.",
    )
    ref_agreement_ej = fields.Char(
        string="Chorus commitment of the agreement (EJ)",
        compute="_compute_references",
        store=True,
        copy=False,
        index="btree_not_null",
        help="Number of the legal commitment (engagement juridique) of the agreement "
        "in Chorus, where the whole agreement was committed at once.",
        guard="server",
    )

    @api.depends(
        "scope_override",
        "scope_reason",
        "scope_agreed",
        "scope_officer_id",
        "company_id",
        "order_line.product_id",
        "order_line.scope_words",
        "requisition_id",
        "need_id",
    )
    def _compute_scope(self):
        return super()._compute_scope()

    @api.model
    def _get_content_fields(self):
        """What the addon asks, and to whom the order is sent under what."""
        own = super()._get_content_fields().difference(REFERENCES)
        return own.union(("partner_id", "company_id", "currency_id", "requisition_id"))

    def _get_ordered_products(self):
        """The products of which something is ordered."""
        return self.order_line.filtered("product_qty").product_id

    def _get_seller_signs(self):
        sellers = self.partner_id | self.partner_id.commercial_partner_id
        return self.order_line._find_signs(sellers)

    def _derive_scope(self):
        """An order under a digital file is digital, whatever its lines say, and one
        under a file nobody stated is to be stated."""
        scope, file = super()._derive_scope(), self._get_file()
        said = file._get_shared_scope() if file else "out"
        if said == "in":
            return "in"
        asked = scope == "out" and self.scope_override == "auto"
        return "ask" if asked and said == "ask" else scope

    def _get_value(self):
        return Amount(self._get_judged_amount(), bool(self.order_line))

    # === GATE === #
    # The gate of orders: nothing digital is bought outside what was judged.

    def _prepare_order_payload(self):
        return {
            "order": self.name,
            "vendor": self.partner_id.display_name,
            "amount_ht": self._get_judged_amount(),
            "currency": self.currency_id.name,
        }

    # === REGRESSION === #
    # What may still change on a confirmed order: anything inside what was judged.

    def _prepare_envelope(self):
        """What a later change is compared with."""
        envelope = {
            "links": {name: self[name].id for name in self._get_judged_links()},
            "vendor": self.partner_id._get_identity(),
            "answers": [self[name] for name in QUESTIONS],
            "scope": self.scope_status,
            "products": self._get_ordered_products().ids,
            "amount": self._get_judged_amount(),
        }
        return envelope | self._prepare_need_parts()

    @api.model
    def _get_judged_links(self):
        """Names of the links that stay those the order was judged with."""
        return ["company_id", "currency_id", "requisition_id", "need_id"]

    def _is_within_envelope(self, now):
        """Whether nothing was added to what was judged: less is free, whatever became
        of the file or of the rules since."""
        judged = self.gate_envelope
        if not judged:
            return False
        same = all(now[key] == judged[key] for key in ("links", "answers", "scope"))
        same = same and is_same(judged["vendor"], now["vendor"])
        fewer = set(now["products"]) <= set(judged["products"])
        raised = self._is_raised(judged["amount"], now["amount"])
        return same and fewer and not raised and not self._is_part_raised(now)

    def _is_raised(self, before, after):
        return self.currency_id.compare_amounts(after, before) > 0

    def _get_judged_lists(self):
        lines = read_lines(self, "order_line")
        return [*super()._get_judged_lists(), (lines, "tax_ids")]

    # === AMOUNT === #
    # What an order is worth, as it is judged: from the lines as they were typed.

    def _get_judged_amount(self):
        """€ HT of what is bought, in the order's currency; a rebate hides nothing."""
        self.ensure_one()
        return sum(line._get_judged_subtotal() for line in self.order_line)

    @api.model
    def _get_confirmed(self, condition):
        """The confirmed orders that meet `condition` (SQL on purchase_order)."""
        self.flush_model(["state", "need_id", "requisition_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM purchase_order WHERE state = 'purchase' AND (%s)"
                " ORDER BY id",
                condition,
            )
        )
        return self.browse(id_ for (id_,) in rows)

    @api.model
    def _sum_judged(self, condition, currency):
        """What the confirmed orders that meet `condition` (SQL on purchase_order) are
        worth, in `currency` at the server's day. One query, however many there are;
        those that are being judged now are read from their lines."""
        links = ["need_id", "requisition_id"]
        self.flush_model(["state", "gate_state", "amount_judged", *links])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT currency_id, company_id,
                       SUM(amount_judged) FILTER (WHERE gate_state = 'purchase'),
                       array_agg(id) FILTER (WHERE gate_state <> 'purchase'
                                                OR amount_judged IS NULL)
                  FROM purchase_order
                 WHERE state = 'purchase' AND (%s)
              GROUP BY currency_id, company_id
                """,
                condition,
            )
        )
        parts = []
        for currency_id, company_id, judged, waiting in rows:
            own = self.env["res.currency"].browse(currency_id)
            company = self.env["res.company"].browse(company_id)
            orders = self.browse(waiting or ())
            amount = float(judged or 0) + sum(o._get_judged_amount() for o in orders)
            parts.append(own._convert_known(amount, currency, company))
        return Amount.sum_of(parts)

    def _get_value_in(self, currency):
        """Judged amount, in `currency` at the server's day."""
        amount = self._get_judged_amount()
        return self.currency_id._convert_known(amount, currency, self.company_id)

    def _sum_values(self, currency):
        return Amount.sum_of(order._get_value_in(currency) for order in self)

    # === ENVELOPE === #
    # What an order must show under its file, and its envelope.

    def _get_not_digital_message(self, file):
        return tell(self.env)._(
            "%(file)s was not judged as a digital purchase, so nothing digital is "
            "ordered under it: choose another file.",
            file=file.display_name,
        )

    def _is_file_digital(self):
        """Whether the doctrine was asked of the file, or it was signed before. What
        was signed as not digital carries no digital order."""
        file = self._get_file()
        return bool(file) and (file.is_prior or file._get_judged_scope() != "out")

    def _finding_order_scope(self):
        """Nothing is ordered while the scope is unknown."""
        asked = self.scope_status == "ask"
        return {"": self._tell_scope_asked()} if asked else {}

    def _finding_order_open(self):
        """Its files take orders: signed and running, or launched where it is a need."""
        if self._is_ordered_by_who_took_over():
            return {"officer": self._get_four_eyes_message()}
        return {
            str(file.id): tell(self.env)._(
                "%(file)s takes no order now: it must be launched, signed where it is "
                "an agreement, and neither closed nor past its end.",
                file=file.display_name,
            )
            for file in self._get_file() | self._get_studied_file()
            if not file._takes_orders()
        }

    def _is_ordered_by_who_took_over(self):
        """Whether one person said that a contract exists, and orders under it."""
        file = self._get_file()
        buyers = self._get_askers() | self.env.user
        return file.is_prior and file.prior_officer_id in buyers

    def _get_four_eyes_message(self):
        return tell(self.env)._(
            "Four eyes: %(officer)s took %(file)s over, so another person orders under "
            "it.",
            officer=self._get_file().prior_officer_id.name,
            file=self._get_file().display_name,
        )

    def _finding_order_need(self):
        """The need is the agreement's; each order under an umbrella has its own."""
        agreement = self.requisition_id
        if not self._is_under_umbrella():
            return self._get_foreign_need_message() if agreement else {}
        if not self._is_file_missing():
            return {}
        return {
            "": tell(self.env)._(
                "%(agreement)s is an umbrella framework: link the need of this order "
                "in the banner of the order.",
                agreement=agreement.display_name,
            )
        }

    def _get_foreign_need_message(self):
        agreement = self.requisition_id
        if agreement.is_umbrella or self.need_id == agreement.need_id:
            return {}
        return {
            "foreign": tell(self.env)._(
                "The need of this order is not that of %(agreement)s: choose the "
                "agreement again.",
                agreement=agreement.display_name,
            )
        }

    def _finding_order_envelope(self):
        """Vendor, company, currency, products and amount are those judged, on the
        file and on the need it meets."""
        messages = {}
        for file in self._get_file() | self.need_id:
            broken = self._get_broken_limits(file)
            words = self._get_envelope_messages(file) if broken else {}
            messages |= {f"{file.id}-{key}": words[key] for key in broken}
        return messages

    def _get_broken_limits(self, file):
        """Names of the limits of `file` that this order is outside of."""
        own = file == self._get_file()
        limits = {
            "vendor": own and not self._is_vendor_judged(file),
            "company": file.company_id not in self.company_id.parent_ids,
            "currency": own and self.currency_id != file.currency_id,
            "products": bool(self._get_products_outside(file)),
            "amount": self._is_above_ceiling(file),
        }
        return [name for name, broken in limits.items() if broken]

    def _is_vendor_judged(self, file):
        """Whether the vendor holds the agreement; a need alone is signed with none."""
        holders = file._get_holders()
        signed = (
            file.requisition_type == "blanket_order"
            and file.gate_state in SIGNED_STATES
        )
        return self.partner_id._is_among(holders) if holders and signed else True

    def _get_products_outside(self, file):
        """Digital products that are not on the file, when it lists products."""
        listed = file.line_ids.product_id
        return self._get_ordered_products() - listed if listed else listed

    def _is_above_ceiling(self, file):
        """Whether the orders of the file, this one included, exceed what was judged."""
        ceiling = self._get_ceiling_under(file)
        if not ceiling.known:
            # Unknown is no ceiling; a contract signed before the rules may lack it.
            return file == self._get_studied_file() and not file.is_prior
        return self._get_placed_with(file).exceeds(ceiling, file.currency_id)

    def _get_ceiling_under(self, file):
        """What the orders of `file` may come to."""
        own = file == self._get_file()
        return file._get_order_ceiling() if own else file._get_value()

    def _tell_excess(self, holder, ceiling):
        """What the orders of a file, or a lot, come to with this one."""
        placed = self._get_placed_with(holder)
        return tell_excess(self.env, placed, ceiling, holder.currency_id)

    def _get_placed_with(self, holder):
        """What is ordered under a file or a lot once this order is confirmed."""
        unplaced = self._get_unplaced(holder.currency_id)
        return Amount.sum_of([holder._get_placed_amount(), unplaced])

    def _get_unplaced(self, currency):
        """What this order is worth, in `currency`, that the placed orders do not count
        yet: all of a draft, what was added since to a confirmed one."""
        amount = self._get_judged_amount()
        if self.state == "purchase":
            judged = self.gate_state == "purchase"
            amount = amount - self.amount_judged if judged else 0.0
        return self.currency_id._convert_known(amount, currency, self.company_id)

    def _get_envelope_messages(self, file):
        name = file.display_name
        return {
            "vendor": tell(self.env)._(
                "%(vendor)s is not a holder of %(file)s.",
                vendor=self.partner_id.display_name,
                file=name,
            ),
            "company": tell(self.env)._(
                "The order's company is neither that of %(file)s nor a part of it.",
                file=name,
            ),
            "currency": tell(self.env)._(
                "The order's currency is not that of %(file)s.", file=name
            ),
            "products": tell(self.env)._(
                "Products of the order are not on %(file)s: %(products)s.",
                file=name,
                products=", ".join(
                    self._get_products_outside(file).mapped("display_name")
                ),
            ),
            "amount": Told.join(
                [
                    tell(self.env)._(
                        "With this order, the orders of %(file)s exceed the amount "
                        "judged, or that amount is not known: see the top of the file.",
                        file=name,
                    ),
                    self._tell_excess(file, self._get_ceiling_under(file)),
                ]
            ),
        }

    # === COMPUTE METHODS === #
    @api.depends("requisition_id")
    def _compute_need_id(self):
        for order in self:
            agreement = order.requisition_id
            if agreement and not agreement.is_umbrella:
                order.need_id = agreement.need_id
            else:
                order.need_id = order.need_id

    @api.constrains("need_id", "requisition_id")
    def _check_links_read(self):
        """A file that the user may not read says nothing through an order. The host
        checks as the server, in one company: the user is asked for, in all theirs."""
        companies = self.env.user._get_company_ids()
        reader = self.sudo(False).with_context(allowed_company_ids=list(companies))
        for order in self.filtered(lambda o: o.scope_status != "out"):
            for file in (order.requisition_id | order.need_id).with_env(reader.env):
                if not file.has_access("read"):
                    raise AccessError(
                        self.env._(
                            "%(order)s: this purchase file is not one you may read. "
                            "Choose a file of your ministry.",
                            order=order.name,
                        )
                    )

    def _get_file(self):
        """The file this order answers to: its agreement, or else its need."""
        self.ensure_one()
        return self.sudo().requisition_id or self.sudo().need_id

    def _is_under_umbrella(self):
        """Whether the need is defined by this order, under someone's framework."""
        agreement = self.sudo().requisition_id
        return agreement.is_umbrella and not agreement.is_prior

    def _is_file_missing(self):
        """Whether the order has no file of its own: an umbrella's is not enough."""
        order = self.sudo()
        if not order._is_under_umbrella():
            return not order._get_file()
        return order.need_id in (order.need_id.browse(), order.requisition_id.need_id)

    def _get_studied_file(self):
        """The file whose study the order relies on: its own need's, under an umbrella
        framework."""
        order = self.sudo()
        return order.need_id if order._is_under_umbrella() else order._get_file()

    def _get_judged_files(self):
        """The files whose findings stand in the order's way: its agreement and, under
        an umbrella, its own need."""
        return self._get_file() | self._get_studied_file()

    # === WAY OUT OF A REFUSAL === #
    def action_create_file(self):
        """Create the purchase file of this RFQ from its lines, and link it."""
        self.check_access("write")
        self.ensure_one()
        if not self._is_file_missing():
            raise UserError(self.env._("This order already has a purchase file."))
        file = self.env["purchase.requisition"].create(self._prepare_file_vals())
        # By write: the onchange of the agreement would add its lines once more.
        self.write({"need_id": file.id})
        return open_form(file)

    def _prepare_file_vals(self):
        return self._prepare_light_vals() | {
            "requisition_type": "purchase_template",
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "vendor_id": self.partner_id.id,
            "reference": self._get_proposed_object(),
            "purchase_route": "call_off" if self.requisition_id else "no_competition",
            "scope_override": self.scope_override,
            "scope_reason": self.scope_reason,
            "line_ids": [
                fields.Command.create(self._prepare_file_line_vals(line))
                for line in self.order_line
                if line.product_id
            ],
        }

    def _prepare_file_line_vals(self, line):
        return {
            "product_id": line.product_id.id,
            "product_qty": line.product_qty,
            "product_uom_id": line.product_uom_id.id,
            "price_unit": line.price_unit,
        }

    def action_link_file(self):
        """List the files this order could be linked to."""
        self.check_access("write")
        self.ensure_one()
        return open_dialog(
            self.env["souverainete.link.file"],
            self.env._("Link to a purchase file"),
            default_order_id=self.id,
        )

    def action_open_file(self):
        """Open the file that a refusal of the order names."""
        self.check_access("read")
        return open_form(self._get_studied_file() or self._get_file())

    # === ORDER === #
    # References of the need and of the agreement, shown; the commitment is its own.

    @api.depends(
        "need_id.ref_approch",
        "need_id.ref_place",
        "need_id.ref_chorus_da",
        "need_id.ref_contract",
        "requisition_id.ref_contract",
        "requisition_id.ref_chorus_ej",
    )
    def _compute_references(self):
        for order in self:
            for name in self._get_shared_references():
                order[name] = order.need_id[name]
            agreement = order.requisition_id or order.need_id
            order.ref_contract = agreement.ref_contract
            order.ref_agreement_ej = order.requisition_id.ref_chorus_ej

    def _get_reference(self, name):
        """The commitment of the agreement stands for an order without its own."""
        own = super()._get_reference(name)
        return own or (name == "ref_chorus_ej" and self.ref_agreement_ej)
