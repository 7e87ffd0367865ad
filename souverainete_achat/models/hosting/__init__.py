from . import (
    component,
    component_evidence,
    component_gaps,
    derogation,
    derogation_bounds,
    derogation_decision,
    option,
    partner,
    requisition,
    requisition_findings,
)
