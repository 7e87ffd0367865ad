"""What the tests of contracts taken over share: drafts, documents and archives."""

import base64
import io
import zipfile

from odoo.fields import Command

from ..common import PDF, SIGNED
from ..flow import FlowCase


def page(text):
    """A document that is not another one."""
    return PDF + b"% " + text.encode()


class PriorCase(FlowCase):
    def _drafts(self, count, **vals):
        """Contracts signed elsewhere, typed as drafts by the buyer."""
        line = {"product_id": self.software.id, "product_qty": 1, "price_unit": 9000}
        return (
            self.env["purchase.requisition"]
            .with_user(self.buyer)
            .create(
                [
                    {
                        "requisition_type": "blanket_order",
                        "vendor_id": self.vendor.id,
                        "ref_contract": f"2024-M-{number:05}",
                        "line_ids": [Command.create(dict(line))],
                        "date_end": "2099-12-31",
                        **vals,
                    }
                    for number in range(count)
                ]
            )
        )

    def _prior(self, **vals):
        """A contract of 100 000 €, taken over by the officer."""
        file = self._new_file(**vals)
        document = self.env["ir.attachment"].create({"name": "c.pdf", "raw": PDF})
        file.with_user(self.officer)._take_over(document, "Signed in 2024", SIGNED)
        return file

    def _zip(self, entries):
        """An archive of {path: content}."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, document in entries.items():
                archive.writestr(path, document)
        return content.getvalue()

    def _zip_of(self, files):
        return self._zip({f"{f.ref_contract}.pdf": page(f.name) for f in files})

    def _attach(self, name, content, user=None):
        attachments = self.env["ir.attachment"].with_user(user or self.officer)
        return attachments.create({"name": name, "raw": content})

    def _wizard(self, files, attachments=(), common=b"", user=None, **vals):
        return (
            self.env["souverainete.take.over"]
            .with_user(user or self.officer)
            .create(
                {
                    "requisition_ids": [Command.set(files.ids)],
                    "attachment_ids": [Command.set([a.id for a in attachments])],
                    "document": base64.b64encode(common) if common else False,
                    "filename": "common.pdf" if common else False,
                    "reason": "Signed on PLACE in 2024",
                    **vals,
                }
            )
        )

    def _statuses(self, wizard):
        return wizard.line_ids.mapped("status")
