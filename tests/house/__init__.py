"""Reads the house from its sources: its rooms, and what each uses of the others.

Odoo ties files by names (inherited models, fields and methods named in strings and in
views), not by imports. A name is used where it stands in code as an attribute, and
where a string or a view names it. It runs back where only later rooms define it; where
the model it is asked of is known, where only later rooms define it on that model.

    python -m tests.house [-v]    the figures; with -v, what runs back and the hooks
"""

from .reader import House as House
