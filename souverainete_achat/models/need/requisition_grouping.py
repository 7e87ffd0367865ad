from odoo import api, fields, models


class PurchaseRequisition(models.Model):
    """Several buyers for one need: who they are, and who signs for them."""

    _inherit = "purchase.requisition"

    grouping_member_ids = fields.One2many(
        "souverainete.grouping.member",
        "requisition_id",
        string="Members of the grouping",
        copy=False,
        help="The buyers who share this need, one's own ministry included. Empty: no "
        "grouping.",
    )

    @api.model
    def _get_declared_fields(self):
        return super()._get_declared_fields() | {"grouping_member_ids"}

    def _prefetch_findings(self):
        self.mapped("need_id.grouping_member_ids.member_company_id.name")
        return super()._prefetch_findings()

    def _get_launch_content(self):
        """Added only where there is a grouping: see the lots."""
        content = super()._get_launch_content()
        if members := self.sudo().grouping_member_ids.sorted("id"):
            content["grouping"] = [member._get_launch_content() for member in members]
        return content

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

    # === FINDINGS === #

    def _finding_grouping(self, options):
        """A grouping is known when each member, its share and the coordinator are."""
        members = self.need_id.grouping_member_ids
        if not members:
            return {}
        missing = {}
        if not self._get_coordinator():
            missing["coordinator"] = self.env._(
                "Tick exactly one coordinator among the members of the grouping, in "
                "the tab “Lots and grouping”: it signs for all."
            )
        if not any(member._is_of(self.company_id) for member in members):
            missing["own"] = self._get_own_member_message()
        for member in members.filtered(lambda m: not m._is_identified()):
            missing[f"member-{member.id}"] = self.env._(
                "%(member)s: give its SIRET and type of body, in the tab “Lots and "
                "grouping”. They decide the regime of the grouping.",
                member=member.name,
            )
        return missing | self._get_unknown_shares(members)

    def _get_own_member_message(self):
        return self.env._(
            "%(ministry)s is not among the members of the grouping: add it, with what "
            "it expects to buy, in the tab “Lots and grouping”.",
            ministry=self.company_id.name,
        )

    def _get_unknown_shares(self, members):
        unknown = members.filtered(lambda m: not m.amount_known)
        if not unknown:
            return {}
        return {
            "amount": self.env._(
                "What these members expect to buy is not known: %(members)s. The value "
                "of the grouping is then unknown, which is not below a threshold. Give "
                "it in the tab “Lots and grouping”.",
                members=", ".join(unknown.mapped("name")),
            )
        }

    def _finding_grouping_coordinator(self, options):
        """The coordinator signs: an agreement of another member binds nobody."""
        coordinator = self._get_coordinator()
        if not coordinator or coordinator._is_of(self.company_id):
            return {}
        return {
            "": self.env._(
                "%(coordinator)s coordinates the grouping and signs for it, not "
                "%(ministry)s: the agreement is signed in the coordinator's own file. "
                "Here, keep this file for your orders, or correct the coordinator.",
                coordinator=coordinator.name,
                ministry=self.company_id.name,
            )
        }
