from odoo import api, models

from ..base.text import is_blank
from ..base.told import Label, tell
from . import band
from .statement import TO_WRITE, is_unwritten


class Proportion(models.AbstractModel):
    """A file that is asked about in proportion to what it is worth and to its data, and
    that says in words what this changed."""

    _name = "souverainete.proportion"
    _inherit = ["souverainete.gated"]
    _description = "Purchase file asked about in proportion"

    @api.depends_context("lang")
    @api.depends("amount_estimated", "amount_estimated_known", "date_launch")
    def _compute_asked_note(self):
        for file in self:
            file.asked_note = file.is_digital and file._read_note("asked")

    def _get_notes(self):
        notes = super()._get_notes()
        if self._is_band_unknown():
            notes["asked"] = tell(self.env)._(
                "Give the estimated value: it says what is asked."
            )
        elif (asked := self._get_asked_band()) != band.NONE:
            notes["asked"] = tell(self.env)._(
                "Criteria: %(band)s.",
                band=Label("purchase.requisition", "asked_band", asked),
            )
        return notes

    # === CRITERIA ASKED === #
    # In proportion to what the need is worth and to its data: policy of the ministry.

    def _get_asked_band(self):
        """The criteria asked for this file (see `band`): those of its launch, which no
        later amount changes."""
        need = self.need_id or self
        return (need.date_launch and need.asked_band) or need._derive_band()

    def _derive_band(self):
        """A value that is not known is below nothing."""
        circuit, value = self._get_circuit(), self._get_value()
        if circuit == "light":
            return band.NONE
        if circuit == "reinforced" or not value.known:
            return band.FULL
        extended = self._is_reached("criteria", value.value)
        return band.EXTENDED if extended else band.BASE

    def _is_band_unknown(self):
        """Whether nobody can say yet which criteria are asked: the value first."""
        return self._get_circuit() == "standard" and not self._get_value().known

    def _finding_sovereignty_coverage(self, options):
        self.ensure_one()
        if self.need_id._is_band_unknown():
            return {
                "value": tell(self.env)._(
                    "Give the estimated value first: it says which criteria are asked. "
                    "Until it is known, all of them are."
                )
            }
        return {
            str(option.id): option._conceal(
                tell(self.env)._(
                    "%(option)s: %(missing)s of %(asked)s criteria are not assessed. "
                    "Open the option, page Sovereignty.",
                    option=option.name,
                    missing=option.unassessed_count,
                    asked=len(option._get_asked_criteria()),
                )
            )
            for option in self._get_ways_to_assess(options)
            if option.unassessed_count
        }

    def _get_ways_to_assess(self, options):
        """Each way of meeting the need is graded once: an option of a way that another
        one of it was graded for is not asked again."""
        asked = self._get_options_to_assess(options)
        graded = {
            o.path for o in asked if o.kind == "studied" and not o.unassessed_count
        }
        return asked.filtered(lambda o: o.kind == "offer" or o.path not in graded)

    def _get_options_to_assess(self, options):
        """Options under judgement or, before any is retained, those being studied."""
        return options or self.need_id.judged_option_ids.filtered(
            lambda option: option.kind == "studied" and option.verdict != "rejected"
        )

    # === STATEMENT === #
    # Drafted from what is known, to be edited: what nobody knows is left to write.

    def action_draft_statement(self):
        """Draft the statement from the study; what was written already stays."""
        self.check_access("write")
        self.ensure_one()
        if is_blank(self.sovereignty_statement):
            parts = self._get_statement_parts()
            self.sovereignty_statement = "\n".join(parts)

    def _get_statement_parts(self):
        """Sentences of the draft: the need, what the study showed, the criteria."""
        return [
            self.env._(
                "Need: %(effect)s",
                effect=self.need_effect or self.reference or TO_WRITE,
            ),
            *self._get_study_texts(),
            *self._get_criteria_texts(),
        ]

    def _get_criteria_texts(self):
        """What bidders are asked, where there are bidders."""
        if not self._is_published():
            return []
        return [
            self.env._(
                "Criteria: bidders are asked about %(criteria)s.",
                criteria=self.grid_id._get_announced_text(self._get_asked_band()),
            )
        ]

    def _get_study_texts(self):
        """What was answered of the ways studied; else what is left to write of them."""
        studied = self.studied_ids.filtered(lambda o: o.verdict != "rejected")
        graded = studied.filtered(lambda o: o._get_assessed_answers())
        shown = [option._get_axes_text() for option in graded or studied]
        return shown or [self.env._("What the study showed: %(gap)s", gap=TO_WRITE)]

    def _finding_award_statement(self, options):
        """At award: how what was announced weighed in the choice of each offer."""
        return {
            str(offer.id): offer._conceal(
                tell(self.env)._(
                    "%(offer)s: say how the announced criteria weighed in the choice, "
                    "on the offer, tab “Examination and verdict”: it is drafted from "
                    "the grades.",
                    offer=offer.name,
                )
            )
            for offer in options & self._get_consulted_offers()
            if is_unwritten(offer.award_statement)
        }
