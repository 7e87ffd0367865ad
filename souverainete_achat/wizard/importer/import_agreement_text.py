from odoo import models
from odoo.tools import format_date, formatLang


class ImportAgreement(models.AbstractModel):
    """What the officer reads before taking a contract over: what is recorded, what the
    source does not say, what remains to state."""

    _inherit = "souverainete.import.agreement"

    def _explain(self, wizard, plan):
        found = plan.record.values
        notes = [
            self._explain_group(plan),
            self._explain_holders(plan),
            self._explain_amount(found),
            self._explain_end(found),
            self._explain_scope(wizard, plan),
            self._explain_buyer(wizard, found),
            self._explain_framework(found),
        ]
        own = [note for record in plan.records for note in record.notes]
        texts = wizard._get_texts([note for note in [*notes, *own] if note])
        return list(dict.fromkeys(texts))

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
