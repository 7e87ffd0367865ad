"""A referential that changes: two people a version."""

from datetime import date


def version(w):
    """A version of the threshold of light files, proposed then approved."""
    threshold = "Circuit allégé, à partir du 1er avril 2026"
    w.be("gestionnaire")
    with w.step("proposed"):
        w.menu("Configuration", "Seuils")
        w.click(threshold)
        w.click("Proposer une version")
        w.fill("Montant", "50000")
        w.fill("En vigueur à partir du", f"01/01/{date.today().year + 1}")
        w.fill("Source", "")
        w.press("Control+a")
        w.type("Décision du ministre")
        w.click("Enregistrer manuellement")
    with w.step("read"):
        w.be("gestionnaire2")
        w.click(threshold)
    with w.step("approved"):
        w.click("Approuver")
        w.click("Ok")
        w.see("Approuvé par")
        w.check(
            "SELECT policy_state = 'active' FROM souverainete_threshold"
            " WHERE kind = 'light' AND amount = 50000"
        )
