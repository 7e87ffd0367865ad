"""A digital purchase with the addon, against stock Odoo in the same run.

One line a flow, tab-separated: name; queries of stock, then ours, caches warm; our CPU
time over stock's; queries of stock, then ours, caches cold. The last line has one more:
the time of that confirmation over the time of `confirm_order_1`.

Warm is what a server is between two requests: the caches of the registry are full, and
the records are read again. Jobs that an act queues are part of it.
"""

import sys

sys.path.insert(0, ".")

from bench import houses  # noqa: E402  (found from the repository's root)
from bench.meter import Meter  # noqa: E402
from bench.rows import copy_orders  # noqa: E402

# The first run is the cold one.
RUNS = 6
ORDERS = 20
MANY = 10_000

# Our flows, with that of stock Odoo each is compared with.
FLOWS = {
    "confirm_order_1": "confirm_order_1",
    "confirm_order_20": "confirm_order_20",
    "confirm_light_20": "confirm_light_20",
    "confirm_agreement": "confirm_agreement",
    "launch": "confirm_agreement",
    "verdict": "confirm_agreement",
    "open_draft": "open_draft",
    "open_signed": "open_signed",
    "open_out_of_scope": "open_out_of_scope",
    "write_held": "write_held",
    "confirm_under_10000": "confirm_order_1",
}


def run_stock(house, meter):
    agreement = house.new_agreement()
    meter.take("open_draft", lambda: house.open(agreement))
    meter.take("confirm_agreement", agreement.action_confirm)
    run_both(house, meter, agreement)


def run_ours(house, meter):
    file = house.new_file()
    meter.take("open_draft", lambda: house.open(file))
    meter.take("launch", file.action_launch)
    offer = house.receive_offers(file)
    meter.take("verdict", lambda: house.retain(offer))
    meter.take("confirm_agreement", file.action_confirm)
    run_both(house, meter, file)


def run_both(house, meter, signed):
    """What is done with what was signed, and without any file."""
    order = house.new_orders(signed, 1)
    meter.take("confirm_order_1", order.button_confirm)
    orders = house.new_orders(signed, ORDERS)
    meter.take("confirm_order_20", orders.button_confirm)
    meter.take("open_signed", lambda: house.open(signed))
    # Sooner, as postponing the end of a contract takes an amendment.
    meter.take("write_held", lambda: signed.write({"date_end": "2099-06-30"}))
    small = house.new_light_orders()
    meter.take("confirm_light_20", small.button_confirm)
    chairs = house.new_chairs()
    meter.take("open_out_of_scope", lambda: house.open(chairs))
    confirmed = order | orders | small
    assert set(confirmed.mapped("state")) == {"purchase"}, confirmed.mapped("state")


def crowd(house):
    """A signed file with many confirmed orders: copies, as making them is not
    measured."""
    file = house.new_signed()
    order = house.new_orders(file, 1)
    order.button_confirm()
    copy_orders(order, MANY - 1)
    placed = [("requisition_id", "=", file.id), ("state", "=", "purchase")]
    assert house.as_buyer("purchase.order").search_count(placed) == MANY
    return file


def print_flow(name, stock, ours, *more):
    warm, reference = ours.get_warm(name), stock.get_warm(FLOWS[name])
    cold, cold_reference = ours.get_cold(name), stock.get_cold(FLOWS[name])
    ratio = f"{warm.cpu / reference.cpu:.2f}"
    queries = (reference.queries, warm.queries)
    print(name, *queries, ratio, cold_reference.queries, cold.queries, *more, sep="\t")


stock, ours = houses.House(houses.open_stock()), houses.DigitalHouse(env.registry)
stock_meter, our_meter = Meter(stock.env), Meter(ours.env)
file = crowd(ours)
for _run in range(RUNS):
    run_stock(stock, stock_meter)
    run_ours(ours, our_meter)
    order = ours.new_orders(file, 1)
    our_meter.take("confirm_under_10000", order.button_confirm)
for house in (stock, ours):
    house.close()

many = our_meter.get_warm("confirm_under_10000").elapsed
more = f"{many / our_meter.get_warm('confirm_order_1').elapsed:.2f}"
for name in FLOWS:
    extra = (more,) if name == "confirm_under_10000" else ()
    print_flow(name, stock_meter, our_meter, *extra)
