import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

_REQUEST = frozenset({"rule_id", "requisition_id", "motive", "measures"})
_DECISION = frozenset(
    {
        "authority",
        "document",
        "document_name",
        "date_start",
        "date_end",
        "engaged_on",
    }
)
_PUBLICATION = frozenset({"publication_date", "publication_url"})
_OFFER = frozenset({"acceptable_offer", "acceptable_offer_date"})
# What happens after the decision, and is recorded then.
_FACTS = _PUBLICATION | _OFFER


class Derogation(models.Model):
    """Asking, deciding, publishing: four eyes, and nothing decided is rewritten."""

    _inherit = "souverainete.derogation"

    def _lifts(self, code, date):
        """Whether this derogation lifts the rule `code` on `date`."""
        self.ensure_one()
        return (
            self.state == "granted"
            and self.rule_id.code == code
            and self.date_start <= date <= self.date_end
        )

    def _is_published(self):
        return bool(self.publication_date and self.publication_url)

    def _is_officer(self):
        return self.env.user.has_group("souverainete_achat.group_officer")

    def _is_recorder(self):
        """Whether the current user may record the decision: who asks, or buys, does
        not."""
        self.ensure_one()
        askers = self.requested_by_id | self.create_uid
        askers |= self.requisition_id._get_scope_requesters()
        return self._is_officer() and self.env.user not in askers

    # === ACTIONS === #

    def action_open(self):
        """Open the derogation from the list of its file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_request(self):
        """Ask the authority; what is asked is frozen from then on."""
        self._check_state("draft")
        self._write_server({"state": "requested", "requested_by_id": self.env.uid})
        self._record_event()

    def action_grant(self):
        """Record that the authority granted it; the rule is lifted for the period."""
        self._check_decision_complete()
        self._record_decision("requested", "granted")

    def action_refuse(self):
        """Record that the authority refused it."""
        self._record_decision("requested", "refused")

    def action_revoke(self):
        """Record that the authority put an end to it."""
        self._record_decision("granted", "revoked")

    def _record_decision(self, previous, state):
        self._check_state(previous)
        if not all(record._is_recorder() for record in self):
            raise AccessError(
                self.env._(
                    "Four eyes: a decision is recorded by a compliance officer who did "
                    "not ask for the derogation."
                )
            )
        self._write_server(
            {
                "state": state,
                "recorded_by_id": self.env.uid,
                "recorded_on": fields.Datetime.now(),
            }
        )
        self._record_event()

    def _check_state(self, state):
        if any(record.state != state for record in self):
            raise UserError(
                self.env._(
                    "This derogation is not in the right state: refresh the page."
                )
            )

    def _check_decision_complete(self):
        """A granted derogation says who granted it, for how long, and proves it."""
        needed = ("authority", "document", "date_start", "date_end")
        missing = [name for name in needed if not all(r[name] for r in self)]
        if missing:
            labels = self.fields_get(missing, ["string"])
            raise UserError(
                self.env._(
                    "Fill in before recording the decision: %(fields)s.",
                    fields=", ".join(labels[name]["string"] for name in missing),
                )
            )

    def _record_event(self):
        """Journal the decision on the file, and judge it again."""
        for record in self:
            record.requisition_id._journal(
                "derogation", record._prepare_entry(), summary=record.display_name
            )
        self.requisition_id.sudo()._reassess()

    def _prepare_entry(self):
        self.ensure_one()
        return {
            "id": self.id,
            "rule": self.rule_id.code,
            "state": self.state,
            "motive": self.motive,
            "measures": self.measures,
            "authority": self.authority or "",
            "date_start": fields.Date.to_string(self.date_start) or "",
            "date_end": fields.Date.to_string(self.date_end) or "",
            "document": self.document_name or "",
            "document_sha256": self._get_document_digest(),
            "engaged_on": fields.Date.to_string(self.engaged_on) or "",
            "acceptable_offer": self.acceptable_offer or "",
            "acceptable_offer_date": fields.Date.to_string(self.acceptable_offer_date)
            or "",
            "publication_date": fields.Date.to_string(self.publication_date) or "",
            "publication_url": self.publication_url or "",
        }

    def _get_document_digest(self):
        whole = self.with_context(bin_size=False, bin_size_document=False)
        content = base64.b64decode(whole.document or b"")
        return hashlib.sha256(content).hexdigest() if content else ""

    # === EVIDENCE === #

    def _get_frozen_fields(self):
        """What was asked is frozen by asking; what was decided, by recording it."""
        self.ensure_one()
        if self.state == "draft":
            return frozenset()
        if self.state == "requested":
            return _REQUEST
        decided = _REQUEST | _DECISION
        if not self._is_officer():
            return decided | _FACTS
        # The day an offer became available starts the delay: it is not put off.
        return decided | _OFFER if self.acceptable_offer_date else decided

    def write(self, vals):
        if not self._is_server():
            self._check_frozen(frozenset(vals))
        result = super().write(vals)
        if _FACTS & set(vals):
            self.filtered(
                lambda r: r.state not in ("draft", "requested")
            )._record_event()
        return result

    def _check_frozen(self, names):
        for record in self:
            if names & record._get_frozen_fields():
                raise UserError(
                    self.env._(
                        "%(name)s: what was asked or decided is not rewritten. Record "
                        "a revocation, or ask for another derogation.",
                        name=record.display_name,
                    )
                )

    @api.model
    def _get_kept_documents(self, documents):
        """Those among `documents` that a decision was recorded with."""
        decided = documents.filtered(lambda d: d.res_field == "document").filtered(
            lambda d: "document" in self.browse(d.res_id)._get_frozen_fields()
        )
        return decided

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "A derogation is never deleted. Its refusal is recorded instead."
            )
        )
