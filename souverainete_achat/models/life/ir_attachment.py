from odoo import models


class IrAttachment(models.Model):
    """Documents that prove a contract taken over."""

    _inherit = "ir.attachment"

    def _prepare_take_over_payload(self):
        """What the journal keeps of the documents of a contract; the first proves."""
        payload = {"document": self[:1].checksum, "name": self[:1].name}
        annexes = [[annex.name, annex.checksum] for annex in self[1:]]
        return payload | ({"annexes": annexes} if annexes else {})
