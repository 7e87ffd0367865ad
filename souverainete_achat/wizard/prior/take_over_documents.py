import base64
import binascii
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError

from .matching import Index


class Source(NamedTuple):
    """A document before it is recorded; `entry`: its path in a .zip."""

    attachment_id: int
    entry: str
    size: int
    name: str


class TakeOver(models.TransientModel):
    """The documents that came with the contracts, and whose each one is."""

    _inherit = "souverainete.take.over"

    def _get_sources(self):
        """Every document attached; those of a .zip are read when they are recorded.

        Attachments are read as the user: one that they may not read is refused.
        """
        self.attachment_ids.check_access("read")
        sources = []
        for attachment in self.attachment_ids.sorted("name"):
            if self._is_zip(attachment):
                sources += self._list_zip(attachment)
            else:
                size = attachment.file_size
                sources.append(Source(attachment.id, "", size, attachment.name))
        return sources

    def _is_zip(self, attachment):
        # By its name: office documents are .zip archives too.
        return attachment.name.lower().endswith(".zip")

    def _match(self, files, sources):
        """({file: [Source]}, [(Source, how many contracts it names)] of the others)."""
        index = Index(
            (file, name) for file in files for name in self._get_contract_names(file)
        )
        matched, others = {}, []
        for source in sources:
            found = index.find(source.entry or source.name)
            if len(found) == 1 and source.size:
                matched.setdefault(found.pop(), []).append(source)
            else:
                others.append((source, len(found)))
        return matched, others

    def _get_contract_names(self, file):
        """What names a contract: its name here, and each of its numbers."""
        numbers = (file.ref_contract or "").split(",")
        return {file.name or "", *(number.strip() for number in numbers)}

    # === RECORDING === #

    def _create_documents(self, lines):
        """{file: attachments}: those of its own, or the one for the others."""
        opened = self._open_zips(lines)
        self.attachment_ids.check_access("read")
        own = {line: self._prepare_documents(line, opened) for line in lines}
        vals_list = [vals for documents in own.values() for vals in documents]
        created = iter(self.env["ir.attachment"].create(vals_list))
        return {
            line.requisition_id: self.env["ir.attachment"].union(
                *(next(created) for _vals in documents)
            )
            or self._get_common(line.requisition_id)
            for line, documents in own.items()
        }

    def _prepare_documents(self, line, opened):
        return [
            {
                "name": name,
                "raw": self._read_source(attachment_id, entry, opened),
                "res_model": line.requisition_id._name,
                "res_id": line.requisition_id.id,
            }
            for attachment_id, entry, _size, name in line.sources or []
        ]

    def _read_source(self, attachment_id, entry, opened):
        if entry:
            return self._read_entry(opened[attachment_id], entry)
        # With the others: one query reads where they all are.
        attachments = self.attachment_ids
        return attachments.browse(attachment_id).with_prefetch(attachments.ids).raw

    def _get_common(self, file):
        """The document for the others, filed on the first contract of its ministry:
        who reads that one reads the document of them all."""
        files = self.env[file._name].browse(self.common_ids.mapped("res_id"))
        for common, first in zip(self.common_ids, files, strict=True):
            if first.company_id == file.company_id:
                return common
        common = self.env["ir.attachment"].create(
            {
                "name": self.filename or self.env._("Contract"),
                "raw": self._get_common_bytes(),
                "res_model": file._name,
                "res_id": file.id,
            }
        )
        self._write_server({"common_ids": [(4, common.id)]})
        return common

    def _get_common_bytes(self):
        try:
            content = base64.b64decode(self.with_context(bin_size=False).document)
        except (binascii.Error, TypeError, ValueError):
            content = b""
        if not content:
            raise UserError(self.env._("The document for the others is empty."))
        return content
