from odoo import fields, models

_LOOKED_FOR = [("yes", "Yes, none fits"), ("no", "No")]
_YES_NO = [("yes", "Yes"), ("no", "No")]
QUESTIONS = ("light_mutualised", "light_cloud", "light_sensitive")


class PurchaseOrder(models.Model):
    """The light circuit: no file, three questions on the order itself."""

    _inherit = "purchase.order"

    light_mutualised = fields.Selection(
        _LOOKED_FOR,
        string="Mutualised solution looked for?",
        copy=False,
        tracking=True,
        help="Light circuit: was a solution already shared by the State looked for?",
    )
    light_cloud = fields.Selection(
        _YES_NO,
        string="Cloud service?",
        copy=False,
        tracking=True,
        help="Light circuit: is it a cloud service sold by a private provider?",
    )
    light_sensitive = fields.Selection(
        [*_YES_NO, ("unknown", "I do not know")],
        string="Sensitive data?",
        copy=False,
        tracking=True,
        help="Light circuit: data of particular sensitivity in the sense of loi SREN, "
        "art. 31. No amount exempts from this question.",
    )

    # === CIRCUIT === #

    def _is_light(self):
        """Whether this order needs no file: below the dated ceiling, € HT, alone and
        with the small orders of the same need."""
        return self._is_small_alone() and not self._get_passed_needs()

    def _is_small_alone(self):
        return self._is_below("light", self._get_judged_amount())

    def _is_on_light_need(self):
        """Whether its file is a need that was itself judged by the light circuit: cut
        in files, a need is cut as it would be in orders. Agreements are signed: their
        orders are owed, within their own ceiling."""
        file = self._get_file()
        return (
            file.requisition_type == "purchase_template"
            and not file.is_prior
            and file._get_circuit() == "light"
        )

    def _is_sensitive_cloud(self):
        """A cloud service whose data may be sensitive is never a light purchase."""
        return self.light_cloud == "yes" and self.light_sensitive in ("yes", "unknown")

    # === THE THREE QUESTIONS === #

    def _finding_order_light(self):
        """The light circuit asks three questions, whatever the amount."""
        if self.scope_status != "in" or self._get_file() or not self._is_light():
            return {}
        return {
            name: self._get_light_message(name)
            for name in QUESTIONS
            if not self._is_settled(name)
        }

    def _is_settled(self, name):
        """Not having looked for a mutualised solution is an answer, not a way on."""
        return self[name] == "yes" if name == "light_mutualised" else bool(self[name])

    def _get_light_message(self, name):
        label = self.fields_get([name], ["string"])[name]["string"]
        if self[name] == "no":
            return self.env._(
                "Look for a mutualised solution first, then answer the question "
                "“%(question)s” in the banner of the order.",
                question=label,
            )
        return self.env._(
            "Answer the question “%(question)s” in the banner of the order.",
            question=label,
        )

    # === THE FILE THAT OPENS === #

    def _prepare_file_vals(self):
        """What was already said is not asked again: that it is a cloud service, and
        what the small orders of the need are worth with this one."""
        vals = super()._prepare_file_vals()
        if self.light_cloud == "yes":
            vals["has_cloud"] = "yes"
        if passed := self._get_passed_needs():
            vals |= {
                "amount_estimated": max(passed.values()),
                "amount_estimated_known": True,
            }
        return vals
