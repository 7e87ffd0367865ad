from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date


class TakenOver(models.AbstractModel):
    """A contract signed elsewhere, or before the rules, and what proves it."""

    _name = "souverainete.taken.over"
    _inherit = ["souverainete.guarded"]
    _description = "Contract taken over"

    prior_document_id = fields.Many2one(
        "ir.attachment",
        string="Document of the contract",
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="What proves that the contract was signed.",
        guard="server",
    )
    date_signed = fields.Date(
        string="Signed on",
        copy=False,
        help="Day the contract was signed, for one signed elsewhere or before the "
        "rules: what a take-over relies on. Empty: its start says enough.",
        guard="judged",
    )
    prior_annex_ids = fields.Many2many(
        "ir.attachment",
        "souverainete_prior_annex_rel",
        string="Other documents of the contract",
        copy=False,
        help="What was taken over with the document that proves the signature.",
        guard="server",
    )
    prior_amount_missing = fields.Boolean(
        string="Amount to complete",
        copy=False,
        readonly=True,
        help="Taken over without a known maximum (€ HT): it takes orders until its "
        "end, whatever they add up to, until its amount is completed, once.",
        guard="server",
    )

    def _take_over(self, document, reason, signed=None):
        """Put drafts of contracts already signed into `confirmed`, state `prior`.

        `document`: ir.attachment that proves the signature; `signed`: the day of those
        that do not say theirs. Raises when the current user is not an officer, or
        wrote one of the files: it takes two people.
        """
        self._take_over_with(dict.fromkeys(self, document), reason, signed)

    def _take_over_with(self, documents, reason, signed=None):
        """The same, each contract with its own: {file: attachments}, of which the
        first proves the signature. Queries do not depend on the number of files."""
        for attachments in documents.values():
            self._check_take_over(attachments)
        self.env["ir.attachment"].union(*documents.values())._check_proves()
        for file in self:
            if refusal := file._get_take_over_refusal(signed):
                raise refusal
            file._check_four_eyes(file._get_take_over_four_eyes())
        if unsaid := self.filtered(lambda file: signed and not file.date_signed):
            # What the officer reads on the document makes them no author of the file.
            unsaid._quiet().with_user(SUPERUSER_ID)._write_server(
                {"date_signed": signed}
            )
        self._write_prior(documents)
        self._record_take_over(documents, reason)

    def _get_take_over_refusal(self, signed=None):
        """The error that says why this contract cannot be taken over, or None."""
        if self.state != "draft":
            return UserError(
                self.env._("%(name)s is not a draft.", name=self.display_name)
            )
        if gaps := self._get_take_over_gaps(self.date_signed or signed):
            return UserError("\n".join([f"{self.display_name}:", *gaps]))
        return self._get_four_eyes_error(self._get_take_over_four_eyes())

    def _get_take_over_four_eyes(self):
        return self.env._(
            "Four eyes: the buyer of %(name)s cannot take it over; another officer "
            "can.",
            name=self.display_name,
        )

    def _get_take_over_gaps(self, signed):
        """[sentence]: why this is no contract of before, signed that day."""
        gaps = []
        if self.sudo()._is_started():
            gaps.append(
                self.env._(
                    "It was launched, or prepared, under the rules here: what is "
                    "bought so is signed here. Make another file of the contract of "
                    "before."
                )
            )
        today = self.company_id._souverainete_today()
        if max(signed or today, self.date_start or today) > today:
            gaps.append(
                self.env._(
                    "It is signed, or starts, on a day to come: a contract is taken "
                    "over once it runs."
                )
            )
        if not self._is_of_before(signed):
            gaps.append(self._get_not_of_before_message())
        return gaps

    def _is_started(self):
        """Whether a purchase was prepared on this file: launched once, studied, or
        searched for."""
        need = self.need_id
        events = set(self.journal_ids.mapped("event"))
        return bool(
            self.date_launch
            or need.date_launch
            or {"launch", "gate"} & events
            or need.search_ids
            or need.judged_option_ids
        )

    def _is_of_before(self, signed):
        """Whether its day, or its number elsewhere, says that it was not bought under
        the rules here."""
        start = self._get_rules_start(self.company_id)
        day = signed or self.date_start
        return bool(self.ref_contract or (day and start and day < start))

    @api.model
    def _get_rules_start(self, company):
        """First day of the rule on contracts of before: that of the circular."""
        rules = self.env["souverainete.rule"]._get_rules(
            company, company._souverainete_today(), ("award",)
        )
        return rules.filtered(lambda rule: rule.code == "take_over")[:1].date_start

    def _get_not_of_before_message(self):
        return self.env._(
            "Nothing says that it was signed before the rules (%(day)s) or elsewhere: "
            "give the day it was signed, or its number in “Contract number”.",
            day=format_date(self.env, self._get_rules_start(self.company_id)) or "–",
        )

    def _finding_take_over(self, options):
        """A contract taken over says when, or under which number, it was signed."""
        told = self.is_prior and not self._is_of_before(self.date_signed)
        return {"": self._get_not_of_before_message()} if told else {}

    def _write_prior(self, documents):
        """One write for all, then what is proper to each."""
        self._quiet()._write_server(self._prepare_prior_vals())
        self._write_own_prior(documents)

    def _write_own_prior(self, documents):
        self._prefetch_prior()
        for file in self._quiet():
            file._write_server(file._prepare_own_prior_vals(documents[file]))

    def _quiet(self):
        """Without a message a file, each with its own queries: the journal says who
        took the contract over, and why."""
        return self.sudo().with_context(tracking_disable=True)

    def _prefetch_prior(self):
        """Read at once what the envelope of each contract reads."""
        files = self.sudo()
        files._prefetch_case()
        files._prefetch_findings({"envelope"})

    @api.model
    def _create_prior(self, vals_list, document, reason=""):
        """Create contracts already signed, as `prior`. See `_take_over`."""
        self._check_take_over(document)
        proof = self._prepare_prior_vals()
        quiet = self.with_context(tracking_disable=True)
        files = quiet._create_server(
            [{"user_id": False, **vals, **proof} for vals in vals_list]
        )
        files = files.with_env(self.env)
        # Who reads the first file reads the document of them all. It is given its
        # place before it becomes evidence, which no longer moves.
        if not document.res_id:
            document.sudo().write({"res_model": self._name, "res_id": files[:1].id})
        documents = dict.fromkeys(files, document)
        files._write_own_prior(documents)
        files._record_take_over(documents, reason)
        return files

    def _check_officer(self):
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(
                self.env._("Only a compliance officer can take over a contract.")
            )

    def _check_take_over(self, document):
        self._check_officer()
        if not document:
            raise UserError(
                self.env._("Attach the document that proves the contract was signed.")
            )

    def _prepare_prior_vals(self):
        return {
            "is_prior": True,
            "state": "confirmed",
            "gate_state": "confirmed",
            "prior_officer_id": self.env.uid,
        }

    def _prepare_own_prior_vals(self, documents):
        return {
            "gate_envelope": self._prepare_envelope(),
            "prior_document_id": documents[:1].id,
            "prior_amount_missing": not self._get_ceiling().known,
            # A shared document has no annex: nothing to write for most contracts.
            **({"prior_annex_ids": documents[1:].ids} if documents[1:] else {}),
        }

    def _record_take_over(self, documents, reason):
        """Their rows were just written: what is common is told once for all."""
        summary = self.env._("Contract signed before the rules, taken over.")
        same = defaultdict(self.browse)
        for file in self:
            same[documents[file]] |= file
        for attachments, files in same.items():
            payload = attachments._prepare_take_over_payload() | {"why": reason}
            for (signed, number), alike in files.grouped(_get_proofs).items():
                said = {"signed_on": signed, "number": number}
                alike._journal("take_over", payload | said, summary)
        self._refresh_compliance()

    @api.model
    def _get_kept_documents(self, documents):
        """Those among `documents` that prove a contract taken over."""
        proofs = ("prior_document_id", "prior_annex_ids")
        domain = Domain.OR(Domain(name, "in", documents.ids) for name in proofs)
        files = self.with_context(active_test=False).search(domain)
        return (files.prior_document_id | files.prior_annex_ids) & documents

    def _record_holders(self, partners):
        """Record holders that the published data name since the contract was taken
        over. Raises when the current user is not an officer."""
        self._check_officer()
        for file in self.sudo():
            links = [fields.Command.link(partner.id) for partner in partners]
            unknown = dict(file.gate_envelope or {}, holders=[])
            file._write_server({"gate_envelope": unknown, "holder_ids": links})
            file._journal("take_over", {"holders": file._get_holders().mapped("name")})

    def action_state_umbrella(self):
        """The officer states that a contract taken over is an umbrella framework."""
        self.check_access("read")
        self._check_officer()
        for file in self:
            file._check_umbrella_statable()
            envelope = dict(file.sudo().gate_envelope or {}, umbrella=True)
            file.sudo()._write_server({"is_umbrella": True, "gate_envelope": envelope})
            file._journal(
                "take_over",
                {"umbrella": True},
                self.env._("Stated to be an umbrella framework."),
            )

    def _check_umbrella_statable(self):
        if not self.is_prior or self.is_umbrella:
            raise UserError(
                self.env._(
                    "%(name)s is not a contract taken over, or is already an umbrella "
                    "framework.",
                    name=self.display_name,
                )
            )
        self._check_four_eyes(
            self.env._(
                "Four eyes: the buyer of %(name)s cannot state it; another "
                "officer can.",
                name=self.display_name,
            ),
            askers=self._get_askers() - self.prior_officer_id,
        )


def _get_proofs(file):
    """What a contract of before says of itself: (day it was signed, number)."""
    return fields.Date.to_string(file.date_signed) or "", file.ref_contract or ""
