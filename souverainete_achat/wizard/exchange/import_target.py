import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.exceptions import UserError

from .plan import CREATED, REFUSED, SKIPPED, UPDATED, Plan

_logger = logging.getLogger(__name__)


class ImportTarget(models.AbstractModel):
    """Where the records of a source go. One model a destination, found by its name:
    `souverainete.import.<target of the adapter>`."""

    _name = "souverainete.import.target"
    _description = "Destination of imported records"

    # === HOOKS === #

    def _group(self, wizard, records):
        """The records as plans: those that make one record here share a plan."""
        return [Plan([record]) for record in records]

    def _prepare(self, wizard, plans):
        """Decide for each plan, without writing: status, values and reasons."""
        raise NotImplementedError

    def _write_plans(self, wizard, plans):
        """Create and update; any error undoes all of these plans, and only them."""
        raise NotImplementedError

    def _get_absent(self, wizard, plans):
        """Plans that report what this source gave before and no longer gives."""
        return []

    @api.model
    def _prepare_opened(self, ids):
        """What opens the records that an import made or found."""
        return {"domain": [("id", "in", ids)]}

    def _get_repeat_key(self, record):
        """What two records of a file share when they are the same one."""
        return record.key

    # === PLANNING === #

    def _get_plans(self, wizard, records):
        """One plan a destination record, in the order of the source."""
        seen = {}
        for record in records:
            self._skip_repeated(record, seen)
        return self._group(wizard, records)

    def _skip_repeated(self, record, seen):
        if record.refused or record.skipped or not record.key:
            return
        first = seen.setdefault(self._get_repeat_key(record), record)
        if first is not record:
            record.skipped = self.env._(
                "The same identifier was read before: %(place)s.",
                place=self.env._(first.place),
            )

    def _plan(self, wizard, plans):
        """Settle what the source already decided, then ask the destination."""
        for plan in plans:
            if plan.record.refused:
                plan.settle(REFUSED, plan.record.refused, *plan.record.notes)
            elif plan.record.skipped:
                plan.settle(SKIPPED, plan.record.skipped, *plan.record.notes)
        self._prepare(wizard, [plan for plan in plans if plan.status == CREATED])
        return plans

    # === WRITING === #

    def _apply(self, wizard, plans):
        """Write a batch at once; when it fails, one by one: the good ones pass."""
        pending = [plan for plan in plans if plan.status in (CREATED, UPDATED)]
        if not pending or self._try(wizard, pending) is None:
            return
        for plan in pending:
            error = self._try(wizard, [plan])
            if error is not None:
                plan.settle(REFUSED, self._get_error_message(error))

    def _try(self, wizard, plans):
        """The error that kept these plans from being written, if any."""
        try:
            with self.env.cr.savepoint():
                self._write_plans(wizard, plans)
        except OperationalError:
            # Two at once: the whole batch is run again by the host.
            raise
        except Exception as error:  # pylint: disable=broad-except
            return error
        return None

    def _get_error_message(self, error):
        if isinstance(error, UserError):
            return str(error)
        _logger.info("A record of an import was refused", exc_info=error)
        return self.env._(
            "An unexpected error: %(kind)s. The server's log has its details.",
            kind=type(error).__name__,
        )
