"""Rows copied by SQL, where many are needed and making them is not measured."""


def copy_orders(order, number):
    """Copy a confirmed order, with its lines, `number` times."""
    cr = order.env.cr
    cr.commit()
    order_ids = _copy(cr, "purchase_order", order.id, {}, range(number))
    for line in order.order_line:
        _copy(cr, "purchase_order_line", line.id, {"order_id": "value"}, order_ids)
    # What the database does by itself soon after: its plans follow the new sizes.
    cr.execute("ANALYZE purchase_order, purchase_order_line")
    cr.commit()


def _copy(cr, table, row_id, replaced, values):
    """Ids of the copies of one row: one for each of `values`, which the expressions
    of `replaced` read as `value`."""
    cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND column_name <> 'id'",
        [table],
    )
    names = [name for (name,) in cr.fetchall()]
    columns = ", ".join(f'"{name}"' for name in names)
    selected = ", ".join(replaced.get(name, f'"{name}"') for name in names)
    cr.execute(
        f"INSERT INTO {table} ({columns}) SELECT {selected}"
        f"  FROM {table}, unnest(%s) AS value WHERE {table}.id = %s RETURNING id",
        [list(values), row_id],
    )
    return [row_id for (row_id,) in cr.fetchall()]
