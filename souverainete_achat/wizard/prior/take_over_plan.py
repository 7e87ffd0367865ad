from odoo import models
from odoo.exceptions import UserError


class TakeOver(models.TransientModel):
    """What would become of each contract and of each document."""

    _inherit = "souverainete.take.over"

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
        if refusal := file._get_take_over_refusal():
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
