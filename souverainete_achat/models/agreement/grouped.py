from odoo import fields, models

from ..base.told import tell


class Grouped(models.AbstractModel):
    """Several buyers for one need: who they are, who signs for them, and the strictest
    regime among them, which the grouping follows."""

    _name = "souverainete.grouped"
    _inherit = ["souverainete.guarded"]
    _description = "Need of a grouping of buyers"

    grouping_member_ids = fields.One2many(
        "souverainete.grouping.member",
        "requisition_id",
        string="Members of the grouping",
        copy=False,
        help="The buyers who share this need, one's own ministry included. Empty: no "
        "grouping.",
        guard="judged",
    )

    def _journal_grouping(self):
        """One entry for each change of who buys together."""
        for file in self.exists():
            members = file.sudo().grouping_member_ids
            file._journal(
                "grouping",
                [member._get_launch_content() for member in members.sorted("id")],
                self.env._("Members of the grouping: %(count)s.", count=len(members)),
            )

    def _get_coordinator(self):
        """The one member who signs; none when nobody, or several, are named."""
        named = self.need_id.grouping_member_ids.filtered("is_coordinator")
        return named if len(named) == 1 else named.browse()

    def _finding_grouping(self, options):
        """A grouping is known when each member, its share and the coordinator are."""
        members = self.need_id.grouping_member_ids
        if not members:
            return {}
        missing = {}
        if not self._get_coordinator():
            missing["coordinator"] = tell(self.env)._(
                "Tick exactly one coordinator among the members of the grouping, on "
                "the page “Lots and grouping”: it signs for all."
            )
        if not any(member._is_of(self.company_id) for member in members):
            missing["own"] = self._get_own_member_message()
        for member in members.filtered(lambda m: not m._is_identified()):
            missing[f"member-{member.id}"] = tell(self.env)._(
                "%(member)s: give its SIRET and type of body, on the page “Lots and "
                "grouping”. They decide the regime of the grouping.",
                member=member.name,
            )
        return missing | self._get_unknown_shares(members)

    def _get_own_member_message(self):
        return tell(self.env)._(
            "%(ministry)s is not among the members of the grouping: add it, with what "
            "it expects to buy, on the page “Lots and grouping”.",
            ministry=self.company_id.name,
        )

    def _get_unknown_shares(self, members):
        unknown = members.filtered(lambda m: not m.amount_known)
        if not unknown:
            return {}
        return {
            "amount": tell(self.env)._(
                "What these members expect to buy is not known: %(members)s. The value "
                "of the grouping is then unknown, which is not below a threshold. Give "
                "it on the page “Lots and grouping”.",
                members=", ".join(unknown.mapped("name")),
            )
        }

    def _finding_grouping_coordinator(self, options):
        """The coordinator signs: an agreement of another member binds nobody."""
        coordinator = self._get_coordinator()
        if not coordinator or coordinator._is_of(self.company_id):
            return {}
        return {
            "": tell(self.env)._(
                "%(coordinator)s coordinates the grouping and signs for it, not "
                "%(ministry)s: the agreement is signed in the coordinator's own file. "
                "Here, keep this file for your orders, or correct the coordinator.",
                coordinator=coordinator.name,
                ministry=self.company_id.name,
            )
        }

    # === REGIME === #

    def _is_reached_for_members(self, kind, amount):
        return any(
            self._is_reached_for(kind, amount, *body)
            for member in self.sudo().need_id.grouping_member_ids
            for body in member._get_bodies()
        )

    def _is_reached_for(self, kind, amount, company, entity_type):
        day = self._get_engaged_day()
        thresholds = self.env["souverainete.threshold"]
        threshold = thresholds._get_for_body(kind, company, entity_type, day)
        return bool(threshold) and threshold._is_reached_by(
            amount, self.currency_id, self.company_id, day
        )
