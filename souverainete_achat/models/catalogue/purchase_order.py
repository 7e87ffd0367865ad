from odoo import api, fields, models

# As many of the best as a buyer reads in the strip.
_SHOWN = 2


class PurchaseOrder(models.Model):
    """A small order shows what the catalogue has for it, and keeps what it showed."""

    _inherit = "purchase.order"

    search_ids = fields.One2many(
        "souverainete.catalogue.search",
        "order_id",
        string="Searches made",
        help="What the catalogue had for this order when it was confirmed.",
    )
    catalogue_hits = fields.Text(
        string="In the catalogue",
        compute="_compute_catalogue_hits",
        help="The two solutions of the catalogue that answer best what is bought, and "
        "why; once the order is confirmed, as they were kept then.",
    )

    @api.depends("order_line.product_id", "order_line.name", "gate_is_light", "state")
    def _compute_catalogue_hits(self):
        for order in self:
            order.catalogue_hits = order.gate_is_light and order._tell_hits()

    def _tell_hits(self):
        search = self.search_ids[:1] or self._look()
        found = (search.snapshot or [])[:_SHOWN] if search else []
        lines = [f"{hit['name']} ({search._get_why_text(hit)})" for hit in found]
        return "\n".join(lines) or self.env._("Nothing for these words.")

    def _look(self):
        """The search that this order would keep, not kept."""
        searches = self.env["souverainete.catalogue.search"]
        if not (text := self._get_bought_words()):
            return searches
        return searches.new(searches._prepare_traces([text])[text])

    def _get_bought_words(self):
        """What is bought, in the words of its lines."""
        lines = self.order_line.filtered("product_id")
        return ", ".join(dict.fromkeys(lines.product_id.mapped("name")))

    def _on_ordered(self):
        """The look at the catalogue that a small order answers for is kept with it."""
        looked = self.filtered(lambda o: o._adds_up() and not o._get_file())
        self.search_ids._make_each(
            [
                (text, {"order_id": order.id})
                for order in looked
                if (text := order._get_bought_words())
            ]
        )
        return super()._on_ordered()
