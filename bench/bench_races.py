"""Eight people at once on each ceiling that two acts share, through the host's retry.

One line a ceiling, tab-separated: name; acts; done, refused in words, and left in error
by Odoo's own retry; the sum of what was done and the ceiling, in €; `held`, `above`
where the sum passes it, `short` where what was refused would have fitted.
"""

import sys
from operator import methodcaller
from typing import NamedTuple

from odoo import sql_db
from odoo.fields import Command

sys.path.insert(0, ".")

from bench import houses, people  # noqa: E402  (found from the repository's root)

# Acts on each ceiling: over 500 in all.
ACTS = 64
# All the acts of a ceiling are to end.
SECONDS = 300


class Race(NamedTuple):
    """What eight people are about to do to these records."""

    ids: list
    # € of each, and what they may come to together, or have to stay under.
    price: int
    ceiling: int
    is_reached: bool = False
    model: str = "purchase.order"
    act: object = methodcaller("button_confirm")

    def check(self, name, waits):
        """Print the line of this race; whether its ceiling held."""
        done = sum(wait.done for wait in waits)
        refused = sum(wait.refused for wait in waits)
        errors, total = len(self.ids) - done - refused, done * self.price
        most = (self.ceiling - (not self.is_reached)) // self.price
        verdict = "above" if done > most else "held"
        if refused and done < most:
            verdict = "short"
        figures = len(self.ids), done, refused, errors, total, self.ceiling, verdict
        print(name, *figures, sep="\t", flush=True)
        return verdict == "held" and not errors


def raise_and_confirm(agreement):
    agreement.line_ids.price_unit = 3000
    agreement.action_confirm()


class Races(houses.DigitalHouse):
    """Each ceiling, and what is to be judged within it."""

    def prepare(self):
        buyers = [self.new_buyer(f"racer_{n}").id for n in range(people.PEOPLE)]
        for buyer in self.env["res.users"].browse(buyers):
            buyer.group_ids += self.env.ref("purchase.group_purchase_manager")
        races = {
            name: getattr(self, f"_race_{name}")()
            for name in (
                "agreement",
                "need",
                "umbrella",
                "ledger_family",
                "ledger_product",
                "ledger_vendor",
                "not_digital",
                "not_digital_agreements",
                "project",
            )
        }
        context = self.get_context()
        self.close()
        return buyers, context, races

    def _get_orders(self, products, price, **vals):
        return self._new_orders(products, price, vals).ids

    def _race_agreement(self):
        vals = {"requisition_id": self.new_signed().id}
        orders = self._get_orders([self.software] * ACTS, 3000, **vals)
        return Race(orders, 3000, 100000, is_reached=True)

    def _race_need(self):
        """Agreements of one need: drafts of 1 € count, and are raised."""
        need = self.new_file(requisition_type="purchase_template", vendor_id=False)
        need.action_launch()
        self.retain(self.receive_offers(need))
        agreements = [
            self.new_agreement(price=1, need_id=need.id).id for _n in range(ACTS)
        ]
        act = {"model": "purchase.requisition", "act": raise_and_confirm}
        return Race(agreements, 2999, 100000 - ACTS, is_reached=True, **act)

    def _race_umbrella(self):
        """Orders under one framework, each with a need of its own."""
        umbrella = self.new_file(is_umbrella=True, purchase_route="central_body")
        umbrella.data_breach_harm = "no"
        umbrella.action_add_clauses()
        umbrella.action_confirm()
        need = {
            "requisition_type": "purchase_template",
            "vendor_id": False,
            "purchase_route": "call_off",
            "amount_estimated": 6000,
            "price": 6000,
        }
        orders = [
            self._get_orders(
                [self.software],
                6000,
                requisition_id=umbrella.id,
                need_id=self._new_need(**need).id,
            )[0]
            for _n in range(ACTS // 2)
        ]
        return Race(orders, 6000, 100000, is_reached=True)

    def _new_need(self, **vals):
        need = self.new_file(**vals)
        need.data_breach_harm = "no"
        return need

    def _race_ledger_family(self):
        """Small orders of one CPV class."""
        products = [
            self._new_product(f"Family {n}", "48987000") for n in range(people.PEOPLE)
        ]
        return self._race_small(products * (ACTS // people.PEOPLE))

    def _race_ledger_product(self):
        """Small orders of one product without class, from vendors of all kinds."""
        product = self._new_product("Anything", False)
        race = self._race_small([product] * ACTS, scope_override="in")
        for number, order in enumerate(self.env["purchase.order"].browse(race.ids)):
            order.partner_id = self._create("res.partner", {"name": f"Shop {number}"})
        return race

    def _race_ledger_vendor(self):
        """Small orders of products without class, from one vendor."""
        products = [self._new_product(f"Thing {n}", False) for n in range(ACTS)]
        vendor = self._create("res.partner", {"name": "One shop"})
        race = self._race_small(products, scope_override="in")
        orders = self.env["purchase.order"].browse(race.ids)
        orders.write({"partner_id": vendor.id})
        return race

    def _race_small(self, products, **vals):
        answers = self._get_light_answers()
        return Race(self._get_orders(products, 2000, **answers, **vals), 2000, 60000)

    def _race_not_digital(self):
        """“Not digital” said again and again of one family."""
        product = self._new_product("Not digital", "48988000")
        said = {"scope_override": "out", "scope_reason": "A test bench"}
        return Race(self._get_orders([product] * ACTS, 1000, **said), 1000, 25000)

    def _race_not_digital_agreements(self):
        """The same, said of agreements."""
        product = self._new_product("Not digital either", "48771000")
        said = {"scope_override": "out", "scope_reason": "A test bench"}
        files = [
            self.new_agreement(product, price=1000, **said).id for _n in range(ACTS)
        ]
        act = {"model": "purchase.requisition", "act": methodcaller("action_confirm")}
        return Race(files, 1000, 25000, **act)

    def _race_project(self):
        """Costs added to a project whose consultation was launched."""
        file = self.new_file()
        project = file.project_id
        lines = [
            Command.create({"name": f"More {n}", "amount": 1, "tax_basis": "ttc"})
            for n in range(ACTS)
        ]
        project.cost_line_ids = lines
        file.action_launch()
        lines = project.cost_line_ids.filtered(lambda line: "More" in line.name)
        return Race(
            lines.ids,
            200000,
            9000000 - 950000 - ACTS,
            model="souverainete.cost.line",
            act=methodcaller("write", {"amount": 200001}),
        )


house = Races(env.registry)
buyers, context, races = house.prepare()
# As Odoo does before it forks: no connection is shared between processes.
env.cr.close()
sql_db.close_all()
held = []
for name, race in races.items():
    crowd = people.Crowd(
        env.registry, context, buyers, race.ids, race.model, race.act, SECONDS
    )
    held.append(race.check(name, people.run(crowd)))
# The shell's own cursor was closed above: it has nothing left to commit.
sys.exit(not all(held))
