"""Small orders confirmed before their needs were recorded count from their creation."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["purchase.order"]._record_orders_of_before()
