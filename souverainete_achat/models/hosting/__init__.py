from . import (
    component,
    component_evidence,
    component_gaps,
    derogation,
    derogation_decision,
    option,
    partner,
    qualification,
    qualification_validity,
    requisition,
    requisition_findings,
    service_type,
)
