from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .requisition_gate import SIGNED_STATES


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
            "prior_document_id",
            "prior_officer_id",
        }

    def _take_over(self, document, reason):
        """Put drafts of contracts already signed into `confirmed`, state `prior`.

        `document`: ir.attachment that proves the signature. Raises when the current
        user is not an officer, or is the buyer of one of the files.
        """
        self._check_take_over(document)
        for file in self:
            file._check_takes_over_draft()
            file.sudo()._write_server(file._prepare_prior_vals(document))
        self._record_take_over(document, reason)

    @api.model
    def _create_prior(self, vals_list, document, reason=""):
        """Create contracts already signed, as `prior`. See `_take_over`."""
        self._check_take_over(document)
        proof = self._prepare_prior_vals(document)
        unproved = {**proof, "prior_document_id": False}
        files = self._create_server(
            [{"user_id": False, **vals, **unproved} for vals in vals_list]
        )
        # Who reads the first file reads the document of them all. It is given its
        # place before it becomes evidence, which no longer moves.
        if not document.res_id:
            document.sudo().write({"res_model": self._name, "res_id": files[:1].id})
        files._write_server({"prior_document_id": document.id})
        for file in files.sudo():
            file._write_server({"gate_envelope": file._prepare_envelope()})
        files._record_take_over(document, reason)
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

    def _check_takes_over_draft(self):
        if self.state != "draft":
            raise UserError(
                self.env._("%(name)s is not a draft.", name=self.display_name)
            )
        if self.env.user in (self.user_id | self.create_uid):
            raise AccessError(
                self.env._(
                    "Four eyes: the buyer of %(name)s cannot take it over; another "
                    "officer can.",
                    name=self.display_name,
                )
            )

    def _prepare_prior_vals(self, document):
        return {
            "is_prior": True,
            "state": "confirmed",
            "gate_state": "confirmed",
            "gate_envelope": self._prepare_envelope() if self else False,
            "prior_document_id": document.id,
            "prior_officer_id": self.env.uid,
        }

    def _record_take_over(self, document, reason):
        for file in self:
            file._journal(
                "take_over",
                {"document": document.checksum, "name": document.name, "why": reason},
                self.env._("Contract signed before the rules, taken over."),
            )
        self._refresh_compliance()

    def _prepare_end_of_take_over(self):
        """A contract cancelled or reset is no longer one that runs: signing it again
        asks everything, and an officer can take it over once more."""
        ended = self.is_prior and self.state not in SIGNED_STATES
        return {"is_prior": False} if ended else {}

    @api.model
    def _get_kept_documents(self, documents):
        """Those among `documents` that prove a contract taken over."""
        proofs = [("prior_document_id", "in", documents.ids)]
        return self.search(proofs).prior_document_id & documents

    # === WHAT WAS NOT KNOWN === #

    def _get_unknown_limits(self, judged):
        """Names of the limits a contract was taken over without knowing."""
        names = ("vendor", "holders", "products", "amount", "end", "options")
        return {name for name in names if self.is_prior and not judged.get(name)}

    def _learn_unknown_limits(self):
        """What was not known is learnt once; from then on it is judged.

        But for options: studying them now says nothing of what was signed then.
        """
        for file in self.filtered("is_prior"):
            judged, now = file.gate_envelope or {}, file._prepare_envelope()
            unknown = file._get_unknown_limits(judged) - {"options"}
            if learnt := {name: now[name] for name in unknown if now[name]}:
                file._write_server({"gate_envelope": judged | learnt})

    def _record_holders(self, partners):
        """Record holders that the published data name since the contract was taken
        over. Raises when the current user is not an officer."""
        self._check_officer()
        for file in self.sudo():
            links = [fields.Command.link(partner.id) for partner in partners]
            unknown = dict(file.gate_envelope or {}, holders=[])
            file._write_server({"gate_envelope": unknown, "holder_ids": links})
            file._journal("take_over", {"holders": file._get_holders().mapped("name")})

    def _is_running(self, date):
        """Whether orders may still be placed on `date`: not after the end."""
        return not self.date_end or self.date_end >= date
