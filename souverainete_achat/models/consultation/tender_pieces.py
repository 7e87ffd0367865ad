import hashlib
import io
import re
import unicodedata
import zipfile
from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import format_datetime
from odoo.tools.misc import formatLang

from . import odt
from . import sheet_format as form
from .sheet_writer import SheetWriter

# Documents of a French consultation: their names are French whoever makes them.
_CRITERIA, _CCAP, _CCTP = "01_criteres_RC", "02_clauses_CCAP", "03_clauses_CCTP"

_SHEET, _README = "04_cadre_reponse_souverainete", "LISEZMOI.txt"

_DRAFT = "PROJET"


class Block(NamedTuple):
    """A part of a document, drawn alike in PDF and in ODT. `kind`: heading,
    subheading, question, text, note or table; `rows`: of a table, its head first."""

    kind: str
    text: str = ""
    rows: tuple = ()

    def get_wide(self):
        """Whether each column of the table holds sentences."""
        return [
            any(len(str(cell)) > _WORDY for cell in column)
            for column in zip(*self.rows, strict=True)
        ]


# Characters above which the column of a table is a wide one.
_WORDY = 25

_TITLES = ("heading", "subheading", "question")


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
        stem = self._get_stem(content, tender)
        launch = content["launched_on"]
        date = datetime.fromisoformat(launch) if launch else fields.Datetime.now()
        return f"{stem}.zip", _zip(stem, pieces, date)

    @api.model
    def _get_stem(self, content, tender=None):
        """Name of the archive and of its folder, without extension."""
        return "_".join([*([] if tender else [_DRAFT]), "DCE", _slug(content["file"])])

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
        return [
            *draft,
            *(f"{label}\N{NO-BREAK SPACE}: {value}" for label, value in facts),
        ]

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

    # === DOCUMENTS === #
    # What is read, as PDF, and what is pasted and edited, as ODT (the format of
    # the State's general interoperability framework): the same blocks in both.

    @api.model
    def _build_document(self, name, document, tender):
        title, content, blocks = document
        values = {
            "title": title,
            "facts": self._get_facts(content, tender),
            "draft": "" if tender else self._get_draft_notice(),
            "parts": _get_parts(blocks),
            "spoken": content["lang"].replace("_", "-"),
            "country": content["lang"][3:],
            "company": tender.company_id if tender else self.env.company,
            "buyer": content["buyer"],
            "foot": content["consultation"] or content["file"],
        }
        return [
            (f"{name}.pdf", self._print_pdf(values)),
            (f"{name}.odt", odt.pack(self._render("tender_odt", values))),
        ]

    @api.model
    def _render(self, template, values):
        return str(
            self.env["ir.qweb"]._render(f"souverainete_achat.{template}", values)
        )

    @api.model
    def _print_pdf(self, values):
        """On the paper of our other documents."""
        report = self.env["ir.actions.report"].sudo()
        return report._make_paper(self._render("tender_pdf", values))

    # === CLAUSES === #
    @api.model
    def _get_clauses(self, content, code):
        """The clauses of one document, or None where it has none."""
        clauses = [c for c in content["clauses"] if c["document"] == code]
        if not clauses:
            return None
        titles = {
            "ccap": self.env._("Clauses for the CCAP"),
            "cctp": self.env._("Clauses for the CCTP"),
        }
        blocks = [Block("note", self._get_clauses_notice())]
        for number, clause in enumerate(clauses, start=1):
            blocks.append(Block("heading", f"{number}. {clause['name']}"))
            paragraphs = filter(str.strip, clause["text"].splitlines())
            blocks += [Block("text", paragraph) for paragraph in paragraphs]
        if code == "ccap":
            blocks += self._get_derogations(content)
        return titles[code], content, blocks

    @api.model
    def _get_derogations(self, content):
        """The last article of the CCAP: what departs from the CCAG-TIC, of the CCTP's
        clauses too. What is not listed there does not count (CCAG-TIC, art. 1.2)."""
        departing = [c for c in content["clauses"] if c.get("derogates_from")]
        if not departing:
            return []
        rows = [(c["name"], c["derogates_from"]) for c in departing]
        head = (self.env._("Clause"), self.env._("Article it departs from"))
        return [
            Block("heading", self.env._("Last article. Derogations from the CCAG-TIC")),
            Block("table", rows=(head, *rows)),
        ]

    @api.model
    def _get_clauses_notice(self):
        return self.env._(
            "To be pasted in the document: number the articles after its own, and fill "
            "in what is between brackets."
        )

    # === CRITERIA === #
    # Weights and how offers are scored: for the rules of consultation.

    @api.model
    def _get_criteria(self, content):
        """Criteria and weights, for the rules of the consultation (RC)."""
        lots = [lot for lot in content["lots"] if lot["grid"]]
        weighted = any(lot["grid"]["weighted"] for lot in lots)
        blocks = [Block("text", self._get_weights_origin(content, weighted))]
        for lot in lots:
            blocks += self._get_lot_blocks(lot, not content["launched_on"])
        return self._get_criteria_title(weighted), content, blocks

    @api.model
    def _get_criteria_title(self, weighted):
        if weighted:
            return self.env._("Award criteria and their weights")
        return self.env._("Questions put to bidders, not marked")

    @api.model
    def _get_weights_origin(self, content, weighted):
        if not weighted:
            return self.env._(
                "The questions below are those of %(buyer)s, for this contract. The "
                "answers are not marked and rank no offer. They bear on the service "
                "offered, never on the nationality of who offers it.",
                buyer=content["buyer"],
            )
        return self.env._(
            "The criteria, weights and levels below are those of %(buyer)s, chosen for "
            "this contract. Circular 6519/SG of 5 February 2026 sets no weight. Points "
            "go to attributes of the offer, never to the nationality of who makes it.",
            buyer=content["buyer"],
        )

    @api.model
    def _get_lot_blocks(self, lot, draft):
        grid = lot["grid"]
        blocks = []
        if lot["number"]:
            label = " – ".join(filter(None, (lot["number"], lot["name"])))
            blocks.append(Block("heading", self.env._("Lot %(lot)s", lot=label)))
        blocks += [
            *self._get_weight_blocks(grid),
            *(Block("text", text) for text in self._get_scoring_rules(grid)),
        ]
        numbers = form.get_numbers(grid["objectives"])
        for objective in grid["objectives"]:
            blocks += self._get_objective_blocks(objective, grid, numbers, draft)
        if grid["attribution"]:
            blocks.append(Block("note", self._get_attribution(grid)))
        return blocks

    @api.model
    def _get_weight_blocks(self, grid):
        """The table of weights; none where nothing is weighted nor required."""
        objectives = grid["objectives"]
        if grid["weighted"] or any(o["required_level"] for o in objectives):
            yield Block("subheading", self.env._("Criteria and weights"))
            yield Block("table", rows=tuple(self._get_weight_rows(grid)))

    @api.model
    def _get_weight_rows(self, grid):
        yield (
            self.env._("Criterion"),
            self.env._("Weight (%)"),
            self.env._("Level required"),
            self.env._("Scored from"),
        )
        for objective in grid["objectives"]:
            yield (
                objective["name"],
                self._format_weight(objective["weight"]),
                objective["required_level"] or self.env._("No level"),
                self._get_scored_from(objective),
            )

    @api.model
    def _format_weight(self, weight):
        return self.env._("No weight") if weight is None else self._format(weight)

    @api.model
    def _format(self, number):
        digits = 0 if float(number).is_integer() else 2
        return formatLang(self.env, number, digits=digits)

    @api.model
    def _get_scored_from(self, objective):
        if objective["is_price"]:
            return self.env._("The price")
        return self.env._(
            "Sub-criteria: %(count)s. Points at most: %(points)s",
            count=len(objective["criteria"]),
            points=self._format(objective["max_points"]),
        )

    @api.model
    def _get_scoring_rules(self, grid):
        """How offers are scored, as the addon scores them."""
        if grid["weighted"]:
            yield self.env._(
                "Score of a criterion: points obtained on its sub-criteria, divided by "
                "its maximum of points, times its weight. The overall score is out of "
                "100."
            )
            yield self._get_blank_rule(grid)
        objectives = grid["objectives"]
        if any(o["is_price"] for o in objectives):
            yield self.env._(
                "Price: the lowest price among the regular offers, divided by that of "
                "the offer, times the weight."
            )
        if any(o["required_level"] for o in objectives):
            yield self.env._(
                "Level required: an offer that is below it on one sub-criterion at "
                "least is irregular, and is set aside."
            )

    @api.model
    def _get_blank_rule(self, grid):
        if grid["blank_rule"] == "zero":
            return self.env._("What a bidder leaves blank gets no point, and level 0.")
        return self.env._(
            "What a bidder leaves blank is worth the worst answer of the sub-criterion."
        )

    @api.model
    def _get_objective_blocks(self, objective, grid, numbers, draft):
        if not objective["criteria"]:
            return
        yield Block("subheading", self._get_objective_title(objective))
        for criterion in objective["criteria"]:
            number = numbers[criterion["key"]]
            yield Block("question", f"{number} {criterion['name']}")
            if draft and criterion["label_doubtful"]:
                yield Block("note", self._get_doubtful_notice())
            if criterion.get("expected"):
                yield Block("text", criterion["expected"])
            if criterion["object_link"]:
                yield Block("text", self._get_object_link(criterion))
            # What left with an earlier launch does not say it.
            if criterion.get("per_link"):
                yield Block("text", self._get_link_rule())
            rows = self._get_level_rows(criterion, grid["weighted"])
            yield Block("table", rows=tuple(rows))

    @api.model
    def _get_objective_title(self, objective):
        if objective["weight"] is None:
            return objective["name"]
        return f"{objective['name']} ({self._format(objective['weight'])} %)"

    @api.model
    def _get_doubtful_notice(self):
        return self.env._(
            "Before launch: some answers have no label, or the same one, in what was "
            "read of the source. Correct them in a version of the grid."
        )

    @api.model
    def _get_object_link(self, criterion):
        return self.env._(
            "Link with the object of the contract: %(link)s",
            link=criterion["object_link"],
        )

    @api.model
    def _get_link_rule(self):
        return self.env._(
            "Assessed for each link of the contract chain (publisher, operator, host, "
            "subcontractor with access): the weakest one counts."
        )

    @api.model
    def _get_level_rows(self, criterion, weighted):
        """Levels are numbered as everywhere, from 0 to 4; points only where they
        count."""
        head = (self.env._("Level"), self.env._("Answer"), self.env._("Points"))
        yield head if weighted else head[:2]
        for rung in criterion["levels"]:
            row = (rung["level"], rung["name"], self._format(rung["points"]))
            yield row if weighted else row[:2]

    @api.model
    def _get_attribution(self, grid):
        return self.env._(
            "Grid: %(grid)s. Origin: %(origin)s (%(licence)s).",
            grid=grid["name"],
            origin=grid["attribution"],
            licence=grid["licence"] or self.env._("no licence stated"),
        )

    # === ANSWER SHEET === #
    # The answer sheet of one lot: one row a criterion scored at the award.

    @api.model
    def _build_answer_sheet(self, content, lot, tender):
        criteria = [
            (objective["name"], criterion | {"expected": self._get_expected(criterion)})
            for objective in lot["grid"]["objectives"]
            for criterion in objective["criteria"]
        ]
        return SheetWriter(
            criteria,
            form.get_numbers(lot["grid"]["objectives"]),
            self._get_sheet_labels(lot, tender),
            self._get_bidder_rows(content, lot),
            self._get_mark_rows(lot, tender),
        ).get_content()

    @api.model
    def _get_expected(self, criterion):
        rule = self._get_link_rule() if criterion.get("per_link") else ""
        return "\n".join(filter(None, (criterion.get("expected"), rule)))

    @api.model
    def _get_sheet_labels(self, lot, tender):
        return {
            "notice": self._get_notice(lot, tender),
            "bidder": self.env._("Who answers"),
            "blank": self._get_blank_choice(),
            "choose": self.env._(
                "Choose an answer of the list, or empty the cell: it is then left "
                "blank."
            ),
            "columns": self._get_column_labels(tender),
        }

    @api.model
    def _get_blank_choice(self):
        return self.env._("No answer (left blank)")

    @api.model
    def _get_column_labels(self, tender):
        objective = self.env._("Criterion")
        return {
            form.OBJECTIVE: objective if tender else f"{self._get_draft()} {objective}",
            form.NUMBER: self.env._("No."),
            form.QUESTION: self.env._("Question"),
            form.HELP: self.env._("What to provide"),
            form.LEVEL: self.env._("Your answer (choose in the list)"),
            form.TEXT: self.env._("Your explanations"),
            form.PROOF: self.env._("Proof: document, page or link"),
        }

    @api.model
    def _get_draft(self):
        return self.env._("DRAFT")

    @api.model
    def _get_notice(self, lot, tender):
        """[(text, bold)]: the instructions, and a draft that says it is one."""
        draft = [] if tender else [(self._get_draft_notice(), True)]
        return [
            *draft,
            (self.env._("Answer sheet of the bidder on digital sovereignty"), True),
            (
                self.env._("Fill in the yellow cells only, in the two next sheets."),
                False,
            ),
            (
                self.env._(
                    "“Identification”: name and SIRET of who signs the contract; for a "
                    "grouping, its agent."
                ),
                False,
            ),
            (
                self.env._(
                    "“Réponses”: one row a question. Choose the answer that your offer "
                    "reaches on the day it is made, explain it, and say what proves it."
                ),
                False,
            ),
            (
                self.env._(
                    "A question with no answer chosen and no explanation is left "
                    "blank. %(rule)s",
                    rule=self._get_blank_rule(lot["grid"]),
                ),
                True,
            ),
            (
                self.env._(
                    "No formula, no macro, no row or sheet added, moved or removed: "
                    "the file is read by a program. Return it as .xlsx, one file a lot."
                ),
                False,
            ),
        ]

    @api.model
    def _get_bidder_rows(self, content, lot):
        """{row: (label, value)}; a value that is None is the bidder's to give."""
        told = {
            "consultation": (self.env._("Consultation"), content["consultation"]),
            "file": (self.env._("Purchase file"), content["file"]),
            "lot": (self.env._("Lot"), self._get_lot_label(lot)),
            "name": (self.env._("Name of the bidder"), None),
            "siret": (self.env._("SIRET (14 digits)"), None),
        }
        return {form.BIDDER_ROWS[name]: told[name] for name in told}

    @api.model
    def _get_lot_label(self, lot):
        label = " – ".join(filter(None, (lot["number"], lot["name"])))
        return label or self.env._("The whole contract")

    @api.model
    def _get_mark_rows(self, lot, tender):
        """What recognises the sheet when it comes back; a draft has nothing of it."""
        mark = {
            "format": form.FORMAT,
            "tender": str(tender.id) if tender else "",
            "content": tender.content_digest if tender else "",
            "launch": tender.launch_digest if tender else "",
            "lot": lot["number"],
        }
        return {form.MARK_ROWS[name]: mark[name] for name in mark}


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


def _get_parts(blocks):
    """The blocks in parts that pages do not cut: titles and what they announce."""
    parts = [[]]
    for block in blocks:
        if block.kind in _TITLES and any(b.kind not in _TITLES for b in parts[-1]):
            parts.append([])
        parts[-1].append(block)
    return parts
