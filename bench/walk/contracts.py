"""Contracts that run: what follows them, what is ordered under other bodies' ones."""

from pathlib import Path

from .purchases import ask, mark, turn

RUNNING = "Maintenance du portail des agents"
ROOMS = "Réservation de salles de l'administration centrale"
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


def framework(w):
    """60 000 € that UGAP sells: who makes, runs and hosts it, then the order."""
    need = "Sauvegarder les postes de 300 agents"
    w.be("acheteur", "Achats")
    with w.step("need"):
        ask(w, need)
        w.click("Rien ne convient : acheter sur étagère")
    with w.step("amount"):
        w.click("Licence ou abonnement", "radio")
        w.click("Ajouter une ligne")
        w.type("arch")
        w.choose("Archivage électronique")
        w.enter("Prix unitaire", "60000")
        turn(w)
    with w.step("data"):
        w.answer("Service en nuage", "Non")
        turn(w)
    with w.step("route"):
        w.click("Centrale d'achat (UGAP)", "radio")
        w.pick("Éditeur", "archi", "Archiva")
        w.pick("Opérateur", "atel", "Atelier du Code")
        w.pick("Hébergeur", "ovh", "OVH")
        turn(w)
    with w.step("graded"):
        w.click("Évaluer")
        mark(w, 3)
        w.click("Rédiger la motivation d'après l'étude")
    with w.step("signed"):
        w.click("Lancer et confirmer")
    with w.step("ordered"):
        w.click("Nouvelle commande")
        w.enter("Quantité", "1", row="Archivage")
        w.click("Confirmer la commande")
        w.see("Bon de commande")
        w.check(
            "SELECT o.state = 'purchase' AND count(c.id) = 3"
            " FROM purchase_order o JOIN purchase_requisition r"
            " ON r.id = o.requisition_id JOIN souverainete_option p"
            " ON p.requisition_id = r.id JOIN souverainete_component c"
            " ON c.option_id = p.id WHERE r.reference = %s GROUP BY o.id",
            need,
        )


def lots(w):
    """Two lots of a need that is ready, two holders, two contracts."""
    w.be("acheteur")
    with w.step("divided"):
        w.click(ROOMS)
        w.click("Lots et groupement")
        w.click("Un lot par produit")
        w.back("BO00003")
    with w.step("launched"):
        w.click("Lancer la consultation")
        w.confirm("Lancer la consultation")
    with w.step("offers"):
        w.click("Enregistrer les offres")
        w.click("Nouveau", within=".o_control_panel")
        enter_lot_offer(w, "alter", "Alter Conférence", "1 –", "58000")
        w.press("Enter")
        enter_lot_offer(w, "atel", "Atelier du Code", "2 –", "29000")
        w.click("Enregistrer")
    with w.step("retained"):
        w.click("Retenir", within=w.row("Alter"))
        w.type("Mieux-disante.")
        w.click("Retenir", within=".modal-footer")
        w.click("Retenir", within=w.row("Atelier"))
        w.type("Mieux-disante.")
        w.click("Retenir et préparer le marché")
    with w.step("signed"):
        w.click("Alter Conférence")
        w.click("Confirmer le marché")
        w.click("Suivant", within=".o_pager")
        w.click("Confirmer le marché")
        w.see("Nouveau devis")
        w.check(
            "SELECT count(*) = 2 AND sum(a.amount_max) = 87000"
            " AND count(DISTINCT a.vendor_id) = 2 FROM purchase_requisition a"
            " JOIN purchase_requisition need ON need.id = a.need_id"
            " WHERE need.reference = %s AND a.state = 'confirmed' AND a.id != need.id",
            ROOMS,
        )


def enter_lot_offer(w, typed, vendor, lot, cost):
    w.type(typed)
    w.choose(vendor)
    w.pick_in("Lot", lot)
    w.enter("Coût", cost)


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
        w.press("Tab")
        w.type("pas")
        w.choose("Pas encore disponible")
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
