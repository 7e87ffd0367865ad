from odoo import api, models
from odoo.exceptions import UserError, ValidationError

_DOCUMENT = frozenset({"document", "document_name"})
_CONTENT = _DOCUMENT | {
    "amount",
    "amount_known",
    "cost_included",
    "date",
    "date_end_new",
    "duration_months",
    "ground",
    "ground_reason",
    "line_ids",
    "name",
    "requisition_id",
    "vendor_id",
}


class Amendment(models.Model):
    """An amendment belongs to one running agreement, and once signed it stays."""

    _inherit = "souverainete.amendment"

    # === CONSTRAINTS === #

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
        return self.get_formview_action()

    # === CRUD === #

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
        if not self._is_server():
            self._check_editable(_CONTENT & set(vals))
        return super().write(vals)

    def _check_editable(self, names):
        if "requisition_id" in names:
            raise UserError(self.env._("An amendment keeps its agreement."))
        for amendment in self.filtered(lambda a: a.state == "signed"):
            if names - _DOCUMENT or (names and amendment.document):
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
