def is_blank(text):
    """Whether nothing was typed: spaces are no answer."""
    return not (text or "").strip()
