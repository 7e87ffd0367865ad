from . import tender_preview
from . import answer_sheet_line
from . import answer_sheet_text
from . import answer_sheet
