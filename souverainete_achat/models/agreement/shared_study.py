from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class SharedStudy(models.AbstractModel):
    """The framework a purchase is made under, and its study: shared by its owner and
    reused by who orders under it.

    Ministries never see each other's files: only the study crosses, as plain data, and
    only where the owner's officer shared it. Never offers, amounts or data answers.
    """

    _name = "souverainete.shared.study"
    _inherit = ["souverainete.authored"]
    _description = "Purchase under a framework whose study may be shared"

    framework_ref = fields.Char(
        string="Framework number",
        index="btree_not_null",
        help="Number of the framework ordered under, as its owner writes it. Its study "
        "can be reused where the owner shared it.",
    )
    framework_body_id = fields.Many2one(
        "res.partner",
        string="Carried by",
        index="btree_not_null",
        ondelete="restrict",
        help="Body that signed the framework: another ministry, the DAE, UGAP…",
    )
    study_shared = fields.Boolean(
        string="Study shared",
        copy=False,
        help="Ministries that order under this framework may reuse its study: options "
        "studied before launch and searches made, nothing else.",
        guard="server",
    )

    # === SHARING === #

    def action_share_study(self):
        """The officer lets other ministries reuse the study of this framework."""
        self.check_access("read")
        for need in self.need_id:
            need._check_shares_study()
            need._write_server({"study_shared": True})
            need._journal(
                "study",
                {"shared": True, "contracts": need._get_contract_numbers()},
                self.env._("Study shared with those who order under the framework."),
            )

    def action_unshare_study(self):
        """The officer ends it; what was reused stays where it was."""
        self.check_access("read")
        for need in self.need_id:
            need._check_officer_of_study()
            need._write_server({"study_shared": False})
            need._journal(
                "study", {"shared": False}, self.env._("Study no longer shared.")
            )

    def _get_contract_numbers(self):
        files = self.sudo().agreement_ids
        return sorted(filter(None, files.mapped("ref_contract")))

    def _check_officer_of_study(self):
        self.check_access("write")
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(
                self.env._("Only a compliance officer can share a study.")
            )
        self._check_four_eyes(
            self.env._("Four eyes: another officer has to share this study.")
        )

    def _check_shares_study(self):
        self._check_officer_of_study()
        if not self.date_launch or not self._get_contract_numbers():
            raise UserError(
                self.env._(
                    "A study is shared once it is frozen, and found by the number of "
                    "its framework: launch the file and give the contract number, on "
                    "the page “References”."
                )
            )

    # === REUSE === #

    def action_reuse_study(self):
        """Take over the study of the framework ordered under, where it is shared."""
        self.check_access("read")
        self.ensure_one()
        need = self.need_id
        need.check_access("write")
        need._check_reuses_study()
        study = need._get_shared_study()
        if not study:
            raise UserError(need._get_no_study_message())
        need._add_reused_options(study)
        need._add_reused_searches(study)
        need._journal(
            "study",
            {name: study[name] for name in ("framework", "ministry", "file", "date")},
            self.env._("Study of the framework reused."),
        )
        need._refresh_compliance()

    def _check_reuses_study(self):
        if self.date_launch or self.search_ids.filtered("reused_from"):
            raise UserError(
                self.env._(
                    "%(file)s was launched, or a study was already reused on it.",
                    file=self.display_name,
                )
            )

    def _get_no_study_message(self):
        return self.env._(
            "No study is shared for the framework “%(framework)s”, or several are: "
            "check its number and who carries it, on the page “Framework”, or "
            "ask that body's compliance officer to share the study of its file.",
            framework=self.framework_ref or "",
        )

    def _get_shared_study(self):
        """The one study shared for this framework, as plain data; {} without one."""
        reference = (self.framework_ref or "").strip()
        domain = [("ref_contract", "=", reference), ("need_id.study_shared", "=", True)]
        if self.framework_body_id:
            body = self.sudo().framework_body_id.commercial_partner_id
            domain.append(("company_id.partner_id.commercial_partner_id", "=", body.id))
        needs = self.sudo().search(domain).need_id if reference else self.browse()
        return needs._prepare_study(reference) if len(needs) == 1 else {}

    def _prepare_study(self, reference):
        """What of this need others may reuse. Runs sudo."""
        studied = self.judged_option_ids.filtered(lambda o: o.kind == "studied")
        return {
            "framework": reference,
            "ministry": self.company_id.name,
            "file": self.name,
            "date": fields.Date.to_string(self.date_launch),
            "options": [option._prepare_shared() for option in studied],
            "searches": [search._prepare_shared() for search in self.search_ids],
        }

    def _add_reused_options(self, study):
        """The options studied, with their verdicts; those already here are kept."""
        known = set(self.studied_ids.mapped("name"))
        self.env["souverainete.option"].create(
            [
                vals | {"requisition_id": self.id, "reason": reason}
                for vals in study["options"]
                if vals["name"] not in known
                for reason in [self._get_reused_reason(study, vals.pop("reason"))]
            ]
        )

    def _get_reused_reason(self, study, reason):
        return self.env._(
            "Study of the framework %(framework)s (%(ministry)s), frozen on %(date)s: "
            "%(reason)s",
            framework=study["framework"],
            ministry=study["ministry"],
            date=study["date"],
            reason=reason,
        )

    def _add_reused_searches(self, study):
        """The traces of the searches, dated as they were made and saying from where."""
        origin = f"{study['framework']} ({study['ministry']})"
        searches = self.env["souverainete.catalogue.search"].sudo()
        searches._create_server(
            [
                vals
                | {
                    "requisition_id": self.id,
                    "user_id": self.env.uid,
                    "reused_from": origin,
                }
                for vals in study["searches"]
            ]
        )
