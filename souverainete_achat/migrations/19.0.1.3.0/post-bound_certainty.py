"""What loi SREN says of ministries and of bodies by choice was not read in the law
itself: databases that were told otherwise are told so."""

from odoo import SUPERUSER_ID, api

_LINES = ("bound_body_state", "bound_body_voluntary")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in _LINES:
        body = env.ref(f"souverainete_achat.{name}", raise_if_not_found=False)
        if body and body.certainty == "primary":
            body.certainty = "press"
