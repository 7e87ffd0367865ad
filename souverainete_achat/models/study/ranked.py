from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from ..base.opening import open_dialog, open_form
from ..base.reading import read_lines
from ..base.told import tell

# Scores are compared as people read them.
_DIGITS = 6


# Rules that read the answers of offers, one by one.
_READS_ANSWERS = frozenset(
    {
        "offers_before_launch",
        "grid_award",
        "grid_balance",
        "offers_scored",
        "offer_regular",
        "best_offer",
    }
)


class Ranked(models.AbstractModel):
    """A file whose offers are compared and ranked by the grid that was published."""

    _name = "souverainete.ranked"
    _inherit = ["souverainete.gated"]
    _description = "Purchase file whose offers are ranked"

    # === HOOKS === #

    def _get_judged_lists(self):
        return [*super()._get_judged_lists(), (self.need_id, "analyst_ids")]

    def _prefetch_case(self):
        result = super()._prefetch_case()
        options = read_lines(self.need_id, "judged_option_ids")
        chain = read_lines(options, "component_ids").partner_id
        partners = self.vendor_id | self.holder_ids | options.partner_id | chain
        partners.mapped("commercial_partner_id.name")
        return result

    def _prefetch_findings(self, codes):
        if not _READS_ANSWERS.isdisjoint(codes):
            needs = self.need_id
            options = read_lines(needs, "judged_option_ids")
            grids = needs.grid_id | needs._get_lot_grids() | options.grid_id
            grids.mapped("objective_ids.criterion_ids.level_ids")
            read_lines(options, "answer_ids")
        return super()._prefetch_findings(codes)

    def _get_lot_grids(self):
        """Grids of the lots that offers are made for; none where there is no lot."""
        return self.env["souverainete.grid"]

    # === WHAT IS PUBLISHED === #
    # What the grid of a published consultation may rank offers by.

    def _get_award_grid(self):
        """The grid that ranks offers: weighted, in a consultation of one's own."""
        need = self.need_id
        return need.grid_id.filtered("is_weighted") if need._is_published() else None

    def _get_binding_grids(self):
        """Grids, of lots too, that rank offers or have levels they must reach."""
        need = self.need_id
        if not need._is_published():
            return need.grid_id.browse()
        grids = need._get_lot_grids() or need.grid_id
        return grids.filtered(lambda grid: grid._is_binding())

    def _get_codes_of_launch(self):
        settled = {"offers_before_launch", "way_retained"}
        return super()._get_codes_of_launch() | settled

    def _finding_offers_before_launch(self, options):
        """What is announced is settled before any offer is known: those of an earlier
        launch are set aside first."""
        need = self.need_id
        if need.date_launch or not need._is_published():
            return {}
        known = need.sudo().judged_option_ids.filtered(lambda o: o.kind == "offer")
        if not known.filtered(lambda o: o.verdict != "rejected"):
            return {}
        return {
            "": tell(self.env)._(
                "Offers are recorded already, while a consultation leaves before they "
                "come: set them aside with the reason, or delete those that nobody "
                "read (page “Offers received”)."
            )
        }

    def _finding_grid_award(self, options):
        grids = self._get_binding_grids()
        messages = self._get_award_messages(grids)
        if examples := grids.filtered("is_example"):
            messages["example"] = tell(self.env)._(
                "The weights of the grid “%(grid)s” are those of the example: have a "
                "referentials manager set the ministry's own, on the grid.",
                grid=", ".join(examples.mapped("display_name")),
            )
        return messages

    def _get_award_messages(self, grids):
        """Criteria of objectives that rank or eliminate offers, and may not."""
        asked = grids.criterion_ids.filtered(lambda c: c.objective_id._is_binding())
        never = asked.filtered(lambda c: c.award_use == "never")
        unjustified = asked.filtered(
            lambda c: c.award_use == "justified" and not (c.object_link or "").strip()
        )
        messages = {}
        if never:
            messages["never"] = tell(self.env)._(
                "These criteria bear on the capital or the jobs of who makes the "
                "offer, and never rank or eliminate offers: %(criteria)s. Take them "
                "out in a version of the grid.",
                criteria=", ".join(never.mapped("code")),
            )
        if unjustified:
            messages["justified"] = tell(self.env)._(
                "These criteria bear on who makes the offer: write their link with the "
                "object of the contract on the grid, or take them out: %(criteria)s.",
                criteria=", ".join(unjustified.mapped("code")),
            )
        return messages

    def _finding_grid_balance(self, options):
        grid = self._get_award_grid()
        if not grid:
            return {}
        weights = {o.code: o.weight for o in grid.objective_ids}
        if not weights.get("sovereignty", 0) > weights.get("performance", 0) > 0:
            return {}
        return {
            "sovereignty": tell(self.env)._(
                "Sovereignty weighs more than business performance: the circular is "
                "reported to rank it second. Say why in the statement if it is meant."
            )
        }

    # === RANKING === #
    # After a competition: every bid scored as published, and the best one retained.

    def _get_consulted_offers(self):
        """The bids received after a published consultation. Runs sudo."""
        need = self.need_id
        offers = self.sudo().need_id.judged_option_ids
        return offers.filtered(lambda o: o.kind == "offer" and need._is_published())

    def _get_competing_offers(self):
        """Those that a grid ranks. Runs sudo."""
        return self._get_consulted_offers().filtered(
            lambda offer: offer._get_published_grid().is_weighted
        )

    def _get_ranking(self):
        """{option: (rank, score out of 100)} of the bids in the running whose every
        criterion, and price where it counts, is known; each against its rivals."""
        offers = self._get_competing_offers().filtered(lambda o: o._is_ranked())
        ranking = {}
        for rivals in offers.grouped(lambda o: o._get_competition()).values():
            ranking |= self._rank(rivals)
        return ranking

    def _rank(self, offers):
        scores = {
            offer: offer.score + self._get_price_part(offer, offers)
            for offer in offers
            if not offer._get_unsettled_count() and self._is_price_known(offer)
        }
        return {
            offer: (1 + self._count_better(score, scores.values()), score)
            for offer, score in scores.items()
        }

    def _count_better(self, score, others):
        return sum(float_compare(other, score, _DIGITS) > 0 for other in others)

    def _get_price_weight(self, offer):
        return sum(offer.grid_id.objective_ids.filtered("is_price").mapped("weight"))

    def _is_price_known(self, offer):
        """A price of 0 divides nothing: the published formula cannot score it."""
        return not self._get_price_weight(offer) or bool(
            offer.cost_known and offer.cost > 0
        )

    def _get_price_part(self, offer, offers):
        """Lowest regular price over one's own, times the weight of the price."""
        weight = self._get_price_weight(offer)
        if not weight or not self._is_price_known(offer):
            return 0.0
        prices = [o.cost for o in offers if self._is_price_known(o)]
        return weight * min(prices) / offer.cost

    def _finding_offers_scored(self, options):
        """What was published is what every bid is scored on."""
        offers = self._get_competing_offers().filtered(lambda o: o._is_ranked())
        return {
            f"{offer.id}{suffix}": offer._conceal(message)
            for offer in offers
            for suffix, message in self._get_scoring_gaps(offer).items()
        }

    def _get_scoring_gaps(self, offer):
        """{suffix of the key: message}: what keeps this bid from being ranked."""
        gaps = {}
        if missing := offer._get_unsettled_count():
            gaps[""] = tell(self.env)._(
                "%(offer)s: %(missing)s criteria have neither an answer nor “left "
                "blank by the bidder”. Settle them in the option, page Sovereignty.",
                offer=offer.name,
                missing=missing,
            )
        elif not self._is_price_known(offer):
            gaps["-price"] = tell(self.env)._(
                "%(offer)s: its price is not known, or is 0, and the price is scored.",
                offer=offer.name,
            )
        if departing := offer.answer_ids.filtered(lambda a: a._lacks_reason()):
            gaps["-reason"] = tell(self.env)._(
                "%(offer)s: say why another level than the one the bid claims was "
                "chosen for %(criteria)s (option, page Sovereignty).",
                offer=offer.name,
                criteria=", ".join(departing.criterion_id.mapped("code")),
            )
        return gaps

    def _finding_offer_regular(self, options):
        """An offer below a published level is irregular; nothing lifts it."""
        consulted = self._get_consulted_offers()
        if self._is_competition_empty(consulted):
            return {"none": self._get_no_offer_message()}
        gaps = {offer: offer._get_regularity_gap() for offer in options & consulted}
        return {str(o.id): o._conceal(gap) for o, gap in gaps.items() if gap}

    def _is_competition_empty(self, offers):
        """Whether weights or levels were published and nobody is recorded to have
        answered. What was signed already was judged then."""
        need = self.need_id
        published = need._is_published() and need.purchase_route
        binding = published and need.grid_id._is_binding()
        return bool(binding) and not offers and not self.gate_passed_on

    def _get_no_offer_message(self):
        return tell(self.env)._(
            "No offer is recorded, although the consultation announced weights or "
            "levels to reach: record the offers received, on the page “Offers "
            "received”, or close the need without buying."
        )

    def _finding_best_offer(self, options):
        """The best-ranked regular offer is retained; others only on listed grounds."""
        retained = options & self._get_competing_offers()
        ranking = self._get_ranking() if retained else {}
        return {
            str(offer.id): offer._conceal(
                tell(self.env)._(
                    "%(offer)s ranks %(rank)s, behind offers that are not retained. "
                    "Retain the best-ranked one, or give the listed ground on which "
                    "it is set aside.",
                    offer=offer.name,
                    rank=ranking[offer][0],
                )
            )
            for offer in retained
            if offer in ranking and self._is_outranked(offer, ranking)
        }

    def _is_outranked(self, offer, ranking):
        """Whether a better-ranked bid was not retained too (several may be)."""
        return any(
            rank < ranking[offer][0] and other.verdict != "retained"
            for other, (rank, _score) in ranking.items()
            if other._get_competition() == offer._get_competition()
        )

    # === ACTIONS === #
    # Options side by side, and the weights tried out before launch.

    def action_compare_options(self):
        """Show side by side the options that the user may read."""
        self.check_access("read")
        self.ensure_one()
        need = self.need_id or self
        options = self.env["souverainete.option"].search(
            [("requisition_id", "=", need.id), ("grid_id", "!=", False)]
        )
        if not options:
            raise UserError(
                self.env._(
                    "There is nothing to compare yet: study options in the tab “Need "
                    "and doctrine”."
                )
            )
        comparison = self.env["souverainete.comparison"].create(
            {"requisition_id": need.id, "option_ids": options.ids}
        )
        return open_form(comparison, self.env._("Options side by side"))

    def action_simulate_weights(self):
        """Try the weights out with fictitious offers; refused once launched."""
        self.check_access("read")
        self.ensure_one()
        need = self.need_id or self
        if not need.grid_id:
            raise UserError(
                self.env._(
                    "Choose the assessment grid first, in the tab “Sovereignty”."
                )
            )
        simulation = self.env["souverainete.simulation"].create(
            {"requisition_id": need.id}
        )
        return open_dialog(simulation, self.env._("Robustness of the weights"))
