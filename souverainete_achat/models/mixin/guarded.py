from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG as _UNINSTALL_KEY

# The proof that a write comes from the addon's own code. It is compared with `is`:
# no RPC client, import or context can carry this very object.
_SERVER = object()
_SERVER_KEY = "souverainete_server"


class Guarded(models.AbstractModel):
    """Fields that only the server writes, whoever asks and in whatever context.

    `readonly` in a view is cosmetic: any buyer can write any stored field by RPC.
    """

    _name = "souverainete.guarded"
    _description = "Fields written by the server only"

    @api.model
    def _get_server_fields(self):
        """Names of the fields no client may write, on create, write or import."""
        return frozenset()

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

    def _is_server(self):
        return self.env.context.get(_SERVER_KEY) is _SERVER

    def _as_server(self):
        return self.with_context(**{_SERVER_KEY: _SERVER})

    def _write_server(self, vals):
        """Write fields of `_get_server_fields` from the addon's own code."""
        return self._as_server().write(vals)

    @api.model
    def _create_server(self, vals_list):
        """Create records whose server fields are set by the addon's own code."""
        server = self._without_forged_defaults(self._get_server_fields())
        return server._as_server().create(vals_list).with_env(self.env)

    @api.model_create_multi
    def create(self, vals_list):
        guarded = self._get_server_fields()
        if not guarded or self._is_server():
            return super().create(vals_list)
        for vals in vals_list:
            self._check_server_fields(guarded.intersection(vals))
        return super(Guarded, self._without_forged_defaults(guarded)).create(vals_list)

    def copy_data(self, default=None):
        """A copy starts afresh: nothing the server decided is inherited."""
        guarded = self._get_server_fields()
        return [
            {name: value for name, value in vals.items() if name not in guarded}
            for vals in super().copy_data(default)
        ]

    def write(self, vals):
        if not self._is_server():
            self._check_server_fields(self._get_server_fields().intersection(vals))
        return super().write(vals)

    def unlink(self):
        """The uninstaller's key lifts Odoo's own checks of deletions: a client may
        send it like any other, and it lifts nothing here."""
        forged = self.env.context.get(_UNINSTALL_KEY) and self.env.uid != SUPERUSER_ID
        records = self.with_context(**{_UNINSTALL_KEY: False}) if forged else self
        return super(Guarded, records).unlink()

    def _check_server_fields(self, names):
        if not names:
            return
        labels = self.fields_get(sorted(names), ["string"])
        raise AccessError(
            self.env._(
                "These fields are filled in by the system and cannot be written: "
                "%(fields)s. Use the buttons of the form instead.",
                fields=", ".join(info["string"] for info in labels.values()),
            )
        )

    def _without_forged_defaults(self, guarded):
        """Drop `default_<server field>` keys, which would reach `create` unseen."""
        forged = {f"default_{name}" for name in guarded} & set(self.env.context)
        if not forged:
            return self
        context = {k: v for k, v in self.env.context.items() if k not in forged}
        return self.with_context(context)  # pylint: disable=context-overridden
