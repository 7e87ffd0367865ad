"""The questions on the data: who owns them answers, an officer signs."""

QUESTIONS = ("A1. Secrets protégés", "A2. Missions essentielles", "B. Conséquence")


def data_owner(w):
    w.be("metier")
    with w.step("answered"):
        answer_questions(w, "Enquête annuelle auprès des agents", "Non", "Anonyme.")
        w.check(
            "SELECT t.state = 'answered' FROM souverainete_data_questionnaire t"
            " JOIN purchase_requisition r ON r.id = t.requisition_id"
            " WHERE r.reference = 'Enquête annuelle auprès des agents'"
        )


def officer(w):
    w.be("referent")
    with w.step("signed"):
        sign(w, "Baromètre social du ministère")
        w.check(
            "SELECT t.state = 'signed' FROM souverainete_data_questionnaire t"
            " JOIN purchase_requisition r ON r.id = t.requisition_id"
            " WHERE r.reference = 'Baromètre social du ministère'"
        )


def answer_questions(w, purchase, answer, reason):
    w.click(purchase)
    for question in QUESTIONS:
        w.answer(question, answer)
        w.press("Tab")
        w.type(reason)
    w.click("Ce sont mes réponses")
    w.see("Vos réponses sont enregistrées")


def sign(w, purchase):
    w.click("Questionnaires à signer")
    if not w.sees("Signer le résultat"):
        w.click(purchase)
    w.click("Signer le résultat")
    w.see("Signé par")
