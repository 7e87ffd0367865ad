from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError
from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

# What makes the document, and whose it is.
_CONTENT = frozenset(
    {"checksum", "datas", "db_datas", "raw", "store_fname", "type", "url"}
)
_OWNER = frozenset({"res_field", "res_id", "res_model"})


class IrAttachment(models.Model):
    """The document a decision relies on is neither replaced, moved nor deleted."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if not _CONTENT.isdisjoint(vals):
            self._check_not_evidence()
        elif not _OWNER.isdisjoint(vals):
            # What belongs to nothing yet is given to its file: the import does so.
            self.sudo().filtered("res_id")._check_not_evidence()
        return super().write(vals)

    def unlink(self):
        # Not in `ondelete`: a client could send the key that lifts it.
        self._check_not_evidence()
        return super().unlink()

    def _check_not_evidence(self):
        flag = self.env.context.get(MODULE_UNINSTALL_FLAG)
        if flag and self.env.uid == SUPERUSER_ID:
            return
        for model, documents in self.sudo().grouped("res_model").items():
            keeper = self.env.get(model or "purchase.requisition")
            if hasattr(keeper, "_get_kept_documents"):
                self._raise_if_kept(keeper.sudo()._get_kept_documents(documents))

    def _raise_if_kept(self, kept):
        if kept:
            raise UserError(
                self.env._(
                    "A decision was recorded with these documents, which stay as they "
                    "are: %(documents)s. Attach the new one beside them.",
                    documents=", ".join(kept.mapped("name")),
                )
            )
