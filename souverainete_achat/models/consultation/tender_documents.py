from typing import NamedTuple

from odoo import api, models
from odoo.tools.misc import formatLang

from . import odt


class Block(NamedTuple):
    """A part of a document, drawn alike in PDF and in ODT. `kind`: heading,
    subheading, question, text, note or table; `rows`: those of a table, its head first."""

    kind: str
    text: str = ""
    rows: tuple = ()


class TenderPieces(models.AbstractModel):
    """What is read, as PDF, and what is pasted and edited, as ODT (the format of the
    State's general interoperability framework): the same blocks in both."""

    _inherit = "souverainete.tender.pieces"

    # === DRAWING === #

    @api.model
    def _build_document(self, name, document, tender):
        title, content, blocks = document
        values = {
            "title": title,
            "facts": self._get_facts(content, tender),
            "draft": "" if tender else self._get_draft_notice(),
            "blocks": blocks,
            "lang": content["lang"].replace("_", "-"),
            "country": content["lang"][3:],
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
        """Printed without Odoo's style sheets: nothing is fetched from a server."""
        report = self.env["ir.actions.report"].sudo()
        return report._run_wkhtmltopdf(
            [self._render("tender_pdf", values)],
            report_ref="souverainete_achat.action_report_tender",
        )

    # === CRITERIA === #

    @api.model
    def _get_criteria(self, content):
        """Criteria and weights, for the rules of the consultation (RC)."""
        title = self.env._("Award criteria and their weights, for the RC")
        blocks = [Block("text", self._get_weights_origin(content))]
        for lot in content["lots"]:
            if lot["grid"]:
                blocks += self._get_lot_blocks(lot)
        return title, content, blocks

    @api.model
    def _get_weights_origin(self, content):
        return self.env._(
            "The criteria, weights and levels below are those of %(buyer)s, chosen for "
            "this contract. Circular 6519/SG of 5 February 2026 sets no weight. Points "
            "go to attributes of the offer, never to the nationality of who makes it.",
            buyer=content["buyer"],
        )

    @api.model
    def _get_lot_blocks(self, lot):
        grid = lot["grid"]
        blocks = []
        if lot["number"]:
            label = " – ".join(filter(None, (lot["number"], lot["name"])))
            blocks.append(Block("heading", self.env._("Lot %(lot)s", lot=label)))
        blocks += [
            Block("subheading", self.env._("Criteria and weights")),
            Block("table", rows=tuple(self._get_weight_rows(grid))),
            *(Block("text", text) for text in self._get_scoring_rules(grid)),
        ]
        for objective in grid["objectives"]:
            blocks += self._get_objective_blocks(objective)
        if grid["attribution"]:
            blocks.append(Block("note", self._get_attribution(grid)))
        return blocks

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
                objective["required_level"] or self.env._("None"),
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
            "%(count)s sub-criteria, %(points)s points at most",
            count=len(objective["criteria"]),
            points=self._format(objective["max_points"]),
        )

    @api.model
    def _get_scoring_rules(self, grid):
        """How offers are scored, as the addon scores them."""
        if not grid["weighted"]:
            yield self.env._(
                "These criteria carry no weight: as they stand they are not award "
                "criteria, and rank no offer. The answers inform the buyer."
            )
        else:
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
            return self.env._(
                "What a bidder leaves blank gets no point, and level 0."
            )
        return self.env._(
            "What a bidder leaves blank is worth the worst answer of the sub-criterion."
        )

    @api.model
    def _get_objective_blocks(self, objective):
        if not objective["criteria"]:
            return
        yield Block("subheading", self._get_objective_title(objective))
        for criterion in objective["criteria"]:
            yield Block("question", f"{criterion['code']} – {criterion['name']}")
            if criterion["help"]:
                yield Block("text", criterion["help"])
            if criterion["object_link"]:
                yield Block("text", self._get_object_link(criterion))
            yield Block("table", rows=tuple(self._get_level_rows(criterion)))

    @api.model
    def _get_objective_title(self, objective):
        if objective["weight"] is None:
            return objective["name"]
        return f"{objective['name']} ({self._format(objective['weight'])} %)"

    @api.model
    def _get_object_link(self, criterion):
        return self.env._(
            "Link with the object of the contract: %(link)s",
            link=criterion["object_link"],
        )

    @api.model
    def _get_level_rows(self, criterion):
        yield self.env._("Answer"), self.env._("Level"), self.env._("Points")
        for number, rung in enumerate(criterion["levels"], start=1):
            yield (
                f"{number}. {rung['name']}",
                rung["level"],
                self._format(rung["points"]),
            )

    @api.model
    def _get_attribution(self, grid):
        return self.env._(
            "Grid: %(grid)s. Source: %(source)s (%(licence)s).",
            grid=grid["name"],
            source=grid["attribution"],
            licence=grid["licence"] or self.env._("no licence stated"),
        )

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
        return titles[code], content, blocks

    @api.model
    def _get_clauses_notice(self):
        return self.env._(
            "To be pasted in the document: number the articles after its own, and fill "
            "in what is between brackets."
        )
