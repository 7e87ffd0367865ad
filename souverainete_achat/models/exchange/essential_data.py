from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.amount import Amount
from ..base.finding import SIGNED_STATES
from ..base.identity import is_siret, is_vat, normalise
from ..base.text import to_storable
from .essential_format import get_faults, get_validator

ANSWERS = [("yes", "Yes"), ("no", "No")]
# Facts of the format, and the field here that says each.
WORDS = {
    "nature": "nature_id",
    "procedure": "procedure_id",
    "ccag": "ccag_id",
    "formePrix": "price_form_id",
    "typeGroupementOperateurs": "grouping_id",
}
LISTED = {
    "techniques": ("technique", "technique_ids"),
    "modalitesExecution": ("modaliteExecution", "modality_ids"),
    "typesPrix": ("typePrix", "price_type_ids"),
    "considerationsSociales": ("considerationSociale", "social_ids"),
    "considerationsEnvironnementales": (
        "considerationEnvironnementale",
        "environment_ids",
    ),
}
ANSWERED = {
    "marcheInnovant": "innovative",
    "attributionAvance": "advance",
    "sousTraitanceDeclaree": "subcontracting",
}


class EssentialData(models.Model):
    """What the essential data (DECP) ask of a signed contract and the file does not
    say: one sheet a contract, for bodies whose buyer profile does not publish them
    (CCP R. 2196-1; arrêté of 22 December 2022).

    What was published before, read in a file of essential data, is kept whole and goes
    out again with it. What nobody said is missing: it is never made up.
    """

    _name = "souverainete.essential.data"
    _description = "Essential data of a contract"
    _inherit = ["souverainete.guarded"]
    _rec_name = "requisition_id"
    _requisition_uniq = models.Constraint(
        "UNIQUE (requisition_id)", "A contract has one sheet of essential data."
    )
    _offers_received_positive = models.Constraint(
        "CHECK (offers_received >= 0)", "Offers received are counted from zero."
    )
    _advance_rate_share = models.Constraint(
        "CHECK (advance_rate BETWEEN 0 AND 100)", "A rate lies between 0 and 100 %."
    )

    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Contract",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[
            ("requisition_type", "=", "blanket_order"),
            ("state", "in", ("confirmed", "done")),
        ],
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id", string="Ministry", store=True, index=True
    )
    nature_id = fields.Many2one(
        "souverainete.essential.word",
        domain=[("kind", "=", "nature")],
        default=lambda self: self._get_word("nature", "Marché"),
    )
    procedure_id = fields.Many2one(
        "souverainete.essential.word",
        domain=[("kind", "=", "procedure")],
    )
    ccag_id = fields.Many2one(
        "souverainete.essential.word",
        string="General conditions (CCAG)",
        domain=[("kind", "=", "ccag")],
    )
    price_form_id = fields.Many2one(
        "souverainete.essential.word",
        string="Form of the price",
        domain=[("kind", "=", "formePrix")],
    )
    grouping_id = fields.Many2one(
        "souverainete.essential.word",
        string="Kind of grouping",
        domain=[("kind", "=", "typeGroupementOperateurs")],
        compute="_compute_grouping_id",
        store=True,
        readonly=False,
        help="Proposed where one holder signed: no grouping.",
    )
    technique_ids = fields.Many2many(
        "souverainete.essential.word",
        "souverainete_essential_technique_rel",
        string="Purchasing techniques",
        domain=[("kind", "=", "techniques")],
    )
    modality_ids = fields.Many2many(
        "souverainete.essential.word",
        "souverainete_essential_modality_rel",
        string="Forms of performance",
        domain=[("kind", "=", "modalitesExecution")],
    )
    price_type_ids = fields.Many2many(
        "souverainete.essential.word",
        "souverainete_essential_price_type_rel",
        string="Types of price",
        domain=[("kind", "=", "typesPrix")],
    )
    social_ids = fields.Many2many(
        "souverainete.essential.word",
        "souverainete_essential_social_rel",
        string="Social considerations",
        domain=[("kind", "=", "considerationsSociales")],
    )
    environment_ids = fields.Many2many(
        "souverainete.essential.word",
        "souverainete_essential_environment_rel",
        string="Environmental considerations",
        domain=[("kind", "=", "considerationsEnvironnementales")],
    )
    place_code = fields.Char(
        string="Place of performance", help="Code of the place, as 75107 or 75."
    )
    place_kind_id = fields.Many2one(
        "souverainete.essential.word",
        string="Kind of place code",
        domain=[("kind", "=", "place")],
    )
    innovative = fields.Selection(ANSWERS, help="Innovative contract. Empty: unknown.")
    advance = fields.Selection(
        ANSWERS, string="Advance granted", help="Empty: unknown."
    )
    advance_rate = fields.Float(
        string="Rate of the advance (%)",
        help="Share of the amount, in percent. 0 with an advance granted: unknown, as "
        "the format has it.",
    )
    subcontracting = fields.Selection(
        ANSWERS,
        string="Subcontracting declared",
        help="When the contract was notified. Empty: unknown.",
    )
    offers_received = fields.Integer(
        help="Number of offers, irregular and unacceptable ones included. 0: unknown.",
    )
    date_published = fields.Date(
        string="First published on",
        copy=False,
        readonly=True,
        guard="server",
        help="Day of the first export for publication; it never changes.",
    )
    published = fields.Json(
        copy=False,
        guard="server",
        help="The contract as the essential data that were imported give it: a list, "
        "one entry a record published.",
    )
    missing = fields.Text(
        string="Still missing",
        compute="_compute_missing",
        help="What the regulatory format asks and nobody has said.",
    )

    # === COMPUTE METHODS === #

    @api.depends("requisition_id.holder_ids")
    def _compute_grouping_id(self):
        for sheet in self:
            file = sheet.requisition_id
            if not sheet.grouping_id and file and len(file._get_holders()) == 1:
                sheet.grouping_id = self._get_word(
                    "typeGroupementOperateurs", "Pas de groupement"
                )

    @api.depends(lambda self: [*self._get_own_facts(), "requisition_id"])
    def _compute_missing(self):
        validator = get_validator(self.env["souverainete.essential.word"]._get_words())
        for sheet in self:
            sheet.missing = "\n".join(sheet._get_missing(validator))

    @api.model
    def _get_own_facts(self):
        """Names of the fields that say a fact."""
        listed = [name for _tag, name in LISTED.values()]
        more = ("place_code", "place_kind_id", "advance_rate", "offers_received")
        return [*WORDS.values(), *listed, *ANSWERED.values(), *more]

    @api.model
    def _get_word(self, kind, name):
        words = self.env["souverainete.essential.word"].sudo()
        return words.search([("kind", "=", kind), ("name", "=", name)], limit=1)

    # === THE RECORD === #

    def _get_records(self):
        """The contract in the format, as far as it is known: one record, or those that
        were published of it."""
        own = self._get_sheet_facts()
        first, *_others = published = self.published or [{}]
        return [self._merge(own, first, record) for record in published]

    def _merge(self, own, first, record):
        """What was published, what the sheet corrects since, and what only the file
        says. A fact published differently by several records stays theirs."""
        changed = {n: v for n, v in own.items() if v != first.get(n)}
        merged = own | self._get_file_facts() | record | changed
        if changes := [*record.get("modifications", ()), *self._get_changes(record)]:
            merged["modifications"] = changes
        return merged

    def _get_sheet_facts(self):
        """What the sheet says, without what it leaves empty."""
        facts = {name: self[field].name or None for name, field in WORDS.items()}
        for name, (tag, field) in LISTED.items():
            facts[name] = self[field] and {tag: self[field].mapped("name")}
        answers = {"yes": True, "no": False}
        for name, field in ANSWERED.items():
            facts[name] = answers.get(self[field])
        if self.place_code and self.place_kind_id:
            place = {"code": self.place_code, "typeCode": self.place_kind_id.name}
            facts["lieuExecution"] = place
        if self.advance == "yes":
            facts["tauxAvance"] = round(self.advance_rate / 100, 4)
        facts["offresRecues"] = self.offers_received or None
        # False is an answer; nothing is none.
        return {
            name: value for name, value in facts.items() if value or value is False
        } | ({"tauxAvance": 0} if facts.get("tauxAvance") == 0 else {})

    def _get_file_facts(self):
        """What the file itself says of the contract, as it was signed."""
        file = self.requisition_id
        amount, months = self._get_signed_amount(), self._get_signed_months()
        published = self.date_published
        facts = {
            "id": normalise(file.ref_contract) or None,
            "acheteur": self._get_buyer(),
            "objet": file.reference,
            "codeCPV": file.cpv_code,
            "idAccordCadre": normalise(file.framework_id.ref_contract),
            "dureeMois": months,
            "dateNotification": self._get_day(file.date_start),
            "datePublicationDonnees": self._get_day(published),
            "montant": amount,
            "titulaires": self._get_holders(),
        }
        return {name: value for name, value in facts.items() if value}

    def _get_day(self, day):
        return day and fields.Date.to_string(day)

    def _get_buyer(self):
        number = normalise(self.company_id.company_registry)
        return is_siret(number) and {"id": number}

    def _get_holders(self):
        """None where the identifier of one of them is not known."""
        file = self.requisition_id
        partners = file.vendor_id | file.holder_ids
        holders = [self._get_identifier(partner) for partner in partners]
        return all(holders) and [{"titulaire": holder} for holder in holders]

    def _get_identifier(self, partner):
        """Its SIRET, or its company's, else its VAT number."""
        company = partner.commercial_partner_id
        for holder in partner | company:
            number = normalise(holder.company_registry)
            if is_siret(number):
                return {"typeIdentifiant": "SIRET", "id": number}
        vat = normalise(company.vat)
        return vat and is_vat(vat) and {"typeIdentifiant": "TVA", "id": vat}

    # === AS SIGNED, THEN AMENDED === #

    def _get_amendments(self):
        amendments = self.requisition_id.amendment_ids
        return amendments.filtered(lambda a: a.state == "signed").sorted("number")

    def _get_signed_amount(self):
        """€ HT when it was signed, before its amendments; nothing when unknown."""
        if first := self._get_amendments()[:1]:
            known = first.amount_before_known and self._is_in_euros()
            return known and first.amount_before
        file = self.requisition_id
        amount = Amount.stated(file, "amount_max")
        amount = amount if amount.known else file._get_lines_amount()
        return amount.known and self._is_in_euros() and amount.value

    def _is_in_euros(self):
        """The format has no other currency."""
        return self.requisition_id.currency_id.name == "EUR"

    def _get_signed_months(self):
        file, first = self.requisition_id, self._get_amendments()[:1]
        end = first.date_end_before if first else file.date_end
        return self._count_months(end) or file.duration_months

    def _count_months(self, end):
        """Months from the notification to the last day, a month begun counted."""
        start = self.requisition_id.date_start
        if not start or not end or end < start:
            return 0
        gap = relativedelta(end + relativedelta(days=1), start)
        return gap.years * 12 + gap.months + bool(gap.days)

    def _get_changes(self, record):
        """The amendments signed since, in the format: each gives what it changed."""
        known = [c["modification"]["id"] for c in record.get("modifications", ())]
        rank = max(known, default=0)
        return [
            {"modification": self._get_change(amendment, rank + place)}
            for place, amendment in enumerate(self._get_amendments(), start=1)
        ]

    def _get_change(self, amendment, rank):
        change = {
            "id": rank,
            "dateNotificationModification": self._get_day(amendment.date),
            "datePublicationDonneesModification": self._get_day(
                amendment.date_published
            ),
        }
        known = amendment.amount_before_known and self._is_in_euros()
        if amendment.amount and known:
            change["montant"] = amendment.amount_before + amendment.amount
        if months := self._count_months(amendment.date_end_new):
            change["dureeMois"] = months
        if amendment.vendor_id:
            holder = self._get_identifier(amendment.vendor_id)
            change["titulaires"] = holder and [{"titulaire": holder}]
        return {name: value for name, value in change.items() if value}

    # === WHAT MISSES === #

    def _get_missing(self, validator):
        """Sentences: what the format refuses in the contract, dates of publication
        apart, which the export gives."""
        today = fields.Date.to_string(self.company_id._souverainete_today())
        faults = [
            fault
            for record in self._get_records()
            for fault in get_faults(self._date(record, today), validator)
        ]
        return self._explain_faults(faults)

    @api.model
    def _explain_faults(self, faults):
        """What nobody said, in one sentence; then what is said wrong, one each."""
        absent = [self._get_name(*fault) for fault in faults if fault[1] == "required"]
        wrong = [
            self._explain_fault(*fault) for fault in faults if fault[1] != "required"
        ]
        told = wrong
        if absent:
            names = ", ".join(dict.fromkeys(absent))
            told = [self.env._("To be filled in: %(names)s.", names=names), *wrong]
        return list(dict.fromkeys(told))

    @api.model
    def _date(self, record, day):
        """The record as it would be published on `day`."""
        dated = {"datePublicationDonnees": day} | record
        if changes := record.get("modifications"):
            dated["modifications"] = [
                {
                    "modification": {"datePublicationDonneesModification": day}
                    | change["modification"]
                }
                for change in changes
            ]
        return dated

    @api.model
    def _explain_fault(self, fact, rule, value):
        """A fault of the format, in words: which fact, and what is wrong with it."""
        if rule == "additionalProperties":
            return self.env._(
                "The format does not know: %(names)s.", names=to_storable(value)
            )
        reasons = {
            "type": self.env._("it is not of the kind asked"),
            "enum": self.env._("it is not one of the words of the format"),
            "minimum": self.env._("it is too small"),
            "maximum": self.env._("it is too large"),
            "minItems": self.env._("it is empty"),
            "uniqueItems": self.env._("it says something twice"),
            "maxLength": self.env._("it is too long"),
            "pattern": self.env._("it is not written as asked"),
        }
        reason = reasons.get(rule) or self.env._("the format refuses it")
        return self.env._(
            "%(fact)s: %(reason)s (%(value)s).",
            fact=self._get_label(fact),
            reason=reason,
            value=to_storable(str(value))[:100],
        )

    @api.model
    def _get_name(self, fact, _rule, value):
        """What a required fact is called."""
        return self._get_label(f"{fact}.{value}" if fact else value)

    @api.model
    def _get_label(self, fact):
        """The field's label with its name in the format, where a field says it."""
        known = {n: f for n, (_tag, f) in LISTED.items()} | WORDS | ANSWERED
        known |= {"lieuExecution": "place_code", "offresRecues": "offers_received"}
        field = known.get(fact)
        if not field:
            return fact
        label = self.fields_get([field], ["string"])[field]["string"]
        return self.env._("%(label)s (%(fact)s)", label=label, fact=fact)

    # === ACTS === #

    @api.model
    def _open(self, file):
        """The sheet of a signed contract, made when it is first looked at."""
        signed = file.gate_state in SIGNED_STATES
        if not signed or file.requisition_type != "blanket_order":
            raise UserError(
                self.env._(
                    "%(file)s is not signed: essential data are those of contracts.",
                    file=file.display_name,
                )
            )
        return self.search([("requisition_id", "=", file.id)]) or self.create(
            {"requisition_id": file.id}
        )

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Essential data (DECP)"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_open(self):
        """Open one of a list, to say what misses."""
        self.check_access("read")
        return self._get_action() | {"target": "new"}

    def action_export(self):
        """Choose the format of the file and see what is not ready."""
        self.check_access("read")
        export = self.env["souverainete.essential.export"].create(
            {"sheet_ids": self.ids}
        )
        return export._get_action()

    def _publish(self):
        """Record that these contracts leave for publication today, for the first time
        or with amendments that had not."""
        for sheet in self.sudo():
            today = sheet.company_id._souverainete_today()
            if not sheet.date_published:
                sheet._write_server({"date_published": today})
            new = sheet._get_amendments().filtered(lambda a: not a.date_published)
            new._write_server({"date_published": today})

    @api.model
    def _keep(self, file, records):
        """Keep what was published of a contract; the sheet takes what it says."""
        sheets = self.sudo()
        sheet = sheets.search([("requisition_id", "=", file.id)])
        sheet = sheet or sheets.create({"requisition_id": file.id})
        sheet.write(self._prepare_facts(records[0]))
        sheet._write_server({"published": records})
        return sheet

    @api.model
    def _prepare_facts(self, record):
        """Values of the sheet that a published record gives."""
        vals = {}
        for name, field in WORDS.items():
            vals[field] = self._get_word(name, record.get(name)).id
        for name, (tag, field) in LISTED.items():
            given = (record.get(name) or {}).get(tag) or []
            found = [self._get_word(name, word).id for word in given]
            vals[field] = [fields.Command.set([i for i in found if i])]
        for name, field in ANSWERED.items():
            vals[field] = {True: "yes", False: "no"}.get(record.get(name))
        place = record.get("lieuExecution") or {}
        vals["place_code"] = place.get("code")
        vals["place_kind_id"] = self._get_word("place", place.get("typeCode")).id
        vals["offers_received"] = record.get("offresRecues") or 0
        vals["advance_rate"] = (record.get("tauxAvance") or 0) * 100
        return {name: value for name, value in vals.items() if value}
