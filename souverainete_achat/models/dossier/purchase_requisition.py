from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..base.amount import Amount
from ..base.finding import SIGNED_STATES
from ..base.reading import read_lines
from ..base.res_company import get_paris_day
from ..base.together import once
from ..base.told import tell
from ..policy.product_template import get_strictest
from ..policy.rule_part import CIRCUITS, NATURES, ROUTES
from .referenced import REFERENCES

COMPLIANCE = [
    ("out_of_scope", "Out of scope"),
    ("prior", "Signed before the rules"),
    ("incomplete", "Incomplete"),
    ("launched", "Launched"),
    ("compliant", "Compliant"),
    ("derogated", "Compliant by derogation"),
    ("lapsed", "Lapsed"),
]


class PurchaseRequisition(models.Model):
    """The purchase file: the need, the agreement, or both on one record."""

    _name = "purchase.requisition"
    _inherit = [
        "purchase.requisition",
        "souverainete.shared.need",
        "souverainete.valued",
        "souverainete.stated.file",
        "souverainete.scoped",
        "souverainete.referenced",
        "souverainete.worded",
        "souverainete.paged",
        "souverainete.stepped",
        "souverainete.enveloped",
        "souverainete.gated",
    ]
    _text_fields = ("reference", "description")
    _rec_names_search = ["name", "reference", *REFERENCES]

    entity_type = fields.Selection(
        related="company_id.public_entity_type", help="What its company is."
    )
    amount_estimated = fields.Monetary(
        string="Estimated value (excl. tax)",
        copy=False,
        help="Estimated value of the whole need over its whole duration, options and "
        "extensions included, in € HT.",
        guard="judged",
    )
    amount_estimated_known = fields.Boolean(
        string="Estimate known",
        copy=False,
        help="Unticked, the value is unknown: unknown is neither zero nor below a "
        "threshold.",
        guard="judged",
    )
    amount_max = fields.Monetary(
        string="Maximum amount (excl. tax)",
        copy=False,
        help="Ceiling of the sum of the orders, in € HT.",
        guard="judged",
    )
    amount_max_known = fields.Boolean(
        string="Maximum known", copy=False, guard="judged"
    )

    date_launch = fields.Datetime(
        string="Launched on",
        copy=False,
        tracking=True,
        help="When the consultation left (server time). Need, study, data answers, "
        "weights and opinion are frozen from then on.",
        guard="server",
    )
    gate_passed_on = fields.Datetime(
        string="Checks passed on",
        copy=False,
        help="When every check was passed and the agreement confirmed (server time).",
        guard="server",
    )
    gate_state = fields.Char(
        default="draft",
        copy=False,
        help="Last state the gate accepted; compared with the state to know what is "
        "being attempted, whoever wrote it.",
        guard="server",
    )
    gate_envelope = fields.Json(
        copy=False,
        help="What was judged: vendor, company, currency, products, € HT.",
        guard="server",
    )
    launch_digest = fields.Char(
        copy=False,
        help="SHA-256 of what was frozen when the consultation left.",
        guard="server",
    )
    evidence_rev = fields.Integer(
        default=0,
        aggregator=None,
        copy=False,
        help="Raised by each change of the file's evidence, so that the database "
        "refuses one of two people who act at once.",
        guard="server",
    )

    compliance_state = fields.Selection(
        COMPLIANCE,
        string="Compliance",
        default="out_of_scope",
        index=True,
        copy=False,
        help="Where the file stands, refreshed when evidence changes and every night. "
        "An indicator only: each act is judged again.",
        guard="server",
    )

    need_order_ids = fields.One2many(
        "purchase.order", "need_id", string="Orders of this need"
    )

    # === NEED AND AGREEMENT === #
    is_umbrella = fields.Boolean(
        string="Umbrella framework",
        help="A framework whose needs are defined at each order: each order carries "
        "its own need and is checked on it.",
        guard="judged",
    )
    holder_ids = fields.Many2many(
        "res.partner",
        "souverainete_requisition_holder_rel",
        string="Holders",
        help="Holders of an agreement signed by several; the vendor is one of them.",
        guard="judged",
    )
    # === WHAT IS BOUGHT, AND HOW === #
    cpv_code = fields.Char(
        string="Main CPV code",
        help="Main CPV code, as in the notice: 8 digits, with or without the check "
        "digit.",
        guard="judged",
    )
    scope_suggestion = fields.Selection(
        [("in", "Probably digital"), ("out", "Probably not"), ("none", "No idea")],
        copy=False,
        help="What the words of an imported purchase suggest. It decides nothing.",
    )
    purchase_nature = fields.Selection(NATURES, string="Nature", guard="judged")
    purchase_route = fields.Selection(
        ROUTES, string="Route", default="own", guard="judged"
    )
    date_end_estimated = fields.Boolean(
        string="End date estimated",
        copy=False,
        help="The end date was computed from the notification and the duration, "
        "extensions included; it was not read in the contract.",
    )

    circuit = fields.Selection(
        CIRCUITS,
        compute="_compute_circuit",
        help="How much is asked: from the estimated value (€ HT) of the whole need "
        "over its whole duration, from its project and from its data. The amounts are "
        "dated thresholds.",
    )

    ref_approch = fields.Char(
        string="APProch reference",
        copy=False,
        compute="_compute_shared_references",
        store=True,
        readonly=False,
        recursive=True,
        index="btree_not_null",
        help="Identifier or address of the purchasing project published in APProch. "
        "Typed once, on the need.",
    )
    ref_place = fields.Char(
        string="PLACE reference",
        copy=False,
        compute="_compute_shared_references",
        store=True,
        readonly=False,
        recursive=True,
        index="btree_not_null",
        help="Reference of the consultation on PLACE, the State's buyer profile. Typed "
        "once, on the need.",
    )
    ref_chorus_da = fields.Char(
        string="Chorus purchase request (DA)",
        compute="_compute_shared_references",
        store=True,
        readonly=False,
        recursive=True,
        copy=False,
        index="btree_not_null",
        help="Number of the purchase request (demande d'achat) in Chorus. Typed once, "
        "on the need.",
    )
    ref_contract = fields.Char(
        string="Contract number",
        index="btree_not_null",
        copy=False,
        help="Number of the contract, as notified to its holder and published in the "
        "essential data (DECP).",
    )
    ref_chorus_ej = fields.Char(
        string="Chorus commitment (EJ)",
        index="btree_not_null",
        copy=False,
        help="Number of the legal commitment (engagement juridique) of this agreement "
        "in Chorus. An order under a framework has its own.",
    )

    is_prior = fields.Boolean(
        string="Signed before the rules",
        copy=False,
        help="Taken over by an officer with its document. It takes orders until its "
        "end; renewing or amending it asks everything.",
        guard="server",
    )
    prior_officer_id = fields.Many2one(
        "res.users",
        string="Taken over by",
        readonly=True,
        copy=False,
        help="Officer who took the contract over: another person orders under it.",
        guard="server",
    )

    # Core's own fields, that the gate judges.
    company_id = fields.Many2one(guard="judged")
    currency_id = fields.Many2one(guard="judged")
    date_end = fields.Date(guard="judged")
    line_ids = fields.One2many(guard="judged")
    requisition_type = fields.Selection(guard="judged")
    vendor_id = fields.Many2one(guard="judged")
    # What is stated about the scope is judged once the file is launched.
    scope_override = fields.Selection(guard="judged")
    scope_reason = fields.Char(guard="judged")

    @api.depends(
        "scope_override",
        "scope_reason",
        "scope_agreed",
        "scope_officer_id",
        "company_id",
        "need_id",
        "scope_suggestion",
        "cpv_code",
        "amount_estimated",
        "amount_estimated_known",
        "amount_max",
        "amount_max_known",
        "line_ids.product_id",
        "line_ids.scope_words",
        "scope_words",
    )
    def _compute_scope(self):
        return super()._compute_scope()

    def _get_bought_lines(self):
        return read_lines(self, "line_ids")

    def _get_scope_codes(self):
        own = {self.cpv_code} if self.cpv_code else set()
        return own | super()._get_scope_codes()

    def _get_class_scope(self):
        """The main CPV code says of what class it is where products do not."""
        said = super()._get_class_scope()
        if not self.cpv_code:
            return said
        company = self.company_id
        own = self.env["souverainete.cpv.prefix"]._get_scope(
            self.cpv_code, company, company._souverainete_today()
        )
        return get_strictest({own, said} - {""})

    def _get_own_signs(self):
        """The object of the purchase."""
        return self._get_signs()

    def _get_seller_signs(self):
        sellers = self.vendor_id | self.vendor_id.commercial_partner_id
        return self._find_signs(sellers)

    def _derive_scope(self):
        """An agreement of a digital need is digital, whatever its lines say."""
        need = self.sudo().need_id
        if need._origin != self._origin and need._get_shared_scope() == "in":
            return "in"
        return super()._derive_scope()

    def _get_shared_scope(self):
        """What its orders and agreements take of it: what was judged while it holds, a
        draft's inputs otherwise."""
        return self.scope_status if self._is_held() else self._derive_scope()

    def _is_scope_due(self):
        """Where it is signed, and where more than what was settled is put on it."""
        if super()._is_scope_due():
            return True
        if self._is_entering():
            return True
        settled = self.scope_status == "out" and self.state == "confirmed"
        return settled and not self.is_prior and bool(self._get_judged_lines())

    def _get_inputs_scope(self):
        """A planned purchase that came without CPV is asked about."""
        asked = self.scope_suggestion and not self._get_scope_codes()
        return "ask" if asked else super()._get_inputs_scope()

    def _journal_scope(self):
        for file in self.filtered(lambda f: f.scope_override != "auto"):
            label = dict(
                self._fields["scope_override"]._description_selection(self.env)
            )
            file._journal(
                "scope",
                file._prepare_scope_payload(),
                self.env._("Stated: %(scope)s.", scope=label[file.scope_override]),
            )

    def _prepare_scope_payload(self):
        return {
            "scope": self.scope_override,
            "reason": self.scope_reason or "",
            "officer": self.scope_officer_id.login or "",
            "agreed": self.scope_agreed or None,
            "value": self._get_value().stated_value,
        }

    def _is_entering(self):
        """Entering `confirmed` from any state, and `done` from anything else."""
        if self.state == self.gate_state:
            return False
        return self.state == "confirmed" or (
            self.state == "done" and self.gate_state != "confirmed"
        )

    @api.model
    def _get_content_fields(self):
        """What is judged: typing a reference is no part of a decision."""
        judged = self._get_guarded_fields("judged", "frozen")
        return super()._get_content_fields() & judged

    # === FINDINGS === #
    # What is missing on a file: every room is asked, in the order users read.

    def _get_judged_scope(self):
        """The scope to judge by: what was judged while it holds; what is a draft, was
        stated, or is shared with a need, is derived again from its inputs."""
        shared = self.need_id != self
        # A contract of before whose products changed class since: see `_reclassify`.
        drifted = self.is_prior and self.scope_drift
        judged = self._is_held() and self.scope_override == "auto"
        if judged and not shared and not drifted:
            return self.scope_status
        return self._derive_scope()

    # === GATE === #
    # The gate: nothing is signed before every room is satisfied.

    def _prepare_settled(self):
        """Products settle by their class; what was stated is judged as it changes, and
        counts from its day."""
        by_class = self.scope_override == "auto"
        amounts = self._get_typed_amounts() if by_class else {}
        today = fields.Date.to_string(self.company_id._souverainete_today())
        return {"out_of_scope": True, "products": amounts, "on": today}

    def _get_settled_amounts(self):
        """What was judged not digital when the agreement was confirmed."""
        envelope = self.gate_envelope or {}
        settled = self.gate_state in SIGNED_STATES and envelope.get("out_of_scope")
        return envelope["products"] if settled else {}

    # === WHAT IS SIGNED === #

    def _get_holders(self):
        """The companies that hold, or would hold, the agreement."""
        return (self.vendor_id | self.holder_ids)._get_companies()

    def _get_ceiling(self):
        """The maximum of the agreement, or the sum of its lines; its estimate where it
        has neither."""
        maximum, lines = Amount.stated(self, "amount_max"), self._get_lines_amount()
        if maximum.known or lines.known:
            return maximum if maximum.known else lines
        signed = self.requisition_type == "blanket_order"
        return Amount.stated(self, "amount_estimated") if signed else lines

    def _get_codes_of_launch(self):
        return super()._get_codes_of_launch() | {"launched"}

    def _finding_launched(self, options):
        """Where a consultation is published, it was launched before the award."""
        need = self.need_id
        if need.date_launch or not need._is_published():
            return {}
        return {
            "": tell(self.env)._(
                "The consultation was not launched: use the button “Launch the "
                "consultation” of %(need)s.",
                need=need.display_name,
            )
        }

    # === ORDERS === #
    def _get_order_ceiling(self):
        """What the sum of the orders may not exceed."""
        ceiling = self._get_ceiling()
        return ceiling if ceiling.known else Amount.stated(self, "amount_estimated")

    def _is_running(self, date):
        """Whether orders may still be placed on `date`: not after the end."""
        return not self.date_end or self.date_end >= date

    def _takes_orders(self):
        """Signed and running for an agreement; launched for a need without one."""
        if not self._is_running(self.company_id._souverainete_today()):
            return False
        if self.requisition_type == "blanket_order":
            return self.gate_state == "confirmed"
        launched = self.date_launch or not self._is_published()
        return bool(launched) and self.state != "cancel"

    # === DECLARATION === #
    # Declarations: what may still change on a launched or signed file.

    def _get_held_files(self):
        """Launched or signed files that a change of self's content is judged on."""
        digital = self.filtered(
            lambda f: (
                "out" != (f._get_judged_scope() if f._is_held() else f.scope_status)
            )
        )
        digital._read_lists()
        shared = digital.filtered(lambda f: f.need_id == f).agreement_ids
        return (digital | shared).filtered(lambda f: f._is_held())

    def _is_held(self):
        return bool(self.date_launch) or self.gate_state in SIGNED_STATES

    # === WHO IS TOLD === #

    def _is_signed(self):
        """Whether something was signed: confirming a template only launches its need,
        and its orders sign."""
        if self.requisition_type == "purchase_template":
            return any(order.state == "purchase" for order in self.need_order_ids)
        return bool(self.gate_passed_on)

    def _get_told_buyer(self):
        """The buyer, while they work for the ministry of the file; empty otherwise."""
        buyer = (self.user_id or self.create_uid).sudo()
        return buyer.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )

    def _get_told_user(self):
        """Whom to tell: the buyer, else an officer; the buyer of the record where
        there is neither."""
        told = self._get_told_buyer()
        if not told:
            officers = self.company_id._get_role_users("group_officer")
            told = officers.sorted("id")[:1] or self.user_id or self.create_uid
        return told

    def _get_told_users(self):
        """The buyer; every officer where nobody buys under it any more."""
        buyer = self.user_id and self._get_told_buyer()
        return buyer or self.company_id._get_role_users("group_officer")

    # === PLACED === #
    # What was ordered under a file, and for how much.

    def _get_placed_condition(self):
        """SQL on purchase_order: what counts as placed under this file."""
        return SQL(
            """need_id = %s OR requisition_id = %s OR requisition_id IN (
                SELECT id FROM purchase_requisition WHERE need_id = %s)""",
            self.id,
            self.id,
            self.id,
        )

    def _get_placed_orders(self):
        """Confirmed orders under this file, whatever the user may see of them."""
        return self.env["purchase.order"]._get_confirmed(self._get_placed_condition())

    def _get_placed_amount(self):
        """Sum of the confirmed orders under this file, in its currency."""
        orders = self.env["purchase.order"]
        return once(
            self.env,
            ("placed", self),
            lambda: orders._sum_judged(self._get_placed_condition(), self.currency_id),
        )

    # === CONSTRAINTS === #
    @api.constrains("cpv_code")
    def _check_cpv_code(self):
        for file in self:
            self.env["souverainete.cpv.prefix"]._check_code(file.cpv_code)

    # === FILE === #
    def _is_published(self):
        """Whether a consultation is published, so that launch and award are two acts.

        Orders to UGAP, under someone's framework or without competition publish
        nothing: launching and confirming are then one click.
        """
        return self.purchase_route in (False, "own", "subsequent")

    # === CRUD === #
    @api.model_create_multi
    def create(self, vals_list):
        """A form sends an empty need: the file then carries its own."""
        for vals in vals_list:
            if not vals.get("need_id", True):
                del vals["need_id"]
        return super().create(vals_list)

    def write(self, vals):
        """A form that empties the need means: the file carries its own again."""
        with self._writing(vals):
            if vals.get("need_id", True):
                return super().write(vals)
            for file in self:
                super(PurchaseRequisition, file).write({**vals, "need_id": file.id})
            return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        """A file that was launched, signed or journalled is evidence."""
        kept = self.sudo().filtered(lambda f: f._has_evidence())
        if kept:
            raise UserError(
                self.env._(
                    "%(files)s cannot be deleted: decisions were recorded on them. "
                    "Cancel or archive them instead.",
                    files=", ".join(kept.mapped("display_name")),
                )
            )

    def _get_locked(self):
        return super()._get_locked() | self.need_id

    def _get_judged_lists(self):
        own = [(self.need_id, "agreement_ids"), (self, "holder_ids")]
        return super()._get_judged_lists() + own

    def _has_evidence(self):
        decided = self.date_launch or self.gate_passed_on or self.is_prior
        return bool(decided or super()._has_evidence())

    def _get_launch_content(self):
        return super()._get_launch_content() | {
            "file": {
                "cpv": self.cpv_code or "",
                "nature": self.purchase_nature or "",
                "route": self.purchase_route or "",
                "scope": self.scope_override,
                "umbrella": self.is_umbrella,
            }
        }

    # === CIRCUIT === #
    # How much is asked of a file: from what the whole need is worth, and its
    # data.

    @api.depends(
        "amount_estimated", "amount_estimated_known", "amount_max", "amount_max_known"
    )
    def _compute_circuit(self):
        for file in self:
            file.circuit = file.need_id._get_circuit() if file.need_id else "standard"

    def _get_circuit(self):
        """`light` only when the value is known to be below the light ceiling."""
        return once(self.env, ("circuit", self), self._find_circuit)

    def _find_circuit(self):
        if self._is_reinforced():
            return "reinforced"
        return "light" if self._is_light() else "standard"

    def _get_launch_day(self):
        """Day in Paris when the consultation of the need was engaged; empty before."""
        launched = self.need_id.date_launch
        return launched and get_paris_day(launched)

    def _get_engaged_day(self):
        return self._get_launch_day() or super()._get_engaged_day()

    def _is_reinforced(self):
        """Rooms say what else makes a file reinforced (data, project)."""
        amount, known = self._get_value()
        return known and self._is_reached("reinforced", amount)

    def _is_light(self):
        amount, known = self._get_value()
        return known and self._is_below("light", amount)

    # === FACTS === #
    # What happens when a fact changed.

    def _reassess(self):
        """A fact changed: judge the files of these needs again.

        Their rows are touched, so that a confirmation running at the same moment
        conflicts instead of relying on what no longer holds.
        """
        files = self | self.need_id | self.need_id.agreement_ids
        files._touch_evidence()
        files._refresh_compliance()

    def _get_turn_role(self, role, code):
        """What too many stated together waits for an officer."""
        passed = code == "scope" and self._get_stated_passed()
        return "officer" if passed else super()._get_turn_role(role, code)

    # === REFERENCES === #
    # References typed once: those of the need are shown on its agreements.

    @api.depends(
        "need_id", "need_id.ref_approch", "need_id.ref_place", "need_id.ref_chorus_da"
    )
    def _compute_shared_references(self):
        """An agreement shows its need's; what it had alone is not lost."""
        for file in self:
            for name in self._get_shared_references():
                file[name] = file.need_id[name] or file[name]
