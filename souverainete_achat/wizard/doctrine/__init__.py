from . import need_closing
