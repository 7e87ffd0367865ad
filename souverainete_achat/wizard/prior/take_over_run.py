import logging

from psycopg2 import OperationalError

from odoo import models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

# Contracts taken over together: enough to share their queries, few enough to show
# progress and to lose little when it is cut short.
BATCH = 200
_BATCH_SIZE = 200 * 1024**2


class TakeOver(models.TransientModel):
    """Taking over, batch by batch; each one is kept when the next is cut short."""

    _inherit = "souverainete.take.over"

    def _start(self):
        """The first call plans afresh: documents may have changed since the preview."""
        self._check_officer()
        if self.state != "running":
            self._plan("running")

    def _is_long(self):
        """Whether it takes more than one batch."""
        return len(self._get_next_lines()) < self.remaining

    def _get_next_lines(self):
        """The next batch, bounded in number and in bytes; one line at least."""
        lines = self.env["souverainete.take.over.line"].search(
            [("wizard_id", "=", self.id), ("status", "=", "planned")], limit=BATCH
        )
        size = 0
        for index, line in enumerate(lines):
            size += line.size
            if index and size > _BATCH_SIZE:
                return lines[:index]
        return lines

    def _take_over_batch(self):
        """At once; when one fails, each by itself, so that the others pass."""
        lines = self._settle_moved(self._get_next_lines())
        if lines and self._try(lines) is not None:
            for line in lines:
                self._settle_alone(line)
        self.invalidate_recordset(["remaining", "summary"])
        if not self.remaining:
            self._write_server({"state": "done"})
        _logger.info("Take-over %s: %s left", self.id, self.remaining)

    def _settle_moved(self, lines):
        """Set aside what somebody else changed since the plan."""
        for line in lines:
            outcome = self._get_outcome(line.requisition_id, bool(line.documents))
            if outcome["status"] != "planned":
                line._write_server(outcome)
        return lines.filtered(lambda line: line.status == "planned")

    def _settle_alone(self, line):
        error = self._try(line)
        if error is not None:
            message = self._get_error_message(line.requisition_id, error)
            line._write_server({"status": "refused", "message": message})

    def _try(self, lines):
        """The error that kept these contracts from being taken over, if any."""
        try:
            with self.env.cr.savepoint():
                documents = self._create_documents(lines)
                lines.requisition_id._take_over_with(documents, self.reason)
                lines._write_server({"status": "taken"})
        except OperationalError:
            # Two at once: the host runs the whole batch again.
            raise
        except Exception as error:  # pylint: disable=broad-except
            return error
        return None

    def _get_error_message(self, file, error):
        if isinstance(error, UserError):
            return str(error)
        _logger.info("A contract was not taken over", exc_info=error)
        return self.env._(
            "%(name)s: an unexpected error, %(kind)s. The server's log has its "
            "details.",
            name=file.display_name,
            kind=type(error).__name__,
        )
