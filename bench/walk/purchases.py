"""Purchases with a file, from the guided questions to the order."""

from .data import answer_questions
from .orders import add_line

NEED = "Enquêtes en ligne auprès des 4000 agents"


def mutualised(w):
    """A need that a mutualised solution meets: its connection is asked for."""
    w.be("acheteur", "Achats")
    with w.step("found"):
        ask(w, "Réunions en visioconférence")
    with w.step("asked"):
        w.click("Convient", within=w.card("Visio"))
        w.click("Demander le raccordement", "button")
        w.see("Le raccordement est demandé")
        w.check(
            "SELECT c.state = 'requested' FROM souverainete_connection c"
            " JOIN purchase_requisition r ON r.id = c.requisition_id"
            " WHERE r.need_effect = 'Réunions en visioconférence'"
        )


def standard(w):
    """120 000 €, from the need to the order: two ways studied, two offers."""
    w.be("acheteur", "Achats")
    with w.step("need"):
        ask(w, NEED)
    with w.step("exists"):
        w.click("Ne convient pas")
        w.type("Ni sondage ni statistiques")
        w.click("De même pour toutes celles qui restent")
        turn(w)
    with w.step("amount"):
        w.click("Service en nuage (cloud)", "radio")
        add_line(
            w,
            "Ajouter une ligne",
            "enq",
            "Enquêtes en ligne",
            Quantité="1",
            Prix_unitaire="120000",
        )
        turn(w)
    with w.step("data"):
        w.pick("Autorité métier responsable des données", "hél", "Hélène Girard")
        turn(w)
    with w.step("route"):
        turn(w)
    with w.step("answered"):
        w.be("metier")
        answer_questions(w, NEED, "Non", "Anonyme.")
    w.be("acheteur")
    with w.step("studied"):
        w.click("Ouvrir tout le dossier")
        w.click("Besoin et doctrine", "tab")
        w.click("Ajouter une ligne")
        w.type("Éditeurs du marché")
        w.pick_in("Voie", "Sur étagère")
        w.pick_in("Verdict", "Retenue")
        w.enter("Motif", "Trois éditeurs")
        w.click("Enregistrer manuellement")
    with w.step("graded"):
        grade(w, "Éditeurs du marché", 3)
        grade(w, "Démarche Numérique", 4)
    with w.step("stated"):
        w.click("Y aller")
        w.click("Rédiger d'après l'étude")
    with w.step("launched"):
        w.click("Lancer la consultation")
        w.see("Consultation lancée")
    with w.step("offers"):
        w.click("Enregistrer les offres")
        w.click("Nouveau", within=".o_control_panel")
        enter_offer(w, "ques", "Questiona", "114000", "Mieux-disante", "Retenue")
        w.press("Enter")
        enter_offer(
            w, "alter", "Alter Conférence", "119000", "Classée 2e", "Non retenue"
        )
        w.click("Enregistrer")
    with w.step("offers_graded"):
        grade(w, "Questiona", 3)
        grade(w, "Alter Conférence", 2)
        w.back("BO")
    with w.step("signed"):
        w.click("Préparer le marché")
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


def grade(w, option, level):
    """Every card that is asked of an option, at this level."""
    w.click("Évaluer", within=w.row(option))
    while not w.sees("Revenir au dossier"):
        w.click_level(level)
    w.click("Revenir au dossier")


def enter_offer(w, typed, vendor, cost, reason, verdict):
    w.type(typed)
    w.choose(vendor)
    w.enter("Coût", cost)
    w.enter("Motif", reason)
    w.pick_in("Verdict", verdict)


def ask(w, effect):
    """The first question of a new digital purchase."""
    w.menu("Doctrine numérique", "Nouvel achat numérique")
    w.type(effect)
    turn(w)


def turn(w):
    """The next page: the pager has a button of that name too."""
    w.click("Suivant", within=".o_form_sheet")
