import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..base.documents import get_digest, get_document_gap
from ..base.text import is_blank
from .dates import shift_end

_CONTENT = frozenset(
    {
        "amount",
        "amount_known",
        "cost_included",
        "date",
        "date_end_new",
        "document",
        "document_name",
        "duration_months",
        "ground",
        "ground_reason",
        "line_ids",
        "name",
        "requisition_id",
        "vendor_id",
    }
)


class Amendment(models.Model):
    """A modification of a signed agreement: what it changes is judged, then signed.

    Signed, it is never rewritten, and the agreement may go exactly as far as it says.
    """

    _name = "souverainete.amendment"
    _inherit = [
        "souverainete.amendment.bounds",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Amendment"
    _order = "requisition_id, number, id"
    _number_uniq = models.Constraint(
        "UNIQUE (requisition_id, number)",
        "An agreement has one amendment per number.",
    )
    _duration_bounded = models.Constraint(
        "CHECK (duration_months BETWEEN -1200 AND 1200)",
        "An amendment adds or removes at most 1200 months.",
    )

    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Agreement",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[
            ("requisition_type", "=", "blanket_order"),
            ("state", "=", "confirmed"),
        ],
        help="The signed agreement that is modified.",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id",
        string="Ministry",
        store=True,
        index=True,
        guard="server",
    )
    currency_id = fields.Many2one(related="requisition_id.currency_id")
    number = fields.Integer(
        string="No.",
        aggregator=None,
        help="Rank among the amendments of the agreement.",
        guard="server",
    )
    name = fields.Char(string="Object", required=True, help="What it is about.")
    ground = fields.Selection(
        [
            ("provided", "Provided for in the contract"),
            ("additional", "Additional services became necessary"),
            ("unforeseen", "Unforeseen circumstances"),
            ("holder", "New holder"),
            ("insubstantial", "Not substantial"),
            ("small", "Small amount"),
        ],
        string="Case of modification",
        help="Case of the modification (CCP R. 2194-1 to R. 2194-9). How far each goes "
        "is a dated percentage, with its source (menu “Percentages”).",
    )
    ground_reason = fields.Text(
        string="Reasons", help="Why this case holds, for those who read it later."
    )
    date = fields.Date(
        help="Day the amendment is signed by the parties.",
        default=lambda self: self.env.company._souverainete_today(),
    )
    state = fields.Selection(
        [("draft", "Draft"), ("signed", "Signed")],
        required=True,
        default="draft",
        copy=False,
        tracking=True,
        guard="server",
    )
    document = fields.Binary(attachment=True, copy=False, help="The signed amendment.")
    document_name = fields.Char(copy=False)
    # === WHAT IT CHANGES === #
    amount = fields.Monetary(
        string="Amount (excl. tax)",
        help="What it adds to the agreement, in € HT; negative when it takes away.",
    )
    amount_known = fields.Boolean(
        string="Amount known",
        help="Unticked, the amount is unknown, which is not zero. Tick it for an "
        "amendment without effect on the amount.",
    )
    duration_months = fields.Integer(
        string="Months added",
        help="Calendar months added to the agreement; negative when it is shortened.",
    )
    date_end_new = fields.Date(
        string="New end",
        compute="_compute_date_end_new",
        store=True,
        precompute=True,
        readonly=False,
        help="Last day of the agreement once amended. Empty: the end does not change.",
    )
    vendor_id = fields.Many2one(
        "res.partner",
        string="New holder",
        ondelete="restrict",
        help="Who takes the contract over from its vendor. Empty: the holder stays.",
    )
    line_ids = fields.One2many(
        "souverainete.amendment.line",
        "amendment_id",
        string="Products added",
        help="What the agreement did not cover: judged as it would be in a new one.",
    )
    cost_included = fields.Boolean(
        string="Already in the project's cost",
        help="Tick it where the cost lines of the digital project already count this "
        "amount. Otherwise signing adds it to them, and the DINUM's threshold is "
        "compared with the sum.",
    )
    # === WHAT SIGNING RECORDS === #
    amount_before = fields.Monetary(
        string="Amount before (excl. tax)",
        copy=False,
        help="€ HT, when it was signed.",
        guard="server",
    )
    amount_before_known = fields.Boolean(
        string="Amount before known", copy=False, guard="server"
    )
    date_end_before = fields.Date(string="End before", copy=False, guard="server")
    signed_on = fields.Datetime(string="Recorded on", copy=False, guard="server")
    signed_by_id = fields.Many2one(
        "res.users", string="Recorded by", copy=False, guard="server"
    )
    share = fields.Float(
        string="Cumulated share",
        copy=False,
        aggregator=None,
        help="Sum of the amendments signed, this one included, over the amount of the "
        "agreement before the first one, both in € HT.",
        guard="server",
    )
    share_known = fields.Boolean(
        string="Share known",
        copy=False,
        help="Unticked where the initial amount, or that of an amendment, is unknown.",
        guard="server",
    )

    # === COMPUTE METHODS === #
    @api.depends("requisition_id", "number")
    def _compute_display_name(self):
        for amendment in self:
            file = amendment.requisition_id.display_name or ""
            amendment.display_name = (
                self.env._(
                    "%(file)s, amendment %(number)s",
                    file=file,
                    number=amendment.number,
                )
                if amendment.number
                else self.env._("%(file)s, new amendment", file=file)
            )

    @api.depends("duration_months", "requisition_id")
    def _compute_date_end_new(self):
        for amendment in self:
            end, months = amendment.requisition_id.date_end, amendment.duration_months
            start = amendment.requisition_id.date_start
            if end and months:
                amendment.date_end_new = shift_end(end, months, start)
            else:
                amendment.date_end_new = amendment.date_end_new

    @api.onchange("amount")
    def _onchange_amount(self):
        self.amount_known = bool(self.amount)

    # === INTEGRITY === #
    # An amendment belongs to one running agreement, and once signed it stays.

    @api.constrains("requisition_id")
    def _check_agreement_runs(self):
        for file in self.requisition_id:
            if file.requisition_type != "blanket_order" or file.state != "confirmed":
                raise ValidationError(
                    self.env._(
                        "%(file)s is not a running agreement: only what was signed is "
                        "amended.",
                        file=file.display_name,
                    )
                )

    def action_open(self):
        """Open it from the list of its agreement."""
        self.check_access("read")
        return self.get_formview_action()

    @api.model_create_multi
    def create(self, vals_list):
        amendments = super().create(vals_list)
        for amendment in amendments:
            amendment._write_server({"number": amendment._get_next_number()})
        return amendments

    def _get_next_number(self):
        known = self.sudo().search_fetch(
            [("requisition_id", "=", self.requisition_id.id), ("number", "!=", 0)],
            ["number"],
        )
        return max(known.mapped("number"), default=0) + 1

    def write(self, vals):
        if not self._is_granted("write", vals):
            self._check_editable(_CONTENT & set(vals))
        return super().write(vals)

    def _check_editable(self, names):
        if "requisition_id" in names:
            raise UserError(self.env._("An amendment keeps its agreement."))
        for amendment in self.filtered(lambda a: a.state == "signed"):
            if names:
                raise UserError(
                    self.env._(
                        "%(name)s is signed: it is not rewritten. Prepare another one.",
                        name=amendment.display_name,
                    )
                )

    @api.model
    def _get_kept_documents(self, documents):
        """Those among `documents` that are a signed amendment."""
        return documents.filtered(
            lambda d: (
                d.res_field == "document" and self.browse(d.res_id).state == "signed"
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        if self.filtered(lambda amendment: amendment.state != "draft"):
            raise UserError(self.env._("A signed amendment is never deleted."))

    # === SIGNATURE === #
    # The agreement is judged as it would stand, and what goes further
    # than the rules allow is refused. Lowering and shortening never are.

    def action_sign(self):
        """Sign, and let the agreement go exactly as far as the amendment says."""
        self.check_access("read")
        for amendment in self:
            amendment.check_access("write")
            amendment._check_signable()
            amendment._sign()
        return True

    def _check_signable(self):
        file = self.requisition_id
        if self.state != "draft":
            raise UserError(
                self.env._("%(name)s is already signed.", name=self.display_name)
            )
        if file.gate_state != "confirmed":
            raise UserError(
                self.env._("%(file)s does not run any more.", file=file.display_name)
            )
        if missing := self._get_missing():
            raise UserError(
                self.env._("Give before signing: %(what)s.", what=", ".join(missing))
            )
        self._check_document()
        self._check_bounds()
        self._check_signatory()
        self._check_cost_included()
        today = file.company_id._souverainete_today()
        if self._is_extending() and not file._is_running(today):
            raise UserError(
                self.env._(
                    "%(file)s has ended: an agreement that ended is renewed (button "
                    "“Renew”), not extended.",
                    file=file.display_name,
                )
            )

    def _check_cost_included(self):
        """What is said to be among the costs of the project already fits in them."""
        project = self.requisition_id.sudo().need_id.project_id
        if not project or not self.cost_included or self.amount <= 0:
            return
        added = self.currency_id._convert_known(
            self.amount, project.currency_id, project.company_id
        )
        worth = project._get_purchased_value() + added.value
        if not added.known or not project._is_stated(worth):
            raise UserError(
                self.env._(
                    "The cost lines of %(project)s are worth less than its purchases "
                    "with this amendment: add it to them first, or untick “Already in "
                    "the project's cost”.",
                    project=project.display_name,
                )
            )

    def _get_missing(self):
        asked = ("ground", "ground_reason", "date", "document")
        names = [name for name in asked if not self[name] or is_blank(str(self[name]))]
        if not self.amount_known:
            names.append("amount")
        described = self.fields_get(names, ["string"])
        return [described[name]["string"] for name in names]

    def _check_document(self):
        """The signed amendment is a document, not a name."""
        whole = self.with_context(bin_size=False, bin_size_document=False)
        content = base64.b64decode(whole.document or b"")
        if gap := get_document_gap(self.env, content):
            raise UserError(
                self.env._(
                    "The document of %(name)s: %(gap)s.",
                    name=self.display_name,
                    gap=gap,
                )
            )

    def _is_extending(self):
        """Whether the agreement would go further than it does."""
        return bool(
            self._is_putting_off(self.requisition_id.date_end)
            or self.currency_id.compare_amounts(self.amount, 0) > 0
            or self.line_ids
            or self.vendor_id
        )

    def _is_putting_off(self, end):
        """Whether the end comes later. An end that was not known is only learnt."""
        return bool(self.date_end_new and end and self.date_end_new > end)

    def _has_put_off(self):
        """Whether this amendment, signed, made the agreement last longer."""
        return self.state == "signed" and self._is_putting_off(self.date_end_before)

    def _sign(self):
        """The agreement, its need and the files of its project are judged together on
        what stands once it is applied."""
        file = self.requisition_id.sudo()
        extending = self._is_extending()
        with self._get_judged_files()._judging_change():
            self.sudo()._write_server(self._prepare_signature())
            file._apply_amendment(self.sudo())
            if extending:
                file._raise_if_blocked(
                    {file: self._explain(file._get_extension_findings())},
                    self.env._("signing amendment %(number)s", number=self.number),
                )
        self._tell_beyond()
        file._record_act(
            "amendment",
            self._prepare_entry(),
            self.env._("Amendment %(number)s was signed.", number=self.number),
        )

    def _explain(self, findings):
        """Say the way on where the amendment takes the project to the threshold."""
        if self.cost_included or self.amount <= 0:
            return findings
        way = self.env._(
            "The amount of this amendment has to be among the costs of the project "
            "first: a compliance officer adds it there, the buyer requests the "
            "opinion; once it is favourable, tick “Already in the project's cost” on "
            "the amendment and sign it."
        )
        return [
            found._replace(message=f"{found.message} {way}")
            if found.rule.code == "dinum_opinion"
            else found
            for found in findings
        ]

    def _get_judged_files(self):
        need = self.requisition_id.sudo().need_id
        others = need.project_id._get_judged_files() if need.project_id else need
        return self.requisition_id.sudo() | need | others

    def _prepare_signature(self):
        amount, known = self.requisition_id.sudo()._get_ceiling()
        share = self._get_share()
        return {
            "state": "signed",
            "signed_on": fields.Datetime.now(),
            "signed_by_id": self.env.uid,
            "amount_before": amount,
            "amount_before_known": known,
            "date_end_before": self.requisition_id.date_end,
            "share": share or 0.0,
            "share_known": share is not None,
        }

    def _prepare_entry(self):
        """What the journal keeps: what changed, and from what."""
        names = ("number", "name", "ground", "amount", "share", "amount_before")
        return {
            **{name: self[name] or "" for name in names},
            "reasons": self.ground_reason or "",
            "document": self.document_name or "",
            "document_sha256": get_digest(self, "document"),
            "beyond": self._get_bound_gaps(),
            "date": fields.Date.to_string(self.date),
            "end": fields.Date.to_string(self.date_end_new) or "",
            "end_before": fields.Date.to_string(self.date_end_before) or "",
            "holder": self.vendor_id.name or "",
            "products": self.line_ids.product_id.mapped("display_name"),
            "cost_included": self.cost_included,
        }

    def _record_project_cost(self):
        """What is added to a purchase is added to its project, unless already there."""
        project = self.requisition_id.need_id.project_id
        if not project or self.cost_included or self.amount <= 0:
            return
        lines = self.env["souverainete.cost.line"].with_company(project.company_id)
        lines.sudo().create(
            {
                "project_id": project.id,
                "name": self.display_name,
                "amount": self.amount,
                "amount_currency_id": self.currency_id.id,
                "tax_basis": "ht",
            }
        )
