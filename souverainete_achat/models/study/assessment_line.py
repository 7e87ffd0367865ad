from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AssessmentLine(models.Model):
    """The answer of a solution to one criterion, with its proof."""

    _name = "souverainete.assessment.line"
    _inherit = ["souverainete.guarded"]
    _description = "Answer of a shared assessment"
    _order = "criterion_id, id"
    _rec_name = "criterion_id"
    _criterion_uniq = models.Constraint(
        "UNIQUE (assessment_id, criterion_id)",
        "A shared assessment answers each criterion once.",
    )

    assessment_id = fields.Many2one(
        "souverainete.assessment", required=True, index=True, ondelete="cascade"
    )
    grid_id = fields.Many2one(related="assessment_id.grid_id")
    criterion_id = fields.Many2one(
        "souverainete.criterion",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('grid_id', '=', grid_id)]",
    )
    level_id = fields.Many2one(
        "souverainete.level",
        string="Answer",
        required=True,
        ondelete="restrict",
        domain="[('criterion_id', '=', criterion_id)]",
    )
    source = fields.Char(help="Document, clause or page the answer was read in.")
    source_url = fields.Char(string="Source address")
    confidence = fields.Selection(
        [("high", "High"), ("medium", "Medium"), ("low", "Low")]
    )
    evidence = fields.Text(help="What the source says, in a few words or as a quote.")
    date = fields.Date(string="Assessed on")

    @api.constrains("assessment_id", "criterion_id", "level_id")
    def _check_place(self):
        for line in self:
            criterion = line.criterion_id
            if line.level_id.criterion_id != criterion or (
                criterion.grid_id != line.assessment_id.grid_id
            ):
                raise ValidationError(
                    self.env._(
                        "“%(criterion)s” is answered on its own ladder, within the "
                        "grid of the assessment.",
                        criterion=criterion.display_name,
                    )
                )

    def _get_copy_key(self):
        """(criterion, link): the question it answers, of the whole."""
        return (self.criterion_id.id, ())

    def _prepare_proof(self):
        """The answer and what proves it, as values to copy."""
        assessment = self.assessment_id
        return {
            "level_id": self.level_id.id,
            "source": self.source or assessment.source,
            "source_url": self.source_url,
            "evidence": self.evidence,
            "confidence": self.confidence or assessment.confidence,
            "date": self.date or assessment.date,
        }
