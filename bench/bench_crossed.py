"""How many files of the addon the confirmation of one order goes through.

One line a file, tab-separated: name, number of its functions that were called, their
names; then the count. The order is in scope, under a signed file, caches warm, the
commit included.
"""

import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, ".")

from bench import houses  # noqa: E402  (found from the repository's root)

ADDON = Path("souverainete_achat").resolve()


def trace(act):
    """{file of the addon: names of its functions that `act` calls}."""
    crossed = defaultdict(set)

    def see(frame, event, _argument):
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(str(ADDON)):
            crossed[Path(code.co_filename)].add(code.co_qualname.split(".<")[0])

    sys.setprofile(see)
    try:
        act()
    finally:
        sys.setprofile(None)
    return crossed


def confirm(house, orders):
    """As a request does: to the end of its transaction, on records read again."""
    house.env.cr.commit()
    house.env.invalidate_all()
    orders.button_confirm()
    house.env.cr.commit()


house = houses.DigitalHouse(env.registry)
file = house.new_signed()
confirm(house, house.new_orders(file, 1))
order = house.new_orders(file, 1)
crossed = trace(lambda: confirm(house, order))
assert order.state == "purchase", order.state
house.close()
for path, names in sorted(crossed.items()):
    print(path.relative_to(ADDON), len(names), " ".join(sorted(names)), sep="\t")
print("crossed", len(crossed), sep="\t")
