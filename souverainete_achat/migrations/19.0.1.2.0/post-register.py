"""The history of the register starts with what it said before it was kept."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["souverainete.qualification"].search([])._trace(
        "State of the register when its history began to be kept"
    )
