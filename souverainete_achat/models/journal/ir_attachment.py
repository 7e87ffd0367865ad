from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

# What makes the document, and whose it is.
_CONTENT = frozenset(
    {
        "checksum",
        "datas",
        "db_datas",
        "raw",
        "res_field",
        "res_id",
        "res_model",
        "store_fname",
        "type",
        "url",
    }
)


class IrAttachment(models.Model):
    """The document a decision relies on is neither replaced, moved nor deleted."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if not _CONTENT.isdisjoint(vals):
            self._get_altered(vals)._check_not_evidence()
        return super().write(vals)

    def _get_altered(self, vals):
        """Filing a loose document on the record it proves alters nothing."""
        filing = {"res_model", "res_id"}.issuperset(vals)
        return self.sudo().filtered("res_id") if filing else self

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
            if isinstance(keeper, self.pool["souverainete.guarded"]):
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
