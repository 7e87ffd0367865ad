"""Several orders in one act, and several people at once on one file.

What the orders that one act judges read once for all of them; and the turn of each
person, who waits for it before anything is read. PostgreSQL refuses whoever writes what
another changed since they began, and the host tries again after a random pause that
doubles: with eight people on one file most of the time is spent in pauses. A turn is
waited for instead, and what is read starts after it.
"""

from contextlib import contextmanager
from weakref import WeakKeyDictionary

# The judgement that runs, by cursor: nothing is written while it does, so that what it
# read holds until it ends.
_running = WeakKeyDictionary()

# The numbers of our turns among the advisory locks of the database: purchase files, and
# what the small orders of a ministry share.
_SPACES = {"purchase.requisition": 19060, "res.company": 19061}


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


@contextmanager
def sharing(env):
    """What these files are judged on is read once: in the judgement that runs, or in
    one of its own."""
    if _running.get(env.cr):
        yield
        return
    with judging(env["purchase.order"]):
        yield


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


def wait_turn(records):
    """Wait until nobody else acts on these rows, if nothing was written yet.

    It only spares conflicts: what keeps two acts apart is the row that both write.
    """
    cr, ids, space = records.env.cr, sorted(records.ids), _SPACES[records._name]
    # To start again would lose the savepoint that the host imports in.
    if not ids or "_import_current_module" in records.env.context:
        return
    cr.execute(
        "SELECT bool_and(pg_try_advisory_xact_lock(%s, id)),"
        " pg_current_xact_id_if_assigned() IS NOT NULL FROM unnest(%s) AS id",
        [space, ids],
    )
    free, written = cr.fetchone()
    transaction = records.env.transaction
    pending = any(transaction.field_dirty.values()) or any(transaction.tocompute)
    if free or written or pending:
        return
    # Held by the session while the transaction starts again, and reads what the others
    # have committed meanwhile.
    cr.execute("SELECT pg_advisory_lock(%s, id) FROM unnest(%s) AS id", [space, ids])
    try:
        cr.rollback()
        cr.execute(
            "SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s) AS id", [space, ids]
        )
    finally:
        cr.execute(
            "SELECT pg_advisory_unlock(%s, id) FROM unnest(%s) AS id", [space, ids]
        )
