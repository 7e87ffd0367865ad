from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import Command, models
from odoo.tools import format_date, formatLang

from ...models.base.finding import SIGNED_STATES
from ...models.base.text import fold
from ...models.exchange.essential_format import (
    get_faults,
    get_readable,
    get_validator,
)
from .adapters.base import Record
from .plan import ABSENT, UNCHANGED, UPDATED, Plan

MAX_NUMBERS = 12


class ImportAgreement(models.AbstractModel):
    """Contracts already signed are taken over by an officer; never files to confirm.

    Which rows of the DECP are contracts of this ministry, and which are one; what the
    officer reads before: what is recorded, what the source does not say, what remains
    to state.
    """

    _name = "souverainete.import.agreement"
    _inherit = "souverainete.import.file"
    _description = "Destination of signed contracts"

    # === HOOKS === #

    def _is_own_buyer(self, siret, company):
        """Whether the ministry signed it. When it did not say its SIRET, or the source
        names nobody, the officer judges: the line says so."""
        own = self._get_own_number(company)
        return not own or not siret or siret == own or siret[:9] == own

    def _get_own_number(self, company):
        return "".join((company.company_registry or "").split())

    def _get_scope(self, wizard, cpv):
        """`in`, `ask` or `out`: what the CPV code says today."""
        company = wizard.company_id
        return self.env["souverainete.cpv.prefix"]._get_scope(
            cpv, company, company._souverainete_today()
        )

    def _get_group_key(self, record):
        """What rows of one agreement share: each holder of it is a row."""
        found = record.values
        signed = (found["buyer"], found["title"].lower(), found["signed_amount"])
        return (*signed, found["date"])

    def _get_reference_field(self):
        return "ref_contract"

    def _get_references(self, plan):
        return [r.values["reference"] for r in plan.records if r.values["reference"]]

    def _find_origins(self, wizard, records):
        """The number of revision is no part of an identifier of the first format; one
        that ends with its own figures, of another contract, is told by its words."""
        origins = super()._find_origins(wizard, records)
        for record in records:
            origin = origins.get(record.key)
            if origin and self._is_another(origin.requisition_id, record):
                del origins[record.key]
                record.key = record.values["whole"]
        return origins | super()._find_origins(wizard, records)

    def _is_another(self, file, record):
        found = record.values
        return (
            found.get("whole") not in (None, "", record.key)
            and file.date_start != found["date"]
            and fold(file.reference or "") != fold(found["title"])
        )

    def _get_free_fields(self):
        """Fields of a contract taken over that a new import may still write: what is
        longer or costs more is an amendment, which the doctrine judges."""
        return frozenset({"holder_ids"})

    def _get_end(self, found):
        """Notification plus duration, which includes tranches and extensions."""
        if not found["months"]:
            return False
        return found["date"] + relativedelta(months=found["months"])

    # === THE FORMAT === #

    def _get_plans(self, wizard, records):
        """Say first what of each record the regulatory format refuses."""
        sheets = self.env["souverainete.essential.data"]
        validator = get_validator(self.env["souverainete.essential.word"]._get_words())
        for record in records:
            if record.raw and (faults := get_faults(record.raw, validator)):
                record.raw = get_readable(record.raw, faults)
                told = sheets._explain_faults(faults)
                record.notes.append(
                    self.env._("Format of the DECP: %(faults)s", faults=" ".join(told))
                )
        return super()._get_plans(wizard, records)

    # === WHICH ROWS ARE ONE === #

    def _group(self, wizard, records):
        """Rows of one object, amount and date: proposed as one agreement."""
        groups = {}
        for index, record in enumerate(records):
            self._screen(wizard, record)
            alone = record.refused or record.skipped
            key = index if alone else self._get_group_key(record)
            groups.setdefault(key, []).append(record)
        origins = self._find_origins(wizard, records)
        return [
            Plan(part)
            for group in groups.values()
            for part in self._split(wizard, group, origins)
        ]

    def _screen(self, wizard, record):
        """Leave out what is not digital, or was signed by someone else."""
        if record.refused or record.skipped:
            return
        cpv, siret = record.values["cpv"], record.values["buyer"]
        if self._get_scope(wizard, cpv) == "out":
            record.skipped = self.env._(
                "Not a digital purchase: CPV %(cpv)s. It stays out of scope.", cpv=cpv
            )
        elif not self._is_own_buyer(siret, wizard.company_id):
            record.refused = self._get_foreign_reason(siret, wizard.company_id)

    def _get_foreign_reason(self, siret, company):
        return self.env._(
            "The buyer is %(siret)s, but %(company)s is %(own)s: import it in the "
            "ministry that signed it, or correct the company's identifier.",
            siret=siret,
            company=company.name,
            own=self._get_own_number(company),
        )

    def _split(self, wizard, records, origins):
        """One part, unless the officer keeps its rows apart or took them over so."""
        if records[0].key and records[0].key in (wizard.apart or []):
            return [[record] for record in records]
        parts = {}
        for record in records:
            origin = origins.get(record.key)
            parts.setdefault(origin and origin.requisition_id.id, []).append(record)
        # A row published since, alone with one known file, is a holder of it.
        if len(parts) == 2 and None in parts:
            return [records]
        return list(parts.values())

    # === VALUES === #

    def _prepare_vals(self, wizard, plan):
        found = plan.record.values
        end = self._get_end(found)
        return {
            "requisition_type": "blanket_order",
            "company_id": wizard.company_id.id,
            "reference": found["title"],
            "description": Markup("<p>%s</p>") % found["title"],
            "ref_contract": self._get_contract_numbers(plan),
            "cpv_code": found["cpv"],
            "purchase_route": self._get_route(found),
            "amount_max": found["amount"] or 0.0,
            "amount_max_known": found["amount"] is not None,
            "date_start": found["date"],
            "date_end": end,
            "date_end_estimated": bool(end),
            "duration_months": found["months"] or 0,
        }

    def _get_contract_numbers(self, plan):
        """Numbers of its records, as many as an index can hold."""
        numbers = self._get_references(plan)
        more = ["…"] if len(numbers) > MAX_NUMBERS else []
        return ", ".join(numbers[:MAX_NUMBERS] + more)

    def _get_route(self, found):
        return "subsequent" if found["call_off"] or found["framework"] else "own"

    def _get_holders(self, plan):
        """[type, identifier, name] of each holder, over the rows of the agreement."""
        holders = [h for record in plan.records for h in record.values["holders"]]
        return list({holder[1]: holder for holder in holders}.values())

    # === PLANNING === #

    def _prepare(self, wizard, plans):
        holders = [holder for plan in plans for holder in self._get_holders(plan)]
        known = self.env["souverainete.holder"]._find(wizard.company_id, holders)
        for plan in plans:
            plan.holders = known
        return super()._prepare(wizard, plans)

    # === COMPARING === #

    def _compare(self, wizard, plan, imported):
        """A contract taken over is not amended by an import: what differs is said."""
        plan.settle(UNCHANGED)
        missing = self._get_missing_holders(plan)
        if missing and "holder_ids" in self._get_free_fields():
            plan.settle(UPDATED, self._explain_holders(plan))
        changed = self._get_changed(plan, imported) - self._get_free_fields()
        if changed and plan.record.values.get("change"):
            plan.amendment = self._prepare_amendment(plan)
            plan.settle(UPDATED, self._explain_amendment(plan))
        elif changed:
            plan.notes.append(self._get_amended_note(plan, changed))

    def _get_missing_holders(self, plan):
        """Holders of the source that the file does not have yet."""
        numbers = [number for _kind, number, _name in self._get_holders(plan)]
        ids = [plan.holders[n].id if n in plan.holders else None for n in numbers]
        return [partner for partner in ids if partner not in plan.found.holder_ids.ids]

    def _get_amended_note(self, plan, changed):
        return self.env._(
            "The source differs from %(name)s, which an import does not amend: "
            "%(differences)s. Record the amendment on the file, or have the "
            "publication corrected.",
            name=plan.found.display_name,
            differences="; ".join(self._get_differences(plan, changed)),
        )

    def _get_differences(self, plan, changed):
        """What is published and what the file says, field by field."""
        # Whether an amount is known, or an end computed, is said by their value.
        names = sorted(changed - {"description", "amount_max_known"})
        info = self.env["purchase.requisition"].fields_get(names, ["string", "type"])
        return [
            self.env._(
                "%(field)s: %(there)s published, %(here)s here",
                field=info[name]["string"],
                there=self._get_shown(info[name]["type"], plan.vals[name]),
                here=self._get_shown(info[name]["type"], plan.found[name]),
            )
            for name in names
        ]

    def _get_shown(self, kind, value):
        if not value:
            return self.env._("nothing")
        if kind == "monetary":
            return formatLang(self.env, value)
        return format_date(self.env, value) if kind == "date" else str(value)

    # === AMENDED BY A NOTICE === #

    def _prepare_amendment(self, plan):
        """A draft: who signs it reads the notice, gives its document and checks it."""
        found, file, end = plan.record.values, plan.found, plan.vals["date_end"]
        before, amount = file._get_ceiling(), found["amount"]
        known = before.known and amount is not None
        return {
            "requisition_id": file.id,
            "name": found["change"]["name"] or found["title"],
            "ground": found["change"]["ground"],
            "ground_reason": found["change"]["reason"],
            "date": found["published"] or found["date"],
            "amount": amount - before.value if known else 0.0,
            "amount_known": known,
            "date_end_new": end if end and end != file.date_end else False,
        }

    def _explain_amendment(self, plan):
        return self.env._(
            "An amendment of %(name)s is prepared as a draft: %(change)s. Check its "
            "case, add its document and sign it.",
            name=plan.found.display_name,
            change=plan.amendment["name"],
        )

    # === NOT PUBLISHED === #

    def _get_absent(self, wizard, plans):
        """Contracts signed here in the period of the file, which does not give them;
        those of before the rules were read in such a file."""
        read = [r for plan in plans for r in plan.records if r.values and not r.refused]
        if not read:
            return []
        days = [record.values["date"] for record in read]
        known = self._find_origins(wizard, read)
        given = {origin.requisition_id for origin in known.values()}
        given |= {plan.found for plan in plans if plan.found}
        return [
            self._get_absence(file)
            for file in self._search_signed(wizard, min(days), max(days))
            if file not in given
        ]

    def _search_signed(self, wizard, first, last):
        files = self.env["purchase.requisition"].search(
            [
                ("company_id", "=", wizard.company_id.id),
                ("requisition_type", "=", "blanket_order"),
                ("gate_state", "in", SIGNED_STATES),
                ("is_prior", "=", False),
                ("date_start", ">=", first),
                ("date_start", "<=", last),
            ],
            order="date_start, id",
        )
        return files.filtered("is_digital")

    def _get_absence(self, file):
        record = Record(
            self.env._("Not in the file"), title=file.reference or file.display_name
        )
        note = self.env._(
            "Signed here on %(date)s and not in this file: check its publication.",
            date=format_date(self.env, file.date_start),
        )
        return Plan([record], status=ABSENT, notes=[note], found=file)

    # === WRITING === #

    def _write_plans(self, wizard, plans):
        holders = [holder for plan in plans for holder in self._get_holders(plan)]
        model = self.env["souverainete.holder"]
        partners = model._find_or_create(wizard.company_id, holders)
        for plan in plans:
            ids = [partners[h[1]].id for h in self._get_holders(plan)]
            plan.changes = {"holder_ids": [Command.link(i) for i in ids]}
        result = super()._write_plans(wizard, plans)
        self._keep_published(plans)
        return result

    def _keep_published(self, plans):
        """What was published of a contract is kept, to be published again whole."""
        for plan in plans:
            raw = [record.raw for record in plan.records if record.raw]
            if raw:
                self.env["souverainete.essential.data"]._keep(plan.found, raw)

    def _update_file(self, plan):
        """A holder published since is a fact that the officer records; an amendment
        published is prepared."""
        if plan.amendment:
            return self.env["souverainete.amendment"].create(plan.amendment)
        if not plan.found.is_prior:
            return super()._update_file(plan)
        ids = [link[1] for link in plan.changes["holder_ids"]]
        return plan.found._record_holders(self.env["res.partner"].browse(ids))

    def _create_files(self, wizard, plans):
        """Contracts of before are taken over; the others are left as drafts."""
        files = self.env["purchase.requisition"]
        before = [plan for plan in plans if self._is_of_before(wizard, plan)]
        others = [plan for plan in plans if plan not in before]
        drafts = files.create([self._prepare_prior(plan) for plan in others])
        taken = before and files._create_prior(
            [self._prepare_prior(plan) for plan in before],
            self._get_document(wizard),
            reason=self.env._("Imported from the published data (DECP)."),
        )
        created = dict(zip(map(id, [*others, *before]), [*drafts, *taken], strict=True))
        return [created[id(plan)] for plan in plans]

    def _is_of_before(self, wizard, plan):
        """Whether it was notified before the rules: its published day is its proof."""
        day = plan.record.values["date"]
        files = self.env["purchase.requisition"]
        start = files._get_rules_start(wizard.company_id)
        return bool(day and start and day < start)

    def _prepare_prior(self, plan):
        """The vendor of an agreement is one of its holders."""
        links = plan.changes["holder_ids"]
        return plan.vals | plan.changes | {"vendor_id": links and links[0][1]}

    def _get_document(self, wizard):
        """The file itself: what proves that the contracts were signed."""
        if not wizard.document_id:
            wizard.document_id = self.env["ir.attachment"].create(
                {"name": wizard.filename or wizard.adapter, "raw": wizard._get_bytes()}
            )
        return wizard.document_id

    # === WHAT THE OFFICER READS === #

    def _explain(self, wizard, plan):
        found = plan.record.values
        notes = [
            self._explain_group(plan),
            self._explain_holders(plan),
            self._explain_amount(found),
            self._explain_end(found),
            self._explain_draft(wizard, plan),
            self._explain_scope(wizard, plan),
            self._explain_buyer(wizard, found),
            self._explain_framework(found),
        ]
        own = [note for record in plan.records for note in record.notes]
        texts = wizard._get_texts([note for note in [*notes, *own] if note])
        return list(dict.fromkeys(texts))

    def _explain_draft(self, wizard, plan):
        if self._is_of_before(wizard, plan):
            return None
        return self.env._(
            "Not notified before the rules: left as a draft. Take it over with its own "
            "document where it was signed elsewhere."
        )

    def _explain_group(self, plan):
        if len(plan.records) == 1:
            return None
        return self.env._(
            "%(count)s records of one object, amount and date: proposed as one "
            "agreement with several holders.",
            count=len(plan.records),
        )

    def _explain_holders(self, plan):
        holders = self._get_holders(plan)
        if not holders:
            return self.env._("Holder unknown: the source names none.")
        names = [
            plan.holders[number].name
            if number in plan.holders
            else self.env._("%(number)s (to create)", number=number)
            for _kind, number, _name in holders
        ]
        return self.env._("Holders: %(names)s.", names=", ".join(names))

    def _explain_amount(self, found):
        if found["amount"] is None:
            return self.env._("The maximum amount is unknown.")
        return self.env._(
            "Maximum amount: %(amount)s € excl. tax.",
            amount=formatLang(self.env, found["amount"]),
        )

    def _explain_end(self, found):
        end = self._get_end(found)
        if not end:
            return self.env._("The end is unknown: the source gives no duration.")
        return self.env._(
            "End estimated, extensions included: %(date)s.",
            date=format_date(self.env, end),
        )

    def _explain_scope(self, wizard, plan):
        codes = list(dict.fromkeys(r.values["cpv"] for r in plan.records))
        if len(codes) > 1:
            return self.env._(
                "The records have several CPV codes, the first is kept: %(codes)s.",
                codes=", ".join(codes),
            )
        if self._get_scope(wizard, codes[0]) == "ask":
            return self.env._(
                "Scope to state on the file: CPV %(cpv)s does not tell.", cpv=codes[0]
            )
        return None

    def _explain_buyer(self, wizard, found):
        if self._get_own_number(wizard.company_id) and found["buyer"]:
            return None
        return self.env._(
            "Check the buyer (%(siret)s): the source or your ministry gives no SIRET.",
            siret=found["buyer"] or self.env._("not named"),
        )

    def _explain_framework(self, found):
        if not found["framework"]:
            return None
        return self.env._(
            "Placed under the framework %(reference)s.", reference=found["framework"]
        )
