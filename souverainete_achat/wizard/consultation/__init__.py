from . import tender_preview
from . import answer_sheet_line
from . import answer_sheet
from . import answer_sheet_recognise
from . import answer_sheet_plan
from . import answer_sheet_message
