from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

_MODULE = "souverainete_achat."


class Shipping(models.AbstractModel):
    """Records that a release brings, and that follow the next one.

    What the site did not touch is written as the new release says; what it changed is
    kept, and shown among the differences. No record goes with a release that no longer
    brings it: it is shown too.
    """

    _name = "souverainete.shipping"
    _description = "Records that a release brings"

    # === HOOKS === #

    @api.model
    def _get_followed_names(self, values):
        """Names of the fields that tell whether the site changed a record that was
        shipped with `values`."""
        kept = {"active"} & self._fields.keys()
        return {name for name in values if self._is_column(name)} | kept

    @api.model
    def _is_column(self, name):
        field = self._fields.get(name)
        return bool(field and field.store and field.type != "one2many")

    @api.model
    def _find_own(self, values):
        """The site's own record of what is about to be shipped; empty: none."""
        return self.browse()

    @api.model
    def _prepare_shipped(self, values):
        """The values that a record new in the release is created with."""
        return values

    def _take_release(self, values):
        """Hold what the release says."""
        self._load_records_write(self._prepare_release(values))

    def _take_out(self):
        """Leave, as the release no longer brings these records."""
        if "active" in self._fields:
            self.active = False
        else:
            self.unlink()

    @api.model
    def _on_release(self):
        """Called once the records of a release are loaded."""

    # === LOADING === #

    @api.model
    def _load_records(self, data_list, update=False):
        if not self._is_release(data_list):
            return super()._load_records(data_list, update)
        notes = self.env["souverainete.shipped"]._get_notes(data_list)
        records = self.browse()
        for data in data_list:
            # Never cleaned up by the host: purchases were judged on it.
            loaded = {**data, "noupdate": True}
            if self._is_known(loaded, notes):
                records += self._load_known(loaded, notes)
                continue
            # Read first: what creates completes what it is given.
            released = self._read_release(data["values"])
            loaded["values"] = self._prepare_shipped(dict(data["values"]))
            record = super()._load_records([loaded], True)
            self._note(data["xml_id"], record, released)
            records += record
        return records

    @api.model
    def _is_release(self, data_list):
        """Whether the addon's own files are being loaded, and not a user's."""
        named = all((d.get("xml_id") or "").startswith(_MODULE) for d in data_list)
        return self.env.uid == SUPERUSER_ID and named

    def _is_known(self, data, notes):
        """Whether it was shipped before, or is there already."""
        name = data["xml_id"]
        known = name in notes or self.env.ref(name, raise_if_not_found=False)
        return bool(known or self._attach(data))

    def _load_known(self, data, notes):
        """Follow or keep one record. Nothing that the site did stops it."""
        name, values = data["xml_id"], dict(data["values"])
        note = notes.get(name, self.env["souverainete.shipped"])
        released = self._read_release(values)
        record = self.env.ref(name, raise_if_not_found=False)
        if not record:
            # Deleted here: it stays so until two people decide otherwise.
            note._set_aside(released, "deleted")
            self.pool.loaded_xmlids.add(name)
            return self.browse()
        self.env["ir.model.data"]._update_xmlids([{**data, "record": record}], True)
        record._follow_release(note, name, values, released)
        return record

    def _attach(self, data):
        """What the site already has of it takes its external name."""
        if record := self._find_own(data["values"]):
            self.env["ir.model.data"]._update_xmlids(
                [{**data, "record": record, "noupdate": True}]
            )
        return record

    def _note(self, name, record, released):
        self.env["souverainete.shipped"]._note(name, record, released)

    def _follow_release(self, note, name, values, released):
        """Hold what the release says, unless the site said otherwise since."""
        if self._is_touched(note):
            note = note or self._note_unknown(name)
            note._set_aside(released, "differs")
            return
        try:
            self._write_release(note, values, released)
        except (UserError, IntegrityError) as error:
            note._set_aside(released, "differs", str(error))
        else:
            self._note(name, self, released)

    def _is_touched(self, note):
        """Whether the site changed the record since it was last shipped; of one that
        no release shipped yet, nobody knows."""
        return not note or note._differs_from(self)

    def _note_unknown(self, name):
        shipped = self.env["souverainete.shipped"]
        shipped._note(name, self, {})
        return shipped._get_notes([{"xml_id": name}])[name]

    def _write_release(self, note, values, released):
        """Write what changed from a release to the next. What it says no more goes
        back to its default; translations come again from the release."""
        before = note.released or {}
        gone = before.keys() - released.keys()
        defaults = self.default_get([*gone])
        changed = {
            name: value
            for name, value in values.items()
            if before.get(name, ...) != released.get(name)
        }
        changed |= {name: defaults.get(name, False) for name in gone}
        if changed:
            with self.env.cr.savepoint():
                self._load_records_write(changed)
        self._forget_translations(released)

    def _forget_translations(self, names):
        """The release's own are loaded after the records, where there is none."""
        translated = [n for n in names if self._fields[n].translate is True]
        if not translated:
            return
        self.flush_recordset(translated)
        installed = self.env["res.lang"].get_installed()
        langs = [code for code, _name in installed if code != "en_US"]
        source = [
            SQL("%(own)s = %(own)s - %(langs)s::text[]", own=own, langs=langs)
            for own in map(SQL.identifier, translated)
        ]
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = %s",
                SQL.identifier(self._table),
                SQL(", ").join(source),
                self.id,
            )
        )
        self.invalidate_recordset(translated)

    # === AS DATA === #

    def _read_release(self, values):
        """{field: JSON-able value} of what a data file says."""
        record = self.browse()
        return {
            name: record._to_json(name, value)
            for name, value in values.items()
            if self._is_column(name)
        }

    def _to_json(self, name, value):
        field = self._fields[name]
        cached = field.convert_to_cache(value, self, validate=False)
        value = field.convert_to_record(cached, self)
        if field.relational:
            return sorted(value.ids) if field.type == "many2many" else value.id
        if field.type in ("date", "datetime"):
            return fields.Date.to_string(value) if value else False
        return str(value) if field.type == "html" else value

    def _prepare_release(self, released):
        """The values to write of what `_read_release` kept."""
        return {
            name: [Command.set(value)]
            if self._fields[name].type == "many2many"
            else value
            for name, value in released.items()
        }

    def _says(self, released):
        """Whether the record already holds what the release says."""
        return all(
            self._to_json(name, self[name]) == value for name, value in released.items()
        )

    def _read_columns(self, names):
        """{id: {field: value}} as the database has them, every translation with it."""
        if not self:
            return {}
        self.flush_recordset(names)
        pairs = [
            SQL("%s, %s", name, self._get_column(self._fields[name]))
            for name in sorted(names)
        ]
        self.env.cr.execute(
            SQL(
                "SELECT id, jsonb_build_object(%s) FROM %s AS own WHERE id IN %s",
                SQL(", ").join(pairs),
                SQL.identifier(self._table),
                self._ids,
            )
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _get_column(self, field):
        if field.type != "many2many":
            return SQL("to_jsonb(%s)", SQL.identifier("own", field.name))
        return SQL(
            "(SELECT COALESCE(jsonb_agg(%(other)s ORDER BY %(other)s), '[]') "
            "FROM %(table)s WHERE %(mine)s = own.id)",
            other=SQL.identifier(field.column2),
            table=SQL.identifier(field.relation),
            mine=SQL.identifier(field.column1),
        )
