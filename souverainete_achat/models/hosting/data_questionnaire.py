from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from .data_questions import QUESTIONS, get_open_questions

# What the data owner writes; everything else on the test is the server's.
CONTENT = frozenset(QUESTIONS) | {f"{name}_reason" for name in QUESTIONS}

_ACTIVITY = "mail.mail_activity_data_todo"


class DataQuestionnaire(models.Model):
    """The data questionnaire of one need: the data owner answers, alone; then a
    compliance officer, who neither buys nor owns the data, signs the result."""

    _name = "souverainete.data.questionnaire"
    _inherit = [
        "souverainete.authored",
        "souverainete.data.questions",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Data questionnaire of a need"
    _order = "id desc"
    _asker_fields = ("asked_by_id", "owner_id")
    # Who buys and who signs may ask the owner a question, or answer one.
    _mail_post_access = "read"
    _requisition_uniq = models.Constraint(
        "UNIQUE (requisition_id)", "The data of a need is tested once."
    )

    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Purchase file",
        required=True,
        index=True,
        ondelete="cascade",
        help="The file that carries the need.",
        guard="server",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id",
        string="Ministry",
        store=True,
        index=True,
        guard="server",
    )
    # What the data owner has to know of a file they may not open.
    reference = fields.Char(related="requisition_id.reference")
    need_effect = fields.Text(related="requisition_id.need_effect")
    products = fields.Char(
        compute="_compute_bought",
        compute_sudo=True,
        help="What is bought.",
    )
    vendor = fields.Char(
        compute="_compute_bought",
        compute_sudo=True,
        help="Who sells it, where bidders do not compete for it.",
    )
    worth = fields.Char(
        string="Value (excl. tax)",
        compute="_compute_bought",
        compute_sudo=True,
        help="What the need is worth, in € HT.",
    )
    proposed_reason = fields.Text(
        related="requisition_id.data_justification",
        string="What the buyer proposes",
    )
    owner_id = fields.Many2one(
        "res.users",
        string="Data owner",
        required=True,
        index=True,
        ondelete="restrict",
        help="Business authority that answers for the data. Nobody answers for them.",
        guard="server",
    )
    asked_by_id = fields.Many2one(
        "res.users",
        string="Asked by",
        help="Who asked the data owner to answer.",
        guard="server",
    )
    asked_on = fields.Datetime(
        help="When the data owner was asked (server time).", guard="server"
    )
    state = fields.Selection(
        [("draft", "Answer awaited"), ("answered", "Answered"), ("signed", "Signed")],
        required=True,
        default="draft",
        tracking=True,
        help="Answered: by the data owner. Signed: by a compliance officer. Changing "
        "an answer, its reason or the data owner voids the signature.",
        guard="server",
    )
    data_protected_secret_reason = fields.Text(
        string="Reason of A1",
        help="What the data is, and which secret protects it or why none does. "
        "Describe the kind of data, never the data.",
    )
    data_essential_mission_reason = fields.Text(
        string="Reason of A2",
        help="Which mission of the State needs the data, or why none does. Describe "
        "the kind of data, never the data.",
    )
    data_breach_harm_reason = fields.Text(
        string="Reason of B",
        help="What a breach would cause, or why it would not: confidentiality, "
        "integrity, availability, traceability. Describe the kind of data, never the "
        "data.",
    )
    data_protected_secret_by_id = fields.Many2one(
        "res.users",
        string="A1 answered by",
        help="Written by the server.",
        guard="server",
    )
    data_essential_mission_by_id = fields.Many2one(
        "res.users",
        string="A2 answered by",
        help="Written by the server.",
        guard="server",
    )
    data_breach_harm_by_id = fields.Many2one(
        "res.users",
        string="B answered by",
        help="Written by the server.",
        guard="server",
    )
    data_protected_secret_on = fields.Datetime(
        string="A1 answered on", help="Server time.", guard="server"
    )
    data_essential_mission_on = fields.Datetime(
        string="A2 answered on", help="Server time.", guard="server"
    )
    data_breach_harm_on = fields.Datetime(
        string="B answered on", help="Server time.", guard="server"
    )
    signed_by_id = fields.Many2one(
        "res.users",
        string="Signed by",
        help="Compliance officer who signed the result: neither the data owner nor who "
        "asks for the purchase.",
        guard="server",
    )
    signed_on = fields.Datetime(
        help="When the result was signed (server time).", guard="server"
    )

    countersigned_by_id = fields.Many2one(
        "res.users",
        string="Countersigned by",
        help="Security officer (RSSI) of the ministry, where it asks for one: neither "
        "who signed, nor the data owner, nor who asks for the purchase.",
        guard="server",
    )
    countersigned_on = fields.Datetime(
        help="When the result was countersigned (server time).", guard="server"
    )
    may_countersign = fields.Boolean(
        compute="_compute_may_countersign",
        help="Whether you are a security officer of the ministry, and it awaits you.",
    )
    is_owner = fields.Boolean(
        compute="_compute_is_owner",
        help="Whether you are the data owner, who alone answers.",
    )
    is_open = fields.Boolean(
        compute="_compute_is_open",
        help="Whether the answers may still change: not once the file was launched.",
    )

    @api.depends("requisition_id.name", "requisition_id.reference")
    def _compute_display_name(self):
        for test in self:
            file = test.sudo().requisition_id
            test.display_name = file.reference or file.display_name

    @api.depends_context("lang")
    @api.depends("requisition_id.vendor_id", "requisition_id.amount_estimated")
    def _compute_bought(self):
        """Who bids is not told: a vendor is named where none competes."""
        for test in self:
            file = test.requisition_id
            worth, known = file._get_value()
            test.products = file._get_proposed_object()
            test.vendor = not file._is_published() and file.vendor_id.name
            test.worth = (
                file.currency_id.format(worth) if known else self.env._("Not known")
            )

    @api.depends("owner_id")
    @api.depends_context("uid")
    def _compute_is_owner(self):
        for test in self:
            test.is_owner = test.owner_id == self.env.user

    @api.depends("state", "countersigned_by_id")
    @api.depends_context("uid")
    def _compute_may_countersign(self):
        for test in self:
            named = self.env.user in test.sudo().company_id.security_officer_ids
            awaited = test._is_signed() and not test.countersigned_by_id
            test.may_countersign = named and awaited

    @api.depends("requisition_id.date_launch", "requisition_id.gate_state")
    def _compute_is_open(self):
        for test in self:
            test.is_open = not test.sudo().requisition_id._is_held()

    def write(self, vals):
        if not CONTENT & set(vals) or self._is_granted("write", vals):
            return super().write(vals)
        self._check_answerable()
        before = {test: test._get_content() for test in self}
        result = super().write(vals)
        for test in self:
            test._stamp(before[test])
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        if kept := self.filtered(lambda test: test.state != "draft"):
            raise UserError(
                self.env._(
                    "%(tests)s: what the data owner answered is kept.",
                    tests=", ".join(kept.mapped("display_name")),
                )
            )

    # === WHAT IT PROVES === #
    def _get_standing(self):
        """`draft`, `answered` or `signed`, as the file stands now."""
        if self._is_signed():
            return "signed"
        return "answered" if self._is_answered() else "draft"

    def _get_note(self):
        """Who was asked, answered and signed, in one line."""
        standing = self._get_standing()
        if standing == "draft":
            return self.env._(
                "%(owner)s was asked on %(day)s.",
                owner=self.owner_id.name,
                day=format_date(self.env, self.asked_on),
            )
        note = self.env._(
            "Answered by %(owner)s on %(day)s.",
            owner=self.owner_id.name,
            day=format_date(self.env, self._get_answered_on()),
        )
        if standing == "answered":
            return note
        return self.env._(
            "%(answered)s Signed by %(officer)s on %(day)s.",
            answered=note,
            officer=self.signed_by_id.name,
            day=format_date(self.env, self.signed_on),
        )

    def _get_answered_on(self):
        return max(self[f"{name}_on"] for name in QUESTIONS)

    def _is_answered(self):
        """Whether the data owner of the file gave the very answers that stand on it."""
        need = self.sudo().requisition_id
        same = all(self[name] == need[name] for name in QUESTIONS)
        return self.state != "draft" and self.owner_id == need.data_owner_id and same

    def _is_signed(self):
        """Whether an officer who still is neither owner nor buyer signed them."""
        buyers = self.sudo().requisition_id._get_buyers()
        allowed = self.signed_by_id not in buyers | self.asked_by_id | self.owner_id
        return self.state == "signed" and self._is_answered() and allowed

    def _is_countersigned(self):
        """Whether a security officer, who is none of the others, signed them too."""
        others = self._get_askers() | self.signed_by_id
        return self._is_signed() and bool(self.countersigned_by_id - others)

    def _get_askers(self):
        """Who asks for the purchase, or answers for its data: they never sign."""
        return super()._get_askers() | self.sudo().requisition_id._get_askers()

    # === JOURNAL === #
    def _record(self, summary):
        """Journal the test on its file, as it is now."""
        for test in self.sudo():
            test.requisition_id._record_act(
                "data_questionnaire", test._prepare_entry(), summary
            )

    def _prepare_entry(self):
        self.ensure_one()
        return {
            "state": self.state,
            "sensitivity": self._get_data_sensitivity(),
            "owner": self.owner_id.name,
            "signed_by": self.signed_by_id.name or "",
            "countersigned_by": self.countersigned_by_id.name or "",
            "answers": {name: self[name] for name in QUESTIONS},
            "reasons": self._get_reasons(),
        }

    def _get_reasons(self):
        return {name: self[f"{name}_reason"] or "" for name in QUESTIONS}

    # === ANSWERS === #
    # The data owner's: who gave them and when is written by the server.

    def action_answer(self):
        """State that these are the data owner's answers: the file takes them."""
        self.check_access("read")
        self.ensure_one()
        self._check_answerable()
        self._check_complete()
        test = self.sudo()
        test._sign_unchanged_answers()
        test._write_server({"state": "answered", **self._prepare_unsigned()})
        test.requisition_id.write({name: test[name] for name in QUESTIONS})
        test._record(self.env._("The data owner answered the questionnaire."))
        test._close_activities()
        test._ask_officer()
        return True

    def _get_content(self):
        return {name: (self[name], self[f"{name}_reason"]) for name in QUESTIONS}

    def _check_answerable(self):
        for test in self:
            if test.owner_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "Only the data owner, %(owner)s, answers this test.",
                        owner=test.owner_id.name,
                    )
                )
            if not test.is_open:
                raise UserError(
                    self.env._(
                        "%(name)s was launched: the answers on its data left with the "
                        "consultation and are frozen.",
                        name=test.display_name,
                    )
                )

    def _stamp(self, before):
        """Each answer that changed is signed by who gave it; the rest is undone."""
        now = self._get_content()
        changed = [name for name in QUESTIONS if now[name] != before[name]]
        vals = {}
        for name in changed:
            vals |= {f"{name}_by_id": self.env.uid, f"{name}_on": fields.Datetime.now()}
        if vals:
            self.sudo()._write_server(vals)
            self._reopen()

    def _sign_unchanged_answers(self):
        """What the buyer proposed and the owner kept is the owner's answer too."""
        for name in QUESTIONS:
            if self[f"{name}_by_id"] != self.env.user:
                self._write_server(
                    {
                        f"{name}_by_id": self.env.uid,
                        f"{name}_on": fields.Datetime.now(),
                    }
                )

    def _check_complete(self):
        answers = [self[name] for name in QUESTIONS]
        unanswered = get_open_questions(*answers)
        unexplained = [
            f"{name}_reason"
            for name in QUESTIONS
            if self[name] != "unknown" and not (self[f"{name}_reason"] or "").strip()
        ]
        if not unanswered and not unexplained:
            return
        names = [*unanswered, *unexplained]
        labels = self.fields_get(names, ["string"])
        raise UserError(
            self.env._(
                "Still to be filled in: %(fields)s. Each question that counts is "
                "answered by yes or no, and each answer has its reason.",
                fields=", ".join(labels[name]["string"] for name in names),
            )
        )

    # === WHAT VOIDS IT === #
    @api.model
    def _prepare_unsigned(self):
        return {
            "signed_by_id": False,
            "signed_on": False,
            "countersigned_by_id": False,
            "countersigned_on": False,
        }

    def _reopen(self):
        """Something changed: the test is to be answered, and signed, again."""
        for test in self.sudo().filtered(lambda test: test.state != "draft"):
            test._write_server({"state": "draft", **self._prepare_unsigned()})
            test._record(
                self.env._("The answers changed: the questionnaire starts afresh.")
            )

    def _follow_file(self):
        """The file changed under the test: it follows its data owner and is void where
        its answers are no longer those of the file."""
        for test in self.sudo():
            owner = test.requisition_id.data_owner_id
            if owner and owner != test.owner_id:
                test._close_activities()
                test._write_server({"owner_id": owner.id})
                test._reopen()
                test._ask_owner()
            elif not test._is_answered():
                test._reopen()

    # === SIGNATURE === #
    def action_sign(self):
        """Sign the result, as a compliance officer who neither buys nor answers."""
        self.check_access("read")
        self.ensure_one()
        self._check_signatory()
        if self.state != "answered" or not self._is_answered():
            raise UserError(
                self.env._(
                    "%(name)s: there is nothing to sign. The data owner answers first, "
                    "and the file keeps those answers.",
                    name=self.display_name,
                )
            )
        test = self.sudo()
        test._write_server(
            {
                "state": "signed",
                "signed_by_id": self.env.uid,
                "signed_on": fields.Datetime.now(),
            }
        )
        test._record(self.env._("A compliance officer signed the questionnaire."))
        test._close_activities()
        test._ask_security_officer()
        return True

    def _check_signatory(self):
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(
                self.env._("Only a compliance officer signs the result of the test.")
            )
        self.check_access("read")
        self._check_four_eyes(
            self.env._(
                "Four eyes: who asks for the purchase, or answers for its data, "
                "does not sign. Another compliance officer has to."
            )
        )

    def action_countersign(self):
        """Sign after the officer, as a security officer (RSSI) of the ministry."""
        self.check_access("read")
        self.ensure_one()
        self._check_countersignatory()
        test = self.sudo()
        test._write_server(
            {
                "countersigned_by_id": self.env.uid,
                "countersigned_on": fields.Datetime.now(),
            }
        )
        test._record(self.env._("A security officer countersigned the questionnaire."))
        test._close_activities()
        return True

    def _check_countersignatory(self):
        if self.env.user not in self.sudo().company_id.security_officer_ids:
            raise AccessError(
                self.env._(
                    "Only a security officer (RSSI), named on the company's form, "
                    "countersigns the result."
                )
            )
        self._check_four_eyes(
            self.env._(
                "Four eyes: who asks for the purchase, answers for its data or signed "
                "the result does not countersign it."
            ),
            askers=self._get_askers() | self.sudo().signed_by_id,
        )
        if not self._is_signed():
            raise UserError(
                self.env._(
                    "%(name)s: a compliance officer signs the result first.",
                    name=self.display_name,
                )
            )

    # === WHOSE TURN IT IS === #
    def _ask_owner(self):
        for test in self.sudo():
            owner = test.owner_id
            test.activity_schedule(
                _ACTIVITY,
                summary=test.with_context(lang=owner.lang).env._(
                    "Answer the data questionnaire"
                ),
                user_id=owner.id,
            )

    def _ask_officer(self):
        """The officers who may sign are asked: one of them answers."""
        for test in self.sudo():
            officers = test.company_id._get_role_users("group_officer")
            self.env["mail.activity"]._tell(
                test,
                "signature",
                officers - test._get_askers(),
                lambda read: read.env._("Sign the data questionnaire"),
                act_type_xmlid=_ACTIVITY,
            )

    def _ask_security_officer(self):
        """The security officers are asked where the ministry wants their signature."""
        for test in self:
            if not test.requisition_id._is_countersignature_asked():
                continue
            officers = test.company_id.security_officer_ids
            self.env["mail.activity"]._tell(
                test,
                "signature",
                officers - test._get_askers() - test.signed_by_id,
                lambda read: read.env._("Countersign the data questionnaire"),
                act_type_xmlid=_ACTIVITY,
            )

    def _close_activities(self):
        self.activity_ids.filtered(lambda a: not a.told_fact).action_feedback()
        self.env["mail.activity"]._untell(self)
