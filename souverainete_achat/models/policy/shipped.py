from psycopg2.extras import Json

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.translate import TranslationImporter, get_po_paths

from ..base.opening import open_form

_ADDON = "souverainete_achat"
_OPEN = ("differs", "deleted", "withdrawn")


class Shipped(models.Model):
    """What a release said of a record, and how the site's own stands to it.

    One person chooses between the release and what the site says, another confirms.
    """

    _name = "souverainete.shipped"
    _inherit = ["souverainete.authored", "mail.thread"]
    _description = "Difference with the release"
    _guard = "server"
    _asker_fields = ("asker_id",)
    _decider_groups = ("group_manager",)
    _order = "res_model, name"
    _name_uniq = models.Constraint("UNIQUE (name)", "A record is shipped once.")

    name = fields.Char(string="External name", required=True)
    res_model = fields.Char(string="Model", required=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model")
    released = fields.Json(help="What was shipped, and followed.")
    held = fields.Json(help="What the record held once it was shipped.")
    offered = fields.Json(help="What the release says, and the site does not.")
    kept = fields.Json(help="What the release said when the site kept its own.")
    reason = fields.Char(
        string="Why it was not followed", help="What refused the release's values."
    )
    state = fields.Selection(
        [
            ("followed", "As released"),
            ("differs", "Changed here"),
            ("deleted", "Deleted here"),
            ("withdrawn", "No longer in the release"),
            ("kept", "Ours, as decided"),
        ],
        string="Difference",
        required=True,
        default="followed",
        index=True,
        tracking=True,
    )
    choice = fields.Selection(
        [("follow", "Follow the release"), ("keep", "Keep ours")],
        tracking=True,
        help="What one person asks for, and another confirms.",
    )
    asker_id = fields.Many2one("res.users", string="Asked by", tracking=True)

    record_name = fields.Char(string="What", compute="_compute_record_name")
    kind = fields.Char(string="Referential", compute="_compute_record_name")
    changes = fields.Text(
        string="Ours → the release's",
        compute="_compute_changes",
        help="One line a field that differs.",
    )

    @api.depends("res_model", "res_id")
    def _compute_display_name(self):
        for note in self:
            note.display_name = note.record_name

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        for note in self:
            record = note._get_record()
            note.kind = self.env["ir.model"]._get(note.res_model).name
            note.record_name = record.display_name or note._get_offered_name()

    def _get_offered_name(self):
        offered = self.offered or self.released or {}
        name = offered.get("name") or self.name
        return (
            name.get(self.env.lang) or name["en_US"] if isinstance(name, dict) else name
        )

    def _get_record(self):
        """The site's record; empty where it was deleted."""
        model = self.env.get(self.res_model)
        known = self.browse() if model is None else model.browse(self.res_id)
        return known.sudo().exists()

    @api.depends("offered", "res_model", "res_id")
    @api.depends_context("lang")
    def _compute_changes(self):
        for note in self:
            record = note._get_record()
            note.changes = "\n".join(
                note._describe(record, name) for name in note._get_differing(record)
            )

    def _get_differing(self, record):
        offered = self.offered or {}
        return [
            name
            for name in sorted(offered)
            if name in record._fields
            and (not record or self._read_own(record, name) != self._read_offered(name))
        ]

    def _describe(self, record, name):
        label = record.fields_get([name], ["string"])[name]["string"]
        own = self._read_own(record, name) if record else ""
        return self.env._(
            "%(field)s: %(old)s → %(new)s",
            field=label,
            old=self._show(record, name, own) or "–",
            new=self._show(record, name, self._read_offered(name)) or "–",
        )

    def _read_own(self, record, name):
        return record._to_json(name, record[name])

    def _read_offered(self, name):
        """In the reader's language, where the release speaks it."""
        value = self.offered[name]
        if isinstance(value, dict):
            return value.get(self.env.lang) or value.get("en_US")
        return value

    def _show(self, record, name, value):
        field = record._fields[name]
        if field.relational and value:
            named = self.env[field.comodel_name].browse(value)
            return ", ".join(named.exists().mapped("display_name"))
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        return "" if value in (False, None) else str(value)

    # === SETTLING === #

    def action_follow(self):
        """Ask that the record says what the release says."""
        self._ask("follow")

    def action_keep(self):
        """Ask that the site's own stays, until a release says something else."""
        self._ask("keep")

    def _ask(self, choice):
        self._check_manager()
        self._check_open()
        vals = {"choice": choice, "asker_id": self.env.uid}
        self.sudo()._write_server(vals)

    def action_confirm(self):
        """Do what another person asked for."""
        self._check_manager()
        self._check_open()
        for note in self:
            note._check_asked()
            note.sudo()._settle()

    def action_open(self):
        """The record itself."""
        self.check_access("read")
        self.ensure_one()
        return open_form(self._get_record())

    def _check_manager(self):
        self.check_access("read")
        if not self.env.user.has_group("souverainete_achat.group_manager"):
            raise AccessError(
                self.env._("Only a referentials manager settles a difference.")
            )

    def _check_open(self):
        if self.filtered(lambda note: note.state not in _OPEN):
            raise UserError(self.env._("This difference is settled already."))

    def _check_asked(self):
        if not self.choice:
            raise UserError(
                self.env._("Choose first: follow the release, or keep ours.")
            )
        self._check_four_eyes(
            self.env._(
                "Four eyes: you chose what becomes of %(name)s, so another person "
                "confirms it.",
                name=self.display_name,
            )
        )

    def _settle(self):
        """Put in place what was chosen."""
        if self.choice == "keep":
            vals = {"state": "kept", "kept": self.offered, "reason": False}
        else:
            vals = self._follow()
        self._write_server({**vals, "choice": False})

    def _follow(self):
        record = self._get_record().with_user(SUPERUSER_ID).with_context(lang=None)
        if self.state == "withdrawn":
            record._take_out()
            return {"state": "kept", "kept": self.offered}
        source = {n: _get_source(v) for n, v in self.offered.items()}
        if record:
            record._take_release(source)
        else:
            record = record.create(record._prepare_release(source))
            names = {"xml_id": self.name, "record": record, "noupdate": True}
            self.env["ir.model.data"]._update_xmlids([names])
        self._translate(record)
        return {
            "state": "followed",
            "res_id": record.id,
            "released": source,
            "held": record._read_columns(record._get_followed_names(source))[record.id],
            "offered": False,
            "kept": False,
            "reason": False,
        }

    def _translate(self, record):
        for name, value in self.offered.items():
            for lang, text in value.items() if isinstance(value, dict) else ():
                record.with_context(lang=lang)[name] = text

    @api.model
    def _get_content_fields(self):
        """Who asked is who chose last: nobody writes anything else."""
        return frozenset()

    # === BOOKS === #
    # Kept by SQL while files are loaded: two thousand records, one by one.

    @api.model
    def _get_notes(self, data_list):
        names = [data["xml_id"] for data in data_list]
        notes = self.search([("name", "in", names)])
        return {note.name: note for note in notes}

    @api.model
    def _note(self, name, record, released):
        """What a record was shipped with, and follows."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO souverainete_shipped AS note "
                "(name, res_model, res_id, released, state) "
                "VALUES (%s, %s, %s, %s, 'followed') "
                "ON CONFLICT (name) DO UPDATE SET res_id = EXCLUDED.res_id, "
                "released = EXCLUDED.released, state = 'followed', held = NULL, "
                "offered = NULL, kept = NULL, reason = NULL, choice = NULL",
                name,
                record._name,
                record.id,
                Json(released),
            )
        )

    def _differs_from(self, record):
        """Whether the site changed `record` since it was last shipped. A language that
        was not there then says nothing."""
        if not self.held:
            return not self.released or not record._says(self.released)
        now = record._read_columns(self.held.keys() & record._fields.keys())[record.id]
        return any(_is_other(self.held[name], now[name]) for name in now)

    def _set_aside(self, released, state, reason=False):
        """What the release says, and the site does not hold."""
        vals = {"offered": released, "state": state, "reason": reason}
        self._write_server(vals)

    @api.model
    def _close(self, loaded):
        """Once a release is loaded. `loaded`: external names of what it brings."""
        self._record_held()
        notes = self.search([("state", "!=", "followed")])
        for note in notes.filtered(lambda note: note.name in loaded):
            note._compare()
        gone = self.search([("name", "!=", False)]).filtered(
            lambda note: note.name not in loaded
        )
        gone._set_withdrawn()
        self.env.registry.clear_cache()
        for name in self._get_shipping_models():
            self.env[name]._on_release()

    @api.model
    def _get_shipping_models(self):
        names = self.env.registry.descendants(["souverainete.shipping"], "_inherit")
        return sorted(name for name in names if not self.env[name]._abstract)

    @api.model
    def _record_held(self):
        """What each record that was just shipped holds, translations too."""
        self.env.flush_all()
        self.invalidate_model()
        notes = self.search([("name", "!=", False)]).filtered(
            lambda note: note.released and not note.held
        )
        for model, own in notes.grouped("res_model").items():
            held = own._read_held(self.env[model])
            for note in own:
                note._set_held(held.get(note.res_id))

    def _read_held(self, model):
        names = set().union(*(note.released or {} for note in self))
        return (
            model.browse(self.mapped("res_id"))
            .exists()
            ._read_columns(model._get_followed_names(names))
        )

    def _set_held(self, columns):
        names = self.env[self.res_model]._get_followed_names(self.released or {})
        held = {name: columns[name] for name in names} if columns else {}
        self.env.cr.execute(
            SQL(
                "UPDATE souverainete_shipped SET held = %s WHERE id = %s",
                Json(held),
                self.id,
            )
        )
        self.invalidate_recordset(["held"])

    def _compare(self):
        """Whether what the site kept is still another thing than the release's."""
        record = self._get_record()
        offered = self._complete(record, self.offered or {})
        if offered == self.kept:
            self._write_server({"state": "kept", "offered": offered})
        elif record and record._says(self.offered):
            self._meet(record)
        else:
            self._write_server({"offered": offered})

    def _meet(self, record):
        """The site and the release say the same again; what else the site decided of
        the record, as its end, stays the site's."""
        names = record._get_followed_names(self.offered)
        now = record._read_columns(names)[record.id]
        same = {name: now[name] for name in self.offered}
        self._write_server(
            {
                "state": "followed",
                "released": self.offered,
                "held": {**now, **(self.held or {}), **same},
                "offered": False,
            }
        )

    def _complete(self, record, offered):
        """The release's words in each language of the site."""
        names = [n for n in offered if record._fields[n].translate is True]
        if not names:
            return offered
        told = self._read_translations()
        return offered | {
            name: {"en_US": _get_source(offered[name]), **told.get(name, {})}
            for name in names
        }

    def _read_translations(self):
        importer = TranslationImporter(self.env.cr, verbose=False)
        for lang, _name in self.env["res.lang"].get_installed():
            for path in get_po_paths(_ADDON, lang):
                importer.load_file(path, lang, xmlids={self.name})
        told = importer.model_translations[self.res_model]
        return {name: dict(by_id[self.name]) for name, by_id in told.items()}

    def _set_withdrawn(self):
        """What is no longer in the release, and that nobody decided on yet."""
        for note in self:
            offered = {"withdrawn": True}
            if note.kept != offered and note._get_record():
                note._write_server({"state": "withdrawn", "offered": offered})

    @api.model
    def _learn_languages(self):
        """A language that was just installed was shipped, and is not the site's."""
        held = self.search([("name", "!=", False)]).filtered("held")
        for model, notes in held.grouped("res_model").items():
            now = notes._read_held(self.env[model])
            for note in notes:
                columns = now.get(note.res_id, {})
                held = {n: _learn(v, columns.get(n)) for n, v in note.held.items()}
                if held != note.held:
                    note._write_server({"held": held})


class IrModuleModule(models.Model):
    """Languages that come after the records of a release."""

    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        result = super()._load_module_terms(modules, langs, overwrite)
        if _ADDON in modules:
            self.env["souverainete.shipped"].sudo()._learn_languages()
        return result


class IrModelData(models.Model):
    """When a release is loaded."""

    _inherit = "ir.model.data"

    @api.model
    def _process_end(self, modules):
        if _ADDON in modules:
            self.env["souverainete.shipped"]._close(self.pool.loaded_xmlids)
        return super()._process_end(modules)


def _get_source(value):
    return value["en_US"] if isinstance(value, dict) else value


def _is_other(before, now):
    if isinstance(before, dict) and isinstance(now, dict):
        return any(now.get(lang) != text for lang, text in before.items())
    return before != now


def _learn(before, now):
    if isinstance(before, dict) and isinstance(now, dict):
        return {**now, **before}
    return before
