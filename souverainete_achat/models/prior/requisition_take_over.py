from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..gate.requisition_gate import SIGNED_STATES


class PurchaseRequisition(models.Model):
    """Take over: contracts signed elsewhere, or before the rules."""

    _inherit = "purchase.requisition"

    is_prior = fields.Boolean(
        string="Signed before the rules",
        copy=False,
        help="Taken over by an officer with its document. It takes orders until its "
        "end; renewing or amending it asks everything.",
    )
    prior_document_id = fields.Many2one(
        "ir.attachment",
        string="Document of the contract",
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="What proves that the contract was signed.",
    )
    prior_annex_ids = fields.Many2many(
        "ir.attachment",
        "souverainete_prior_annex_rel",
        string="Other documents of the contract",
        copy=False,
        help="What was taken over with the document that proves the signature.",
    )
    prior_officer_id = fields.Many2one(
        "res.users",
        string="Taken over by",
        readonly=True,
        copy=False,
        help="Officer who took the contract over: another person orders under it.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "is_prior",
            "prior_annex_ids",
            "prior_document_id",
            "prior_officer_id",
        }

    # === DRAFTS === #

    def _take_over(self, document, reason):
        """Put drafts of contracts already signed into `confirmed`, state `prior`.

        `document`: ir.attachment that proves the signature. Raises when the current
        user is not an officer, or is the buyer of one of the files.
        """
        self._take_over_with(dict.fromkeys(self, document), reason)

    def _take_over_with(self, documents, reason):
        """The same, each contract with its own: {file: attachments}, of which the
        first proves the signature. Queries do not depend on the number of files."""
        for attachments in documents.values():
            self._check_take_over(attachments)
        for file in self:
            if refusal := file._get_take_over_refusal():
                raise refusal
        self._write_prior(documents)
        self._record_take_over(documents, reason)

    def _get_take_over_refusal(self):
        """The error that says why this contract cannot be taken over, or None."""
        if self.state != "draft":
            return UserError(
                self.env._("%(name)s is not a draft.", name=self.display_name)
            )
        if self.env.user in (self.user_id | self.create_uid):
            return AccessError(
                self.env._(
                    "Four eyes: the buyer of %(name)s cannot take it over; another "
                    "officer can.",
                    name=self.display_name,
                )
            )
        return None

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
        files._prefetch_findings()
        files.mapped("holder_ids.commercial_partner_id")
        files.mapped("vendor_id.commercial_partner_id")

    # === NEW CONTRACTS === #

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

    # === CHECKS === #

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

    # === RECORDING === #

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
            "prior_amount_missing": not self._get_ceiling()[1],
            # A shared document has no annex: nothing to write for most contracts.
            **({"prior_annex_ids": documents[1:].ids} if documents[1:] else {}),
        }

    def _record_take_over(self, documents, reason):
        summary = self.env._("Contract signed before the rules, taken over.")
        same = defaultdict(self.browse)
        for file in self:
            same[documents[file]] |= file
        for attachments, files in same.items():
            payload = attachments._prepare_take_over_payload() | {"why": reason}
            files._journal("take_over", payload, summary)
        self._refresh_compliance()

    def _prepare_end_of_take_over(self):
        """A contract cancelled or reset is no longer one that runs: signing it again
        asks everything, and an officer can take it over once more."""
        ended = self.is_prior and self.state not in SIGNED_STATES
        return {"is_prior": False} if ended else {}

    @api.model
    def _get_kept_documents(self, documents):
        """Those among `documents` that prove a contract taken over."""
        proofs = ("prior_document_id", "prior_annex_ids")
        domain = Domain.OR(Domain(name, "in", documents.ids) for name in proofs)
        files = self.with_context(active_test=False).search(domain)
        return (files.prior_document_id | files.prior_annex_ids) & documents
