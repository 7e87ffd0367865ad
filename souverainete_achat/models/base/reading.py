from collections import defaultdict
from itertools import islice

from odoo.fields import Domain
from odoo.tools.constants import PREFETCH_MAX


def read_lines(records, name):
    """The lines of the one2many `name` of these records, read with their columns.

    One query for all those read together, where the host makes two: ids first, columns
    at the first use.
    """
    field = records._fields[name]
    known = field._get_cache(records.env)
    if all(id_ in known for id_ in records._ids):
        return records[name]
    together = islice(records._prefetch_ids, PREFETCH_MAX)
    ids = {*records._ids, *together}
    missing = records.browse(id_ for id_ in ids if id_ and id_ not in known)
    if missing:
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
