"""Purchases with a file, from the guided questions to the order."""

from .data import answer_questions

NEED = "Enquêtes en ligne auprès des 4000 agents"


def mutualised(w):
    """A need that a mutualised solution meets: its connection is asked for."""
    w.be("acheteur", "Achats")
    with w.step("found"):
        ask(w, "Réunions en visioconférence")
    with w.step("asked"):
        w.click("Convient", within=w.card("Visio"))
        w.click("Demander le raccordement", "button")
        w.see("Ouvrir la demande")
        w.check(
            "SELECT c.state = 'requested' FROM souverainete_connection c"
            " JOIN purchase_requisition r ON r.id = c.requisition_id"
            " WHERE r.need_effect = 'Réunions en visioconférence'"
        )


def standard(w):
    """120 000 €, from the need to the order: two ways studied, two offers."""
    launch(w, NEED)
    compete(w)
    with w.step("signed"):
        w.click("Confirmer le marché")
        w.see("Nouveau devis")
    with w.step("ordered"):
        w.click("Nouveau devis")
        w.enter("Quantité", "1", row="Enquêtes en ligne")
        w.click("Confirmer la commande")
        w.see("Bon de commande")
        w.check(
            "SELECT o.state = 'purchase' AND o.amount_untaxed = 114000"
            " FROM purchase_order o JOIN purchase_requisition r"
            " ON r.id = o.requisition_id WHERE r.reference = %s",
            NEED,
        )
        w.check(
            "SELECT count(a.level_id) = 6 FROM souverainete_answer a"
            " JOIN souverainete_option o ON o.id = a.option_id"
            " JOIN purchase_requisition r ON r.id = o.requisition_id"
            " WHERE o.kind = 'offer' AND r.reference = %s",
            NEED,
        )


def file_only(w):
    """The same, whose order is Chorus's: the file, and where it is elsewhere."""
    need = "Sondages en ligne auprès des usagers"
    launch(w, need, ("2026-SG-0500", "1000412345"))
    compete(w)
    with w.step("signed"):
        w.click("Confirmer le marché")
        w.see("Nouveau devis")
        w.check(
            "SELECT state = 'confirmed' AND ref_place = '2026-SG-0500'"
            " AND ref_chorus_da = '1000412345' AND amount_max = 114000"
            " FROM purchase_requisition WHERE reference = %s ORDER BY id DESC LIMIT 1",
            need,
        )


def launch(w, need, references=()):
    """A need of 120 000 €, from its first question to the consultation; `references`:
    those of PLACE and of Chorus, where they are known."""
    w.be("acheteur", "Achats")
    with w.step("need"):
        ask(w, need)
    with w.step("exists"):
        none_fits(w, "Ni sondage ni statistiques")
    with w.step("amount"):
        w.click("Service en nuage (cloud)", "radio")
        w.click("Ajouter une ligne")
        w.type("enq")
        w.choose("Enquêtes en ligne")
        w.enter("Prix unitaire", "120000")
        turn(w)
    with w.step("data"):
        w.pick("Autorité métier responsable des données", "hél", "Hélène Girard")
        turn(w)
    with w.step("route"):
        turn(w)
    with w.step("answered"):
        w.be("metier")
        answer_questions(w, need, "Non", "Anonyme.")
    w.be("acheteur")
    with w.step("graded"):
        w.click("Évaluer", within=w.row("Démarche Numérique"))
        mark(w, 4)
        w.click("Évaluer la suivante : Éditeurs du marché")
        mark(w, 3)
        w.click("Rédiger la motivation d'après l'étude")
    with w.step("launched"):
        w.click("Lancer la consultation")
        for reference in references:
            w.type(reference)
            w.press("Tab")
        w.confirm("Lancer la consultation")
        w.see("Enregistrer les offres")


def compete(w):
    """Two offers, graded; the best one is retained and its agreement prepared."""
    with w.step("offers"):
        w.click("Enregistrer les offres")
        w.click("Nouveau", within=".o_control_panel")
        enter_offer(w, "ques", "Questiona", "114000")
        w.press("Enter")
        enter_offer(w, "alter", "Alter Conférence", "119000")
    with w.step("offers_graded"):
        w.click("Évaluer", within=w.row("Questiona"))
        mark(w, 3)
        w.click("Évaluer la suivante : Alter Conférence")
        mark(w, 2)
    with w.step("retained"):
        w.click("Retenir Questiona")
        w.type("Mieux-disante.")
        w.click("Retenir et préparer le marché")


def mark(w, level):
    """Every card that is asked of an option, at this level."""
    while not w.sees("Revenir au dossier"):
        w.press_level(level)


def enter_offer(w, typed, vendor, cost):
    w.type(typed)
    w.choose(vendor)
    w.enter("Coût", cost)


def ask(w, effect):
    """The first question of a new digital purchase."""
    w.menu("Doctrine numérique", "Nouvel achat numérique")
    w.type(effect)
    turn(w)


def none_fits(w, reason):
    """One reason for all that exists, and the market is the way."""
    w.click("Ne convient pas")
    w.type(reason)
    w.click("Aucune ne convient : acheter sur étagère")


def turn(w):
    """The next page: the pager has a button of that name too."""
    w.click("Suivant", within=".o_form_sheet")
