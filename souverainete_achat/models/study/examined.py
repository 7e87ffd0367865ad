from odoo import fields, models

from ..base.text import is_blank
from ..base.told import Label, tell

# Routes on which bidders compete.
_COMPETITIVE = ("own", "subsequent")


class Examined(models.AbstractModel):
    """A need and what the doctrine of mutualisation asks of its study: what exists is
    examined first, and a development retained last."""

    _name = "souverainete.examined"
    _inherit = ["souverainete.guarded"]
    _description = "Need whose solutions are examined"

    need_effect = fields.Text(
        string="Effect to obtain",
        help="The need as a performance to reach or an effect to obtain, without "
        "over-specification (circular 6519/SG).",
        guard="judged",
    )
    need_measure = fields.Text(
        string="How it will be measured",
        help="The means the buyer has to measure that the effect is obtained "
        "(circular 6519/SG).",
        guard="judged",
    )

    def _get_studied_need(self):
        """The need studied for this file.

        None for an umbrella framework: its needs are studied order by order.
        """
        self.ensure_one()
        return self.browse() if self.is_umbrella else self.need_id

    def _finding_mutualised_verdicts(self, options):
        need = self._get_studied_need()
        studied = need.judged_option_ids.filtered(
            lambda option: option._is_mutualised()
        )
        if not studied and (found := need._get_mutualised_found()):
            return {"none": self._get_unexamined_message(found)}
        return {
            str(option.id): tell(self.env)._(
                "The mutualised solution “%(option)s” has no verdict with its reason. "
                "Give them in the tab “Need and doctrine”.",
                option=option.name,
            )
            for option in studied
            if option.verdict == "pending" or is_blank(option.reason)
        }

    def _get_mutualised_found(self):
        """Mutualised solutions that the catalogue gave for this need."""
        return self.search_ids.result_ids.filtered(
            lambda s: s.active and s.path == "mutualised"
        )

    def _get_unexamined_message(self, solutions):
        return tell(self.env)._(
            "The catalogue has mutualised solutions for this need and none was "
            "examined: %(solutions)s. Add at least one to the options in the tab “Need "
            "and doctrine” and say whether it fits.",
            solutions=", ".join(solutions.mapped("name")),
        )

    def _finding_way_retained(self, options):
        """Before a competition the study retains a way, never a product or a vendor."""
        need = self._get_studied_need()
        if not need or need.purchase_route not in _COMPETITIVE or need.date_launch:
            return {}
        return {
            str(option.id): tell(self.env)._(
                "%(option)s is retained with its product or its vendor before the "
                "competition. Retain the way (%(way)s) under a name of its own, and "
                "leave the catalogued solution and the contract holder empty: bidders "
                "propose theirs. Where no other can answer, choose the route without "
                "competition.",
                option=option.name,
                way=Label(option._name, "path", option.path),
            )
            for option in need.judged_option_ids
            if option._names_product()
        }

    def _finding_custom_last(self, options):
        need = self._get_studied_need()
        custom = (need.judged_option_ids | options).filtered(
            lambda option: option.path == "custom" and option.verdict == "retained"
        )
        return self._get_custom_missing(need, custom) if need and custom else {}

    def _get_custom_missing(self, need, custom):
        """What is missing before developing: comparison, verdicts, ground."""
        ready = need.judged_option_ids.filtered(
            lambda option: option.kind == "studied" and option.path != "custom"
        )
        missing = {}
        if not ready.filtered(lambda o: o.path == "off_the_shelf") and all(
            search.result_count for search in need.search_ids
        ):
            missing["compared"] = tell(self.env)._(
                "A development is retained and nothing off the shelf was studied. Add "
                "an off-the-shelf option in the tab “Need and doctrine”, or record a "
                "search that finds nothing."
            )
        if pending := ready.filtered(lambda option: option.verdict == "pending"):
            missing["pending"] = tell(self.env)._(
                "A development is retained although existing solutions remain to "
                "examine: %(options)s. Give their verdicts in the tab “Need and "
                "doctrine”.",
                options=", ".join(pending.mapped("name")),
            )
        if not any(option.custom_ground for option in custom):
            missing["ground"] = tell(self.env)._(
                "A development is retained without its ground. On the option, choose "
                "whether no existing solution meets the need or resilience demands it."
            )
        return missing

    def _finding_ambassador(self, options):
        need = self._get_studied_need()
        if not need.search_ids or need.judged_option_ids:
            return {}
        return {
            "": tell(self.env)._(
                "No option is studied yet. An ambassador of the ministry can point to "
                "companies and innovative solutions: ask one before going further."
            )
        }

    def action_give_verdict(self):
        """Answer at once the options of the need that remain to examine."""
        self.check_access("read")
        self.ensure_one()
        return self.need_id.studied_ids.filtered(
            lambda option: option.verdict == "pending"
        ).action_give_verdict()
