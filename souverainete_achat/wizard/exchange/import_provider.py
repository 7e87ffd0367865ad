from odoo import api, models

from ...models.base.text import fold
from .plan import CREATED


class ImportProvider(models.AbstractModel):
    """Providers of a list of services: found by their SIREN, else by their name where
    one company alone bears it; never a second partner."""

    _name = "souverainete.import.provider"
    _description = "Providers of imported qualifications"

    @api.model
    def _find(self, company, plans):
        """{key of the plan: partner, empty where it is new, or why it is refused}."""
        sirens = {plan.record.values["siren"] for plan in plans} - {""}
        holders = self.env["souverainete.holder"]
        by_siren = holders._find(company, [("SIRET", siren, "") for siren in sirens])
        by_name = self._find_by_name(company, plans)
        return {
            plan.key: by_siren.get(plan.record.values["siren"])
            or self._choose(plan.record.values, by_name)
            for plan in plans
        }

    @api.model
    def _find_by_name(self, company, plans):
        """{folded name: companies}, those of the register first."""
        partners = self.env["res.partner"].sudo()
        names = list({plan.record.values["provider"] for plan in plans})
        groups = self.env["souverainete.qualification"]._read_group([], ["partner_id"])
        held = partners.union(*(partner for (partner,) in groups))
        named = partners.search(
            [
                ("is_company", "=", True),
                ("parent_id", "=", False),
                ("company_id", "in", [False, company.id]),
                ("name", "in", names),
            ],
            order="id",
        )
        found = {}
        for partner in held | named:
            key = fold(partner.name or "")
            found[key] = found.get(key, partners) | partner
        return found

    @api.model
    def _choose(self, values, by_name):
        partners = by_name.get(fold(values["provider"]), self.env["res.partner"])
        siren = values["siren"]
        if len(partners) > 1:
            return self.env._(
                "Several contacts are named %(name)s: give the SIREN of the provider.",
                name=values["provider"],
            )
        known = "".join((partners.company_registry or "").split())[:9]
        if partners and siren and known and known != siren:
            return self.env._(
                "The contact %(name)s bears another SIREN, %(known)s: correct the one "
                "or the other.",
                name=values["provider"],
                known=known,
            )
        return partners.with_env(self.env)

    @api.model
    def _create_missing(self, wizard, plans):
        """Create the providers of these plans that are new, once each."""
        created = {}
        for plan in plans:
            if plan.status != CREATED or plan.holders["provider"]:
                continue
            found = plan.record.values
            key = found["siren"] or fold(found["provider"])
            if key not in created:
                created[key] = self._create_partner(found)
            plan.holders = {"provider": created[key]}

    @api.model
    def _create_partner(self, found):
        """An officer records who is qualified, without the right to edit contacts."""
        partner = self.env["res.partner"].sudo()
        vals = {"name": found["provider"], "is_company": True}
        if found["siren"]:
            vals["company_registry"] = found["siren"]
        return partner.create(vals).with_env(self.env)
