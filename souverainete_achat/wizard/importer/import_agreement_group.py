from odoo import models

from .plan import Plan


class ImportAgreement(models.AbstractModel):
    """Which rows of the DECP are contracts of this ministry, and which are one."""

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

    # === GROUPING === #

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
