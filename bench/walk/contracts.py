"""Contracts that run: what follows them, what is ordered under other bodies' ones."""

from pathlib import Path

RUNNING = "Maintenance du portail des agents"
CRISIS = "Visioconférence de gestion de crise des préfectures"
DECISION = Path("souverainete_achat/demo/avis_favorable.pdf").resolve()


def renewal(w):
    """A contract that ends, to the launch of what follows it."""
    w.be("acheteur")
    with w.step("contract"):
        w.menu("Échéances")
        w.click(RUNNING)
    with w.step("prepared"):
        w.click("Renouveler")
    with w.step("examined"):
        w.click("Y aller")
        w.click("Toujours vrai", within=w.row("Sites Conformes"))
        w.click("Toujours vrai", within=w.row("Prestation de maintenance"))
    with w.step("stated"):
        w.click("Y aller")
        w.click("Rédiger d'après l'étude")
    with w.step("launched"):
        w.click("Lancer la consultation")
        w.confirm("Lancer la consultation")
        w.see("Consultation lancée")
        w.check(
            "SELECT r.date_launch IS NOT NULL FROM purchase_requisition r"
            " JOIN purchase_requisition before ON before.id = r.renewed_from_id"
            " WHERE before.reference = %s ORDER BY r.id DESC LIMIT 1",
            RUNNING,
        )


def derogation(w):
    """A rule lifted for one offer: asked, granted, and the contract signed."""
    w.be("acheteur")
    with w.step("file"):
        w.click(CRISIS)
        w.click("Offres reçues")
    with w.step("retained"):
        w.click("Retenir", within=w.row("Questiona Réunions"))
        w.type("Moins-disante.")
        w.click("Retenir et préparer le marché")
    with w.step("asked"):
        w.click("Données et hébergement")
        w.click("Demander une dérogation")
        w.type("Seule offre régulière reçue.")
        w.fill("Mesures compensatoires", "Chiffrement, clés du ministère.")
        w.click("Demander à l'autorité")
    with w.step("granted"):
        w.be("referent")
        w.click("Dérogations demandées")
        w.fill("Autorité", "Le ministre")
        w.upload("Charger votre fichier", DECISION)
        w.fill("Période", "")
        w.press("Tab")
        w.type("30/06/2028")
        w.fill("Projet engagé le", "01/10/2026")
        w.pick("Offre acceptable", "pas", "Pas encore disponible")
        w.click("Enregistrer l'octroi")
        w.click("Ok")
    with w.step("signed"):
        w.be("acheteur")
        w.back("BO00004")
        w.click("Confirmer le marché")
        w.see("Nouveau devis")
        w.check(
            "SELECT r.state = 'confirmed' AND d.state = 'granted'"
            " FROM souverainete_derogation d"
            " JOIN purchase_requisition r ON r.id = d.requisition_id"
            " WHERE r.reference = %s ORDER BY d.id DESC LIMIT 1",
            CRISIS,
        )
