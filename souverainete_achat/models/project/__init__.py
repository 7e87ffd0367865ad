from . import (
    cost_line,
    cost_line_amounts,
    project,
    project_cost,
    project_explanation,
    requisition,
    requisition_findings,
    threshold,
)
