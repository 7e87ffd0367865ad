"""What is joined, and what proves something."""

import base64
import hashlib
import io

from odoo.tools.mimetypes import guess_mimetype
from odoo.tools.pdf import PdfFileReader


def file_documents(model, record_id, added):
    """Only what one may read is joined; what was loose is filed with the record, so
    that the others of the ministry read it too."""
    added.with_user(added.env.user).check_access("read")
    loose = added.filtered(lambda document: not document.res_id)
    loose.sudo().write({"res_model": model, "res_id": record_id})


def get_digest(record, name):
    """SHA-256 of the content of a binary field of `record`; empty without any."""
    whole = record.with_context(bin_size=False, **{f"bin_size_{name}": False})
    content = base64.b64decode(whole[name] or b"")
    return hashlib.sha256(content).hexdigest() if content else ""


# === WHAT PROVES === #

# Kinds of file that a signature, or its copy, comes in.
_KINDS = frozenset(
    {
        "application/msword",
        "application/pdf",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "image/jpeg",
        "image/png",
        "image/tiff",
    }
)
# Bytes: less holds no page that anybody signed.
_SMALLEST, _LARGEST = 300, 50 * 1024**2


def get_document_gap(env, content):
    """Why these bytes prove nothing, in words; empty where they are a document."""
    kind = guess_mimetype(content, default="")
    if kind not in _KINDS:
        return env._(
            "it is no document that can be read: give a PDF, a scan (JPEG, PNG, TIFF) "
            "or a text document (ODT, DOCX)"
        )
    if not _SMALLEST <= len(content) <= _LARGEST:
        return env._(
            "it weighs %(size)s bytes: a document weighs between %(least)s bytes and "
            "%(most)s MB",
            size=len(content),
            least=_SMALLEST,
            most=_LARGEST // 1024**2,
        )
    if kind == "application/pdf" and not _count_pages(content):
        return env._("it is a PDF without a page that can be read")
    return ""


def _count_pages(content):
    try:
        return len(PdfFileReader(io.BytesIO(content), strict=False).pages)
    except Exception:  # pylint: disable=broad-except
        # A hostile PDF may break its reader in any way: it proves nothing.
        return 0
