from odoo import api, models
from odoo.exceptions import UserError


class Component(models.Model):
    """What was judged at the award is corrected in the open, never erased."""

    _inherit = "souverainete.component"

    @api.model_create_multi
    def create(self, vals_list):
        components = super().create(vals_list)
        components._get_judged()._journal_corrections({})
        return components

    def write(self, vals):
        if self._get_free_fields().issuperset(vals):
            return super().write(vals)
        before = {component: component._prepare_entry() for component in self}
        clouds = self._get_signed_clouds()
        result = super().write(vals)
        clouds._check_still_clouds()
        self._get_judged()._journal_corrections(before)
        return result

    # === WHAT WAS SIGNED AS A CLOUD === #

    def _get_signed_clouds(self):
        """Clouds that something was signed or ordered on, for sensitive data."""
        return self._get_clouds().filtered(
            lambda cloud: cloud.sudo().option_id.requisition_id._is_engaged_for_data()
        )

    def _check_still_clouds(self):
        """Whoever buys cannot say afterwards that it never was one: an officer may."""
        changed = self - self._get_clouds()
        refused = changed.filtered(lambda c: not c._may_be_no_cloud())
        if refused:
            raise UserError(
                self.env._(
                    "These components were signed as cloud services: %(components)s. "
                    "Only a compliance officer who does not buy may correct that, on "
                    "the component itself (option, tab “Hosting”).",
                    components=", ".join(refused.mapped("display_name")),
                )
            )

    def _may_be_no_cloud(self):
        user = self.env.user
        officer = user.has_group("souverainete_achat.group_officer")
        return officer and user not in self._get_buyers()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_judged(self):
        if kept := self._get_judged():
            raise UserError(
                self.env._(
                    "These components were judged when the agreement was signed: "
                    "%(components)s. Correct them instead of deleting them.",
                    components=", ".join(kept.mapped("display_name")),
                )
            )

    def _get_judged(self):
        """Those of a need whose agreement, or one of them, is signed."""
        return self.filtered(
            lambda component: any(
                component.sudo().option_id.requisition_id.agreement_ids.mapped(
                    "gate_passed_on"
                )
            )
        )

    # === JOURNAL === #

    def _journal_corrections(self, before):
        """One entry for each component that no longer says what it said."""
        for component in self:
            after = component._prepare_entry()
            if after != before.get(component):
                component.sudo().option_id.requisition_id._journal(
                    "correction",
                    component._conceal_entry(
                        {"before": before.get(component), "after": after}
                    ),
                    summary=self.env._("A component of the chain was corrected."),
                )

    def _prepare_entry(self):
        """What the journal keeps of a component."""
        self.ensure_one()
        return {
            "option_id": self.option_id.id,
            "service": self.name or "",
            "provider": self.partner_id.display_name or "",
            "role": self.role,
            "hosting": self.hosting or "",
            "kind": self.service_type_id.name or "",
            "qualification_id": self.qualification_id.id or None,
        }

    def _conceal_entry(self, entry):
        """The journal is read by more people than bids are: these stay unnamed."""
        hidden = self.sudo().option_id._is_confidential()
        return {"id": self.id, **({} if hidden else entry)}

    def _prepare_qualification_entry(self, before):
        """What changed in the qualifications these components of one need rely on."""
        public = self.filtered(lambda c: not c.option_id._is_confidential())
        return {
            "qualifications": [
                {"before": before[record.id], "after": record._prepare_entry()}
                for record in public.qualification_id
            ],
            "of_offers": len(self - public),
        }
