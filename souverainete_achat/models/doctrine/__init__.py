from . import (
    catalogue_search,
    journal,
    option,
    option_verdict,
    order,
    requisition,
    requisition_agreement,
    requisition_analysts,
    requisition_findings,
    requisition_outcome,
    solution,
)
