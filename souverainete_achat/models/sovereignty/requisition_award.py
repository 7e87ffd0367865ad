from odoo import models


class PurchaseRequisition(models.Model):
    """What the grid of a published consultation may rank offers by."""

    _inherit = "purchase.requisition"

    def _prefetch_findings(self):
        grids = self.need_id.grid_id | self.need_id.lot_ids.grid_id
        grids.mapped("objective_ids.criterion_ids.award_use")
        return super()._prefetch_findings()

    def _get_award_grid(self):
        """The grid that ranks offers: weighted, in a consultation of one's own."""
        need = self.need_id
        return need.grid_id.filtered("is_weighted") if need._is_published() else None

    def _get_binding_grids(self):
        """Grids, of lots too, that rank offers or have levels they must reach."""
        need = self.need_id
        if not need._is_published():
            return need.grid_id.browse()
        grids = need.lot_ids.grid_id or need.grid_id
        return grids.filtered(lambda grid: grid._is_binding())

    def _finding_offers_before_launch(self, options):
        """What is announced is settled before any offer is known: those of an earlier
        launch are set aside first."""
        need = self.need_id
        if need.date_launch or not need._is_published():
            return {}
        if not need.sudo().offer_ids.filtered(lambda o: o.verdict != "rejected"):
            return {}
        return {
            "": self.env._(
                "Offers are recorded already, while a consultation leaves before they "
                "come: set them aside with the reason, or delete those that nobody "
                "read (tab “Offers”)."
            )
        }

    def _finding_grid_award(self, options):
        grids = self._get_binding_grids()
        messages = self._get_award_messages(grids)
        if examples := grids.filtered("is_example"):
            messages["example"] = self.env._(
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
            messages["never"] = self.env._(
                "These criteria bear on the capital or the jobs of who makes the "
                "offer, and never rank or eliminate offers: %(criteria)s. Take them "
                "out in a version of the grid.",
                criteria=", ".join(never.mapped("code")),
            )
        if unjustified:
            messages["justified"] = self.env._(
                "These criteria bear on who makes the offer: write their link with the "
                "object of the contract on the grid, or take them out: %(criteria)s.",
                criteria=", ".join(unjustified.mapped("code")),
            )
        return messages

    def _finding_grid_balance(self, options):
        grid = self._get_award_grid()
        if not grid:
            return {}
        objectives = {o.code: o for o in grid.objective_ids}
        messages = {}
        durability = objectives.get("durability")
        if "performance" in objectives and not (
            durability and durability.weight and durability.criterion_ids
        ):
            messages["durability"] = self.env._(
                "Durability carries no criterion, or no weight: check that another "
                "award criterion bears on environmental characteristics."
            )
        weights = [
            objectives[code].weight if code in objectives else 0.0
            for code in ("sovereignty", "performance")
        ]
        if weights[0] > weights[1] > 0:
            messages["sovereignty"] = self.env._(
                "Sovereignty weighs more than business performance: the circular is "
                "reported to rank it second. Say why in the statement if it is meant."
            )
        return messages
