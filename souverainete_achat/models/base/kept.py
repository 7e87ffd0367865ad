from weakref import WeakSet

from odoo import api, models, tools
from odoo.tools import SQL

# What its reader could change in place, or is too big to be kept.
_UNKEPT = frozenset({"binary", "json", "properties", "properties_definition"})

# The transactions that changed a reference record, by cursor: until they end, they read
# the database, and nobody keeps what is not committed.
_changing = WeakSet()


class Kept(models.AbstractModel):
    """Reference records: few, read by every act, seldom changed.

    The server's own code reads them from what it keeps between requests; users read the
    database, with their own rights. Whatever changes one of them forgets what is kept,
    by `ormcache` too.
    """

    _name = "souverainete.kept"
    _description = "Reference record, kept between requests"

    def _fetch_field(self, field):
        kept = self._get_kept() if self._is_kept() else {}
        if field.name not in kept:
            return super()._fetch_field(field)
        known = self.browse(id_ for id_ in self._ids if id_ in kept[field.name])
        for name, values in kept.items():
            self._fields[name]._insert_cache(known, map(values.get, known._ids))
        if others := self - known:
            super(Kept, others)._fetch_field(field)
        return None

    def _is_kept(self):
        return self.env.su and self.env.cr not in _changing

    @api.model
    @tools.ormcache("self.env.lang")
    def _get_kept(self):
        """{field: {id: value, as the ORM caches it}} of what is kept."""
        domain = self._get_kept_domain()
        query = self._search(domain, order=self._order, active_test=False)
        names = [f.name for f in self._fields.values() if self._is_kept_column(f)]
        columns = [self._field_to_sql(self._table, name, query) for name in names]
        key = SQL.identifier(self._table, "id")
        rows = self.env.execute_query(query.select(key, *columns))
        ids = [row[0] for row in rows]
        kept = {
            name: dict(zip(ids, (row[rank] for row in rows), strict=True))
            for rank, name in enumerate(names, 1)
        }
        return kept | self._get_kept_lists(ids)

    @api.model
    def _get_kept_domain(self):
        """What is kept: better what is settled, which hardly changes any more."""
        return []

    @api.model
    def _is_kept_column(self, field):
        """Columns that are read together, and are the same for whoever reads them."""
        stored = field.store and field.column_type and field.prefetch is True
        return stored and not field.company_dependent and field.type not in _UNKEPT

    @api.model
    def _get_kept_lists(self, ids):
        """{field: {id: ids}} of their lists of reference records, in their order."""
        lists = {}
        for field in self._fields.values():
            if field.type != "one2many" or not field.store or field.domain:
                continue
            lines = self.env[field.comodel_name]
            if hasattr(lines, "_get_kept"):
                found = {id_: [] for id_ in ids}
                for line_id, id_ in lines._get_kept()[field.inverse_name].items():
                    if id_ in found:
                        found[id_].append(line_id)
                lists[field.name] = {id_: tuple(found[id_]) for id_ in ids}
        return lists

    # === WHAT FORGETS THEM === #

    def _forget_kept(self):
        if not self:
            return
        registry, cr = self.env.registry, self.env.cr
        registry.clear_cache()
        if cr in _changing:
            return

        def end():
            _changing.discard(cr)
            registry.clear_cache()

        _changing.add(cr)
        cr.postcommit.add(end)
        cr.postrollback.add(end)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._forget_kept()
        return records

    def write(self, vals):
        result = super().write(vals)
        self._forget_kept()
        return result

    def _write_multi(self, vals_list):
        """What is computed is stored without `write`."""
        result = super()._write_multi(vals_list)
        self._forget_kept()
        return result

    def _update_field_translations(self, *args, **kwargs):
        result = super()._update_field_translations(*args, **kwargs)
        self._forget_kept()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_kept()
        return result
