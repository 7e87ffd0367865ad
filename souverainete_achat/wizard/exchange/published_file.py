import io
import logging
import time
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError

from .source import SourceError

_logger = logging.getLogger(__name__)

# What one run of the job spends, in seconds: a server ends those that last.
RUN_SECONDS = 60
# Records that the preview reads, and shows.
READ, SHOWN = 1000, 20
_COUNTS = ("created", "updated", "unchanged", "refused")


class PublishedFile(models.Model):
    """A file of published contracts (DECP of all buyers): seen first, then loaded by a
    job, whatever its size, from where it stopped."""

    _name = "souverainete.published.file"
    _inherit = ["souverainete.guarded", "souverainete.published.loading"]
    _description = "File of published contracts"
    _order = "id desc"
    _rec_name = "filename"

    data = fields.Binary(
        string="File",
        required=True,
        help="JSON, XML or CSV, as it is published or in gzip or zip.",
    )
    filename = fields.Char(string="Name")
    state = fields.Selection(
        [
            ("draft", "File"),
            ("waiting", "To load"),
            ("done", "Loaded"),
            ("stopped", "Stopped"),
        ],
        default="draft",
        required=True,
        guard="server",
    )
    preview = fields.Text(guard="server", help="What its first records give.")
    error = fields.Text(guard="server", help="Where it could not be read any further.")
    position = fields.Integer(string="Read", guard="server")
    created_count = fields.Integer(string="New", guard="server")
    updated_count = fields.Integer(string="Later publications", guard="server")
    unchanged_count = fields.Integer(
        string="Known, earlier or no contract", guard="server"
    )
    refused_count = fields.Integer(string="Refused", guard="server")
    rejected_ids = fields.One2many("souverainete.published.rejected", "file_id")

    # === ACTIONS === #

    def action_preview(self):
        """Say what the first records give. Writes no contract."""
        self.check_access("write")
        self.ensure_one()
        with self._open_data() as raw:
            batches = self._read_batches(raw)
            try:
                records = next(batches, [])[:READ]
            except SourceError as error:
                raise UserError(self.env._(error.message)) from None
        self._write_server({"preview": "\n".join(self._tell(records))})

    def action_load(self):
        """Have it loaded: the job starts at once, and goes on from where it stopped."""
        self.check_access("write")
        self._write_server({"state": "waiting", "error": False})
        self.env.ref("souverainete_achat.cron_published").sudo()._trigger()

    def action_open_rejected(self):
        """The records that were not loaded, each with its reason."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "souverainete_achat.published_rejected_action"
        )
        return action | {"domain": [("file_id", "in", self.ids)]}

    # === WHAT IT GIVES === #

    def _tell(self, records):
        """Sentences: how many of the first records can be loaded, which and why not."""
        good = [r for r in records if not (r.refused or r.skipped)]
        yield self.env._(
            "Of the first %(count)s records, %(good)s can be loaded.",
            count=len(records),
            good=len(good),
        )
        bad = [record for record in records if record.refused]
        for record in islice(bad, SHOWN):
            yield "✗ " + self._tell_refusal(record)
        for record in islice(good, SHOWN):
            yield "✓ " + self._tell_contract(record)

    def _tell_refusal(self, record):
        place, reason = self.env._(record.place), self.env._(record.refused)
        return f"{place} – {record.title} – {reason}"

    def _tell_contract(self, record):
        row = self._prepare_row(record, self.filename)
        said = (row["title"], row["cpv_code"], row["buyer_name"] or row["buyer_siret"])
        end = row["date_end"] and fields.Date.to_string(row["date_end"])
        more = (row["holder_name"], row["amount"] and f"{row['amount']:.2f} €", end)
        return " – ".join(str(each) for each in (*said, *more) if each)

    # === LOADING === #

    @api.model
    def _cron_load(self):
        """Load the files that wait, batch after batch, as long as a run may last."""
        end = time.monotonic() + RUN_SECONDS
        for file in self.search([("state", "=", "waiting")], order="id"):
            if not file._load(end):
                break
        left = self.search_count([("state", "=", "waiting")])
        self.env["ir.cron"]._commit_progress(remaining=left)

    def _load(self, end=None):
        """Load from where it stopped; whether it came to its end before `end`."""
        self.ensure_one()
        try:
            with self._open_data() as raw:
                for records in self._read_batches(raw, self.position):
                    self._load_batch(records)
                    if end and time.monotonic() > end:
                        return False
        except SourceError as error:
            message = self.env._(error.message)
            self._write_server({"state": "stopped", "error": message})
            return True
        self._write_server({"state": "done"})
        # The search weighs words by how many contracts say them.
        self.env.cr.execute("ANALYZE souverainete_published_contract")
        return True

    def _load_batch(self, records):
        counts = self._write_batch(records, self.filename or str(self.id))
        rejected = [self._prepare_rejected(r) for r in records if r.refused]
        self.env["souverainete.published.rejected"].sudo()._create_server(rejected)
        more = {
            f"{name}_count": self[f"{name}_count"] + counts[name] for name in _COUNTS
        }
        self._write_server({**more, "position": self.position + len(records)})
        self.env["ir.cron"]._commit_progress(len(records))
        _logger.info("Published contracts of %s: %s read", self.id, self.position)

    def _prepare_rejected(self, record):
        return {
            "file_id": self.id,
            "place": self.env._(record.place),
            "title": record.title,
            "reason": self.env._(record.refused),
        }

    def _open_data(self):
        """The content, read from the disk where it is kept there."""
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "data"),
                    ("res_id", "=", self.id),
                ],
                limit=1,
            )
        )
        if attachment.store_fname:
            return open(attachment._full_path(attachment.store_fname), "rb")
        return io.BytesIO(attachment.raw or b"")
