import base64
import binascii
import io
import lzma
import re
import stat
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError

from .matching import Index

MAX_ENTRIES = 20_000
MAX_ENTRY_SIZE = 50 * 1024**2
MAX_SIZE = 4 * 1024**3
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz")
_ENCRYPTED = 0x1
_UTF8 = 0x800
# What reading a broken or hostile archive raises.
_BROKEN = (
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    UnicodeDecodeError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


class Source(NamedTuple):
    """A document before it is recorded; `entry`: its path in a .zip."""

    attachment_id: int
    entry: str
    size: int
    name: str


class TakeOverDocuments(models.AbstractModel):
    """The documents that came with the contracts, and whose each one is."""

    _name = "souverainete.take.over.documents"
    _description = "Documents of contracts to take over"

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

    # === .ZIP OF DOCUMENTS === #
    # Nothing is written to the disk of the server, no path is followed, and sizes and
    # numbers are bounded before anything is read.

    def _open_zip(self, attachment):
        try:
            return zipfile.ZipFile(io.BytesIO(attachment.raw or b""))
        except _BROKEN:
            raise self._get_zip_error(
                attachment, "", self.env._("it is not a .zip that can be read")
            ) from None

    def _open_zips(self, lines):
        """{attachment: archive} of those that the documents of `lines` are in."""
        ids = {
            source[0] for line in lines for source in line.sources or [] if source[1]
        }
        attachments = self.env["ir.attachment"].browse(ids)
        return {attachment.id: self._open_zip(attachment) for attachment in attachments}

    def _list_zip(self, attachment):
        """[Source] of the documents it holds; raises, naming what is refused."""
        with self._open_zip(attachment) as archive:
            entries = [info for info in archive.infolist() if not _is_noise(info)]
        self._check_zip_bounds(attachment, entries)
        for info in entries:
            if reason := self._get_entry_refusal(info):
                raise self._get_zip_error(attachment, _get_path(info), reason)
        return [
            Source(attachment.id, e.filename, e.file_size, _get_name(_get_path(e)))
            for e in entries
        ]

    def _check_zip_bounds(self, attachment, entries):
        size = sum(info.file_size for info in entries)
        if len(entries) > MAX_ENTRIES or size > MAX_SIZE:
            reason = self.env._(
                "it holds %(count)s documents and %(size)s MB, more than the %(most)s "
                "documents and %(largest)s MB accepted: cut it in several",
                count=len(entries),
                size=size // 1024**2,
                most=MAX_ENTRIES,
                largest=MAX_SIZE // 1024**2,
            )
            raise self._get_zip_error(attachment, "", reason)

    def _get_entry_refusal(self, info):
        """Why an entry is refused, or an empty text."""
        if _is_outside(info.filename):
            return self.env._("its path leaves the archive")
        if stat.S_ISLNK(info.external_attr >> 16):
            return self.env._("it is a link, not a document")
        if info.flag_bits & _ENCRYPTED:
            return self.env._("it is protected by a password")
        if info.filename.lower().endswith(_ARCHIVES):
            return self.env._("it is an archive inside the archive: unpack it first")
        if info.file_size > MAX_ENTRY_SIZE:
            return self._get_too_large_reason()
        return ""

    def _get_too_large_reason(self):
        return self.env._(
            "it is larger than %(size)s MB", size=MAX_ENTRY_SIZE // 1024**2
        )

    def _read_entry(self, archive, entry):
        """Bytes of an entry, no more than what is accepted, whatever it declares."""
        try:
            with archive.open(entry) as document:
                content = document.read(MAX_ENTRY_SIZE + 1)
        except (*_BROKEN, KeyError):
            raise UserError(
                self.env._("“%(entry)s” in the .zip cannot be read.", entry=entry)
            ) from None
        if len(content) > MAX_ENTRY_SIZE:
            raise UserError(
                self.env._(
                    "“%(entry)s” in the .zip: %(reason)s.",
                    entry=entry,
                    reason=self._get_too_large_reason(),
                )
            )
        return content

    def _get_zip_error(self, attachment, entry, reason):
        return UserError(
            self.env._(
                "%(archive)s is refused, and nothing of it is read. %(entry)s: "
                "%(reason)s.",
                archive=attachment.name,
                entry=entry or attachment.name,
                reason=reason,
            )
        )


def _is_noise(info):
    """Folders, and what systems add beside the documents."""
    parts = PurePosixPath(info.filename).parts
    hidden = bool(parts) and (parts[0] == "__MACOSX" or parts[-1].startswith("."))
    return info.is_dir() or (hidden and not _is_outside(info.filename))


def _is_outside(path):
    """Whether a path is absolute, climbs, or is not one of a .zip."""
    absolute = re.match(r"/|[A-Za-z]:", path)
    odd = "\\" in path or any(ord(char) < 32 for char in path)
    return bool(absolute) or odd or ".." in PurePosixPath(path).parts


def _get_path(info):
    """Windows writes names in the code page of the DOS, and does not say so: they were
    read in the one that the format names."""
    if info.flag_bits & _UTF8:
        return info.filename
    return info.filename.encode("cp437").decode("cp850")


def _get_name(path):
    return PurePosixPath(path).name
