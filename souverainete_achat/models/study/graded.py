from odoo import Command, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Options of other needs that answers are proposed to be copied from.
_MOST_SOURCES = 8
# Offers that one click retains once they are graded: beyond, the list compares them.
_MOST_ACTS = 5


class Graded(models.AbstractModel):
    """An option graded card by card: one criterion a card, its levels in full.

    What was said elsewhere of a studied solution can be copied, to be confirmed. Into
    an offer nothing is copied but what its own bidder claims.
    """

    _name = "souverainete.graded"
    _description = "Graded card by card"

    # === CARDS === #

    def action_grade(self):
        """Open the cards of this option."""
        self.check_access("read")
        self.ensure_one()
        if self.has_missing_answers and self._is_gradable():
            self._refresh_questions()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "souverainete_achat.action_grade_cards"
        )
        return action | {
            "display_name": self.env._("Grade %(option)s", option=self.name),
            "params": {"option_id": self.id},
        }

    def action_read_cards(self):
        """What the cards show of this option, as plain data."""
        self.check_access("read")
        self.ensure_one()
        cards = self._get_cards()
        return {
            "option": self.name,
            "is_offer": self.kind == "offer",
            "file": self.requisition_id.display_name,
            "file_id": self.requisition_id.id,
            "grid": self.grid_id.display_name or "",
            "cards": cards,
            "done": sum(card["done"] for card in cards),
            "to_confirm": sum(card["to_confirm"] for card in cards),
            "can_write": self._is_gradable(),
            "can_share": self._is_shareable(),
            "level_reached": self.level_reached,
            "score": self._get_score_text() if self.score_known else "",
            "cap": self._get_cap(),
            "sources": self._get_grade_sources() if self._is_gradable() else [],
            "next": self._prepare_next_to_grade(),
            "acts": self._prepare_acts_once_graded(),
        }

    def _prepare_acts_once_graded(self):
        """[{name, id, label}] of what grading was for, one click away: the statement of
        the study, or each offer that may be retained, the best ranked first."""
        file = self.requisition_id
        if not file.has_access("write"):
            return []
        if self.kind == "studied":
            label = self.env._("Draft the statement from the study")
            act = {"name": "action_draft_file_statement", "id": self.id, "label": label}
            return [] if file.sovereignty_statement else [act]
        return [
            {
                "name": "action_retain",
                "id": offer.id,
                "label": self.env._("Retain %(offer)s", offer=offer.name),
            }
            for offer in self._get_rivals_to_retain()
        ]

    def _get_rivals_to_retain(self):
        """The offers of its competition, while each waits for its verdict."""
        place = self._get_competition()
        rivals = self.requisition_id.offer_ids.filtered(
            lambda o: o._get_competition() == place
        )
        if rivals.filtered(lambda o: o.verdict != "pending"):
            return self.browse()
        return rivals.sorted(lambda o: (o.ranking or len(rivals), o.id))[:_MOST_ACTS]

    def action_draft_file_statement(self):
        """Draft the statement of the file from the grades of its study."""
        self.check_access("read")
        self.ensure_one()
        return self.requisition_id.action_draft_statement()

    def _prepare_next_to_grade(self):
        """{id, name} of the next option of this kind that is left to grade."""
        file = self.requisition_id
        options = file.offer_ids if self.kind == "offer" else file.studied_ids
        left = options.filtered(
            lambda o: o != self and o.unassessed_count and o.verdict != "rejected"
        )
        return {"id": left[0].id, "name": left[0].name} if left else None

    def _is_gradable(self):
        """Whether its answers can still be given by this user."""
        file = self.requisition_id
        left = self.kind == "studied" and file.date_launch
        closed = left or file.state in ("done", "cancel") or self._is_settled()
        return self.has_access("write") and not closed

    def _get_card_answers(self):
        """Its answers, in the order of the grid."""
        asked = self._get_asked_criteria()
        answers = self.current_answer_ids.filtered(lambda a: a.criterion_id in asked)
        rank = {criterion: n for n, criterion in enumerate(self.grid_id.criterion_ids)}
        return answers.sorted(lambda a: (rank[a.criterion_id], a.id))

    def _get_cards(self):
        """One card a question: all the screen needs of it."""
        return [answer._prepare_card() for answer in self._get_card_answers()]

    # === WHAT CAPS THE LEVEL === #

    def _get_cap(self):
        """{names, step}: what holds the level down, and the cheapest step up; None
        where nothing is answered or nothing can be raised."""
        capping = self._get_capping_answers()
        steps = [(answer, answer._get_next_level()) for answer in capping]
        steps = [(answer, rung) for answer, rung in steps if rung]
        if not steps:
            return None
        answer, rung = min(steps, key=lambda step: step[0]._get_step_cost(step[1]))
        return {
            "names": capping.mapped("display_name"),
            "answer_id": answer.id,
            "criterion": answer.display_name,
            "level": rung.level,
            "step": rung.name,
        }

    def _get_capping_answers(self):
        """Those whose level is the one reached: the lowest."""
        return self._get_card_answers().filtered(
            lambda answer: (
                answer._is_scored()
                and answer._get_scoring_answer().level == self.level_reached
            )
        )

    # === COPIES === #

    def _get_no_copy_message(self):
        return self.env._(
            "%(offer)s is an offer: it is graded on what its own bidder says. Nothing "
            "of the catalogue or of another option is copied into it.",
            offer=", ".join(self.mapped("name")),
        )

    def _get_grade_sources(self):
        """[{kind, id, name, count}]: whence answers may be copied here."""
        sources = self._get_own_sources()
        if self.kind == "offer":
            return sources
        if assessment := self._get_shared_assessment():
            sources.append(assessment._prepare_grade_source())
        options = self._get_alike_options()
        return sources + [option._prepare_grade_source() for option in options]

    def _get_own_sources(self):
        """What the bidder's own sheet claims, level by level."""
        claimed = self._get_card_answers().filtered("bid_level_id")
        if self.kind != "offer" or not claimed:
            return []
        name = self.env._("the bidder's own sheet")
        return [{"kind": "sheet", "id": 0, "name": name, "count": len(claimed)}]

    def _get_shared_assessment(self):
        return self.solution_id.assessment_ids.filtered(
            lambda assessment: assessment.grid_id == self.grid_id
        )[:1]

    def _get_alike_options(self):
        """Options studied on the same grid: of the same solution or need first."""
        near = Domain("requisition_id", "=", self.requisition_id.id)
        if self.solution_id:
            near |= Domain("solution_id", "=", self.solution_id.id)
        options = self.search(
            near
            & Domain("kind", "=", "studied")
            & Domain("grid_id", "=", self.grid_id.id)
            & Domain("level_reached", "!=", False)
            & Domain("id", "!=", self.id),
            order="id desc",
            limit=_MOST_SOURCES,
        )
        return options.sorted(lambda o: o.solution_id != self.solution_id)

    def _prepare_grade_source(self):
        return {
            "kind": "option",
            "id": self.id,
            "name": f"{self.name} ({self.requisition_id.name})",
            "count": len(self._get_assessed_answers()),
        }

    def action_copy_grades(self, kind, source_id=0):
        """Fill what is not answered yet from a source, to be confirmed.

        :param kind: `option`, `assessment`, or `sheet`, the offer's own
        """
        self.check_access("write")
        self.ensure_one()
        given = self._get_given_answers(kind, source_id)
        with self.requisition_id.sudo()._judging_change():
            for answer in self._get_card_answers().filtered(lambda a: a._is_open()):
                if vals := given.get(answer._get_copy_key()):
                    answer._write_server(vals | {"to_confirm": True})

    def _get_given_answers(self, kind, source_id):
        """{key: values} of what the source says."""
        if kind == "sheet":
            return self._get_claimed_answers()
        if self.kind == "offer":
            raise UserError(self._get_no_copy_message())
        named = isinstance(kind, str) and isinstance(source_id, int)
        model = named and {
            "option": "souverainete.option",
            "assessment": "souverainete.assessment",
        }.get(kind)
        if not model:
            raise UserError(self.env._("Choose what the answers are copied from."))
        source = self.env[model].browse(source_id)
        source.check_access("read")
        return source._get_shared_answers()

    def _get_claimed_answers(self):
        label = self.env._("The bidder's own sheet")
        return {
            answer._get_copy_key(): {
                "level_id": answer.bid_level_id.id,
                "copied_from": label,
            }
            for answer in self.answer_ids.filtered("bid_level_id")
        }

    def _get_shared_answers(self):
        """What this study may lend to another: its confirmed answers and their
        proofs."""
        if self.kind == "offer":
            raise UserError(self._get_no_copy_message())
        label = self._prepare_grade_source()["name"]
        return {
            answer._get_copy_key(): answer._prepare_proof() | {"copied_from": label}
            for answer in self._get_assessed_answers()
        }

    def action_confirm_grades(self):
        """What was copied is true of this option: it counts from now on."""
        self.check_access("write")
        self._get_card_answers().filtered("to_confirm").write({"to_confirm": False})

    # === SHARING === #

    def _is_shareable(self):
        """A study of a catalogued solution, whose answers others may reuse."""
        shared = self.env["souverainete.assessment"]
        return (
            self.kind == "studied"
            and bool(self.solution_id and self._get_assessed_answers())
            and shared.has_access("create")
        )

    def action_share_grades(self):
        """Keep these answers in the catalogue, as the solution's shared assessment."""
        self.check_access("read")
        self.ensure_one()
        if not self._is_shareable():
            raise UserError(
                self.env._(
                    "Only the answers of a studied option, about a solution of the "
                    "catalogue, are shared: those of an offer never are."
                )
            )
        vals = self._prepare_assessment()
        if assessment := self._get_shared_assessment():
            assessment.write(vals)
        else:
            self.env["souverainete.assessment"].create(
                vals | {"solution_id": self.solution_id.id, "grid_id": self.grid_id.id}
            )

    def _prepare_assessment(self):
        weakest = self._get_weakest_answers()
        return {
            "date": self.company_id._souverainete_today(),
            "source": self.env._(
                "Study of “%(file)s” by %(ministry)s",
                file=self.requisition_id.display_name,
                ministry=self.company_id.name,
            ),
            "line_ids": [
                Command.clear(),
                *(
                    Command.create(
                        answer._prepare_proof()
                        | {"criterion_id": answer.criterion_id.id}
                    )
                    for answer in weakest
                ),
            ],
        }

    def _get_weakest_answers(self):
        """One answer a criterion: of several links, that of the weakest."""
        answers = self._get_assessed_answers()
        return answers.browse().union(
            *(
                group.sorted(lambda a: (a.level_id.level, a.level_id.points))[:1]
                for group in answers.grouped("criterion_id").values()
            )
        )
