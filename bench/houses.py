"""Two houses that buy the same things: one with stock Odoo, one with the addon."""

import os
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import config

from bench import web_form

# Far under what the file was judged for, so that many orders fit in it.
ORDER_PRICE = 1
LIGHT_PRICE = 100
LIGHT_ORDERS = 20
END = "2099-12-31"
# All the criteria of the grid; of bidders, those that bear on the object of a contract.
ASKED = {"studied": 16, "offer": 15}


def open_stock():
    """The registry of stock Odoo, in this very process."""
    # The tests of stock modules are not ours to run while its registry loads.
    with patch.dict(config.options, {"test_enable": False}):
        return Registry(os.environ["SOUVERAINETE_STOCK_DATABASE"])


class House:
    """Stock Odoo: agreements and orders, by an ordinary buyer."""

    def __init__(self, registry):
        self.env = api.Environment(registry.cursor(), SUPERUSER_ID, {})
        self.buyer = self.new_buyer("buyer")
        self._prepare()
        self.env.cr.commit()
        self.spec = web_form.get_spec(
            self.as_buyer("res.users").env, "purchase.requisition"
        )

    def _prepare(self):
        self.vendor, self.other_vendor, self.chair_vendor = self._create(
            "res.partner", {"name": "Publisher"}, {"name": "Other"}, {"name": "Chairs"}
        )
        self.software = self._new_product("Video meetings", "48515000")
        self.chair = self._new_product("Chair", "39112000")
        # Each small order has a need of its own.
        self.small = [
            self._new_product(f"Small {n}", f"48{n:03}000")
            for n in range(100, 100 + LIGHT_ORDERS)
        ]

    def _create(self, model, *vals_list):
        return self.env[model].create(list(vals_list))

    def new_buyer(self, name):
        return self._new_user(name, "purchase.group_purchase_user")

    def _new_user(self, name, group):
        return self._create(
            "res.users",
            {
                "name": name,
                "login": f"bench_{name}",
                "lang": "fr_FR",
                "tz": "Europe/Paris",
                "group_ids": [Command.link(self.env.ref(group).id)],
            },
        )

    def _new_product(self, name, cpv_code):
        return self._create("product.product", {"name": name})

    def close(self):
        self.env.cr.commit()
        self.env.cr.close()

    def get_context(self):
        """What the web client sends: language, time zone, companies."""
        companies = self.buyer.company_ids.ids
        return {
            "lang": "fr_FR",
            "tz": "Europe/Paris",
            "allowed_company_ids": companies,
        }

    def as_buyer(self, model):
        return self.env(user=self.buyer.id, context=self.get_context())[model]

    # === WHAT IS BOUGHT === #

    def new_agreement(self, product=None, vendor=None, price=100000, **vals):
        product, vendor = product or self.software, vendor or self.vendor
        line = {"product_id": product.id, "product_qty": 1, "price_unit": price}
        return self.as_buyer("purchase.requisition").create(
            {
                "requisition_type": "blanket_order",
                "reference": "Meetings",
                "vendor_id": vendor.id,
                "date_end": END,
                "line_ids": [Command.create(line)],
                **vals,
            }
        )

    def new_chairs(self):
        return self.new_agreement(self.chair, self.chair_vendor)

    def new_signed(self):
        agreement = self.new_agreement()
        agreement.action_confirm()
        return agreement

    def new_orders(self, agreement, number):
        """Draft orders of one agreement."""
        vals = {"requisition_id": agreement.id}
        return self._new_orders([self.software] * number, ORDER_PRICE, vals)

    def new_light_orders(self):
        """Small orders without any file, one a need."""
        return self._new_orders(self.small, LIGHT_PRICE, self._get_light_answers())

    def _new_orders(self, products, price, vals):
        line = {"product_qty": 1, "price_unit": price}
        return self.as_buyer("purchase.order").create(
            [
                {
                    "partner_id": self.vendor.id,
                    "order_line": [Command.create({**line, "product_id": product.id})],
                    **vals,
                }
                for product in products
            ]
        )

    def _get_light_answers(self):
        return {}

    def open(self, agreement):
        """What the web client asks for to show the form."""
        agreement.with_context(bin_size=True).web_read(self.spec)


