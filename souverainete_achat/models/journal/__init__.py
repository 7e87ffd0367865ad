from . import (
    attachment,
    elimination,
    evidence,
    journal,
    journal_chain,
    requisition,
    requisition_elimination,
    requisition_verify,
    retention,
    seal,
    seal_line,
    seal_mail,
)
