from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..base.amount import Amount
from ..base.reading import read_lines
from ..base.told import Money, tell
from .opinion_state import FAVOURABLE, STATES


class PurchaseRequisition(models.Model):
    """The file's project, or the officer's word that it serves none."""

    _name = "purchase.requisition"
    _inherit = [
        "purchase.requisition",
        "souverainete.likeness.subject",
        "souverainete.transversal",
    ]

    project_id = fields.Many2one(
        "souverainete.project",
        string="Digital project",
        index="btree_not_null",
        ondelete="restrict",
        help="Project the purchase belongs to. The DINUM's threshold is about the "
        "whole project, not about one contract or order.",
        guard="judged",
    )
    project_opinion_required = fields.Selection(
        related="project_id.opinion_required", string="Opinion required"
    )
    project_explanation = fields.Text(related="project_id.cost_explanation")
    project_note = fields.Char(
        string="Project and DINUM",
        compute="_compute_project_note",
        help="Far below the threshold of the DINUM's opinion, one sentence.",
    )

    opinion_id = fields.Many2one(
        "souverainete.opinion",
        string="DINUM opinion",
        compute="_compute_opinion_id",
        help="The opinion that counts for the project today.",
    )
    opinion_state = fields.Selection(STATES, compute="_compute_opinion_id")
    opinion_date_due = fields.Date(
        string="Opinion due on", compute="_compute_opinion_id"
    )

    # === HOOKS === #

    def _get_launch_content(self):
        """The project is frozen; its costs and opinions go on living."""
        content = super()._get_launch_content()
        content["opinion"] = {
            "project": self.project_id.id,
            "transversal": bool(self.project_scope_officer_id),
        }
        return content

    def _on_launch(self):
        res = super()._on_launch()
        self._journal("project", self._prepare_project_payload())
        return res

    def _prepare_project_payload(self):
        """What the launch relied on: the project, its cost and its opinion."""
        project = self.project_id
        cost, known = project._get_cost() if project else Amount.unknown()
        opinion = project._get_governing_opinion()
        return {
            "scope": self.project_scope or "",
            "officer": self.project_scope_officer_id.login or "",
            "reason": self.project_scope_reason or "",
            "project": project.display_name or "",
            "cost": cost,
            "cost_known": known,
            "required": project._get_opinion_required() if project else "",
            "opinion": opinion.reference or "",
            "opinion_state": opinion.state or "",
            "opinion_basis": opinion.basis_cost,
        }

    def _touch_evidence(self):
        """A project-wide check is about several files: their shared row moves too."""
        res = super()._touch_evidence()
        self.sudo().need_id.project_id._touch_evidence()
        return res

    def _get_judged_lists(self):
        projects = self.need_id.project_id
        own = [(projects, "file_ids"), (projects, "opinion_ids")]
        return super()._get_judged_lists() + own

    def _prefetch_case(self):
        result = super()._prefetch_case()
        read_lines(self.need_id.project_id, "cost_line_ids")
        return result

    def _prefetch_findings(self, codes):
        opinions = self.need_id.project_id.opinion_ids
        if "recommendations" in codes:
            read_lines(opinions, "recommendation_ids")
        return super()._prefetch_findings(codes)

    def _is_reinforced(self):
        project = self.project_id
        required = project and project._get_opinion_required() == "yes"
        return super()._is_reinforced() or bool(required)

    # === INTEGRITY === #

    @api.constrains("project_id", "company_id")
    def _check_project_company(self):
        for file in self.sudo().filtered("project_id"):
            if not file.project_id._fits_company(file.company_id):
                raise ValidationError(
                    self.env._(
                        "%(project)s is a project of another ministry.",
                        project=file.project_id.display_name,
                    )
                )

    def action_open_project_page(self):
        return self._open_page("action_project_page")

    def action_open_project(self):
        """Open the project, where its costs are given and its opinion asked."""
        self.check_access("read")
        return self.project_id.get_formview_action()

    # === FINDINGS === #
    # What is missing on a file about its project and its cost.

    def _get_threshold_day(self):
        """Day whose threshold applies: the launch's, since a text is not retroactive.

        Empty before launch: today. Today too for what goes further than what was
        signed, where less is left below the threshold now.
        """
        day = self._get_launch_day()
        extended = self.env.context.get("souverainete_extends")
        return False if day and extended and self._is_threshold_lower(day) else day

    def _is_threshold_lower(self, day):
        """Whether the threshold is lower today than on `day`. The key of the context
        that asks for it only ever hardens: nothing to gain by forging it."""
        company = self.company_id
        today = company._souverainete_today()
        then, now = (
            self.env["souverainete.threshold"]._get("dinum_opinion", company, date)
            for date in (day, today)
        )
        if not then or not now:
            return bool(now)
        if not then.currency_id._is_comparable(now.currency_id, company):
            return True
        before = then.currency_id._convert(then.amount, now.currency_id, company, today)
        return now.currency_id.compare_amounts(now.amount, before) < 0

    def _finding_project(self, options):
        """Without its project a purchase cannot be compared with the threshold."""
        need = self.need_id
        declared = need.project_scope_officer_id
        if declared and not need.date_launch and need._is_scope_changed():
            return {"changed": self._get_changed_message()}
        named = need.project_id or declared
        if named or need._is_far_below_project(self._get_threshold_day()):
            return {}
        return {
            "": tell(self.env)._(
                "Choose the project this purchase belongs to, or have the compliance "
                "officer declare it transversal, on the page “Project and DINUM”."
            )
        }

    def _get_changed_message(self):
        return tell(self.env)._(
            "The purchase changed since it was declared transversal: a compliance "
            "officer declares it again, on the page “Project and DINUM”."
        )

    def _finding_project_cost(self, options):
        """Unknown is not below the threshold."""
        project = self.need_id.project_id
        if not project:
            return {}
        required = project._get_opinion_required(self._get_threshold_day())
        if required == "no" and project._is_understated(self._get_threshold_day()):
            return {"understated": project._get_understated_message()}
        if required != "unknown":
            return {}
        return {
            str(project.id): tell(self.env)._(
                "The cost of %(project)s is not known, so nobody can say whether the "
                "DINUM's opinion is required: complete its cost lines, on the "
                "project's form.",
                project=project.display_name,
            )
        }

    # === LIKENESS === #
    # Whether a purchase looks like a part of a larger project (ministry policy).

    def _get_likeness_text(self):
        """Words that name the purchase."""
        return self.reference or self.need_effect or ""

    def _get_likeness_categories(self):
        """CPV categories of what is bought: the first five digits."""
        codes = self._get_product_codes(self.line_ids.product_id)
        return frozenset(code[:5] for code in {*codes, self.cpv_code} - {False})

    def _get_likeness_marks(self):
        """(sign, key, text) that make two purchases look alike by themselves: a
        solution, or the number under which other systems know both."""
        retained = self.studied_ids.filtered(lambda o: o.verdict == "retained")
        solutions = {
            ("solution", (solution.id, category), solution.name)
            for solution in retained.solution_id
            for category in self._get_likeness_categories()
        }
        shared = {*self._get_shared_references(), "ref_contract"}
        return solutions | {
            ("reference", (name, value), value)
            for name in shared
            if (value := (self[name] or "").strip())
        }

    def _get_likeness_vendor(self):
        """The holder, once signed: who offers is confidential before."""
        return self.gate_passed_on and self.vendor_id.commercial_partner_id

    def _finding_project_split(self, options):
        """Files that look like one project are shown with their sum: it only warns."""
        need = self.need_id
        alert = (need.project_id or need).split_alert
        return {"": self._get_split_message(alert)} if alert else {}

    def _get_split_message(self, alert):
        names = alert["same"] or alert["others"]
        currency = self.company_id.root_id.currency_id
        values = {
            "others": ", ".join(names),
            "total": Money(alert["total"], currency),
            "ttc": Money(alert["ttc"], currency),
            "ht": Money(alert["ht"], currency),
        }
        if alert["same"]:
            return tell(self.env)._(
                "A compliance officer answered that this is one project with "
                "%(others)s: gather these purchases under the same project, on the "
                "page “Project and DINUM”.",
                **values,
            )
        return tell(self.env)._(
            "This looks like one project with %(others)s: at least %(total)s incl. tax "
            "together (projects %(ttc)s incl. tax; purchases without project %(ht)s "
            "excl. tax), which reaches the threshold of the DINUM's opinion. A "
            "compliance officer answers, in the menu “Purchases that look like one "
            "project”.",
            **values,
        )

    # === TRANSVERSAL === #
    # A purchase that serves no project of its own (AMOA, TMA): the officer's
    # word, for the purchase as it then was.

    @api.model
    def _get_content_fields(self):
        """To declare it transversal, and why, is the officer's decision: no writing."""
        own = {"project_scope", "project_scope_reason"}
        return super()._get_content_fields() - own

    def _is_as_large_as_project(self, day=None):
        """Whether the purchase alone, plus VAT, reaches the opinion's threshold."""
        return self._is_project_threshold_reached("dinum_opinion", day) is True

    def _is_project_threshold_reached(self, kind, day=None):
        """Whether the purchase alone, plus VAT, reaches the threshold of `kind`, stated
        with tax; None where there is no such threshold."""
        company = self.company_id
        day = day or company._souverainete_today()
        threshold = self.env["souverainete.threshold"]._get(kind, company, day)
        if not threshold:
            return None
        amount = self._get_taxed_value(day)
        return threshold._is_reached_by(amount, self.currency_id, company, day)

    def _get_taxed_value(self, day=None):
        """What the purchase is worth with tax (TTC), at the dated rate of VAT."""
        opinion = self._get_opinion_threshold(day)
        worth = self._get_value().value * (100 + opinion.vat_rate) / 100
        return self.currency_id.round(worth)

    def _get_opinion_threshold(self, day=None):
        company = self.company_id
        day = day or company._souverainete_today()
        return self.env["souverainete.threshold"]._get("dinum_opinion", company, day)

    # === FAR BELOW === #
    # A small purchase is its own project: one sentence stands for the page, until it is
    # said to be a part of a larger one.

    def _is_far_below_project(self, day=None):
        """Whether the purchase is known to be worth less than what the ministry itself
        reviews, far below what the DINUM judges. Unknown is never below."""
        reached = self._is_project_threshold_reached("ministry_review", day)
        return self._get_value().known and reached is False

    @api.depends_context("lang")
    @api.depends(
        "amount_estimated", "amount_estimated_known", "amount_max", "project_id"
    )
    def _compute_project_note(self):
        for file in self:
            file.project_note = file.is_digital and file._read_note("project")

    def _get_notes(self):
        notes = super()._get_notes()
        asked = self.need_id == self and not self.project_id
        if asked and self._get_opinion_threshold() and self._is_far_below_project():
            notes["project"] = self._get_project_note()
        return notes

    def _get_project_note(self):
        threshold = self._get_opinion_threshold()
        return tell(self.env)._(
            "Project cost: %(cost)s incl. tax, of %(threshold)s: no opinion of the "
            "DINUM.",
            cost=Money(self._get_taxed_value(), self.currency_id),
            threshold=Money(threshold.amount, threshold.currency_id),
        )

    def action_create_project(self):
        """Make the project of this purchase from what is known of it, and open it."""
        self.check_access("write")
        self.ensure_one()
        if not self.project_id:
            self.project_id = self.env["souverainete.project"].create(
                self._prepare_project()
            )
        return self.action_open_project()

    def _prepare_project(self):
        """Its object, and what it is worth as a first cost, € HT: to be completed."""
        worth = self._get_value()
        line = {
            "name": self.reference or self.name,
            "amount": worth.value,
            "amount_known": worth.known,
            "tax_basis": "ht",
        }
        return {
            "name": self.reference or self.name,
            "company_id": self.company_id.id,
            "cost_line_ids": [fields.Command.create(line)],
        }

    # === OPINION === #
    # What the DINUM's opinion on the project asks of the file.

    @api.depends("project_id.opinion_ids.state", "project_id.opinion_ids.date_due")
    def _compute_opinion_id(self):
        for file in self:
            opinion = file.project_id._get_governing_opinion()
            file.opinion_id = opinion
            file.opinion_state = opinion.state
            file.opinion_date_due = opinion.date_due

    def _is_project_refused(self):
        """Whether the DINUM's last answer refuses the project, or a letter that does
        awaits its confirmation."""
        project = self.sudo().project_id
        refused = project._get_last_answer()._is_binding_refusal()
        return refused or project._is_refusal_pending()

    def _check_may_leave(self):
        """A refusal is not left behind by changing the project: an officer who asked
        for nothing may say that the purchase belongs elsewhere."""
        user = self.env.user
        officer = user.has_group("souverainete_achat.group_officer")
        project = self.sudo().project_id
        opinions = project.opinion_ids
        asked = self._get_buyers() | opinions._get_askers()
        if officer and user not in asked:
            return
        raise UserError(
            self.env._(
                "The DINUM's opinion on %(project)s is unfavourable: only a compliance "
                "officer who neither buys nor asked for it gives %(file)s another "
                "project.",
                project=project.display_name,
                file=self.display_name,
            )
        )

    def _check_may_leave_for_none(self):
        """What the DINUM judges does not become a small purchase of its own by leaving
        its project: an officer says so."""
        if self.env.user.has_group("souverainete_achat.group_officer"):
            return
        for file in self.sudo():
            if file.project_id and file.project_id._get_opinion_required() == "yes":
                raise UserError(
                    self.env._(
                        "The DINUM's opinion is required on %(project)s: a compliance "
                        "officer takes %(file)s out of it, or gives it another one.",
                        project=file.project_id.display_name,
                        file=file.display_name,
                    )
                )

    def action_open_opinion(self):
        """Open the opinion that counts for the project of the file."""
        self.check_access("read")
        return self.opinion_id.get_formview_action()

    def _get_turn_role(self, role, code):
        """What was asked of the DINUM waits for it."""
        if code == "dinum_opinion" and self._is_opinion_awaited():
            return "dinum"
        return super()._get_turn_role(role, code)

    def _is_opinion_awaited(self):
        """Asked of the project, which costs no judgement."""
        running = self.need_id.project_id._is_opinion_running(self._get_threshold_day())
        awaited = running and self._is_rule_blocking("dinum_opinion")
        return awaited or super()._is_opinion_awaited()

    def _finding_dinum_opinion(self, options):
        """No contract phase before the opinion (arrêté of 5 June 2020, art. 3)."""
        project = self.need_id.project_id
        return project._get_opinion_gap(self._get_threshold_day()) if project else {}

    def _finding_project_initiator(self, options):
        """Who initiated the project decides whether the opinion binds."""
        project = self.need_id.project_id
        ministry = project.company_id.public_entity_type == "ministry"
        if not project or ministry or project.ministry_led:
            return {}
        if project._get_opinion_required(self._get_threshold_day()) != "yes":
            return {}
        return {
            str(project.id): tell(self.env)._(
                "Say, on the form of %(project)s, whether a ministry initiated or "
                "directs it: the opinion of the DINUM is then binding, whoever buys.",
                project=project.display_name,
            )
        }

    def _finding_opinion_stale(self, options):
        """Nothing says when an opinion lapses: the ministry is warned and decides."""
        opinion = self.need_id.project_id._get_governing_opinion()
        if opinion.state not in FAVOURABLE or not opinion._is_stale():
            return {}
        return {
            str(opinion.id): tell(self.env)._(
                "%(project)s now costs %(cost)s incl. tax, more than the %(basis)s the "
                "DINUM judged: decide whether to declare the opinion stale, on its "
                "form.",
                project=opinion.project_id.display_name,
                cost=Money(opinion.project_id._get_cost().value, opinion.currency_id),
                basis=Money(opinion.basis_cost, opinion.currency_id),
            )
        }

    def _finding_opinion_departure(self, options):
        """A simple opinion does not bind; going against it takes a reason."""
        opinion = self.need_id.project_id._get_last_answer()
        if not opinion or not opinion._is_departed_from():
            return {}
        return {str(opinion.id): opinion._get_departure_message()}

    def _finding_recommendations(self, options):
        """Each recommendation is followed, to be followed, or not, and why."""
        opinion = self.need_id.project_id._get_last_answer()
        unanswered = opinion._get_unanswered()
        if not unanswered or not opinion.confirmer_id:
            return {}
        return {
            str(opinion.id): tell(self.env)._(
                "Recommendations of the DINUM on %(project)s without an answer: "
                "%(count)s. Say on each, on the opinion, what is done of it.",
                count=len(unanswered),
                project=opinion.project_id.display_name,
            )
        }

    # === CRUD === #

    @contextmanager
    def _writing(self, vals):
        """A refused project is not left behind; a project, or another reason, ends the
        officer's declaration; a purchase that enters a project is compared with it."""
        moving = "project_id" in vals
        if moving:
            moved = self.filtered(lambda f: f.project_id.id != vals["project_id"])
            for file in moved.filtered(lambda f: f._is_project_refused()):
                file._check_may_leave()
            if not vals["project_id"]:
                moved._check_may_leave_for_none()
        restated = moving or "project_scope_reason" in vals
        if restated and not self._is_granted("write", vals):
            declared = self.filtered("project_scope_officer_id")
            declared._write_server({"project_scope_officer_id": False})
        with super()._writing(vals):
            yield
        if moving:
            self.sudo().likeness_ids._refresh_split()
