from odoo import models
from odoo.exceptions import ValidationError

from ..gate.requisition_gate import SIGNED_STATES
from .sensitivity import QUESTIONS


class PurchaseRequisition(models.Model):
    """What the file said of its data left with the consultation: an answer that makes
    them sensitive is never taken back to repair what it asks for.

    Whether there is a cloud may be corrected until the signature, as the chain itself
    contradicts a wrong answer; after it, what is performed is what was signed.
    """

    _inherit = "purchase.requisition"

    def write(self, vals):
        if not {"has_cloud", *QUESTIONS} & set(vals):
            return super().write(vals)
        stated = {file: file._get_kept_answers() for file in self}
        result = super().write(vals)
        for file, names in stated.items():
            file._check_answers_kept(names)
        return result

    def _get_kept_answers(self):
        """Names of the answers “yes” that stay what they are."""
        names = QUESTIONS if self.date_launch else ()
        if self._is_engaged():
            names = (*names, "has_cloud")
        return [name for name in names if self[name] == "yes"]

    def _is_engaged(self):
        """Whether something was signed, or ordered, on what was launched."""
        if not self.date_launch:
            return False
        files = self.sudo() | self.sudo().agreement_ids
        signed = any(file.gate_state in SIGNED_STATES for file in files)
        return signed or bool(self.sudo()._get_placed_orders())

    def _is_engaged_for_data(self):
        return self._is_sensitive() and self._is_engaged()

    def _check_answers_kept(self, names):
        changed = [name for name in names if self[name] != "yes"]
        if not changed:
            return
        labels = self.fields_get(changed, ["string"])
        raise ValidationError(
            self.env._(
                "%(file)s: these answers on the data left with the consultation and "
                "are frozen: %(answers)s. Answer for the service instead (tab “Data "
                "and hosting”: another host, a qualification, a derogation), or cancel "
                "the file and launch it again.",
                file=self.display_name,
                answers=", ".join(labels[name]["string"] for name in changed),
            )
        )
