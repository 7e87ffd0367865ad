import hashlib
import io
import re
import unicodedata
import zipfile
from datetime import datetime

from odoo import api, fields, models
from odoo.tools import format_datetime

# Documents of a French consultation: their names are French whoever makes them.
_CRITERIA, _CCAP, _CCTP = "01_criteres_RC", "02_clauses_CCAP", "03_clauses_CCTP"
_SHEET, _README = "04_cadre_reponse_souverainete", "LISEZMOI.txt"
_DRAFT = "PROJET"


class TenderPieces(models.AbstractModel):
    """The pieces of the archive, made from what was frozen and nothing else."""

    _name = "souverainete.tender.pieces"
    _description = "Pieces of the tender documents"

    @api.model
    def _build_archive(self, content, tender=None):
        """(name, bytes) of the archive. Without `tender`, every piece says DRAFT."""
        builder = self.with_context(lang=content["lang"])
        pieces = builder._build_pieces(content, tender)
        pieces.append((_README, builder._build_readme(content, tender, pieces)))
        stem = "_".join([*([] if tender else [_DRAFT]), "DCE", _slug(content["file"])])
        launch = content["launched_on"]
        date = datetime.fromisoformat(launch) if launch else fields.Datetime.now()
        return f"{stem}.zip", _zip(stem, pieces, date)

    @api.model
    def _build_pieces(self, content, tender):
        pieces = []
        if any(lot["grid"] for lot in content["lots"]):
            pieces += self._build_document(
                _CRITERIA, self._get_criteria(content), tender
            )
        for code, name in (("ccap", _CCAP), ("cctp", _CCTP)):
            if document := self._get_clauses(content, code):
                pieces += self._build_document(name, document, tender)
        for lot in content["lots"]:
            if lot["grid"]:
                sheet = self._build_answer_sheet(content, lot, tender)
                pieces.append((_get_sheet_name(lot, pieces), sheet))
        return pieces

    # === MANIFEST === #

    @api.model
    def _build_readme(self, content, tender, pieces):
        """What it is, and how to check it, as a text that every system opens."""
        lines = [*self._get_readme_head(content, tender), ""]
        for name, piece in pieces:
            lines.append(f"{hashlib.sha256(piece).hexdigest()}  {name}")
        lines += ["", *self._get_readme_help()]
        return "\r\n".join(lines).encode("utf-8-sig")

    @api.model
    def _get_readme_head(self, content, tender):
        draft = [] if tender else [self._get_draft_notice(), ""]
        facts = self._get_facts(content, tender)
        return [*draft, *(f"{label} : {value}" for label, value in facts)]

    @api.model
    def _get_readme_help(self):
        return [
            self.env._(
                "Each line above gives the SHA-256 of a piece. The PDF documents are "
                "to be read, the ODT ones to be pasted into RC, CCAP and CCTP, the "
                "XLSX one to be given to the bidders as it is: the sheet they return "
                "is recognised when it is imported."
            )
        ]

    @api.model
    def _get_facts(self, content, tender):
        """[(label, value)]: what identifies the documents, on each of them."""
        facts = [
            (self.env._("Buyer"), content["buyer"]),
            (self.env._("Purchase file"), content["file"]),
            (self.env._("Object"), content["object"]),
            (self.env._("Consultation"), content["consultation"]),
        ]
        if tender:
            facts += [
                (self.env._("Launched on"), self._format_launch(content)),
                (self.env._("Digest of the launch (SHA-256)"), content["digest"]),
                (
                    self.env._("Digest of the documents (SHA-256)"),
                    tender.content_digest,
                ),
            ]
        return [(label, value) for label, value in facts if value]

    @api.model
    def _format_launch(self, content):
        launch = datetime.fromisoformat(content["launched_on"])
        return format_datetime(self.env, launch, tz="Europe/Paris", dt_format="short")

    @api.model
    def _get_draft_notice(self):
        return self.env._(
            "DRAFT – the consultation is not launched: nothing here is frozen, and "
            "none of it may be published."
        )


def _get_sheet_name(lot, pieces):
    """Two numbers may read the same once in plain letters: no sheet hides another."""
    suffix = f"_lot_{_slug(lot['number'])}" if lot["number"] else ""
    names = {name for name, _piece in pieces}
    name, again = f"{_SHEET}{suffix}.xlsx", 2
    while name in names:
        name, again = f"{_SHEET}{suffix}_{again}.xlsx", again + 1
    return name


def _slug(text):
    """ASCII letters, digits and dashes: names that every system keeps."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-") or "x"


def _zip(folder, pieces, date):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, piece in pieces:
            info = zipfile.ZipInfo(f"{folder}/{name}", date.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, piece)
    return content.getvalue()
