from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.identity import is_same
from ..base.text import fold
from ..base.told import Named, tell

_CLOUDS = ("state_cloud", "commercial_cloud")


class Component(models.Model):
    """One link of the chain behind an option: who makes, runs, hosts or reaches it."""

    _inherit = "souverainete.component"

    service_type_id = fields.Many2one(
        "souverainete.service.type",
        string="Kind of service",
        ondelete="restrict",
        help="A qualified IaaS does not qualify the SaaS that runs on it.",
    )
    qualification_id = fields.Many2one(
        "souverainete.qualification",
        index="btree_not_null",
        ondelete="restrict",
        help="The qualification of this very service, in the register. The name of a "
        "company never qualifies a service.",
    )

    @api.depends("qualification_id")
    def _compute_name(self):
        for component in self:
            component.name = component.name or component.qualification_id.service
        return super()._compute_name()

    @api.onchange("qualification_id")
    def _onchange_qualification_id(self):
        if self.qualification_id and not self.partner_id:
            self.partner_id = self.qualification_id.partner_id

    @api.model_create_multi
    def create(self, vals_list):
        components = super().create(vals_list)
        components._get_judged()._journal_corrections({})
        return components

    def write(self, vals):
        before = {component: component._prepare_entry() for component in self}
        clouds = self._get_signed_clouds()
        result = super().write(vals)
        clouds._check_still_clouds()
        self._get_judged()._journal_corrections(before)
        return result

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

    # === EVIDENCE === #
    # What was judged at the award is corrected in the open, never erased.

    def _get_judged(self):
        """Those of a need whose agreement, or one of them, is signed."""
        return self.filtered(
            lambda component: any(
                component.sudo().option_id.requisition_id.agreement_ids.mapped(
                    "gate_passed_on"
                )
            )
        )

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

    # === GAPS === #
    # What a component does not prove; the strictest rule applies over the chain.

    def _get_label(self):
        """How messages name this component."""
        return tell(self.env)._(
            "%(component)s (option “%(option)s”)",
            component=self.display_name,
            option=self.option_id.display_name,
        )

    def _get_clouds(self):
        """Those that are a cloud service, whoever runs it."""
        return self.filtered(lambda component: component.hosting in _CLOUDS)

    def _get_buyers(self):
        """Who buys what this component is a part of: alone, they prove nothing."""
        return self.option_id.requisition_id._get_buyers()

    def _get_cloud_gap(self):
        """A cloud service on a file that says it buys none."""
        if not self._get_clouds():
            return ""
        return tell(self.env)._(
            "%(component)s is a cloud service, but the file says there is none: "
            "correct one or the other (page “Data and hosting”).",
            component=self._get_label(),
        )

    def _get_intellectual_gap(self):
        """Hosting on a file whose nature is to host nothing."""
        if self.hosting in (False, "none", "on_premise"):
            return ""
        return tell(self.env)._(
            "%(component)s hosts data, but the nature of the purchase is intellectual "
            "services: correct the nature, at the top of the file, or the component.",
            component=self._get_label(),
        )

    def _get_declaration_gap(self):
        """What this component does not say about itself; empty when it is complete."""
        if self.hosting and self.partner_id:
            return ""
        return tell(self.env)._(
            "%(component)s: give the provider and where it keeps the data (option, tab "
            "“Hosting”).",
            component=self._get_label(),
        )

    def _get_award_gap(self, date):
        """Why the award is refused on `date`, or empty; rooms say what may wait."""
        return self._get_hosting_gap(date)

    def _get_hosting_gap(self, date):
        """Why it may not host data of particular sensitivity on `date`, or empty."""
        self.ensure_one()
        if self.hosting == "state_cloud":
            return self._get_state_gap()
        if self.hosting == "commercial_cloud":
            return self._get_commercial_gap(date)
        return self._get_disguise_gap() or self._get_unknown_gap()

    def _get_disguise_gap(self):
        """A kind of cloud service, sold by somebody, that would be no cloud service:
        software sold as a service is not qualified by the host under it."""
        if self.hosting not in ("none", "managed_private") or not self.service_type_id:
            return ""
        return tell(self.env)._(
            "%(component)s is said to be a %(kind)s, which is a cloud service: declare "
            "its hosting as a commercial cloud, or empty its kind (option, tab "
            "“Hosting”). A qualified service does not qualify what runs on it.",
            component=self._get_label(),
            kind=Named(self.service_type_id),
        )

    def _get_unknown_gap(self):
        """Unknown is not a no. With a cloud service, another rule asks it already."""
        need = self.option_id.requisition_id
        return "" if need.has_cloud == "yes" else self._get_declaration_gap()

    def _get_state_gap(self):
        """Only a body of the State runs a cloud of the State."""
        body = self.partner_id.commercial_partner_id
        known = body.state_operator_by_id not in self._get_buyers()
        if body.is_state_operator and known:
            return ""
        return tell(self.env)._(
            "%(component)s: its provider is not recorded as a body of the State that "
            "runs a cloud, or only by who buys. Correct the hosting (option, tab "
            "“Hosting”), or ask another officer to record it on the provider's card.",
            component=self._get_label(),
        )

    def _get_commercial_gap(self, date):
        """A commercial cloud proves a qualification of that very service."""
        qualification = self.qualification_id
        gap = (
            self._get_link_gap()
            or qualification._get_validity_gap(date)
            or qualification._get_recorder_gap(self._get_buyers())
        )
        if not gap:
            return ""
        return tell(self.env)._(
            "%(component)s is a commercial cloud that would host data of particular "
            "sensitivity: %(gap)s",
            component=self._get_label(),
            gap=gap,
        )

    def _get_link_gap(self):
        """Why the qualification chosen is not the one of this service, or empty."""
        qualification = self.qualification_id
        if not qualification:
            return tell(self.env)._(
                "choose the qualification of this very service (option, tab "
                "“Hosting”), or another host."
            )
        holder = qualification.partner_id.commercial_partner_id
        if holder != self.partner_id.commercial_partner_id:
            return tell(self.env)._(
                "the qualification chosen is held by %(holder)s, not by this provider. "
                "The name of a company never qualifies a service.",
                holder=holder.display_name,
            )
        return self._get_kind_gap() or self._get_narrower_gap()

    def _get_kind_gap(self):
        """Why the qualification covers another kind of service than this one. Where
        neither kind is known, the very service is named and a person verifies: see
        `_get_review_point`."""
        kinds = self.qualification_id.service_type_ids
        if not kinds and not self.service_type_id and not self._is_named_alike():
            return tell(self.env)._(
                "the register does not say which kind of service “%(service)s” is. "
                "Name this service as the register does (option, tab “Hosting”), if "
                "it is the same; else have an officer complete the register.",
                service=self.qualification_id.service,
            )
        if kinds and not self.service_type_id:
            return tell(self.env)._(
                "state the kind of this service (option, tab “Hosting”). The "
                "qualification chosen covers %(covered)s alone, and a qualified "
                "service does not qualify what runs on it.",
                covered=Named(kinds),
            )
        if self.service_type_id and self.service_type_id not in kinds:
            return tell(self.env)._(
                "the qualification chosen covers %(covered)s, not %(kind)s. A "
                "qualified service does not qualify what runs on it.",
                covered=self._name_kinds(kinds),
                kind=Named(self.service_type_id),
            )
        return ""

    def _name_kinds(self, kinds):
        unknown = tell(self.env)._("an unknown kind of service")
        return Named(kinds) if kinds else unknown

    def _get_narrower_gap(self):
        """The decision that took over may cover less than what was bought."""
        today = self.company_id._souverainete_today()
        current = self.qualification_id._get_current(today)
        kinds = current.service_type_ids
        if not self.service_type_id or self.service_type_id in kinds:
            return ""
        return tell(self.env)._(
            "the decision in force, “%(name)s” from %(start)s, covers %(covered)s, not "
            "%(kind)s.",
            name=current.display_name,
            start=current.date_start,
            covered=self._name_kinds(kinds),
            kind=Named(self.service_type_id),
        )

    # === DEROGATION === #
    # What a derogation was asked for: this service, of this provider, as it was.

    def _get_finding_key(self):
        return f"component-{self.id}"

    def _prepare_asked(self):
        """JSON-able: who provides what, and what it falls short of."""
        return {
            "option": self.option_id.id,
            "provider": self.partner_id._get_identity(),
            "service": fold(self.name or ""),
            "kind": self.service_type_id.id,
            "ground": self._get_ground(),
        }

    def _get_ground(self):
        """Of the ways to fall short: no qualification, one of another service, one
        that does not hold any more."""
        if not self.qualification_id:
            return "unqualified"
        return "other" if self._get_link_gap() else "lapsed"

    def _is_as_asked(self, asked):
        now = self._prepare_asked()
        others = now.keys() - {"provider"}
        same = all(now[name] == asked[name] for name in others)
        return same and is_same(asked["provider"], now["provider"])

    # === REVIEW === #
    # What a person has to verify about a component, or to follow until its end.

    def _get_review_point(self):
        """What a person has to verify, though nothing proves it wrong."""
        if self.hosting == "managed_private":
            return tell(self.env)._(
                "%(component)s is managed by a private provider: check that it is not "
                "a cloud service, which loi SREN art. 31 would cover; if it is one, "
                "declare it as a commercial cloud.",
                component=self._get_label(),
            )
        if self.hosting == "none":
            return self._get_access_point()
        if self.hosting == "commercial_cloud" and self._is_service_doubtful():
            return tell(self.env)._(
                "%(component)s: check on the ANSSI catalogue that “%(service)s” is "
                "this very service, and state its kind (SaaS, PaaS, CaaS, IaaS).",
                component=self._get_label(),
                service=self._get_qualified_service(),
            )
        if self.hosting == "commercial_cloud" and self._is_european():
            return tell(self.env)._(
                "%(component)s relies on a European certification: check that its "
                "level is at least that of SecNumCloud, immunity to the law of third "
                "countries included (doctrine cloud, R9).",
                component=self._get_label(),
            )
        return ""

    def _is_european(self):
        return self.qualification_id.scheme == "eu_equivalent"

    def _get_access_point(self):
        """Who hosts nothing may still reach the data, or sell a service on top."""
        if self.role == "publisher":
            return tell(self.env)._(
                "%(component)s is said to host no data: check that the software is not "
                "sold as a service (SaaS), which would need a qualification of its "
                "own, whatever it runs on.",
                component=self._get_label(),
            )
        return tell(self.env)._(
            "%(component)s is said to host no data: check that it has no means to "
            "obtain them, as the SecNumCloud reference asks of suppliers (§ 19.6, as "
            "quoted by third parties).",
            component=self._get_label(),
        )

    def _is_service_doubtful(self):
        """The kind of service is not stated, or it bears another name."""
        service = self._get_qualified_service()
        return bool(service) and not (self.service_type_id and self._is_named_alike())

    def _get_qualified_service(self):
        """Name of the service, as the decision in force names it: a renewal may have
        renamed it."""
        qualification = self.qualification_id
        today = self.company_id._souverainete_today()
        return qualification and qualification._get_current(today).service

    def _is_named_alike(self):
        """Whether the service bears the name its qualification was decided for."""
        names = (self.name or "", self._get_qualified_service() or "")
        own, qualified = (name.casefold().split() for name in names)
        return own == qualified

    def _get_renewal_point(self, date_end, today):
        """The qualification ends before the agreement does, on `date_end`."""
        qualification = self.qualification_id
        if not qualification._is_ending_before(date_end, today):
            return ""
        return tell(self.env)._(
            "The qualification of %(component)s ends on %(end)s, before the agreement: "
            "ask that it be maintained throughout the contract.",
            component=self._get_label(),
            end=qualification.date_end,
        )

    def _get_ending_point(self, today, horizons):
        """The end of what is proven comes within the first alert."""
        qualification = self.qualification_id
        if self.hosting != "commercial_cloud" or not qualification:
            return ""
        step = qualification._get_ending_step(today, horizons)
        if not step or step == "passed":
            return ""
        return tell(self.env)._(
            "%(component)s: its qualification ends on %(end)s in the register. Verify "
            "on the ANSSI catalogue whether it is renewed, and have an officer record "
            "it in “Qualified services”; otherwise prepare another host.",
            component=self._get_label(),
            end=qualification._get_last(today).date_end,
        )

    # === RENEWAL PENDING === #
    # What follows the line of its service: the decision in force, and what is pending.

    def _is_renewal_tolerated(self, today, period):
        """Whether all that is missing is an end date that passed, while the renewal is
        recorded as pending by someone who does not buy."""
        qualification = self.qualification_id
        return (
            self.hosting == "commercial_cloud"
            and bool(qualification)
            and not self._get_link_gap()
            and qualification._get_current(today)._is_renewal_pending_on(today, period)
            and not qualification._get_recorder_gap(self._get_buyers())
        )

    def _get_pending_point(self, today, period):
        current = self.qualification_id._get_current(today)
        return tell(self.env)._(
            "%(component)s: the end date of the qualification in the register, "
            "%(end)s, is passed; its renewal is recorded as pending since %(since)s "
            "(%(where)s). Verify on the ANSSI catalogue: after %(until)s it proves "
            "nothing.",
            component=self._get_label(),
            end=current.date_end,
            since=current.renewal_pending_since,
            where=current.renewal_source,
            until=current._get_tolerated_end(period),
        )
