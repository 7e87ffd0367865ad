import logging
import time

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate

from . import source
from .adapters import ADAPTERS
from .plan import BATCH

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)

MAX_BYTES = 50 * 2**20
# What one call of a long import spends on its lines, in seconds: each call reads the
# whole file again, and a server ends the calls that last.
CALL_SECONDS = 20


class Import(models.TransientModel):
    """Reading the file, and importing it batch by batch."""

    _inherit = "souverainete.import"

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
        self._keep_apart()
        plans = self._get_plans()
        if self.state != "running":
            self._restart("running", len(plans))
        self.total = len(plans)
        return plans

    def _keep_apart(self):
        """Remember which proposed groups the user split, before lines are redone."""
        if self.state == "preview":
            apart = self.line_ids.filtered("apart").mapped("key")
            self.apart = [*(self.apart or []), *apart]

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
        target._plan(self, batch)
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
            "record_count": len(plan.records),
            "res_model": plan.file._name if plan.file else False,
            "res_id": plan.file.id if plan.file else False,
        }

    def _get_texts(self, notes):
        """Notes in the user's language: adapters, without one, give them lazily."""
        return [note if isinstance(note, str) else self.env._(note) for note in notes]
