import hashlib
import json
from contextlib import nullcontext

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError

from .amount import check_numbers


class Written(models.AbstractModel):
    """A record whose content people write, alone or as a part of another one.

    Whoever writes it is added to the list of the record that is decided on, its root,
    whatever the road: form, import, RPC, `sudo()`. An equal value is no writing.
    """

    _name = "souverainete.written"
    _description = "Content written by people"
    # Dotted path from a part to its root(s).
    _root_path = None

    @api.model
    def _get_content_fields(self):
        """Names of the fields that a second person reads before deciding: those that
        people fill in, lists of parts excepted, which say for themselves."""
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.store
            and name not in models.MAGIC_COLUMNS
            and field.type != "one2many"
            and "souverainete_achat" in field._modules
            and getattr(field, "guard", None) != "server"
            and not field.related
        )

    @api.model
    def _get_root_path(self):
        return self._root_path

    def _get_roots(self):
        """The records that this is a part of, and that somebody decides on."""
        return self.sudo().mapped(self._get_root_path())

    def _get_rewritten(self, vals):
        """Those of these records whose content is not already what `vals` says."""
        names = self._get_content_fields().intersection(vals)
        return self.filtered(
            lambda record: any(record._is_other(name, vals[name]) for name in names)
        )

    def _is_other(self, name, value):
        record, field = self.sudo(), self._fields[name]
        cached = field.convert_to_cache(value, record, validate=False)
        return field.convert_to_record(cached, record) != record[name]

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._get_roots()._add_authors()
        return records

    def write(self, vals):
        check_numbers(self, vals)
        if not (written := self._get_rewritten(vals)):
            return super().write(vals)
        before = written._get_roots()
        before._add_authors()
        result = super().write(vals)
        roots = written._get_roots()
        if moved := roots - before:
            # A part takes along who may not decide on it.
            moved._add_authors(before._get_askers())
        (before | roots)._forget_undone()
        return result

    def unlink(self):
        """A part that is taken out is a writing; a root goes with its list."""
        if "authors" in self._fields:
            return super().unlink()
        roots = self._get_roots()
        roots._add_authors()
        result = super().unlink()
        roots._forget_undone()
        return result


class Declaration(models.AbstractModel):
    """A record whose content the gate judges: an option, a component, an answer…

    On a launched or confirmed file such a change is refused when it adds a blocking
    finding or rewrites what was frozen at launch; what removes one is accepted. Its
    fields are judged, unless they say `guard="free"` (notes, layout…).
    """

    _name = "souverainete.declaration"
    _inherit = ["souverainete.written", "souverainete.guarded"]
    _description = "Content judged by the gate"
    _guard = "judged"
    # Dotted path from the record to the purchase file(s) that carry the need.
    _file_path = None

    @api.model
    def _is_judged(self, vals):
        """Whether writing these values is judged. What only the server fills in is
        written by acts, which are judged themselves."""
        return bool(self._get_guarded_fields("judged", "frozen").intersection(vals))

    @api.model
    def _get_root_path(self):
        return super()._get_root_path() or self._file_path

    def _get_declared_files(self):
        """The needs this record is judged in."""
        return self.sudo().mapped(self._file_path)

    @api.model
    def _get_files_from_vals(self, vals_list):
        """The needs that records about to be created will be judged in."""
        name, _sep, path = self._file_path.partition(".")
        default = self.default_get([name]).get(name)
        ids = {vals.get(name, default) for vals in vals_list} - {False, None}
        parents = self.env[self._fields[name].comodel_name].sudo().browse(ids)
        return parents.mapped(path) if path else parents

    @api.model_create_multi
    def create(self, vals_list):
        with self._get_files_from_vals(vals_list)._judging_change():
            return super().create(vals_list)

    def _judging_write(self, vals):
        """Context in which `vals`, and what follows from it, is written and judged."""
        if not self._is_judged(vals):
            return nullcontext()
        files = self._get_declared_files() | self._get_files_from_vals([vals])
        return files._judging_change()

    def write(self, vals):
        with self._judging_write(vals):
            return super().write(vals)

    def unlink(self):
        with self._get_declared_files()._judging_change():
            return super().unlink()