class DigitalHouse(House):
    """With the addon: each agreement has a need, a study, offers and a project."""

    def _prepare(self):
        super()._prepare()
        self.env.company.public_entity_type = "ministry"
        self.officer = self._new_user("officer", "souverainete_achat.group_officer")
        self.number = 0
        self.qualification = self._create(
            "souverainete.qualification",
            {
                "partner_id": self.vendor.id,
                "service": "Meetings",
                "scheme": "secnumcloud",
                "version": "3.2",
                "decision": "BENCH-1",
                "date_start": "2025-01-01",
                "date_end": END,
                "state": "granted",
                "certainty": "primary",
                "source": "Bench",
            },
        )

    def _new_product(self, name, cpv_code):
        return self._create("product.product", {"name": name, "cpv_code": cpv_code})

    def _get_light_answers(self):
        answers = ("light_mutualised", "yes"), ("light_cloud", "yes")
        return dict(answers, light_sensitive="no")

    # === A FILE, STEP BY STEP === #

    def new_file(self, **vals):
        """A draft ready to be launched."""
        self.number += 1
        need = {
            "reference": f"Meetings {self.number}",
            "cpv_code": "48515000",
            "purchase_nature": "cloud",
            "purchase_route": "own",
            "amount_estimated": 100000,
            "amount_estimated_known": True,
            "need_effect": "Meet at a distance, 500 people at once",
            "need_measure": "Load test with 500 participants",
            "sovereignty_statement": "Immunity, exit and mastery were weighed.",
            "search_text": "visioconférence",
        }
        file = self.new_agreement(**need | vals)
        file.action_search_catalogue()
        # Sensitive data first: they have every criterion of the grid asked.
        self._answer_data_questions(file)
        self._study(file)
        self._declare_project(file)
        return file

    def _study(self, file):
        """A mutualised solution set aside, a purchase retained."""
        rejected, retained = self._new_options(
            file,
            {"name": "Visio", "path": "mutualised", "assessment": "inadequate"},
            {
                "name": "Meetings",
                "path": "off_the_shelf",
                "assessment": "adequate",
                "partner_id": self.vendor.id,
            },
        )
        rejected.write({"verdict": "rejected", "reason": "500 are not supported"})
        retained.write({"verdict": "retained", "reason": "Meets the effect"})

    def _new_options(self, file, *vals_list):
        options = self.as_buyer("souverainete.option").create(
            [{"requisition_id": file.id, **vals} for vals in vals_list]
        )
        for option in options:
            self._grade(option)
        return options

    def _grade(self, option):
        """Every criterion that is asked is answered, each by one of its rungs."""
        assert len(option.current_answer_ids) == ASKED[option.kind], option.kind
        option.write(
            {
                "current_answer_ids": [
                    Command.update(
                        answer.id,
                        {
                            "level_id": answer.criterion_id.level_ids[2].id,
                            "source": "Technical offer",
                            "confidence": "medium",
                        },
                    )
                    for answer in option.current_answer_ids
                ]
            }
        )

    def _answer_data_questions(self, file):
        file.write(
            {
                "has_cloud": "yes",
                "data_protected_secret": "yes",
                "data_essential_mission": "no",
                "data_breach_harm": "yes",
                "data_owner_id": self.officer.id,
                "data_justification": "Meetings on public order",
            }
        )

    def _declare_project(self, file):
        costs = (("Build", 600000), ("Run", 300000), ("Train", 50000))
        file.project_id = self.as_buyer("souverainete.project").create(
            {
                "name": f"Meetings {self.number}",
                "cost_line_ids": [
                    Command.create({"name": name, "amount": amount, "tax_basis": "ttc"})
                    for name, amount in costs
                ],
            }
        )

    def receive_offers(self, file):
        """Two offers, examined; the second is set aside, and the first, returned here,
        still waits for its verdict."""
        offers = self._new_options(
            file,
            *(
                {
                    "kind": "offer",
                    "name": partner.name,
                    "path": "off_the_shelf",
                    "partner_id": partner.id,
                    "component_ids": [
                        Command.create(
                            {
                                "name": "Meetings",
                                "partner_id": partner.id,
                                "role": "host",
                                "hosting": "commercial_cloud",
                                "qualification_id": qualification.id,
                            }
                        )
                    ],
                }
                for partner, qualification in (
                    (self.vendor, self.qualification),
                    (self.other_vendor, self.qualification.browse()),
                )
            ),
        )
        offers[1].write({"verdict": "rejected", "reason": "Ranked second"})
        return offers[0]

    def retain(self, offer):
        offer.write({"verdict": "retained", "reason": "Ranked first"})

    def new_signed(self):
        file = self.new_file()
        file.action_launch()
        self.retain(self.receive_offers(file))
        file.action_confirm()
        return file
