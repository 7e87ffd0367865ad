"""What a draft leaves to write, as a draft never passes for what somebody thought."""

from ..base.text import is_blank

TO_WRITE = "[…]"


def is_unwritten(text):
    """Whether nothing was written, or something of the draft is left to write."""
    return is_blank(text) or TO_WRITE in text