class Authored(models.AbstractModel):
    """A record that one person writes or asks for, and another one decides on."""

    _name = "souverainete.authored"
    _inherit = ["souverainete.written", "souverainete.guarded"]
    _description = "Record that takes four eyes to decide on"
    # Names of the fields that say who asks, and of the groups that decide.
    _asker_fields = ()
    _decider_groups = ("group_officer",)

    authors = fields.Json(
        copy=False,
        help="Ids of the users who wrote this since it was last decided on.",
        guard="server",
    )
    decided = fields.Json(
        copy=False,
        help="What was last decided: its digest, and who had written it.",
        guard="server",
    )
    author_ids = fields.Many2many(
        "res.users",
        string="Written by",
        compute="_compute_author_ids",
        compute_sudo=True,
        help="Who wrote this since it was last decided on: another person decides.",
    )
    is_asker = fields.Boolean(
        string="Written or asked by me",
        compute="_compute_author_ids",
        compute_sudo=True,
        help="Whether the current user wrote this or asked for it, so that another "
        "person decides.",
    )

    @api.depends("authors")
    @api.depends_context("uid")
    def _compute_author_ids(self):
        users = self.env["res.users"]
        asked = self._origin.filtered(lambda record: record._is_asked_by_me())
        barred = asked - asked._filter_decided_alone()
        for record in self:
            record.author_ids = users.browse(record._origin.authors or ()).exists()
            record.is_asker = record._origin in barred

    @api.model
    def _get_content_fields(self):
        return super()._get_content_fields().difference(self._asker_fields)

    def _get_roots(self):
        return self.sudo()

    def _get_rewritten(self, vals):
        """Deciding is no writing."""
        return self.browse() if "authors" in vals else super()._get_rewritten(vals)

    # === WHO WROTE IT === #

    def _get_person(self):
        """The real user, `sudo()` or not; nobody where a job or the addon writes."""
        user = self.env["res.users"].browse(self.env.uid)
        return user.filtered(lambda user: user.id != SUPERUSER_ID)

    def _add_authors(self, users=None):
        """Add the real user, or `users`: in the cache, for the UPDATE that is due."""
        ids = set((self._get_person() if users is None else users)._ids)
        records = self.sudo().filtered("id")
        if all(ids.issubset(record.authors or ()) for record in records):
            return
        for record in records:
            record._set_authors(ids.union(record.authors or ()))

    def _forget_undone(self):
        """Written back to what was last decided, it has the authors it had then."""
        for record in self.sudo().filtered("decided"):
            if record._get_content_digest() == record.decided["digest"]:
                record._set_authors(record.decided["authors"])

    def _set_authors(self, ids):
        self._fields["authors"].write(self, sorted(ids))
        self.modified(["authors"])

    @api.model_create_multi
    def create(self, vals_list):
        written = {"authors": list(self._get_person()._ids)}
        with self.browse()._granting("create", [written]):
            return super().create([{**written, **vals} for vals in vals_list])

    def copy(self, default=None):
        """What is copied was not written by who copies it."""
        copies = super().copy(default)
        for record, copied in zip(self, copies, strict=True):
            copied._add_authors(self.env["res.users"].browse(record.sudo().authors))
        return copies

    def write(self, vals):
        """Who handed a request over asked for it."""
        for name in set(self._asker_fields).intersection(vals):
            handed = self._filter_handed_over(name, vals[name])
            handed._add_authors(handed.sudo()[name])
        return super().write(vals)

    def _filter_handed_over(self, name, user_id):
        return self.filtered(lambda record: record.sudo()[name].id != user_id)

    # === WHAT WAS DECIDED === #

    def _prepare_decided(self):
        """What the write of a decision holds besides: who writes from now on counts
        afresh."""
        authors = self.sudo().authors or []
        return {
            "authors": [],
            "decided": {"digest": self._get_content_digest(), "authors": authors},
        }

    def _get_content_digest(self):
        content = self.sudo()._prepare_content()
        text = json.dumps(content, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def _prepare_content(self):
        """What is decided on, with its parts."""
        record = self.with_context(lang=None, bin_size=False)
        lists = [f for f in self._fields.values() if f.type == "one2many" and f.store]
        parts = [
            _read(part)
            for field in lists
            if _is_list_of_parts(self.env[field.comodel_name], field.inverse_name)
            for part in record[field.name]
        ]
        return [_read(record), sorted(parts, key=str)]

    # === FOUR EYES === #

    def _get_askers(self):
        """Who wrote these records or asked for them: they do not decide."""
        records = self.sudo()
        ids = {user for record in records for user in record.authors or ()}
        users = self.env["res.users"].sudo().browse(ids) | records.create_uid
        users = users.union(*(records[name] for name in self._asker_fields))
        return users.filtered(lambda user: user.id != SUPERUSER_ID)

    def _check_four_eyes(self, refusal, askers=None):
        """Raise where the current user wrote one of these records or asked for it, or
        only stands in and somebody else can decide.

        `refusal`: the sentence that says so; `askers`: who asked, where it is not who
        wrote the record.
        """
        for record in self:
            if error := record._get_four_eyes_error(refusal, askers):
                raise error
            if record._is_asked_by_me(askers):
                record._on_decided_alone(refusal)

    def _get_four_eyes_error(self, refusal, askers=None):
        asked = self._get_askers() if askers is None else askers
        if not self._is_asked_by_me(asked):
            return self._get_standing_in_error(asked)
        if self._filter_decided_alone():
            return None
        return AccessError(f"{refusal} {self._describe_deciders(asked)}")

    def _is_asked_by_me(self, askers=None):
        """Whether the current user is among `askers`: who wrote or asked for this."""
        return self.env.user in (self._get_askers() if askers is None else askers)

    def _get_standing_in_error(self, askers):
        """A deputy decides where nobody who holds the role all year can."""
        body = self._get_body()
        if self.env.user not in body.deputy_ids:
            return None
        holders = body._get_role_users(*self._decider_groups) - askers
        return holders and AccessError(
            self.env._(
                "You stand in for those who decide here, where all of them wrote or "
                "asked. Those who can: %(names)s.",
                names=_list_names(holders),
            )
        )

    def _filter_decided_alone(self):
        """Those of these records on which the current user, who wrote or asked, may
        decide alone."""
        return self.browse()

    def _on_decided_alone(self, refusal):
        """Called once who wrote or asked decided alone. `refusal`: what it lifted."""

    def _get_body(self):
        """The ministry or body whose people decide on this."""
        company = "company_id" in self._fields and self.sudo().company_id
        return (company or self.env.company).sudo()

    def _get_deciders(self, askers):
        """Who may decide instead of `askers`: who holds the role here; where all of
        them asked, who stands in for them; else the people of other bodies."""
        levels = self._get_body()._get_decider_levels(*self._decider_groups)
        return next((left for users in levels if (left := users - askers)), askers[:0])

    def _describe_deciders(self, askers):
        if users := self._get_deciders(askers):
            return self.env._(
                "Those who can: %(names)s.",
                names=_list_names(users),
            )
        return self.env._(
            "Nobody else can here: go back to what was last decided, have a deputy "
            "named on the company's form or, where nobody else holds the role, record "
            "why you decide alone (menu “Action”)."
        )

    def _check_asked_by_a_person(self):
        """A request that another person answers is made by someone."""
        if not self._get_person():
            raise AccessError(
                self.env._("A person asks for this, and another one decides.")
            )


def _list_names(users):
    return ", ".join(users.sorted("name")[:5].mapped("name"))


def _is_list_of_parts(model, link):
    """Whether the records of `model` are parts of what their field `link` names."""
    path = hasattr(model, "_get_root_path") and model._get_root_path() or ""
    return path.partition(".")[0] == link


def _read(record):
    """The content of a record, as JSON-able data without its identity."""
    [values] = record.read(sorted(record._get_content_fields()), load=None)
    return {name: value for name, value in values.items() if name != "id"}
