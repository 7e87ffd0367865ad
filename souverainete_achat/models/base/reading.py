from collections import defaultdict
from itertools import islice

from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.constants import PREFETCH_MAX


def read_lists(asked):
    """Know which lines the lists `(records, name)` have: one query for all of them,
    where the host makes one for each. Their columns are read at the first use."""
    fields = [(records._fields[name], records) for records, name in asked]
    unknown = [(f, _get_unknown(f, records, records._ids)) for f, records in fields]
    missing = [(field, records) for field, records in unknown if records]
    if not missing:
        return
    pairs = [SQL("ARRAY(%s)", _select_pairs(*each)) for each in missing]
    [rows] = missing[0][1].env.execute_query(SQL("SELECT %s", SQL(", ").join(pairs)))
    for (field, records), found in zip(missing, rows, strict=True):
        lines = defaultdict(list)
        for owner_id, line_id in found:
            lines[owner_id].append(line_id)
        field._insert_cache(records, [tuple(lines[id_]) for id_ in records._ids])


def _get_unknown(field, records, ids):
    """Those of `ids` whose list `field` was not read yet."""
    known = field._get_cache(records.env)
    return records.browse(id_ for id_ in ids if id_ and id_ not in known)


def _select_pairs(field, records):
    """SQL of the [owner, line] of one list, in its order: as the host reads it."""
    comodel = records.env[field.comodel_name].with_context(
        **{"active_test": False, **field.context}
    )
    domain = Domain(field.get_comodel_domain(records))
    line = SQL.identifier(comodel._table, "id")
    if field.type == "one2many":
        owner = SQL.identifier(comodel._table, field.inverse_name)
        domain &= Domain(field.inverse_name, "in", records.ids)
        query = comodel._search(domain, order=comodel._order)
    else:
        owner = SQL.identifier(field.relation, field.column1)
        query = comodel._search(domain, order=comodel._order)
        other = SQL.identifier(field.relation, field.column2)
        query.add_join("JOIN", field.relation, None, SQL("%s = %s", other, line))
        query.add_where(SQL("%s IN %s", owner, tuple(records.ids)))
    return query.select(SQL("ARRAY[%s, %s]", owner, line))


def read_lines(records, name):
    """The lines of the one2many `name` of these records, read with their columns.

    One query for all those read together, where the host makes two: ids first, columns
    at the first use.
    """
    field = records._fields[name]
    if _get_unknown(field, records, records._ids):
        together = islice(records._prefetch_ids, PREFETCH_MAX)
        missing = _get_unknown(field, records, {*records._ids, *together})
        comodel = records.env[field.comodel_name]
        lines = comodel.with_context(active_test=False, **field.context)
        domain = field.get_comodel_domain(missing)
        found = defaultdict(list)
        for line in lines.search_fetch(
            domain & Domain(field.inverse_name, "in", missing.ids)
        ):
            found[line[field.inverse_name].id].append(line.id)
        field._insert_cache(missing, [tuple(found[id_]) for id_ in missing._ids])
    return records[name]
