from odoo import models
from odoo.exceptions import UserError

from ..base.documents import get_document_gap


class IrAttachment(models.Model):
    """Documents that prove a contract taken over."""

    _inherit = "ir.attachment"

    def _prepare_take_over_payload(self):
        """What the journal keeps of the documents of a contract; the first proves."""
        payload = {"document": self[:1].checksum, "name": self[:1].name}
        annexes = [[annex.name, annex.checksum] for annex in self[1:]]
        return payload | ({"annexes": annexes} if annexes else {})

    def _check_proves(self):
        """Raise unless each is a document that can be read."""
        for document in self:
            if gap := get_document_gap(self.env, document.raw or b""):
                raise UserError(
                    self.env._("%(name)s: %(gap)s.", name=document.name, gap=gap)
                )
