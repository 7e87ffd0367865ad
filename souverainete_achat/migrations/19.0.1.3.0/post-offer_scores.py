"""Bids still to be judged lose the points of what bidders are never asked; those of an
award made stay as they were judged."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    offers = env["souverainete.option"].search([("kind", "=", "offer")])
    pending = offers.filtered(lambda offer: not offer._is_settled())
    env.add_to_compute(pending._fields["score"], pending)
    env.flush_all()
