"""Orders without a file: chairs, and a subscription of 300 €."""

from .data import answer_questions
from .purchases import none_fits, turn

CHAIRS = {"Quantité": "5", "Prix_unitaire": "210"}


def yardstick(w):
    """What stock Odoo asks for an agreement of chairs and an order under it."""
    w.be("acheteur", "Achats")
    with w.step("agreement"):
        w.menu("Commandes", "Conventions d'achat")
        w.click("Nouveau")
        w.pick("Fournisseur", "mob", "Mobilier du Centre")
        add_line(w, "Ajouter une ligne", "fau", "Fauteuil de bureau", **CHAIRS)
        w.click("Confirmer")
    with w.step("order"):
        w.click("Nouveau devis")
        w.enter("Quantité", "5", row="Fauteuil de bureau")
        w.click("Confirmer la commande")
        w.see("Bon de commande")
        w.check(
            "SELECT o.state = 'purchase' AND o.amount_untaxed = 1050"
            " FROM purchase_order o JOIN purchase_requisition r"
            " ON r.id = o.requisition_id ORDER BY o.id DESC LIMIT 1"
        )


def light(w):
    """A subscription of 300 € that is not sensitive."""
    w.be("acheteur", "Achats")
    with w.step("order"):
        subscribe(w)
    with w.step("questions"), w.added():
        w.answer("Solution mutualisée recherchée", "Oui, aucune ne convient")
        w.answer("Service en nuage", "Oui")
        w.answer("Données sensibles", "Non")
    with w.step("confirmed"):
        w.click("Confirmer la commande")
        w.see("Bon de commande")
        w.check(
            "SELECT state = 'purchase' AND amount_untaxed = 300"
            " FROM purchase_order ORDER BY id DESC LIMIT 1"
        )


def light_sensitive(w):
    """The same, whose data its owner answers for: a file, and two people."""
    w.be("acheteur", "Achats")
    with w.step("order"):
        subscribe(w)
    with w.step("questions"):
        w.answer("Solution mutualisée recherchée", "Oui, aucune ne convient")
        w.answer("Service en nuage", "Oui")
        w.answer("Données sensibles", "Je ne sais pas")
    with w.step("file"):
        w.click("Créer le dossier d'achat")
        w.type("Interroger 40 agents par an")
        turn(w)
    with w.step("exists"):
        none_fits(w, "Pas de sondage anonyme")
    with w.step("data"):
        w.pick("Autorité métier responsable des données", "hél", "Hélène Girard")
        turn(w)
    with w.step("answered"):
        w.be("metier")
        answer_questions(w, "Enquêtes en ligne, abonnement annuel", "Non", "Anonyme.")
    with w.step("confirmed"):
        w.be("acheteur")
        w.back("P0")
        w.click("Confirmer la commande")
        w.see("Bon de commande")
        w.check(
            "SELECT o.state = 'purchase' AND t.state = 'answered'"
            " FROM purchase_order o JOIN souverainete_data_questionnaire t"
            " ON t.requisition_id = o.need_id ORDER BY o.id DESC LIMIT 1"
        )


def subscribe(w):
    w.click("Nouveau")
    w.pick("Fournisseur", "ques", "Questiona")
    add_line(w, "Ajouter un produit", "enq", "Enquêtes en ligne", Prix_unitaire="300")


def add_line(w, link, product, choice, **cells):
    """A line of these columns, by a click in each."""
    w.click(link)
    w.type(product)
    w.choose(choice)
    for column, text in cells.items():
        w.enter(column.replace("_", " "), text)
