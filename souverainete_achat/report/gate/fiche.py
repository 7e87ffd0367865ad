from odoo import api, fields, models

from ...models.base.finding import STAGES


class Fiche(models.AbstractModel):
    """The one-page sheet of a purchase file: where it stands, what proves it."""

    _name = "report.souverainete_achat.fiche"
    _description = "Sheet of a purchase file"

    @api.model
    def _get_report_values(self, docids, data=None):
        """One sheet a file the user may read; each reader prints the same sheet."""
        files = self.env["purchase.requisition"].browse(docids)
        files.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": files._name,
            "docs": files.sudo(),
            "sheets": {file.id: self._prepare_sheet(file) for file in files.sudo()},
        }

    def _prepare_sheet(self, file):
        """Values of one sheet. Runs sudo: nothing on it depends on who prints it."""
        need = file.need_id
        options = self._get_options(need)
        opinion = need.project_id._get_governing_opinion()
        stamp = file._get_journal_stamp()
        return {
            "number": self._get_number(file, stamp),
            "compliance": self._get_compliance(file),
            "printed_on": fields.Datetime.now(),
            "need": need,
            "options": options,
            "components": options.filtered(self._is_in_play).component_ids,
            "withholds_offers": bool(need.judged_option_ids - options),
            "holders": self._get_holders(file),
            "lot_holders": {lot.id: self._get_lot_holders(lot) for lot in need.lot_ids},
            "opinion": opinion,
            "derogations": self._get_derogations(file),
            "findings": self._get_findings(file, options),
            "asked_by": self._get_asked_by,
            "sensitivity": self._get_sensitivity(need),
            "stamp": stamp,
        }

    def _get_number(self, file, stamp):
        """What to quote: the file, and the state of its journal that was printed."""
        return f"{file.name}/{stamp['journal_seq']}"

    def _get_compliance(self, file):
        """Where the file stands now, in words: the indicator may be a night old. What
        is still missing and blocks nothing is a reservation."""
        findings = file._findings()
        state = file._get_compliance(findings)
        if state != "compliant" or not findings:
            return self._get_label(file, "compliance_state", state)
        if len(findings) == 1:
            return self.env._("Compliant, 1 reservation")
        return self.env._("Compliant, %(count)s reservations", count=len(findings))

    def _get_label(self, record, name, value):
        return dict(record._fields[name]._description_selection(self.env))[value]

    def _get_asked_by(self, rule):
        """On what authority a rule asks, and what was read of it: said once."""
        basis = self._get_label(rule, "basis", rule.basis)
        if rule.certainty == "policy" or rule.basis == "advice":
            return basis
        certainty = self._get_label(rule, "certainty", rule.certainty)
        return f"{basis} ({certainty[:1].lower()}{certainty[1:]})"

    def _get_sensitivity(self, need):
        """What the data are; nothing is said in the place of their owner."""
        if need.data_questionnaire_state == "draft":
            return self.env._("Waiting for the data owner")
        return self._get_label(need, "data_sensitivity", need.data_sensitivity)

    # === OFFERS ARE CONFIDENTIAL UNTIL AWARD === #

    def _get_options(self, need):
        """Options that may be printed: a sheet leaves the system and is passed on."""
        return need.judged_option_ids.filtered(
            lambda option: option.kind == "studied" or need.is_awarded
        )

    def _is_in_play(self, option):
        """Whether the hosting of this option matters: it was not set aside."""
        return option.verdict != "rejected"

    def _get_holders(self, file):
        """Who holds the agreement, once it is signed: before, it would tell who won."""
        signed = file.gate_passed_on or file.is_prior
        return (file.vendor_id | file.holder_ids) if signed else file.vendor_id.browse()

    def _get_lot_holders(self, lot):
        """Holders of the signed agreements of a lot."""
        holders = map(self._get_holders, lot.agreement_ids)
        return lot.agreement_ids.vendor_id.browse().union(*holders)

    def _get_findings(self, file, options):
        """What is missing, as the gate says it; while offers are confidential, judged
        on the printable options only."""
        if not file.need_id.judged_option_ids - options:
            return file._findings()
        retained = options.filtered(lambda option: option.verdict == "retained")
        findings = [
            finding
            for rule in file._get_rules(STAGES)
            for finding in file._evaluate(rule, retained)
        ]
        return [self._withhold(f) for f in findings]

    def _withhold(self, finding):
        """While offers are confidential, what award lacks is not detailed.

        Its message may name a bidder: the vendor of the agreement being prepared.
        """
        if finding.rule.stage != "award":
            return finding
        return finding._replace(message=finding.rule.name)

    def _get_derogations(self, file):
        """Derogations granted, in force or not."""
        records = (file | file.need_id).derogation_ids
        return records.filtered(lambda record: record.state == "granted")
