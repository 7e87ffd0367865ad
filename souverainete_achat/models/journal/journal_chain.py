import json

from odoo import api, fields, models
from odoo.tools import SQL

from .digest import digest_link, digest_payload


class Journal(models.Model):
    """How entries are chained, and how each one proves itself."""

    _inherit = "souverainete.journal"

    # === CHAIN === #

    @api.model
    def _append(self, vals_list):
        """Chain entries after the heads of their files: one INSERT, one UPDATE."""
        heads = self._lock_heads({vals["requisition_id"] for vals in vals_list})
        for vals in vals_list:
            seq, previous = heads[vals["requisition_id"]]
            vals |= {"seq": seq + 1, "previous_hash": previous}
            vals["hash"] = self._get_link_hash(vals)
            heads[vals["requisition_id"]] = vals["seq"], vals["hash"]
        self._create_server(vals_list)
        self._write_heads(heads)

    @api.model
    def _lock_heads(self, file_ids):
        """{file id: (number, hash)} of the last entries, on rows kept until commit.

        A writer that waited here for another one is refused by PostgreSQL once that
        one commits (its snapshot is older than the row), and Odoo replays it: two
        entries never follow the same one. Rows are locked in one order, against
        deadlocks, and in a mode that lets their children be inserted meanwhile.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, COALESCE(journal_seq, 0), COALESCE(journal_head, '')
                  FROM purchase_requisition
                 WHERE id IN %s
              ORDER BY id
         FOR NO KEY UPDATE
                """,
                tuple(file_ids),
            )
        )
        return {file_id: (seq, head) for file_id, seq, head in rows}

    @api.model
    def _write_heads(self, heads):
        # By SQL: the head is no change of the file that anything has to react to.
        rows = [SQL("(%s, %s, %s)", key, *head) for key, head in heads.items()]
        self.env.cr.execute(
            SQL(
                """
                UPDATE purchase_requisition AS file
                   SET journal_seq = head.seq, journal_head = head.hash
                  FROM (VALUES %s) AS head (file_id, seq, hash)
                 WHERE file.id = head.file_id
                """,
                SQL(", ").join(rows),
            )
        )
        files = self.env["purchase.requisition"].browse(heads)
        files.invalidate_recordset(["journal_seq", "journal_head"])

    @api.model
    def _get_link_hash(self, vals):
        return digest_link(
            vals["requisition_id"],
            vals["seq"],
            vals["event"],
            fields.Datetime.to_string(vals["date"]),
            vals["summary"],
            vals["payload_digest"],
            vals["previous_hash"],
        )

    # === PROOF === #

    def _is_link_proven(self, previous):
        """Whether this entry is what was chained after the hash `previous`."""
        vals = {
            "requisition_id": self.requisition_id.id,
            "seq": self.seq,
            "event": self.event,
            "date": self.date,
            "summary": self.summary or "",
            "payload_digest": self.payload_digest,
            "previous_hash": previous,
        }
        return self.previous_hash == previous and self.hash == self._get_link_hash(vals)

    def _is_payload_proven(self):
        """Whether payload and identity are those that were recorded. Runs sudo."""
        return self.payload_digest == digest_payload(
            self.salt, self.payload, self.identity
        )

    def _get_eliminated_seqs(self):
        """Numbers of the entries that these elimination entries erased. Runs sudo."""
        return set(json.loads(self.payload or "{}").get("entries", ()))

    def _erase(self):
        """Erase payloads and identities. Only an elimination calls this."""
        self._write_server(dict.fromkeys(self._get_erasable_fields(), False))
