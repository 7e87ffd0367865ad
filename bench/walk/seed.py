"""What the walks need and the demonstration has not, so that their order is free.

A script for Odoo's shell.
"""

from odoo.fields import Command

_DEMO = "souverainete_achat.demo_"


def ref(name):
    return env.ref(_DEMO + name).with_context(lang="fr_FR")


def be(login):
    return env(
        user=ref(f"user_{login}").id,
        context={
            "lang": "fr_FR",
            "allowed_company_ids": ref("company_ministry").ids,
        },
    )


def new_asked(reference):
    """A file whose data owner was asked."""
    file = be("buyer")["purchase.requisition"].create(
        {
            "reference": reference,
            "user_id": ref("user_buyer").id,
            "cpv_code": "48480000",
            "purchase_nature": "cloud",
            "need_effect": "Interroger les agents deux fois par an.",
            "amount_estimated": 72000,
            "data_owner_id": ref("user_data_owner").id,
            "line_ids": [
                Command.create(
                    {
                        "product_id": ref("product_survey").id,
                        "product_qty": 3,
                        "price_unit": 24000,
                    }
                )
            ],
        }
    )
    file.action_ask_data_owner()
    return file


def answer(file):
    test = be("data_owner")["souverainete.data.questionnaire"].search(
        [("requisition_id", "=", file.id)]
    )
    questions = ("data_protected_secret", "data_essential_mission", "data_breach_harm")
    test.write({name: "no" for name in questions})
    test.write({f"{name}_reason": "Réponses anonymes." for name in questions})
    test.action_answer()


def withdraw(offer):
    """Its bidder withdrew it: what is left does not meet the rule on hosting."""
    offer.with_env(be("buyer")).write(
        {
            "verdict": "rejected",
            "set_aside_ground": "withdrawn",
            "reason": "Retirée par le soumissionnaire le 20 novembre.",
        }
    )


def divide(file):
    """Two products, that two lots may buy."""
    file.line_ids.product_qty = 2
    file.line_ids = [
        Command.create(
            {
                "product_id": ref("product_maintenance").id,
                "product_qty": 30,
                "price_unit": 1000,
            }
        )
    ]


withdraw(ref("offer_crisis_1"))
divide(ref("file_rooms").with_env(be("buyer")))
new_asked("Enquête annuelle auprès des agents")
answer(new_asked("Baromètre social du ministère"))
env.cr.commit()
