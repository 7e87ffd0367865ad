from . import (
    test_text,
    bound_body,
    company,
    questions,
    requisition,
    requisition_findings,
    data_test,
    data_test_standing,
    data_test_answer,
    data_test_signature,
    requisition_test,
    journal,
)
