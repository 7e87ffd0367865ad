from . import (
    opinion,
    opinion_basis,
    opinion_clock,
    opinion_gap,
    opinion_record,
    opinion_registration,
    opinion_steps,
    opinion_submission,
    project_opinion,
    requisition,
    requisition_findings,
    suspension,
)
