from odoo import api, models
from odoo.tools.misc import formatLang

from .tender_documents import Block


class TenderPieces(models.AbstractModel):
    """Criteria, weights and how offers are scored: for the rules of consultation."""

    _inherit = "souverainete.tender.pieces"

    @api.model
    def _get_criteria(self, content):
        """Criteria and weights, for the rules of the consultation (RC)."""
        title = self.env._("Award criteria and their weights, for the RC")
        blocks = [Block("text", self._get_weights_origin(content))]
        for lot in content["lots"]:
            if lot["grid"]:
                blocks += self._get_lot_blocks(lot, not content["launched_on"])
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
    def _get_lot_blocks(self, lot, draft):
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
            blocks += self._get_objective_blocks(objective, draft)
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
            return self.env._("What a bidder leaves blank gets no point, and level 0.")
        return self.env._(
            "What a bidder leaves blank is worth the worst answer of the sub-criterion."
        )

    @api.model
    def _get_objective_blocks(self, objective, draft):
        if not objective["criteria"]:
            return
        yield Block("subheading", self._get_objective_title(objective))
        for criterion in objective["criteria"]:
            yield Block("question", f"{criterion['code']} – {criterion['name']}")
            if draft and criterion["label_doubtful"]:
                yield Block("note", self._get_doubtful_notice())
            if criterion["help"]:
                yield Block("text", self._get_examination(criterion))
            if criterion["object_link"]:
                yield Block("text", self._get_object_link(criterion))
            # What left with an earlier launch does not say it.
            if criterion.get("per_link"):
                yield Block("text", self._get_link_rule())
            yield Block("table", rows=tuple(self._get_level_rows(criterion)))

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
    def _get_examination(self, criterion):
        """The guidance of the grid is written for who assesses: bidders are told so."""
        return self.env._("How the buyer examines it: %(help)s", help=criterion["help"])

    @api.model
    def _get_link_rule(self):
        return self.env._(
            "Assessed for each link of the contract chain (publisher, operator, host, "
            "subcontractor with access): the weakest one counts."
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
            "Grid: %(grid)s. Origin: %(origin)s (%(licence)s).",
            grid=grid["name"],
            origin=grid["attribution"],
            licence=grid["licence"] or self.env._("no licence stated"),
        )
