from odoo import models
from odoo.tools import float_compare

# Scores are compared as people read them.
_DIGITS = 6


class PurchaseRequisition(models.Model):
    """After a competition: every bid scored as published, and the best one retained."""

    _inherit = "purchase.requisition"

    def _prefetch_findings(self):
        offers = self.mapped("need_id.judged_option_ids")
        offers.mapped("answer_ids.level_id.level")
        offers.mapped("grid_id.objective_ids.criterion_ids.level_ids.level")
        return super()._prefetch_findings()

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

    # === RANKING === #

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

    # === FINDINGS === #

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
            gaps[""] = self.env._(
                "%(offer)s: %(missing)s criteria have neither an answer nor “left "
                "blank by the bidder”. Settle them in the option, page Sovereignty.",
                offer=offer.name,
                missing=missing,
            )
        elif not self._is_price_known(offer):
            gaps["-price"] = self.env._(
                "%(offer)s: its price is not known, or is 0, and the price is scored.",
                offer=offer.name,
            )
        if departing := offer.answer_ids.filtered(lambda a: a._lacks_reason()):
            gaps["-reason"] = self.env._(
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
        return self.env._(
            "No offer is recorded, although the consultation announced weights or "
            "levels to reach: record the offers received, on the tab “Offers”, or "
            "close the need without buying."
        )

    def _finding_best_offer(self, options):
        """The best-ranked regular offer is retained; others only on listed grounds."""
        retained = options & self._get_competing_offers()
        ranking = self._get_ranking() if retained else {}
        return {
            str(offer.id): offer._conceal(
                self.env._(
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
