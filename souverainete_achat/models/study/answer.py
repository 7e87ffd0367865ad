from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from . import scoring


class Question(NamedTuple):
    """A criterion, asked of one link of the chain; of the whole where none is given.

    Its fields are those of an answer that tell it apart on its option.
    """

    criterion_id: int
    component_id: int | bool = False


class Answer(models.Model):
    """What is known of one option on one criterion. No rung chosen: not assessed."""

    _name = "souverainete.answer"
    _inherit = ["souverainete.declaration"]
    _description = "Answer of an option to a criterion"
    _order = "option_id, criterion_id, id"
    _rec_name = "criterion_id"
    _file_path = "option_id.requisition_id"
    _option_question_uniq = models.UniqueIndex(
        "(option_id, criterion_id, COALESCE(component_id, 0))",
        "An option answers each criterion once, or once a link of its chain: correct "
        "the answer it already has.",
    )

    option_id = fields.Many2one(
        "souverainete.option", required=True, index=True, ondelete="cascade"
    )
    requisition_id = fields.Many2one(
        related="option_id.requisition_id", store=True, index=True, guard="server"
    )
    company_id = fields.Many2one(
        related="option_id.company_id", store=True, index=True, guard="server"
    )
    criterion_id = fields.Many2one(
        "souverainete.criterion", required=True, index=True, ondelete="restrict"
    )
    objective_id = fields.Many2one(
        related="criterion_id.objective_id", store=True, index=True, guard="server"
    )
    grid_id = fields.Many2one(
        related="criterion_id.grid_id", store=True, index=True, guard="server"
    )
    how_to_answer = fields.Text(related="criterion_id.help")
    is_current = fields.Boolean(
        string="Current grid",
        compute="_compute_is_current",
        store=True,
        help="The criterion is asked of the option today, by the grid it is assessed "
        "with. Other answers are kept, and count for nothing.",
        guard="server",
    )
    level_id = fields.Many2one(
        "souverainete.level",
        string="Answer",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('criterion_id', '=', criterion_id)]",
        help="Empty: not assessed. What is not known is not worth zero: it widens the "
        "interval of the score.",
    )
    state = fields.Selection(
        [
            ("not_assessed", "Not assessed"),
            ("to_confirm", "To be confirmed"),
            ("assessed", "Assessed"),
            ("left_blank", "Left blank by the bidder"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        guard="server",
    )
    source = fields.Char(
        help="Document, clause or page the answer was read in, so that it can be "
        "checked again."
    )
    source_url = fields.Char(string="Source address")
    confidence = fields.Selection(
        [("high", "High"), ("medium", "Medium"), ("low", "Low")],
        help="How far the source can be relied on: proved by a third party, stated by "
        "a public document, or only announced.",
    )
    evidence = fields.Text(help="What the source says, in a few words or as a quote.")
    evidence_file = fields.Binary(string="Document", attachment=True)
    evidence_filename = fields.Char(string="Document name")
    date = fields.Date(
        string="Assessed on",
        compute="_compute_date",
        store=True,
        readonly=False,
        help="Day the answer was established. An aged answer is pointed out; its score "
        "does not move.",
    )

    to_confirm = fields.Boolean(
        string="To be confirmed",
        copy=False,
        help="Copied from elsewhere, and confirmed by nobody for this option: it "
        "counts for nothing until then.",
    )
    copied_from = fields.Char(
        copy=False,
        help="Where the answer was first given: another option, the shared assessment "
        "of the solution, or the bidder's own sheet.",
        guard="server",
    )

    option_kind = fields.Selection(related="option_id.kind", string="Kind of option")
    bid_text = fields.Text(
        string="What the bid says",
        help="The bidder's own words. Once recorded they are never altered.",
    )
    bid_level_id = fields.Many2one(
        "souverainete.level",
        string="Level the bidder claims",
        ondelete="restrict",
        domain="[('criterion_id', '=', criterion_id)]",
        help="As the bid states it. The evaluator records their own answer beside it.",
    )
    left_blank = fields.Boolean(
        string="Left blank by the bidder",
        help="The bid says nothing of this: it is scored as the grid publishes it, "
        "which is not the same as not assessed yet.",
    )
    level_reason = fields.Text(
        string="Reason of the evaluator",
        help="Why this answer was chosen, in particular where the bid claims another.",
    )
    component_id = fields.Many2one(
        "souverainete.component",
        string="Link of the chain",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('option_id', '=', option_id)]",
        help="Publisher, operator, host or subcontractor this answer is about: the "
        "weakest link counts. Empty: the option as a whole.",
    )
    link_name = fields.Char(
        string="Link",
        compute="_compute_link_name",
        compute_sudo=True,
        help="Part this link plays in the chain, and who plays it.",
    )

    # === WHAT IS ANSWERED === #

    @api.model
    def _get_place_fields(self):
        """Names of the fields that say what a line answers, and of what."""
        return frozenset({"option_id", *Question._fields})

    def _get_question(self):
        return Question(self.criterion_id.id, self.component_id.id)

    def _get_answer_text(self):
        """What was answered, in words. Empty recordset: not assessed."""
        if self.level_id:
            return self.level_id.name
        if self.left_blank:
            return self.env._("Left blank by the bidder")
        return self.env._("Not assessed")

    def _is_blank(self):
        """Nothing was recorded here: the line was only prepared."""
        self.ensure_one()
        recorded = (
            "level_id",
            "source",
            "source_url",
            "evidence",
            "evidence_file",
            "bid_text",
            "bid_level_id",
            "left_blank",
        )
        return not any(self[name] for name in recorded)

    def _is_scored(self):
        """Whether the answer counts: a rung was chosen here, or the bid says nothing;
        of a link, only where the grid asks link by link."""
        asked = self.criterion_id.per_link or not self.component_id
        return asked and (self._is_assessed() or self.left_blank)

    def _is_assessed(self):
        """A rung was chosen for this very option, or a copied one confirmed for it."""
        return bool(self.level_id) and not self.to_confirm

    def _get_scoring_answer(self):
        """This answer as plain data for `scoring.assess`."""
        if self.level_id:
            return self.level_id._get_scoring_answer()
        return scoring.Answer(*self.criterion_id._get_blank_answer())

    def _get_launch_item(self):
        """What was asked of what, and what is frozen of its answer at launch."""
        self.ensure_one()
        key = f"{self.objective_id.code}/{self.criterion_id.code}"
        if self.component_id:
            key = f"{key}/{self.component_id.id}"
        return key, {
            "level": self.level_id.level,
            "points": self.level_id.points,
            "source": self.source or "",
            "source_url": self.source_url or "",
            "evidence": self.evidence or "",
            "document": self.evidence_filename or "",
            "confidence": self.confidence or "",
            "date": self.date and self.date.isoformat() or "",
        }

    # === ON ITS CARD === #

    def _prepare_card(self):
        """The card of this question: plain data for the screen."""
        criterion = self.criterion_id
        return {
            "id": self.id,
            "objective": self.objective_id.name,
            "name": criterion.name,
            "link": self.link_name or "",
            "help": criterion.help or "",
            "levels": [rung._prepare_card() for rung in criterion.level_ids],
            "level_id": self.level_id.id,
            "left_blank": self.left_blank,
            "done": self._is_scored(),
            "to_confirm": self.to_confirm,
            "copied_from": self.copied_from or "",
            "source": self.source or "",
            "evidence": self.evidence or "",
            "confidence": self.confidence or "",
            **self._prepare_bid_card(),
        }

    def _prepare_bid_card(self):
        """What the bidder says, beside which the evaluator answers."""
        return {
            "bid_level_id": self.bid_level_id.id,
            "bid_text": self.bid_text or "",
            "level_reason": self.level_reason or "",
            "lacks_reason": self._lacks_reason(),
        }

    def _get_next_level(self):
        """The nearest rung above what was answered."""
        reached = self._get_scoring_answer().level
        above = self.criterion_id.level_ids.filtered(lambda rung: rung.level > reached)
        return above.sorted(lambda rung: (rung.level, rung.points))[:1]

    def _get_step_cost(self, rung):
        """What orders the steps up to `rung`: the shortest, then the most gained."""
        reached = self._get_scoring_answer()
        return int(rung.level) - int(reached.level), reached.points - rung.points

    def _is_open(self):
        """Nothing was answered here."""
        return not (self.level_id or self.left_blank)

    def _get_copy_key(self):
        """(criterion, link): the same question, asked of another option."""
        link = self.component_id
        return (
            self.criterion_id.id,
            (link.role, link.partner_id.id or link.name) if link else (),
        )

    def _prepare_proof(self):
        """The answer and what proves it, as values to copy."""
        return {
            "level_id": self.level_id.id,
            "source": self.source,
            "source_url": self.source_url,
            "evidence": self.evidence,
            "confidence": self.confidence,
            "date": self.date,
        }

    @api.model
    def _get_kept_documents(self, documents):
        """Those among `documents` that support what was judged at the award."""
        return documents.filtered(
            lambda document: (
                document.res_field == "evidence_file"
                and self.browse(document.res_id).option_id._is_settled()
            )
        )

    # === WHAT THE BID SAYS === #
    # It is never altered; what the evaluator makes of it stands beside it.

    @api.model
    def _get_bid_fields(self):
        """Names of the fields that keep the bidder's own words."""
        return frozenset({"bid_text", "bid_level_id"})

    def _is_said(self):
        """Whether the bid says something of this."""
        return any(self[name] for name in self._get_bid_fields())

    def _lacks_reason(self):
        """The evaluator departs from what the bid claims without saying why."""
        claimed, chosen = self.bid_level_id, self.level_id
        departs = claimed and chosen and claimed != chosen
        return bool(departs) and not (self.level_reason or "").strip()

    # === COMPUTE METHODS === #

    @api.depends(
        "component_id",
        "criterion_id.grid_id",
        "criterion_id.per_link",
        "option_id.band",
        "option_id.grid_id",
        "option_id.kind",
    )
    def _compute_is_current(self):
        for answer in self:
            criterion = answer.criterion_id
            asked = criterion.per_link or not answer.component_id
            grid = answer.option_id.grid_id
            current = asked and criterion.grid_id == grid
            answer.is_current = current and answer.option_id._get_scored(criterion)

    @api.depends("left_blank", "level_id", "to_confirm")
    def _compute_state(self):
        for answer in self:
            if answer.left_blank:
                answer.state = "left_blank"
            elif answer.level_id:
                answer.state = "to_confirm" if answer.to_confirm else "assessed"
            else:
                answer.state = "not_assessed"

    @api.depends("level_id")
    def _compute_date(self):
        for answer in self:
            company = answer.company_id or self.env.company
            answer.date = answer.level_id and company._souverainete_today()

    @api.depends_context("lang")
    @api.depends("component_id.display_name", "component_id.role")
    def _compute_link_name(self):
        """One provider may play several parts: each is named with its own."""
        for answer in self:
            link = answer.component_id
            parts = (link._get_role_label(), link.name or link.partner_id.name)
            answer.link_name = " – ".join(filter(None, parts)) if link else False

    # === CONSTRAINTS === #

    @api.constrains("criterion_id", "level_id")
    def _check_level(self):
        wrong = self.filtered(
            lambda a: a.level_id and a.level_id.criterion_id != a.criterion_id
        )
        if wrong:
            raise ValidationError(
                self.env._(
                    "An answer is chosen on the ladder of its own criterion. Choose "
                    "another answer for: %(criteria)s.",
                    criteria=", ".join(wrong.criterion_id.mapped("display_name")),
                )
            )

    @api.constrains("date")
    def _check_date(self):
        for answer in self.filtered("date"):
            if answer.date > answer.company_id._souverainete_today():
                raise ValidationError(
                    self.env._(
                        "An answer cannot be dated in the future: correct the date of "
                        "“%(criterion)s”.",
                        criterion=answer.criterion_id.display_name,
                    )
                )

    @api.constrains("left_blank", "level_id", "bid_text", "bid_level_id")
    def _check_bid(self):
        for answer in self:
            said = answer.level_id or answer.bid_text or answer.bid_level_id
            if answer.left_blank and said:
                raise ValidationError(
                    self.env._(
                        "“%(criterion)s” is left blank by the bidder, or it is "
                        "answered: not both.",
                        criterion=answer.criterion_id.display_name,
                    )
                )
            answer._check_bid_is_an_offers()

    def _check_bid_is_an_offers(self):
        said = self.left_blank or self.bid_text or self.bid_level_id
        if said and self.option_id.kind != "offer":
            raise ValidationError(
                self.env._(
                    "%(option)s is studied from public sources: it is not a bid, and "
                    "leaves nothing blank.",
                    option=self.option_id.display_name,
                )
            )
        if self.bid_level_id and self.bid_level_id.criterion_id != self.criterion_id:
            raise ValidationError(
                self.env._("The level claimed is one of the criterion's own ladder.")
            )

    @api.constrains("to_confirm", "copied_from", "level_id")
    def _check_copied(self):
        """What is copied into an offer is the level its own bidder claims, never what
        a catalogue or another option says."""
        foreign = self.filtered(
            lambda answer: (
                answer.option_id.kind == "offer"
                and answer.to_confirm
                and answer.level_id != answer.bid_level_id
            )
        )
        if foreign:
            raise ValidationError(foreign.option_id._get_no_copy_message())

    def _check_bid_unaltered(self, vals):
        """The bid's words, and its silence, stay as they were received, whoever
        evaluates them."""
        for name in self._get_bid_fields() & set(vals):
            field = self._fields[name]
            for answer in self.filtered(name):
                if field.convert_to_write(answer[name], answer) != vals[name]:
                    raise UserError(
                        self.env._(
                            "What the bid says of “%(criterion)s” is never altered: "
                            "record your own answer and its reason beside it.",
                            criterion=answer.criterion_id.display_name,
                        )
                    )

    @api.constrains("component_id", "criterion_id", "option_id")
    def _check_link(self):
        for answer in self.filtered("component_id"):
            if answer.component_id.option_id != answer.option_id:
                raise ValidationError(
                    self.env._(
                        "%(link)s is no link of the chain of %(option)s: choose one of "
                        "its own components.",
                        link=answer.component_id.display_name,
                        option=answer.option_id.display_name,
                    )
                )
            if not answer.criterion_id.per_link:
                raise ValidationError(
                    self.env._(
                        "“%(criterion)s” is asked of the option as a whole, not link "
                        "by link: answer it without a link.",
                        criterion=answer.criterion_id.display_name,
                    )
                )

    def _check_same_question(self, vals):
        """What was said of one option on one question is never turned into another."""
        for name in self._get_place_fields() & set(vals):
            if any(answer[name].id != (vals[name] or False) for answer in self):
                raise UserError(
                    self.env._(
                        "An answer stays with its option and its criterion: make "
                        "another answer instead of moving this one."
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        answers = super().create(vals_list)
        answers.option_id._check_not_settled()
        return answers

    def write(self, vals):
        self._check_bid_unaltered(vals)
        self.option_id._check_not_settled()
        self._check_same_question(vals)
        return super().write(self._get_chosen_vals(vals))

    @api.model
    def _get_chosen_vals(self, vals):
        """Choosing an answer, or taking it back, leaves nothing to confirm."""
        if "level_id" in vals or vals.get("left_blank"):
            return {"to_confirm": False} | vals
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_settled(self):
        self.option_id._check_not_settled()

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_bid(self):
        if self.filtered(lambda a: a._is_said()):
            raise UserError(
                self.env._("What a bid says is evidence and cannot be deleted.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_linked(self):
        """A link nobody assessed cannot be hidden by taking its line away."""
        if self._is_granted("unlink"):
            return
        if kept := self.filtered(lambda a: a.component_id and a.is_current):
            raise UserError(
                self.env._(
                    "%(link)s is a link of the chain, and is asked about as long as it "
                    "is one: empty its answer, or take the component out of the option "
                    "(tab “Hosting”).",
                    link=kept[0].component_id.display_name,
                )
            )
