from contextlib import contextmanager
from weakref import WeakKeyDictionary

from odoo import SUPERUSER_ID, api, models, tools
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG as _UNINSTALL_KEY

from .amount import check_numbers

# What the addon's own code is writing at this very moment, by cursor. It stands in no
# context and in no record: a client has nothing to send, and code that runs below (an
# automation rule, a compute) finds nothing to write anything else with.
_grants = WeakKeyDictionary()
# Of a field that the addon adds: the first module that declares it.
_OWN = ("souverainete_achat",)


class _Grant:
    """Values that our own code is about to write on some records, and nothing else."""

    def __init__(self, records, act, values):
        self.model, self.ids, self.act = records._name, frozenset(records._ids), act
        self.values = list(values)

    def covers(self, records, act):
        own = self.model == records._name and self.act == act
        return own and self.ids.issuperset(records._ids)

    def allows(self, name, value):
        return any(name in vals and vals[name] == value for vals in self.values)


class Guarded(models.AbstractModel):
    """Fields say who may write them: `guard=` beside the declaration of each.

    - `server`: the addon's own code only, whoever asks and in whatever context;
    - `judged`: a change is judged by the gate on a launched or signed file;
    - `frozen`: judged, and part of what leaves when the file is launched;
    - `free`: anybody who may write the record.

    A model's `_guard` holds for its fields that say nothing. A related field takes its
    target's guard; `guard=None` opts out. `readonly` in a view is cosmetic: any buyer
    can write any stored field by RPC.
    """

    _name = "souverainete.guarded"
    _description = "Fields that say who may write them"
    _guard = "free"

    @api.model
    def _valid_field_parameter(self, field, name):
        return name == "guard" or super()._valid_field_parameter(field, name)

    @api.model
    def _get_guard(self, field):
        """The guard of a field of this model: its own, else the model's for what the
        addon declares. What a target lends never softens a model of the server's."""
        default = self._guard if "souverainete_achat" in field._modules else "free"
        if field.related and default == "server":
            return default
        return getattr(field, "guard", default) or "free"

    @api.model
    @tools.ormcache("guards")
    def _get_guarded_fields(self, *guards):
        """Names of the fields whose guard is one of `guards`."""
        return frozenset(
            name
            for name, field in self._fields.items()
            if self._get_guard(field) in guards
        )

    @api.model
    def _get_server_fields(self):
        """Names of the fields no client may write, on create, write or import."""
        return self._get_guarded_fields("server")

    @api.model
    def _has_field_access(self, field, operation):
        """What the addon adds to the host's records is for the people of the ministry:
        who reads her order on the portal does not read what the buyer said of it."""
        allowed = super()._has_field_access(field, operation)
        if not allowed or self.env.su or field._modules[:1] != _OWN:
            return allowed
        return self.env.user._is_internal()

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Tell clients not to send these fields: it only spares them a refusal."""
        described = super().fields_get(allfields, attributes)
        for name in self._get_server_fields() & set(described):
            described[name]["readonly"] = True
        return described

    @api.model
    def default_get(self, fields):
        """Of a guarded field only its own default counts: neither the context nor the
        defaults that users may save for themselves reach it."""
        guarded = self._get_server_fields().intersection(fields)
        free = [name for name in fields if name not in guarded]
        return super().default_get(free) | self._get_own_defaults(guarded)

    @api.model
    def _get_own_defaults(self, names):
        """{name: value} of the defaults these fields are declared with."""
        defaulted = [self._fields[name] for name in names if self._fields[name].default]
        cached = {
            f: f.convert_to_cache(f.default(self), self, False) for f in defaulted
        }
        return {f.name: f.convert_to_write(v, self) for f, v in cached.items()}

    def _creation_message(self):
        """In the ministry's language where a job writes, in the user's otherwise: a
        model's name would be in that of whoever installed it."""
        company = self.sudo().company_id if "company_id" in self._fields else None
        lang = self.env.context.get("lang") or (company and company.partner_id.lang)
        return self.with_context(lang=lang or self.env.user.lang).env._("Created.")

    # === THE SERVER'S GRANT === #

    @contextmanager
    def _granting(self, act, values=()):
        """Let `act` (create, write, unlink) be done on these records, with these very
        values: the grant is closed on exit."""
        grants = _grants.setdefault(self.env.cr, [])
        grants.append(grant := _Grant(self, act, values))
        try:
            yield
        finally:
            grants.remove(grant)

    def _get_grants(self, act):
        grants = _grants.get(self.env.cr, ())
        return [grant for grant in grants if grant.covers(self, act)]

    def _is_granted(self, act, vals=None):
        """Whether our own code is doing `act` on these records now, with `vals`."""
        grants = self._get_grants(act)
        return any(
            all(grant.allows(name, value) for name, value in (vals or {}).items())
            for grant in grants
        )

    def _write_server(self, vals):
        """Write fields guarded `server` from the addon's own code."""
        with self._granting("write", [vals]):
            return self.write(vals)

    @api.model
    def _create_server(self, vals_list):
        """Create records whose guarded fields are set by the addon's own code."""
        with self.browse()._granting("create", vals_list):
            return self.create(vals_list)

    def _unlink_server(self):
        """Delete records that only the addon's own code deletes."""
        with self._granting("unlink"):
            return self.unlink()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        guarded = self._get_server_fields()
        grants = self.browse()._get_grants("create")
        vals_list = [self._complete_amounts(vals) for vals in vals_list]
        for vals in vals_list:
            check_numbers(self, vals)
            self._check_server_values(guarded, vals, grants)
        return super().create(vals_list)

    def copy_data(self, default=None):
        """A copy starts afresh: nothing the server decided is inherited."""
        guarded = self._get_server_fields()
        return [
            {name: value for name, value in vals.items() if name not in guarded}
            for vals in super().copy_data(default)
        ]

    def write(self, vals):
        grants = self._get_grants("write")
        vals = self._complete_amounts(vals)
        check_numbers(self, vals)
        self._check_server_values(self._get_server_fields(), vals, grants)
        return super().write(vals)

    def _load_records_write(self, values):
        """A file that is imported and says what is already so writes nothing: what was
        exported comes back, frozen or in force as it may be. What it changes is judged
        as any writing."""
        self.browse().check_access("write")
        values = {n: v for n, v in values.items() if not self._says_already(n, v)}
        return super()._load_records_write(values) if values else None

    def _says_already(self, name, value):
        """Whether a value that was imported is the one there."""
        field = self._fields[name]
        if field.type not in ("one2many", "many2many"):
            found = field.convert_to_cache(value, self, validate=False)
            return field.convert_to_record(found, self) == self[name]
        commands = [c for c in value or () if isinstance(c, tuple | list)]
        linked = {
            i for c in commands for i in (c[2] if c[0] == Command.SET else [c[1]])
        }
        kept = all(c[0] in (Command.SET, Command.LINK) for c in commands)
        return kept and linked == set(self[name].ids)

    @api.model
    def _complete_amounts(self, vals):
        """An amount that is written alone, as imports and other systems do, is known;
        zero, which is also what an empty cell gives, needs to be said."""
        said = {
            f"{name}_known": bool(vals[name])
            for name in vals
            if f"{name}_known" in self._fields
            and f"{name}_known" not in vals
            and self._fields[name].type == "monetary"
        }
        free = said.keys() - self._get_server_fields() if said else ()
        return {**vals, **{name: said[name] for name in free}}

    def unlink(self):
        """The uninstaller's key lifts Odoo's own checks of deletions: a client may
        send it like any other, and it lifts nothing here."""
        forged = self.env.context.get(_UNINSTALL_KEY) and self.env.uid != SUPERUSER_ID
        records = self.with_context(**{_UNINSTALL_KEY: False}) if forged else self
        return super(Guarded, records).unlink()

    # === DOCUMENTS === #

    @api.model
    def _get_kept_documents(self, documents):
        """Those among these attachments of the model's records that are evidence."""
        return documents.browse()

    # === CHECKS === #

    @api.model
    def _check_server_values(self, guarded, vals, grants):
        refused = [
            name
            for name in guarded.intersection(vals)
            if not any(grant.allows(name, vals[name]) for grant in grants)
        ]
        if not refused:
            return
        labels = self.fields_get(sorted(refused), ["string"])
        raise AccessError(
            self.env._(
                "These fields are filled in by the system and cannot be written: "
                "%(fields)s. Use the buttons of the form instead.",
                fields=", ".join(info["string"] for info in labels.values()),
            )
        )


class Evidence(models.AbstractModel):
    """Written once by the addon, then neither edited nor deleted, whoever asks."""

    _name = "souverainete.evidence"
    _inherit = ["souverainete.guarded"]
    _description = "Record that only the server writes"
    _guard = "server"

    @api.model_create_multi
    def create(self, vals_list):
        if not all(self.browse()._is_granted("create", vals) for vals in vals_list):
            raise AccessError(
                self.env._(
                    "%(model)s: these records are written by the system when someone "
                    "acts. They cannot be created by hand.",
                    model=self._description,
                )
            )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "%(model)s: these records are evidence and cannot be deleted.",
                model=self._description,
            )
        )
