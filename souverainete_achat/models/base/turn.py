"""Two people at once on one file: each waits for their turn before they read anything.

PostgreSQL refuses whoever writes what another changed since they began, and the host
tries again after a random pause that doubles: with eight people on one file most of the
time is spent in pauses. A turn is waited for instead, and what is read starts after it.
"""

# The numbers of our turns among the advisory locks of the database: purchase files, and
# what the small orders of a ministry share.
_SPACES = {"purchase.requisition": 19060, "res.company": 19061}


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
