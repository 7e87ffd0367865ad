import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)
# Contracts taken over together: enough to share their queries, few enough to show
# progress and to lose little when it is cut short.
BATCH = 200
_BATCH_SIZE = 200 * 1024**2


class TakeOver(models.TransientModel):
    """Take over contracts signed elsewhere or before the rules, with their documents.

    One contract or thousands: shown first, then recorded batch by batch. What was
    recorded is kept when it is cut short; taking over again goes on from there.
    """

    _name = "souverainete.take.over"
    _inherit = ["souverainete.guarded", "souverainete.take.over.documents"]
    _description = "Take over a contract already signed"

    requisition_ids = fields.Many2many(
        "purchase.requisition",
        string="Contracts",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    requisition_count = fields.Integer(
        string="Number of contracts", compute="_compute_requisition_count"
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Documents by contract",
        help="Several documents, or one .zip of them. Each goes to the contract whose "
        "number or name is in the name of the file or of its folder.",
    )
    document = fields.Binary(
        string="Document for the others",
        attachment=False,
        help="What proves that they were signed, for the contracts without a document "
        "of their own.",
    )
    filename = fields.Char()
    date_signed = fields.Date(
        string="Signed on",
        help="Day they were signed, for the contracts that do not say theirs.",
    )
    reason = fields.Text(
        required=True, help="Where and when it was signed, and why it is taken over."
    )
    state = fields.Selection(
        [
            ("upload", "Documents"),
            ("preview", "Preview"),
            ("running", "Being taken over"),
            ("done", "Taken over"),
        ],
        default="upload",
        required=True,
        guard="server",
    )
    line_ids = fields.One2many("souverainete.take.over.line", "wizard_id")
    common_ids = fields.Many2many(
        "ir.attachment",
        "souverainete_take_over_common_rel",
        help="The document for the others, once a ministry.",
        guard="server",
    )
    remaining = fields.Integer(
        compute="_compute_remaining", help="Contracts still to take over."
    )
    summary = fields.Char(compute="_compute_remaining")

    @api.depends("requisition_ids")
    def _compute_requisition_count(self):
        for wizard in self:
            wizard.requisition_count = len(wizard.requisition_ids)

    @api.depends("line_ids.status")
    def _compute_remaining(self):
        for wizard in self:
            counts = wizard._get_counts()
            labels = wizard.line_ids._fields["status"]._description_selection(self.env)
            wizard.remaining = counts.get("planned", 0)
            wizard.summary = " · ".join(
                self.env._("%(label)s: %(count)s", label=label, count=counts[status])
                for status, label in labels
                if status in counts
            )

    def _get_counts(self):
        """{status: number of lines}."""
        return dict(
            self.env["souverainete.take.over.line"]._read_group(
                [("wizard_id", "in", self.ids)], ["status"], ["__count"]
            )
        )

    # === ACTIONS === #

    def action_preview(self):
        """Say what goes with what, and what is refused. Records nothing."""
        self.check_access("read")
        self.ensure_one()
        self._plan("preview")
        return self._reopen()

    def action_back(self):
        """Choose other documents."""
        self.check_access("read")
        self.ensure_one()
        self._restart("upload")
        return self._reopen()

    def action_take_over(self):
        """Put the drafts into `confirmed`, state `prior`: four eyes, journalled. One
        that is refused is named and does not stop the others."""
        self.check_access("read")
        self.ensure_one()
        self._start()
        while self.remaining:
            self._take_over_batch()
        self._raise_if_none()
        return {"type": "ir.actions.act_window_close"}

    def action_take_over_with_progress(self):
        """From the form: many contracts go batch by batch, on screen."""
        self.check_access("read")
        self.ensure_one()
        self._start()
        if self._is_long():
            return {
                "type": "ir.actions.client",
                "tag": "souverainete_take_over",
                "params": {"wizard_id": self.id, "total": self.remaining},
            }
        while self.remaining:
            self._take_over_batch()
        self._raise_if_none()
        return self.action_show_result()

    def action_take_over_batch(self):
        """Take over the next batch; says how many are left."""
        self.check_access("read")
        self.ensure_one()
        self._start()
        self._take_over_batch()
        return {"remaining": self.remaining}

    def action_show_result(self):
        """What became of each; in one sentence when all were taken over."""
        self.check_access("read")
        self.ensure_one()
        if set(self.line_ids.mapped("status")) != {"taken"}:
            return self._reopen()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.summary,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take over (already signed)"),
            "res_model": self._name,
            "res_id": self.id,
            # Read as it is by the script that shows the progress.
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # === WHAT BECOMES OF EACH === #

    def _plan(self, state):
        """Read the documents again and say what goes with what, line by line."""
        self._check_officer()
        files = self.requisition_ids._filtered_access("read")
        if not files:
            raise UserError(
                self.env._("Choose at least one contract that you may see.")
            )
        self._restart(state)
        matched, others = self._match(files, self._get_sources())
        vals_list = [self._plan_contract(file, matched.get(file, [])) for file in files]
        vals_list += [self._plan_other(*other) for other in others]
        self.env["souverainete.take.over.line"]._create_server(
            [
                {"wizard_id": self.id, "sequence": index, **vals}
                for index, vals in enumerate(vals_list)
            ]
        )

    def _check_officer(self):
        self.env["purchase.requisition"]._check_officer()

    def _restart(self, state):
        self.line_ids.unlink()
        self._write_server({"state": state, "common_ids": [(5,)]})

    def _plan_contract(self, file, sources):
        vals = {
            "requisition_id": file.id,
            "sources": [list(source) for source in sources],
            "size": sum(source.size for source in sources),
            "documents": ", ".join(source.name for source in sources)
            or self._get_common_name(),
        }
        return vals | self._get_outcome(file, bool(vals["documents"]))

    def _get_common_name(self):
        has_common = self.with_context(bin_size=True).document
        return has_common and (self.filename or self.env._("Contract"))

    def _get_outcome(self, file, has_document):
        """{status, message} of one contract, as it stands now."""
        if file.is_prior:
            return {"status": "skipped", "message": False}
        if refusal := file._get_take_over_refusal(self.date_signed):
            return {"status": "refused", "message": str(refusal)}
        if not has_document:
            return {"status": "refused", "message": self._get_no_document_message(file)}
        return {"status": "planned", "message": False}

    def _get_no_document_message(self, file):
        return self.env._(
            "Attach the document that proves %(name)s was signed: no file has its "
            "number or its name, and there is no document for the others.",
            name=file.display_name,
        )

    def _plan_other(self, source, count):
        return {
            "documents": source.entry or source.name,
            "status": "unused",
            "message": self._get_other_message(source, count),
        }

    def _get_other_message(self, source, count):
        if not source.size:
            return self.env._("It is empty.")
        if count:
            return self.env._(
                "It names %(count)s contracts: put the number of one in its name.",
                count=count,
            )
        return self.env._("It names none of these contracts.")

    # === RESULT === #

    def _raise_if_none(self):
        """Where nothing at all was taken over, say why as any refusal does."""
        if {"taken", "skipped"} & self._get_counts().keys():
            return
        refused = self.line_ids.filtered(lambda line: line.status == "refused")
        raise UserError("\n\n".join(refused.mapped("message")))

    # === BATCH BY BATCH === #

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
                lines.requisition_id._take_over_with(
                    documents, self.reason, self.date_signed
                )
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
