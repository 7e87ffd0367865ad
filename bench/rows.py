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


# {table: (column, table it belongs to)}: what a file is made of, the file first.
_OF_FILE = {
    "souverainete_cost_line": ("project_id", "souverainete_project"),
    "purchase_requisition_line": ("requisition_id", "purchase_requisition"),
    "souverainete_option": ("requisition_id", "purchase_requisition"),
    "souverainete_answer": ("option_id", "souverainete_option"),
    "souverainete_component": ("option_id", "souverainete_option"),
}


def copy_file(file, number):
    """Copy a file `number` times, with its lines, options, answers and components."""
    cr = file.env.cr
    cr.commit()
    project = file.project_id
    projects = copy_rows(cr, project._table, project.id, number)
    files = _copy(cr, file._table, file.id, {"project_id": "value"}, projects)
    # {table: {id of the row: ids of its copies}}
    done = {file._table: {file.id: files}, project._table: {project.id: projects}}
    cr.execute(
        "UPDATE purchase_requisition SET need_id = id WHERE id = ANY(%s)",
        [files],
    )
    for table, (column, parent) in _OF_FILE.items():
        done[table] = {}
        for parent_id, copies in done[parent].items():
            cr.execute(f"SELECT id FROM {table} WHERE {column} = %s", [parent_id])
            for (row_id,) in cr.fetchall():
                ids = _copy(cr, table, row_id, {column: "value"}, copies)
                done[table][row_id] = ids
    cr.execute(f"ANALYZE {', '.join(done)}")
    cr.commit()


def copy_rows(cr, table, row_id, number):
    """Ids of `number` copies of one row."""
    return _copy(cr, table, row_id, {}, range(number))


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
