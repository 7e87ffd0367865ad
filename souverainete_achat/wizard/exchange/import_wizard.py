import base64
import binascii
import logging
import time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import LazyTranslate

from . import source
from .adapters import ADAPTERS, guess
from .plan import BATCH, CREATED, SKIPPED, UPDATED

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)
MAX_BYTES = 50 * 2**20
# What one call of a long import spends on its lines, in seconds: each call reads the
# whole file again, and a server ends the calls that last.
CALL_SECONDS = 20


class Import(models.TransientModel):
    """Bring in what public registers know: shown first, then recorded.

    Nothing is written by the preview. The import reads the file again, so that what
    is recorded is what the file says, whatever was done to the preview.
    """

    _name = "souverainete.import"
    _description = "Import from a public register"
    _rec_name = "filename"

    data = fields.Binary(string="File", required=True)
    filename = fields.Char()
    adapter = fields.Selection(
        selection="_get_adapter_selection",
        string="Source",
        compute="_compute_adapter",
        store=True,
        readonly=False,
        help="Guessed from the content and the name of the file.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Ministry",
        required=True,
        default=lambda self: self.env.company,
        help="Who buys: the files are created for this ministry or body.",
    )
    state = fields.Selection(
        [
            ("upload", "File"),
            ("preview", "Preview"),
            ("running", "Being imported"),
            ("done", "Imported"),
        ],
        default="upload",
        required=True,
    )
    line_ids = fields.One2many("souverainete.import.line", "import_id")
    total = fields.Integer(help="Number of lines the file gives.")
    position = fields.Integer(help="Lines already imported.")
    remaining = fields.Integer(
        compute="_compute_remaining", help="Lines still to import."
    )
    apart = fields.Json(help="Keys of the groups the user keeps apart.")
    left_out = fields.Json(help="`keys` not ticked; nothing before any preview.")
    document_id = fields.Many2one(
        "ir.attachment", help="The file itself, kept as evidence of what was signed."
    )
    is_catalogue = fields.Boolean(compute="_compute_is_catalogue")
    file_date = fields.Date(
        string="File published on",
        default=lambda self: self.env.company._souverainete_today(),
        help="Day on which the source published this file, or you copied it. Its "
        "entries are confirmed as of that day; what was confirmed later stays. "
        "Empty: today.",
    )
    summary = fields.Char(compute="_compute_summary")
    has_records = fields.Boolean(compute="_compute_summary")

    @api.model
    def _get_adapter_selection(self):
        return [(code, self.env._(a.label)) for code, a in ADAPTERS.items()]

    @api.depends("data", "filename")
    def _compute_adapter(self):
        for wizard in self:
            data = wizard.with_context(bin_size=False).data
            wizard.adapter = data and guess(wizard._get_bytes(), wizard.filename)

    @api.depends("total", "position")
    def _compute_remaining(self):
        for wizard in self:
            wizard.remaining = max(wizard.total - wizard.position, 0)

    @api.depends("line_ids.status", "line_ids.res_id", "state")
    def _compute_summary(self):
        for wizard in self:
            counts = {}
            for line in wizard.line_ids:
                counts[line.outcome] = counts.get(line.outcome, 0) + 1
            wizard.has_records = any(
                line.res_id and line.status != "absent" for line in wizard.line_ids
            )
            wizard.summary = " · ".join(
                self.env._("%(label)s: %(count)s", label=label, count=count)
                for label, count in counts.items()
            )

    # === ACTIONS === #

    def action_preview(self):
        """Say what would be created, updated, skipped or refused. Writes no record."""
        self.check_access("read")
        self.ensure_one()
        self._keep_choices()
        plans = self._get_plans()
        target = self._get_target()
        target._plan(self, plans)
        self._restart("preview", len(plans))
        self._add_lines([*plans, *target._get_absent(self, plans)])
        return True

    def action_import(self):
        """Import what is left of the file, to its end."""
        self.check_access("read")
        self.ensure_one()
        plans = self._start()
        while self.remaining:
            self._import_batch(plans)
        return True

    def action_import_with_progress(self):
        """Import from the form: a long file goes batch by batch, on screen."""
        self.check_access("read")
        self.ensure_one()
        plans = self._start()
        if self.remaining > BATCH:
            return {
                "type": "ir.actions.client",
                "tag": "souverainete_import",
                "params": {"import_id": self.id, "total": self.total},
            }
        self._import_batch(plans)
        return True

    def action_import_batch(self):
        """Import the next batches; says how far it went."""
        self.check_access("read")
        self.ensure_one()
        self._import_batches(self._start())
        return {"position": self.position, "total": self.total}

    def action_back(self):
        """Choose another file."""
        self.check_access("read")
        self.write({"apart": False, "left_out": False})
        self._restart("upload", 0)
        return True

    def action_open_files(self):
        """Open what the lines made or found, as a list."""
        self.check_access("read")
        lines = self.line_ids.filtered(lambda x: x.res_id and x.status != "absent")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Imported: %(name)s", name=self.display_name),
            "res_model": lines[:1].res_model,
            "view_mode": "list,form",
            **self._get_target()._prepare_opened(lines.mapped("res_id")),
        }

    def _get_bytes(self):
        try:
            return base64.b64decode(self.with_context(bin_size=False).data or b"")
        except (binascii.Error, ValueError):
            return b""

    # === THE DAY IT SPEAKS OF === #
    # A catalogue copied last year confirms its entries as of last year.

    @api.depends("adapter")
    def _compute_is_catalogue(self):
        for wizard in self:
            adapter = ADAPTERS.get(wizard.adapter)
            wizard.is_catalogue = bool(adapter) and adapter.target == "solution"

    @api.constrains("file_date")
    def _check_file_date(self):
        for wizard in self.filtered("file_date"):
            if wizard.file_date > wizard.company_id._souverainete_today():
                raise ValidationError(
                    self.env._(
                        "A file is not published in the future: correct its day."
                    )
                )

    def _get_file_date(self):
        """Day the file speaks of."""
        self.ensure_one()
        return self.file_date or self.company_id._souverainete_today()

    # === READING === #

    def _get_adapter(self):
        """The chosen adapter; raises when there is none, or the user may not use it."""
        adapter = ADAPTERS.get(self.adapter)
        if not adapter:
            raise UserError(
                self.env._(
                    "This file looks like none of the known sources: choose the one "
                    "it comes from."
                )
            )
        if not any(self.env.user.has_group(group) for group in adapter.groups):
            raise AccessError(self._get_denial(adapter))
        return adapter

    def _get_denial(self, adapter):
        groups = [self.env.ref(group).sudo().full_name for group in adapter.groups]
        return self.env._(
            "“%(label)s” can be imported by: %(groups)s. Ask one of them.",
            label=self.env._(adapter.label),
            groups=", ".join(groups),
        )

    def _get_target(self):
        """The model that takes the records, in the chosen ministry."""
        target = self.env[f"souverainete.import.{self._get_adapter().target}"]
        return target.with_company(self.company_id)

    def _get_sized_bytes(self):
        """The file, refused when no register publishes one so large."""
        data = self._get_bytes()
        if len(data) > MAX_BYTES:
            raise source.SourceError(
                _lt(
                    "The file is larger than %(most)s MB, from line 1 on: split it.",
                    most=MAX_BYTES // 2**20,
                )
            )
        return data

    def _get_plans(self):
        """The whole file, read and grouped; raises when it cannot be read."""
        adapter = self._get_adapter()
        try:
            document = adapter.parse(self._get_sized_bytes(), self.filename)
            records = list(adapter.get_records(document))
        except source.SourceError as error:
            raise UserError(self.env._(error.message)) from None
        return self._get_target()._get_plans(self, records)

    # === RUNNING === #

    def _start(self):
        """The plans of the file; the first call starts from its first line."""
        self._keep_choices()
        plans = self._get_plans()
        if self.state != "running":
            self._restart("running", len(plans))
        self.total = len(plans)
        return plans

    def _keep_choices(self):
        """Remember which proposed groups the user split, and what they left out, before
        lines are redone."""
        if self.state == "preview":
            apart = self.line_ids.filtered("apart").mapped("key")
            self.apart = [*(self.apart or []), *apart]
            unticked = self.line_ids.filtered(lambda line: not line.chosen)
            self.left_out = {"keys": unticked.mapped("key")}

    def _is_chosen(self, plan):
        """Whether the line of this plan is ticked: as the user left it, else as the
        destination proposes."""
        if plan.status not in (CREATED, UPDATED):
            return True
        if not self.left_out:
            return not plan.doubtful
        return plan.key not in self.left_out["keys"]

    def _leave_out(self, plans):
        """What was shown, and not ticked, is not imported."""
        for plan in plans if self.left_out else ():
            if not self._is_chosen(plan):
                plan.settle(SKIPPED, self.env._("Left out: it was not ticked."))

    def _restart(self, state, total):
        self.line_ids.unlink()
        self.write(
            {"state": state, "total": total, "position": 0, "document_id": False}
        )

    def _import_batches(self, plans):
        """Import as many batches as one call has time for; always one."""
        end = time.monotonic() + CALL_SECONDS
        self._import_batch(plans)
        while self.remaining and time.monotonic() < end:
            self._import_batch(plans)

    def _import_batch(self, plans):
        """Import the next lines; each batch is planned again, as others import too."""
        batch = plans[self.position : self.position + BATCH]
        target = self._get_target()
        self._leave_out(target._plan(self, batch))
        target._apply(self, batch)
        self._add_lines(batch, self.position)
        self.position += len(batch)
        if not self.remaining:
            self._add_lines(target._get_absent(self, plans), self.total)
            self.state = "done"
        _logger.info("Import %s: %s of %s lines", self.id, self.position, self.total)

    def _add_lines(self, plans, start=0):
        self.env["souverainete.import.line"].create(
            [
                self._prepare_line(plan, start + index)
                for index, plan in enumerate(plans)
            ]
        )

    def _prepare_line(self, plan, sequence):
        return {
            "import_id": self.id,
            "sequence": sequence,
            "line": "; ".join(self._get_texts(r.place for r in plan.records)),
            "title": plan.record.title,
            "status": plan.status,
            "message": "\n".join(self._get_texts(plan.notes)),
            "key": plan.key,
            "chosen": self._is_chosen(plan),
            "record_count": len(plan.records),
            "res_model": plan.found._name if plan.found else False,
            "res_id": plan.found.id if plan.found else False,
        }

    def _get_texts(self, notes):
        """Notes in the user's language: adapters, without one, give them lazily."""
        return [note if isinstance(note, str) else self.env._(note) for note in notes]
