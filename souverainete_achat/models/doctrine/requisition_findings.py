from odoo import api, models


def is_blank(text):
    return not (text or "").strip()


class PurchaseRequisition(models.Model):
    """What the doctrine of mutualisation still asks of the file."""

    _inherit = "purchase.requisition"

    @api.model
    def _get_declared_fields(self):
        return super()._get_declared_fields() | {"need_effect", "need_measure"}

    def _get_studied_need(self):
        """The need studied for this file.

        None for an umbrella framework: its needs are studied order by order.
        """
        self.ensure_one()
        return self.browse() if self.is_umbrella else self.need_id

    # === FINDINGS === #

    def _finding_need(self, options):
        need = self._get_studied_need()
        missing = {}
        if need and is_blank(need.need_effect):
            missing["effect"] = self.env._(
                "The need is not expressed as an effect to obtain. Write it in the tab "
                "“Need and doctrine”."
            )
        if need and is_blank(need.need_measure):
            missing["measure"] = self.env._(
                "Nothing says how the effect obtained will be measured. Write it in "
                "the tab “Need and doctrine”."
            )
        return missing

    def _finding_need_closed(self, options):
        if not self.need_id._is_closed():
            return {}
        return {
            "": self.env._(
                "The need %(file)s was closed without a purchase (%(outcome)s). To buy "
                "after all, reset it to draft first.",
                file=self.need_id.name,
                outcome=self.need_id._get_outcome_label(),
            )
        }

    def _finding_mutualisation_search(self, options):
        need = self._get_studied_need()
        if not need or need.search_ids:
            return {}
        return {
            "": self.env._(
                "Mutualised solutions were not looked for. Search the catalogue in the "
                "tab “Need and doctrine”; finding nothing is recorded too."
            )
        }

    def _finding_mutualised_verdicts(self, options):
        need = self._get_studied_need()
        studied = need.judged_option_ids.filtered(
            lambda option: option._is_mutualised()
        )
        found = need.search_ids.result_ids.filtered(
            lambda s: s.active and s.path == "mutualised"
        )
        if found and not studied:
            return {"none": self._get_unexamined_message(found)}
        return {
            str(option.id): self.env._(
                "The mutualised solution “%(option)s” has no verdict with its reason. "
                "Give them in the tab “Need and doctrine”.",
                option=option.name,
            )
            for option in studied
            if option.verdict == "pending" or is_blank(option.reason)
        }

    def _get_unexamined_message(self, solutions):
        return self.env._(
            "The catalogue has mutualised solutions for this need and none was "
            "examined: %(solutions)s. Add at least one to the options in the tab “Need "
            "and doctrine” and say whether it fits.",
            solutions=", ".join(solutions.mapped("name")),
        )

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
            missing["compared"] = self.env._(
                "A development is retained and nothing off the shelf was studied. Add "
                "an off-the-shelf option in the tab “Need and doctrine”, or record a "
                "search that finds nothing."
            )
        if pending := ready.filtered(lambda option: option.verdict == "pending"):
            missing["pending"] = self.env._(
                "A development is retained although existing solutions remain to "
                "examine: %(options)s. Give their verdicts in the tab “Need and "
                "doctrine”.",
                options=", ".join(pending.mapped("name")),
            )
        if not any(option.custom_ground for option in custom):
            missing["ground"] = self.env._(
                "A development is retained without its ground. On the option, choose "
                "whether no existing solution meets the need or resilience demands it."
            )
        return missing

    def _finding_award_option(self, options):
        if self.requisition_type != "blanket_order":
            return {}
        if not self.vendor_id:
            return {"vendor": self._get_no_vendor_message()}
        if self.is_umbrella:
            return {}
        retained = self._get_judged_options().partner_id.commercial_partner_id
        return {
            str(holder.id): self.env._(
                "No retained option has %(vendor)s as its contract holder. In the tab "
                "“Need and doctrine”, retain the option or offer of this vendor and "
                "fill in its contract holder.",
                vendor=holder.display_name,
            )
            for holder in self._get_holders() - retained
        }

    def _get_no_vendor_message(self):
        return self.env._(
            "Retain an offer in the tab “Need and doctrine”, then click “Prepare the "
            "agreement”; or choose the vendor, at the top of the file."
        )

    def _finding_ambassador(self, options):
        need = self._get_studied_need()
        if not need.search_ids or need.judged_option_ids:
            return {}
        return {
            "": self.env._(
                "No option is studied yet. An ambassador of the ministry can point to "
                "companies and innovative solutions: ask one before going further."
            )
        }

    # === LAUNCH === #

    def _get_launch_content(self):
        """Freeze the need and its study; offers come later and are judged at award."""
        content = super()._get_launch_content()
        need = self._get_studied_need()
        content["doctrine"] = {
            "effect": need.need_effect or "",
            "measure": need.need_measure or "",
            "searches": need.search_ids.filtered(lambda s: not s.after_launch)
            .sorted("id")
            .ids,
            "options": [
                option._get_study_content() for option in need.studied_ids.sorted("id")
            ],
        }
        return content
