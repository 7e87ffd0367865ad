from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.opening import open_dialog
from ..base.told import Named, tell
from ..study.statement import TO_WRITE
from .printable import printable

# Codes of the clauses on the qualification of the host.
QUALIFICATION, DEFERRAL = "qualification", "qualification_before_data"
# Those by which the contract takes the environment, and society, into account.
_SUSTAINABLE = ("environment", "social")


class PurchaseRequisition(models.Model):
    """What leaves with the consultation: its clauses and its tender documents, and when
    the qualification of the host must be valid."""

    _inherit = "purchase.requisition"

    qualification_deferred = fields.Boolean(
        string="Qualification before the first sensitive data",
        copy=False,
        help="The tender documents accept a qualification obtained after the "
        "notification, before any sensitive data is deposited. Said before launch, "
        "with its clause in the documents. Whether it is lawful is unverified: no text "
        "read speaks of it. Each order is then judged, unless it says that no "
        "sensitive data is deposited under it.",
        guard="judged",
    )
    has_deferral_clause = fields.Boolean(
        string="Clause carried",
        compute="_compute_has_deferral_clause",
        help="Whether the documents carry the clause “Qualification before the first "
        "sensitive data”.",
    )

    clause_ids = fields.Many2many(
        "souverainete.clause",
        "souverainete_requisition_clause_rel",
        string="Clauses carried",
        copy=False,
        domain=[("policy_state", "=", "active")],
        help="Clauses that the documents of the consultation carry. They are frozen "
        "at launch with their text, and leave in the tender documents.",
        guard="judged",
    )
    clause_reason = fields.Text(
        string="Why clauses are left out",
        copy=False,
        help="Reason for which clauses asked of such a purchase are not carried. An "
        "umbrella framework carries them all, whatever the reason.",
        guard="judged",
    )

    is_defence_contract = fields.Boolean(
        string="Defence or security contract",
        copy=False,
        help="Environmental and social considerations are not asked of it (loi "
        "2021-1104, art. 35).",
        guard="judged",
    )
    environment_criterion = fields.Char(
        string="Environmental criterion",
        copy=False,
        help="The award criterion that bears on environmental characteristics, where "
        "the grid has none with a weight.",
        guard="judged",
    )

    tender_ids = fields.One2many(
        "souverainete.tender",
        "requisition_id",
        string="Tender documents",
        readonly=True,
        help="What each launch of this file left with.",
    )

    @api.depends("clause_ids.code")
    def _compute_has_deferral_clause(self):
        for file in self:
            file.has_deferral_clause = file._carries_clause(DEFERRAL)

    def write(self, vals):
        if "qualification_deferred" in vals:
            self._check_deferral_is_open(bool(vals["qualification_deferred"]))
        return super().write(vals)

    # === LAUNCH === #
    def _get_launch_content(self):
        """Each added only where it is set: see the lots."""
        content = super()._get_launch_content()
        file = self.sudo()._with_document_lang()
        if self.qualification_deferred:
            content["qualification_deferred"] = True
        if clauses := file.clause_ids.sorted("id"):
            content["clauses"] = {clause.code: clause.text for clause in clauses}
        stated = ("clause_reason", "environment_criterion")
        reasons = {name: (file[name] or "").strip() for name in stated}
        content |= {name: reason for name, reason in reasons.items() if reason}
        if self.is_defence_contract:
            content["defence_contract"] = True
        return content

    def _on_launch(self):
        """Only what is published leaves; the archive itself waits for its first
        download, since making PDF documents takes seconds."""
        result = super()._on_launch()
        for need in self.sudo().filtered(lambda f: f._is_published()):
            need.env["souverainete.tender"]._freeze(need)
        return result

    def _get_statement_parts(self):
        """With the clauses that the documents carry, where the ministry writes them."""
        if not self._is_published():
            return super()._get_statement_parts()
        clauses = ", ".join(self.clause_ids.mapped("name")) or TO_WRITE
        said = self.env._("Clauses: %(clauses)s.", clauses=clauses)
        return [*super()._get_statement_parts(), said]

    def _prepare_new_agreement_vals(self, offer):
        """An agreement carries the clauses its consultation left with."""
        clauses = [fields.Command.set(self.clause_ids.ids)]
        return super()._prepare_new_agreement_vals(offer) | {"clause_ids": clauses}

    def _with_document_lang(self):
        """Documents are in French, where it is installed, whoever makes them: what is
        frozen does not depend on the language of who looks at it."""
        lang = self.env["res.lang"]._get_data(code="fr_FR").code
        return self.with_context(lang=lang or "en_US")

    # === QUALIFICATION DEFERRED === #
    # Valid at the notification or, if the tender documents say so, before the first
    # sensitive data.

    def _check_deferral_is_open(self, deferred):
        """It would repair what blocks: a lapse is not accepted afterwards."""
        late = self.filtered(
            lambda f: f.qualification_deferred != deferred and f._is_held()
        )
        if late:
            raise UserError(
                self.env._(
                    "%(files)s: when the qualification must be valid left with the "
                    "consultation, and is not changed afterwards.",
                    files=", ".join(late.mapped("display_name")),
                )
            )

    def _is_qualification_deferred(self):
        """Whether the documents of this need accept a qualification after the
        notification: said by the field, and carried by a clause."""
        return self.qualification_deferred and self._carries_clause(DEFERRAL)

    # === CLAUSES === #
    def _carries_clause(self, code):
        """Whether the documents of the file carry a version of this clause."""
        carried = self.clause_ids.filtered(lambda c: c.policy_state != "draft")
        return code in carried.mapped("code")

    def _get_data_clauses(self, codes):
        clauses = self.env["souverainete.clause"]._get_in_force(
            self.company_id, self.company_id._souverainete_today()
        )
        return clauses.filtered(lambda clause: clause.code in codes)

    def _get_clauses_asked(self):
        """Those in force at launch, or today: a later clause is not retroactive."""
        clauses = self.env["souverainete.clause"]._get_in_force(
            self.company_id, self._get_engaged_day()
        )
        subjects = self._get_clause_subjects()
        return clauses.filtered(lambda clause: clause._is_asked_of(subjects))

    def _get_clause_subjects(self):
        """What of this purchase decides which clauses are asked."""
        bound = not self.is_defence_contract
        law = {"any": bound, "formalised": bound and not self._is_adapted()}
        facts = {"umbrella": True} if self.is_umbrella else self._get_clause_facts()
        return {subject for subject, holds in (law | facts).items() if holds}

    def _get_clause_facts(self):
        """{subject: whether it is one of this purchase}."""
        return {
            self.purchase_nature: bool(self.purchase_nature),
            "cloud": self.purchase_nature == "cloud" or self.has_cloud == "yes",
            "sensitive": self.data_sensitivity == "sensitive",
        }

    def _is_adapted(self):
        """Whether the need is known to be below the formalised procedures."""
        amount, known = self._get_value()
        return known and self._is_below("formalised", amount)

    def _get_clauses_missing(self):
        """Clauses asked of this purchase of which it carries no version, nor the
        alternative."""
        carried = self.clause_ids.filtered(lambda c: c.policy_state != "draft")
        kept = {(c.company_id, code) for c in carried for code in c._get_kept_codes()}
        return self._get_clauses_asked().filtered(
            lambda clause: clause._get_version_key() not in kept
        )

    def _get_clauses_told(self):
        """Those that another rule asks already: one gap is told once."""
        told = set(_SUSTAINABLE)
        told |= {QUALIFICATION} if self._is_sensitive_cloud() else set()
        return self.need_id._get_data_clauses(told)

    # === FINDINGS === #
    def _get_judged_lists(self):
        return [*super()._get_judged_lists(), (self | self.need_id, "clause_ids")]

    def _finding_qualification_clause(self, options):
        """Sensitive data in a cloud: the holder is bound to stay qualified."""
        need = self.need_id
        if not self._is_sensitive_cloud() or need._carries_clause(QUALIFICATION):
            return {}
        return {
            "": tell(self.env)._(
                "Write in the documents the clause that the qualification is kept "
                "throughout the contract, then state it (page “Data and hosting”, "
                "button “The documents carry the clauses”)."
            )
        }

    def _finding_deferral_clause(self, options):
        """A qualification after the notification has its clause, or no ground."""
        need = self.need_id
        if not need.qualification_deferred or need._carries_clause(DEFERRAL):
            return {}
        return {
            "": tell(self.env)._(
                "The qualification is accepted after the notification, but the "
                "documents do not say so: write the clause in them and state it (page "
                "“Data and hosting”, button “The documents carry the clauses”), or "
                "untick it."
            )
        }

    def _finding_hosting_deferred(self, options):
        """What is signed before it is qualified, on a ground that is unverified."""
        if not self.need_id._is_sensitive():
            return {}
        today = self.company_id._souverainete_today()
        return options._collect(lambda component: component._get_deferred_point(today))

    def _finding_umbrella_clauses(self, options):
        if not self.is_umbrella:
            return {}
        return {
            clause.code: tell(self.env)._(
                "The framework does not carry the clause “%(clause)s”: write it in its "
                "documents, then add it on the page “Consultation”.",
                clause=Named(clause),
            )
            for clause in self._get_clauses_missing()
            if clause.code not in _SUSTAINABLE
        }

    def _finding_clauses_carried(self, options):
        need = self.need_id
        if need.is_umbrella or (need.clause_reason or "").strip():
            return {}
        missing = need._get_clauses_missing() - self._get_clauses_told()
        if not missing:
            return {}
        return {
            "": tell(self.env)._(
                "The documents of the consultation do not carry these clauses: "
                "%(clauses)s. Add them on the page “Consultation”, or write there why "
                "they are left out.",
                clauses=Named(missing),
            )
        }

    def _finding_sustainable(self, options):
        """What loi 2021-1104 asks of a consultation: a criterion on the environment,
        never the price alone, and conditions of execution."""
        need = self.need_id
        if need.is_defence_contract:
            return {}
        messages = need._get_criterion_gaps() if need._is_published() else {}
        missing = need._get_clauses_missing()
        for clause in missing.filtered(lambda c: c.code in _SUSTAINABLE):
            messages[clause.code] = tell(self.env)._(
                "The documents do not carry the clause “%(clause)s”: add it on the "
                "page “Consultation”, or say there that this is a defence or security "
                "contract.",
                clause=Named(clause),
            )
        return messages

    def _get_criterion_gaps(self):
        """{key: message} of what the award criteria of this need lack."""
        grid = self._get_award_grid()
        weighted = grid and grid.objective_ids.filtered("weight")
        if weighted and all(objective.is_price for objective in weighted):
            return {
                "price": tell(self.env)._(
                    "The price is the only criterion that ranks offers: one criterion "
                    "at least bears on environmental characteristics. Give weight to "
                    "another objective of the grid."
                )
            }
        if self._has_environment_criterion(weighted):
            return {}
        return {
            "criterion": tell(self.env)._(
                "No award criterion bears on environmental characteristics: give "
                "weight to “Durability” in the grid, or name the criterion on the page "
                "“Consultation”."
            )
        }

    def _has_environment_criterion(self, weighted):
        """Whether one is named, or one of these objectives of the grid is one."""
        durability = weighted and weighted.filtered(lambda o: o.code == "durability")
        named = (self.environment_criterion or "").strip()
        return bool(named or (durability and durability.criterion_ids))

    # === TENDER DOCUMENTS === #
    # What leaves, as plain data frozen at launch.

    def _get_tender(self):
        """What the current launch left with: frozen since, where it was launched
        before files kept it, from a grid and clauses that were frozen then."""
        launched = self.tender_ids.filtered(lambda t: t.date_launch == self.date_launch)
        if not launched:
            self._touch_evidence()
            launched = self.env["souverainete.tender"]._freeze(self)
        return launched[:1]

    def _check_has_tender(self):
        if self._get_judged_scope() == "out" or self.is_prior:
            raise UserError(
                self.env._(
                    "%(file)s is not a digital purchase, or was signed before the "
                    "rules: it has no tender documents.",
                    file=self.display_name,
                )
            )
        if not self.clause_ids and not self._get_tender_grids():
            raise UserError(
                self.env._(
                    "There is nothing to give yet: choose a grid in the tab "
                    "“Sovereignty”, or add clauses on the page “Consultation”."
                )
            )

    def _get_tender_grids(self):
        return self.grid_id | self.lot_ids.grid_id

    def _prepare_tender(self):
        """What leaves with the consultation, as plain data. Runs sudo."""
        need = self.sudo()._with_document_lang()
        launch = need.date_launch
        content = {
            "format": 1,
            "lang": need.env.lang,
            "file": need.name,
            "object": need.reference or "",
            "consultation": need.consultation_ref or "",
            "buyer": need.company_id.name,
            "launched_on": launch.isoformat() if launch else "",
            "digest": need.launch_digest or "",
            "lots": need._prepare_tender_lots(),
            "clauses": [
                clause._prepare_tender() for clause in need.clause_ids.sorted()
            ],
        }
        return printable(content)

    def _prepare_tender_lots(self):
        """One grid a lot; the whole need counts as one lot without a number."""
        if not self.lot_ids:
            return [{"number": "", "name": "", "grid": self._prepare_lot_grid(self)}]
        return [
            {
                "number": lot.number,
                "name": lot.name or "",
                "grid": self._prepare_lot_grid(lot),
            }
            for lot in self.lot_ids
        ]

    def _prepare_lot_grid(self, owner):
        """A lot without a grid of its own is judged on the need's."""
        grid = owner.grid_id or self.grid_id
        return grid._prepare_tender(self._get_asked_band()) if grid else None

    # === ACTIONS === #
    def action_open_consultation(self):
        return self._open_page("action_consultation_page")

    def action_carry_data_clauses(self):
        """State that the documents carry the clauses on the qualification."""
        self.check_access("read")
        for file in self:
            codes = {QUALIFICATION}
            codes |= {DEFERRAL} if file.qualification_deferred else set()
            file.clause_ids |= file._get_data_clauses(codes)

    def action_add_clauses(self):
        """State that the documents carry every clause asked of this purchase."""
        self.check_access("read")
        for file in self:
            file.clause_ids |= file._get_clauses_asked()

    def _complete_renewal(self):
        """The clauses asked of such a purchase are proposed, for what is published."""
        result = super()._complete_renewal()
        if self._is_published():
            self.action_add_clauses()
        return result

    def action_tender_documents(self):
        """Download what leaves with the consultation; before launch, a draft of it."""
        self.check_access("read")
        self.ensure_one()
        need = self.need_id
        need.check_access("read")
        need.sudo()._check_has_tender()
        if need.date_launch:
            return need.sudo()._get_tender().sudo(False).action_download()
        preview = self.env["souverainete.tender.preview"]
        return preview.create({"requisition_id": need.id})._get_download_action()

    def action_import_sheet(self):
        """Import the answer sheet a bidder returned."""
        self.check_access("read")
        self.ensure_one()
        return self._get_sheet_action()

    def _get_sheet_action(self, **context):
        return open_dialog(
            self.env["souverainete.answer.sheet"],
            self.env._("Import an answer sheet"),
            default_requisition_id=self.need_id.id,
            **context,
        )
