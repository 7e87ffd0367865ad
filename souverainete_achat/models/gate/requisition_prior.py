from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


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
        help="What proves that the contract was signed.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"is_prior", "prior_document_id"}

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
        files = self._create_server(
            [
                {"user_id": False, **vals, **self._prepare_prior_vals(document)}
                for vals in vals_list
            ]
        )
        for file in files.sudo():
            file._write_server({"gate_envelope": file._prepare_envelope()})
        files._record_take_over(document, reason)
        return files

    def _check_take_over(self, document):
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(
                self.env._("Only a compliance officer can take over a contract.")
            )
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
        }

    def _record_take_over(self, document, reason):
        for file in self:
            file._journal(
                "take_over",
                {"document": document.checksum, "name": document.name, "why": reason},
                self.env._("Contract signed before the rules, taken over."),
            )
        self._refresh_compliance()

    def _is_running(self, date):
        """Whether orders may still be placed on `date`: not after the end."""
        return not self.date_end or self.date_end >= date
