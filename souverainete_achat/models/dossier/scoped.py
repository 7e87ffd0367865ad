from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..base.amount import Amount
from ..base.told import Money, tell
from ..policy.product_template import get_strictest
from ..policy.scope_word import Signs

_FACT = "scope_out"

SCOPES = [("in", "Digital"), ("ask", "To be stated"), ("out", "Not digital")]


class Scoped(models.AbstractModel):
    """Is this purchase digital? Derived from the classes of what is bought (CPV codes,
    Chorus groups) and from its words, or stated with a reason.

    No class at all is not “no”: words ask at once, and an amount once an officer
    switched that on.
    """

    _name = "souverainete.scoped"
    _inherit = ["souverainete.authored"]
    _description = "Scope of the digital doctrine"
    _asker_fields = ("user_id",)

    scope_override = fields.Selection(
        [
            ("auto", "According to the CPV codes"),
            ("in", "Digital"),
            ("out", "Not digital"),
        ],
        string="Digital purchase",
        required=True,
        default="auto",
        copy=False,
        tracking=True,
        help="Where the CPV codes do not say. Out asks a reason and, above a dated "
        "amount (€ HT) or an unknown one, the compliance officer's agreement.",
    )
    scope_reason = fields.Char(
        string="Reason for the scope",
        copy=False,
        tracking=True,
        help="Why the purchase is not digital although its codes say so.",
    )
    scope_status = fields.Selection(
        SCOPES,
        string="Scope",
        compute="_compute_scope",
        store=True,
        copy=False,
        help="Digital: the doctrine applies. To be stated: the codes do not say, and "
        "nothing can be launched or signed before someone does.",
        guard="server",
    )
    is_digital = fields.Boolean(
        compute="_compute_scope", store=True, copy=False, guard="server"
    )
    scope_drift = fields.Boolean(
        string="Reclassified since",
        copy=False,
        help="A product changed class after this was confirmed. The record itself "
        "stays as it was judged.",
        guard="server",
    )

    scope_officer_id = fields.Many2one(
        "res.users",
        string="Scope agreed by",
        copy=False,
        tracking=True,
        help="Officer who agreed that the purchase is not digital.",
        guard="server",
    )
    scope_agreed = fields.Json(
        copy=False,
        help="What the officer agreed to: amount (€ HT), currency and CPV codes. More "
        "than that needs another agreement.",
        guard="server",
    )
    scope_waiting = fields.Char(
        string="Scope awaits",
        compute="_compute_scope_waiting",
        help="Why “not digital” does not hold yet, and who is awaited.",
    )

    def _get_bought_lines(self):
        """Lines of what is bought."""
        return self.browse()

    def _get_proposed_object(self):
        """What is bought, in the words of its products: the object that is proposed."""
        names = self._get_bought_lines().product_id.mapped("name")
        return ", ".join(dict.fromkeys(names))

    def _get_settled_amounts(self):
        """{id of a product, as text: € HT} that was already judged not digital, and
        stays so whatever the product became since."""
        return {}

    def _get_judged_lines(self):
        """The lines that say what is bought, but what was settled: as much of it, and
        no more."""
        lines = self._get_bought_lines()
        if not (settled := self._get_settled_amounts()):
            return lines
        amounts = self._get_typed_amounts()
        kept = {
            product
            for product, amount in amounts.items()
            if self._is_within(amount, settled.get(product))
        }
        return lines.filtered(lambda line: str(line.product_id.id) not in kept)

    def _is_within(self, amount, settled):
        if settled is None:
            return False
        currency = self.currency_id or self.company_id.currency_id
        return currency.compare_amounts(amount, settled) <= 0

    def _get_typed_amounts(self):
        """{id of a product, as text: € HT}, from what was typed on the lines."""
        amounts = {}
        for line in self._get_bought_lines():
            product = str(line.product_id.id)
            amounts[product] = amounts.get(product, 0.0) + line._get_typed_amount()
        return amounts

    def _get_scope_codes(self):
        """The classes and the words that say what is bought."""
        lines = self._get_judged_lines()
        classes = lines.product_id.product_tmpl_id._get_class_codes()
        return classes | self._get_scope_words()

    @api.model
    def _get_product_codes(self, products):
        codes = {product._get_cpv_code() for product in products.product_tmpl_id}
        return codes - {False}

    def _get_value(self):
        """Amount HT, in the record's currency, of what is bought."""
        return Amount.unknown()

    def _get_buyers(self):
        """Who buys, whoever else wrote a part of it."""
        return self.create_uid | self.user_id

    # === READING === #

    def web_read(self, specification):
        """What is not digital has none of the addon's lists: they are not read."""
        if not self or any(record.scope_status != "out" for record in self):
            return super().web_read(specification)
        blank = self._get_blank_values(specification)
        asked = {
            name: spec for name, spec in specification.items() if name not in blank
        }
        return [{**row, **blank} for row in super().web_read(asked)]

    @api.model
    def _get_blank_values(self, names):
        """{name: empty value} of the fields among `names` that only the addon knows,
        and that cost a reading of their own."""
        fields_ = [self._fields[name] for name in names if name in self._fields]
        return {
            field.name: [] if field.type in ("one2many", "many2many") else False
            for field in fields_
            if field._modules == ("souverainete_achat",)
            and field.name != "entity_type"
            and (not field.store or field.type in ("one2many", "many2many"))
        }

    # === SCOPE === #
    def _compute_scope(self):
        for record in self:
            record.scope_status = record._derive_scope()
            record.is_digital = record.scope_status == "in"

    @api.constrains("scope_status", "is_digital")
    def _check_scope_is_derived(self):
        """A stored compute is a plain column that anybody could write by RPC."""
        for record in self:
            scope = record._derive_scope()
            if (record.scope_status, record.is_digital) != (scope, scope == "in"):
                raise ValidationError(
                    self.env._(
                        "The scope of %(name)s is derived from its CPV codes and "
                        "cannot be written.",
                        name=record.display_name,
                    )
                )

    def _derive_scope(self):
        """`in`, `ask` or `out`, from the inputs alone."""
        self.ensure_one()
        if not self.company_id._is_concerned():
            return "out"
        if self.scope_override == "in":
            return "in"
        scope = self._get_inputs_scope()
        said = self.scope_override == "out" or (
            scope == "ask" and self._is_remembered()
        )
        return "out" if said and self._is_scope_out_allowed(scope) else scope

    def _is_remembered(self):
        """Whether “not digital” was said before of what is asked about."""
        return False

    def _get_inputs_scope(self):
        """What the classes, the words and the amount of what is bought say together,
        whatever was stated."""
        scope = self._get_class_scope()
        if scope in ("in", "ask"):
            return scope
        asked = self._get_scope_words() or (not scope and self._is_unclassified_asked())
        return "ask" if asked else "out"

    def _get_class_scope(self):
        """The strictest of what the classes of what is bought say; empty where some of
        it has none. Nothing at all is not digital."""
        lines = self._get_judged_lines()
        return get_strictest(set(self._get_scopes(lines).values()) or {"out"})

    def _get_scopes(self, lines):
        """{product: `in`, `ask`, `out` or nothing} of what these lines buy."""
        company = self.company_id
        today = company._souverainete_today()
        templates = lines.product_id.product_tmpl_id
        return {product: product._get_scope(company, today) for product in templates}

    # === WORDS === #

    def _get_scope_words(self):
        """The words for which the scope is asked."""
        lines = self._get_judged_lines()
        signs = self._get_own_signs()
        for line in lines:
            signs |= line._get_signs()
        if signs.ambiguous or "" in self._get_scopes(lines).values():
            # Who sells it is a sign where its class does not say what it is.
            signs |= self._get_seller_signs()
        return signs.get_asking()

    def _get_own_signs(self):
        """Signs in the object of the purchase."""
        return Signs()

    def _get_seller_signs(self):
        """Signs in the name of who sells it."""
        return Signs()

    # === WITHOUT A CLASS === #

    def _is_unclassified_asked(self):
        """Whether what has no class is asked about: from a dated amount, once an
        officer switched that rule from warning to asking."""
        if not self._is_unclassified_watched():
            return False
        amount, known = self._get_unclassified_amount()
        return known and self._is_reached("scope_unclassified", amount)

    def _is_unclassified_watched(self):
        company = self.company_id
        return self.env["souverainete.rule"]._is_code_blocking(
            "order_unclassified", company.id, company._souverainete_today()
        )

    def _get_unclassified_amount(self):
        """€ HT of what has no class."""
        return self._get_value()

    # === ACTS === #
    # The stored scope is for lists: each act derives it again, from inputs that live
    # on other records (products, categories, prefixes, words, needs).

    def _refresh_scope(self):
        """Derive the scope again, where it may have changed unseen."""
        self.filtered(lambda record: record._is_scope_due())._derive_again()

    def _derive_again(self):
        stale = self.filtered(lambda r: r.scope_status != r._derive_scope())
        for name in ("scope_status", "is_digital"):
            self.env.add_to_compute(self._fields[name], stale)

    def _is_scope_due(self):
        """Whether the scope is derived again now. What was stated depends on amounts,
        which the stored scope does not follow: that would burden each line."""
        return self.scope_override == "out"

    def _is_below(self, kind, amount):
        """Whether `amount` (HT) is below the threshold of `kind`, if there is one."""
        return self._compare_to_threshold(kind, amount) is False

    def _is_reached(self, kind, amount):
        """Whether `amount` (HT) reaches the threshold of `kind`, if there is one."""
        return self._compare_to_threshold(kind, amount) is True

    def _compare_to_threshold(self, kind, amount):
        """True when `amount` reaches it, False below it, None without a threshold."""
        company, day = self.company_id, self._get_engaged_day()
        threshold = self.env["souverainete.threshold"]._get(kind, company, day)
        currency = self.currency_id or company.currency_id
        if not threshold:
            return None
        return threshold._is_reached_by(amount, currency, company, day)

    def _get_engaged_day(self):
        """Day whose amounts apply: that of the consultation, once it was engaged
        (décret 2025-1386 counts from it), and today before."""
        return self.company_id._souverainete_today()

    def _reclassify(self):
        """Recompute drafts after a product changed class; mark what is confirmed."""
        drafts = self.filtered(lambda r: r._is_scope_open())
        for name in ("scope_status", "is_digital"):
            self.env.add_to_compute(self._fields[name], drafts)
        drifted = (self - drafts).filtered(lambda r: r._is_scope_drifting())
        drifted._write_server({"scope_drift": True})

    def _is_scope_drifting(self):
        """Whether what was bought would be judged otherwise today."""
        scope = get_strictest(self._get_scopes(self._get_bought_lines()).values())
        return (scope or "out") != self.scope_status

    def _is_scope_open(self):
        """Whether nothing was decided yet on the strength of the scope."""
        return self.state in ("draft", "sent")

    def action_scope_in(self):
        """The buyer states that the purchase is digital, or the officer answers so."""
        self.check_access("write")
        waiting = self.filtered(lambda record: record._is_scope_waiting())
        self.write({"scope_override": "in"})
        waiting._answer_scope(
            lambda read: read.env._("Not agreed: this is a digital purchase.")
        )

    def action_scope_out(self):
        """The buyer states that the purchase is not digital: why it was asked about is
        the reason, where no other is given."""
        self.check_access("write")
        for record in self:
            reason = (record.scope_reason or "").strip()
            record.write(
                {
                    "scope_override": "out",
                    "scope_reason": reason or record._get_asked_reason(),
                }
            )

    def _tell_scope_asked(self):
        """Why somebody has to say whether this is digital, and where."""
        if words := self._get_scope_words():
            return tell(self.env)._(
                "Say whether this purchase is digital, as “%(words)s” may be. Answer "
                "in its banner.",
                words=sorted(words),
            )
        return tell(self.env)._(
            "Say whether this purchase is digital: its classes (CPV codes, Chorus "
            "groups of goods) do not tell. Answer in its banner."
        )

    def _get_asked_reason(self):
        words = ", ".join(sorted(self._get_scope_codes()))
        return self.env._(
            "Asked about because of: %(signs)s. The buyer says that it is not digital.",
            signs=words or self.env._("no class"),
        )

    # === SCOPED AGREEMENT === #
    # “Not digital”, against the CPV codes: a reason, and an officer's agreement
    # above a dated amount.

    # === WHAT WAS AGREED === #
    def _is_scope_out_allowed(self, scope):
        """Whether “not digital” holds: a reason, and the officer above the amount."""
        if scope == "out" or self._is_as_agreed():
            return True
        said = self.scope_override == "auto" or (self.scope_reason or "").strip()
        return bool(said) and self._is_below_scope_out()

    def _is_as_agreed(self):
        """Whether this is still within what the officer agreed to."""
        agreed = self.scope_officer_id and self.scope_agreed
        if not agreed:
            return False
        now = self._prepare_scope_agreed()
        if None in (now["amount"], agreed["amount"]):
            within = now["amount"] is agreed["amount"]
        else:
            within = now["amount"] <= agreed["amount"]
        same = now["currency"] == agreed["currency"]
        return within and same and set(now["codes"]) <= set(agreed["codes"])

    def _prepare_scope_agreed(self):
        return {
            "amount": self._get_value().stated_value,
            "currency": self.currency_id.id,
            "codes": sorted(self._get_scope_codes()),
        }

    def _is_below_scope_out(self):
        amount, known = self._get_value()
        return known and self._is_below("scope_out", amount)

    # === WAITING FOR THE OFFICER === #
    @api.depends("scope_override", "scope_status", "scope_officer_id")
    def _compute_scope_waiting(self):
        for record in self:
            waiting = record._is_scope_waiting()
            record.scope_waiting = waiting and record._describe_scope_waiting()

    def _is_scope_waiting(self):
        """Whether “not digital” was said, and holds only once an officer agrees."""
        if self.scope_override != "out" or not self._is_scope_open():
            return False
        return not self._is_scope_out_allowed(self._get_inputs_scope())

    def _describe_scope_waiting(self):
        told = tell(self.env)
        names = self._get_awaited_officers().sorted("name").mapped("name")
        awaited = told._("Awaited: %(names)s.", names=names) if names else ""
        return " ".join(
            part for part in (self._describe_scope_limit(), awaited) if part
        )

    def _describe_scope_limit(self):
        """What the buyer alone may say, by the threshold of the ministry."""
        told, company = tell(self.env), self.company_id
        today = company._souverainete_today()
        threshold = self.env["souverainete.threshold"]._get("scope_out", company, today)
        if not threshold:
            return told._("A compliance officer agrees, whatever the amount.")
        ceiling = Money(threshold.amount, threshold.currency_id)
        if self._get_value().known:
            return told._(
                "From %(ceiling)s excl. tax on, a compliance officer agrees.",
                ceiling=ceiling,
            )
        return told._(
            "The amount is unknown: give it if it is below %(ceiling)s excl. tax; "
            "otherwise a compliance officer agrees.",
            ceiling=ceiling,
        )

    def _get_awaited_officers(self):
        """Officers of the ministry who did not ask: one of them agrees."""
        officers = self.company_id._get_role_users("group_officer")
        return officers - self._get_askers()

    def _follow_scope_statement(self):
        """Officers are told of what waits for them, and no more of what does not."""
        activities = self.env["mail.activity"]
        for record in self:
            if not record._is_scope_waiting():
                activities._untell(record, _FACT)
                continue
            activities._tell(
                record,
                _FACT,
                record._get_awaited_officers(),
                lambda read: read.env._("Agree that it is not digital, or say it is"),
                act_type_xmlid="mail.mail_activity_data_todo",
            )

    def _answer_scope(self, body):
        """The buyer who asked is answered, by somebody else. `body`: the answer, from
        the record in the language of who reads it."""
        for record in self:
            buyers = record._get_buyers() - self.env.user
            for buyer in buyers.sudo().filtered("active"):
                record.message_post(
                    body=body(record.with_context(lang=buyer.lang)),
                    partner_ids=buyer.partner_id.ids,
                )

    # === AGREEING === #
    def action_agree_out_of_scope(self):
        """The officer agrees that the purchase is not digital. Four eyes."""
        self.check_access("read")
        for record in self:
            record._check_officer_agrees()
            record._write_server(
                {
                    "scope_officer_id": self.env.uid,
                    "scope_agreed": record._prepare_scope_agreed(),
                    **record._prepare_decided(),
                }
            )
            record._journal_scope()
        self._follow_scope_statement()
        self._answer_scope(lambda read: read.env._("Agreed: this is not digital."))

    def _check_officer_agrees(self):
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(
                self.env._("Only a compliance officer can agree to this.")
            )
        self._check_four_eyes(
            self.env._("Four eyes: another officer has to agree to this purchase.")
        )
        stated = self.scope_override == "out" and self.scope_reason
        if not stated or not self._get_askers():
            raise UserError(
                self.env._(
                    "%(name)s: the buyer states first that it is not digital, with a "
                    "reason.",
                    name=self.display_name,
                )
            )

    def _journal_scope(self):
        """Record who took what out of scope, where the record has a journal."""

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records.filtered(lambda r: r.scope_override == "out")._follow_scope_statement()
        return records

    def write(self, vals):
        """A new statement or reason needs a new agreement of the officer."""
        stated = {"scope_override", "scope_reason"} & set(vals)
        if stated and not self._is_granted("write", vals):
            agreed = self.filtered("scope_officer_id")
            agreed._write_server({"scope_officer_id": False, "scope_agreed": False})
        res = super().write(vals)
        if stated:
            self._journal_scope()
            self._follow_scope_statement()
        return res
