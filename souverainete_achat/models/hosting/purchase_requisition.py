from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..base.finding import SIGNED_STATES
from ..base.opening import open_form
from ..base.reading import read_lines, read_lists
from ..base.told import Label, tell
from .data_questions import ANSWERS, QUESTIONS, get_open_questions

_ANSWERS = frozenset({"has_cloud", *QUESTIONS})

_DATA_FIELDS = _ANSWERS | {"data_owner_id", "data_justification"}

# Rules that the law sets for the bodies it names; to the others they are advice.
_BOUND_CODES = frozenset({"components_declared", "hosting_qualified"})


class PurchaseRequisition(models.Model):
    """How sensitive the data of the need is, who said so, and who may host it."""

    _name = "purchase.requisition"
    _inherit = [
        "purchase.requisition",
        "souverainete.data.questions",
        "souverainete.hosted",
    ]

    has_cloud = fields.Selection(
        ANSWERS,
        string="Cloud service",
        required=True,
        compute="_compute_has_cloud",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="Whether any part of what is bought keeps or processes data in a cloud "
        "service, whoever runs it. A purchase of this nature answers it.",
        guard="judged",
    )
    data_protected_secret = fields.Selection(guard="judged")
    data_essential_mission = fields.Selection(guard="judged")
    data_breach_harm = fields.Selection(guard="judged")
    data_sensitivity = fields.Selection(store=True, index=True, guard="server")
    data_owner_id = fields.Many2one(
        "res.users",
        string="Data owner",
        copy=False,
        help="Business authority that answers for the data: the analysis is theirs.",
        guard="judged",
    )
    data_justification = fields.Text(
        string="Reasons",
        copy=False,
        help="Why the questions are answered so: confidentiality, integrity, "
        "availability, traceability. No classified or restricted content here.",
        guard="judged",
    )

    data_questionnaire_ids = fields.One2many(
        "souverainete.data.questionnaire",
        "requisition_id",
        groups=fields.NO_ACCESS,
        copy=False,
        help="The data questionnaire; at most one.",
    )
    data_questionnaire_state = fields.Selection(
        [
            ("none", "Not asked of the data owner"),
            ("draft", "Waiting for the data owner"),
            ("answered", "Answered by the data owner, to be signed"),
            ("signed", "Answered by the data owner and signed"),
        ],
        string="Questionnaire",
        compute="_compute_data_questionnaire",
        help="The answers on the file are proposals until the data owner gives them in "
        "the questionnaire. An officer then signs the result.",
    )
    data_questionnaire_note = fields.Char(
        string="Who answered and signed",
        compute="_compute_data_questionnaire",
        help="Written by the server.",
    )

    derogation_ids = fields.One2many(
        "souverainete.derogation", "requisition_id", string="Derogations"
    )

    qualification_alert_ids = fields.One2many(
        "souverainete.qualification.alert",
        "requisition_id",
        string="Alerts on qualifications",
        copy=False,
        help="Each step before the end of a qualification this file relies on.",
        guard="server",
    )
    qualification_alert_count = fields.Integer(
        compute="_compute_qualification_alert_count"
    )

    @api.depends("purchase_nature")
    def _compute_has_cloud(self):
        """Its nature answers that it is a cloud service, and never that it is none."""
        for file in self:
            said = file.has_cloud or "unknown"
            cloud = said == "unknown" and file.purchase_nature == "cloud"
            file.has_cloud = "yes" if cloud else said

    @api.onchange("has_cloud")
    def _onchange_has_cloud(self):
        """The nature is proposed from the answer."""
        if self.has_cloud == "yes" and not self.purchase_nature:
            self.purchase_nature = "cloud"

    def _compute_data_questionnaire(self):
        for file in self:
            test = file._get_data_questionnaire()
            file.data_questionnaire_state = test._get_standing() if test else "none"
            file.data_questionnaire_note = test._get_note() if test else False

    @api.depends("qualification_alert_ids.state")
    def _compute_qualification_alert_count(self):
        for file in self:
            alerts = file.qualification_alert_ids
            file.qualification_alert_count = len(
                alerts.filtered(lambda alert: alert.state == "open")
            )

    @api.constrains("data_sensitivity", *QUESTIONS)
    def _check_data_sensitivity(self):
        wrong = self.filtered(lambda f: f.data_sensitivity != f._get_data_sensitivity())
        if wrong:
            raise ValidationError(
                self.env._(
                    "The sensitivity of the data follows from the three questions of "
                    "the page “Data and hosting”: answer them instead (%(files)s).",
                    files=", ".join(wrong.mapped("display_name")),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        files._journal_data({})
        return files

    @contextmanager
    def _writing(self, vals):
        """What is answered about the data is journalled, and what was signed stays."""
        stated = _DATA_FIELDS | {"purchase_nature"}
        stating = self if stated & set(vals) else self.browse()
        answering = stating if _ANSWERS & set(vals) else self.browse()
        kept = {file: file._get_kept_answers() for file in answering}
        before = {file: file._prepare_data_entry() for file in stating}
        with super()._writing(vals):
            yield
        if stating:
            stating._journal_data(before)
            stating.sudo().data_questionnaire_ids._follow_file()
        for file, names in kept.items():
            file._check_answers_kept(names)

    # === SENSITIVITY === #
    def _is_sensitive(self):
        """Whether the data of this need is of particular sensitivity."""
        return self._get_data_sensitivity() == "sensitive"

    def _is_sensitive_cloud(self):
        """Whether data of particular sensitivity goes to a cloud service."""
        return self.need_id.has_cloud == "yes" and self.need_id._is_sensitive()

    def _is_sren_bound(self):
        """Whether the body that buys is bound by the rule on sensitive data."""
        return self.company_id._is_sren_bound()

    def _are_texts_shown(self):
        return self.is_digital

    def _is_reinforced(self):
        return super()._is_reinforced() or self._is_sensitive()

    def _get_launch_content(self):
        content = super()._get_launch_content()
        content["hosting"] = {name: self[name] for name in ("has_cloud", *QUESTIONS)}
        test = self.sudo().data_questionnaire_ids
        # Added only where the data owner answered: see the lots.
        if test and test._is_answered():
            content["data_questionnaire"] = {
                "owner": test.owner_id.id,
                "reasons": test._get_reasons(),
            }
        return content

    # === JOURNAL === #
    def _journal_data(self, before):
        """One entry for each file whose answers changed."""
        blank = self.browse()._prepare_data_entry()
        for file in self:
            after = file._prepare_data_entry()
            if after != before.get(file, blank):
                file._journal("sensitivity", after, summary=file._get_data_summary())

    def _prepare_data_entry(self):
        """What the journal keeps of the answers; empty recordset: nothing answered."""
        answers = {name: self[name] or "unknown" for name in ("has_cloud", *QUESTIONS)}
        return answers | {
            "sensitivity": self._get_data_sensitivity(),
            "owner": self.data_owner_id.name or "",
            "justification": self.data_justification or "",
        }

    def _get_data_summary(self):
        return self.env._(
            "Data: %(sensitivity)s", sensitivity=self._get_sensitivity_label()
        )

    def _has_evidence(self):
        return bool(super()._has_evidence() or self.derogation_ids)

    # === KEPT === #
    # What the file said of its data left with the consultation: an answer that makes
    # them sensitive is never taken back to repair what it asks for.
    #
    # Whether there is a cloud may be corrected until the signature, as the chain itself
    # contradicts a wrong answer; after it, what is performed is what was signed.

    def _get_kept_answers(self):
        """Names of the answers “yes” that stay what they are."""
        names = QUESTIONS if self.date_launch else ()
        if self._is_engaged():
            names = (*names, "has_cloud")
        return [name for name in names if self[name] == "yes"]

    def _is_engaged(self):
        """Whether something was signed, or ordered, on what was launched."""
        if not self.date_launch:
            return False
        files = self.sudo() | self.sudo().agreement_ids
        signed = any(file.gate_state in SIGNED_STATES for file in files)
        return signed or bool(self.sudo()._get_placed_orders())

    def _is_engaged_for_data(self):
        return self._is_sensitive() and self._is_engaged()

    def _check_answers_kept(self, names):
        changed = [name for name in names if self[name] != "yes"]
        if not changed:
            return
        labels = self.fields_get(changed, ["string"])
        raise ValidationError(
            self.env._(
                "%(file)s: these answers on the data left with the consultation and "
                "are frozen: %(answers)s. Answer for the service instead (page “Data "
                "and hosting”: another host, a qualification, a derogation), or cancel "
                "the file and launch it again.",
                file=self.display_name,
                answers=", ".join(labels[name]["string"] for name in changed),
            )
        )

    # === QUESTIONNAIRE === #
    # Asked of the data owner, signed by an officer.

    def _get_data_questionnaire(self):
        """The questionnaire of the need, whoever reads the file."""
        return self.sudo().need_id.data_questionnaire_ids[:1]

    def _create_data_questionnaire(self):
        if not self.data_owner_id:
            raise UserError(
                self.env._("Name the data owner first (page “Data and hosting”).")
            )
        if self._is_held():
            raise UserError(
                self.env._(
                    "%(name)s was launched: the answers on its data left with the "
                    "consultation and are frozen.",
                    name=self.display_name,
                )
            )
        tests = self.env["souverainete.data.questionnaire"].sudo()
        test = tests._create_server([self._prepare_data_questionnaire()])
        test._ask_owner()
        self.sudo()._refresh_compliance()
        return test

    def _prepare_data_questionnaire(self):
        """What the buyer proposes is where the data owner starts from."""
        return {
            "requisition_id": self.id,
            "owner_id": self.data_owner_id.id,
            "asked_by_id": self.env.uid,
            "asked_on": fields.Datetime.now(),
            **{name: self[name] for name in QUESTIONS},
        }

    # === WHOSE TURN === #

    def _get_turn_role(self, role, code):
        """Nobody answers for the data before the buyer names somebody."""
        unnamed = role == "data_owner" and not self.need_id.data_owner_id
        return "buyer" if unnamed else super()._get_turn_role(role, code)

    def _get_turn_user(self, role):
        named = self.need_id.data_owner_id if role == "data_owner" else None
        return named or super()._get_turn_user(role)

    # === WHAT LIFTS A RULE === #
    # A derogation; and a body that the law does not bind reads its rules as advice.

    def _get_waivers(self):
        return [
            *super()._get_waivers(),
            *(self.derogation_ids | self.need_id.derogation_ids),
        ]

    def _get_hosting_derogations(self):
        """Those in force on the hosting of sensitive data."""
        today = self.company_id._souverainete_today()
        return self.derogation_ids.filtered(lambda d: d._is_on_hosting(today))

    def _add_rules_of_law(self, rules, stages):
        """Loi SREN, art. 31, binds a body named by a decree, and a grouping that has a
        member that it binds, whatever rules the buyer chose."""
        rules, company = super()._add_rules_of_law(rules, stages), self.company_id
        if not company._chooses_rules() or not self._is_sren_bound():
            return rules
        shipped = rules._get_rules(
            company.browse(), company._souverainete_today(), stages
        )
        return rules | shipped.filtered(lambda rule: rule.code in _BOUND_CODES)

    def _is_blocked_by(self, rule):
        if rule.code in _BOUND_CODES and not self._is_sren_bound():
            return False
        return super()._is_blocked_by(rule)

    def _advise(self, messages):
        """The same messages, said to be advice where the body is not bound."""
        if not messages or self._is_sren_bound():
            return messages
        return {
            key: tell(self.env)._(
                "Advice, since %(body)s is not bound by loi SREN, art. 31: %(message)s",
                body=self.company_id.display_name,
                message=message,
            )
            for key, message in messages.items()
        }

    # === FINDINGS: THE DATA === #
    def _get_judged_lists(self):
        return [
            *super()._get_judged_lists(),
            (self | self.need_id, "derogation_ids"),
            (self.need_id, "data_questionnaire_ids"),
        ]

    def _prefetch_findings(self, codes):
        if codes & {"data_signed", "data_countersigned"}:
            self.need_id.mapped("data_questionnaire_ids.owner_id")
        options = read_lines(self.need_id, "judged_option_ids")
        used = read_lines(options, "component_ids").qualification_id
        read_lists([(used.line_id, "line_member_ids"), *used._get_judged_lists()])
        members = used.line_id.line_member_ids
        read_lists(members._get_judged_lists())
        members.mapped("suspension_ids.date_start")
        members.mapped("service_type_ids.name")
        members.mapped("partner_id.commercial_partner_id.name")
        return super()._prefetch_findings(codes)

    def _finding_data_questions(self, options):
        """Every question that could settle the sensitivity has an answer."""
        need = self.need_id
        names = [] if need.has_cloud != "unknown" else ["has_cloud"]
        if need.has_cloud == "yes" and need._get_data_sensitivity() == "undetermined":
            names = get_open_questions(*(need[name] for name in QUESTIONS))
        return {
            name: tell(self.env)._(
                "Answer the question “%(question)s” by yes or no (page “Data and "
                "hosting”).",
                question=Label(self._name, name),
            )
            for name in names
        }

    def _finding_data_owner(self, options):
        """With a cloud service, the analysis is signed by the data's authority."""
        need = self.need_id
        if need.has_cloud != "yes" or (need.data_owner_id and need._is_explained()):
            return {}
        return {
            "": tell(self.env)._(
                "Name the data owner and give the reasons of the answers (page “Data "
                "and hosting”)."
            )
        }

    def _is_explained(self):
        """Whether the answers have their reasons: the buyer's, or the data owner's."""
        test = self.data_questionnaire_ids
        return bool(self.data_justification or (test and test._is_answered()))

    def _finding_data_signed(self, options):
        """With a cloud service, the data owner answered and an officer signed."""
        need = self.need_id
        if need.has_cloud != "yes":
            return {}
        test = need.data_questionnaire_ids
        if test and test._is_signed():
            return {}
        return {"": self._get_signature_message(test)}

    def _get_signature_message(self, test):
        if not test:
            return tell(self.env)._(
                "Have the data owner answer the questionnaire (page “Data and "
                "hosting”, button “Ask the data owner”); a compliance officer then "
                "signs it."
            )
        if not test._is_answered():
            return tell(self.env)._(
                "%(owner)s, data owner, has not answered the questionnaire yet, or the "
                "answers of the file are others; a compliance officer then signs it.",
                owner=test.owner_id.name,
            )
        return tell(self.env)._(
            "A compliance officer who neither asks for the purchase nor answers for "
            "the data has to sign the questionnaire (page “Data and hosting”, button "
            "“Open the questionnaire”)."
        )

    def _finding_data_countersigned(self, options):
        """With a cloud service, the ministry's security officer signed too, where the
        ministry chose to ask it."""
        need = self.need_id
        test = need.data_questionnaire_ids
        if need.has_cloud != "yes" or (test and test._is_countersigned()):
            return {}
        return {
            "": tell(self.env)._(
                "Once the questionnaire is signed, a security officer (RSSI) named on "
                "the company's form countersigns it (page “Data and hosting”, button "
                "“Open the questionnaire”)."
            )
        }

    def _is_countersignature_asked(self):
        """Whether the ministry asks a security officer's signature of this file."""
        company, rules = self.company_id, self.env["souverainete.rule"]
        asked = rules._get_rules(company, company._souverainete_today(), ("launch",))
        case = (self.purchase_nature, self.purchase_route, self.circuit)
        return any(
            rule.code == "data_countersigned" and rule._applies_to(*case)
            for rule in asked
        )

    # === FINDINGS: THE CHAIN === #

    def _finding_derogation_published(self, options):
        """A derogation in force on the hosting of sensitive data is made public."""
        return {
            f"derogation-{record.id}": tell(self.env)._(
                "Record when and where the derogation “%(name)s” was made public (page "
                "“Data and hosting”).",
                name=record.display_name,
            )
            for record in self.need_id._get_hosting_derogations()
            if not record._is_published()
        }

    def _finding_derogation_bounds(self, options):
        """A derogation on the hosting of sensitive data stays within its bounds."""
        today = self.company_id._souverainete_today()
        return {
            f"derogation-{record.id}-{key}": message
            for record in self.need_id._get_hosting_derogations()
            for key, message in record._get_bound_gaps(today).items()
        }

    # === ACTIONS === #
    def action_open_hosting(self):
        return self._open_page("action_hosting_page")

    def action_ask_data_owner(self):
        """Ask the data owner to answer the questionnaire, or open it."""
        self.check_access("read")
        self.ensure_one()
        need = self.need_id
        need.check_access("write")
        test = need._get_data_questionnaire() or need._create_data_questionnaire()
        if self.env.user == test.owner_id:
            return need.action_open_data_questionnaire()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(owner)s is asked to answer the questionnaire.",
                    owner=test.owner_id.name,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_data_questionnaire(self):
        """Open the questionnaire of this file."""
        self.check_access("read")
        self.ensure_one()
        return open_form(self._get_data_questionnaire())

    def action_ask_derogation(self):
        """Open a new derogation for the need of this file."""
        self.check_access("read")
        self.ensure_one()
        return open_form(
            self.env["souverainete.derogation"],
            self.env._("Ask for a derogation"),
            context={
                "default_requisition_id": self.need_id.id,
                "default_rule_id": self._get_rule_to_lift().id,
                "default_date_start": self.company_id._souverainete_today(),
            },
        )

    def _get_rule_to_lift(self):
        """The rule that a derogation would lift; empty where several block."""
        findings = self.sudo()._findings()
        blocking = {f.rule for f in findings if f.blocking and f.rule.derogable}
        rules = self.env["souverainete.rule"].union(*blocking)
        return rules if len(rules) == 1 else rules.browse()

    def action_open_qualification_alerts(self):
        """What was told of the services this file relies on."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Alerts on qualifications"),
            "res_model": "souverainete.qualification.alert",
            "view_mode": "list",
            "domain": [("requisition_id", "=", self.id)],
        }
