"""Shipped solutions stand for a few more products; what people wrote is kept."""

from odoo import SUPERUSER_ID, api

MORE = {
    "solution_docs": ("Microsoft 365", "Office 365"),
    "solution_fichiers": ("Microsoft 365", "Office 365"),
    "solution_messagerie": ("Microsoft 365", "Office 365"),
    "solution_rdv": ("Doodle",),
}
SOURCE = "Auteurs de ce catalogue, par connaissance générale ; aucune liste officielle"
OLD_SOURCE = "Authors of this catalogue, from common knowledge; no official list"


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, products in MORE.items():
        solution = env.ref(f"souverainete_achat.{name}", raise_if_not_found=False)
        known = [p.strip() for p in (solution and solution.similar_to or "").split(",")]
        if len(known) > 1:
            added = [product for product in products if product not in known]
            solution.write(
                {
                    "similar_to": ", ".join([*known, *added]),
                    "similar_source": solution.similar_source or SOURCE,
                }
            )
    env["souverainete.solution"].with_context(active_test=False).search(
        [("similar_source", "=", OLD_SOURCE)]
    ).write({"similar_source": SOURCE})
