"""What the orders that one act judges read once for all of them."""

from contextlib import contextmanager
from weakref import WeakKeyDictionary

# The judgement that runs, by cursor: nothing is written while it does, so that what it
# read holds until it ends.
_running = WeakKeyDictionary()


@contextmanager
def judging(orders):
    """Judge these orders together; yields the {key: value} that they share."""
    outer = _running.get(orders.env.cr)
    _running[orders.env.cr] = (orders, {})
    try:
        yield _running[orders.env.cr][1]
    finally:
        if outer:
            _running[orders.env.cr] = outer
        else:
            del _running[orders.env.cr]


def get_judged_with(order):
    """The orders judged together with this one, itself included."""
    orders, _known = _running.get(order.env.cr, (order, None))
    return orders if order in orders else order


def once(env, key, compute):
    """`compute()`, once a judgement where one runs."""
    _orders, known = _running.get(env.cr, (None, None))
    if known is None:
        return compute()
    if key not in known:
        known[key] = compute()
    return known[key]
