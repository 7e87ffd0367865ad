import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# A click leads where the reader may go by themselves: it opens, and decides nothing.
_FIELD = r"field:(\w+|\{key\})"
_PLACE = re.compile(
    rf"(page:\w+/)?{_FIELD}|(action:action_open_\w+|option)(/{_FIELD})?"
)


class Placed(models.AbstractModel):
    """What is settled somewhere: the place is data, and a link opens it.

    `field:need_effect`: a field at the top of the file; `page:NAME/field:…`: in a tab;
    `action:action_open_hosting/field:has_cloud`: in what a button of the file opens;
    `option/field:…`: in the option that the finding is about. `{key}` stands for the
    key of what is found.
    """

    _name = "souverainete.placed"
    _description = "Settled in one place of the file"

    place = fields.Char(
        string="Where it is settled",
        help="What a link to it opens, and the field the cursor is put in: "
        "field:cpv_code, page:souverainete_doctrine/field:need_effect or "
        "action:action_open_hosting/field:has_cloud. Empty: the top of the file.",
    )

    @api.constrains("place")
    def _check_place(self):
        for record in self.filtered("place"):
            if not _PLACE.fullmatch(record.place):
                raise ValidationError(
                    self.env._(
                        "“%(place)s” is no place of the file: write it as "
                        "field:cpv_code, page:souverainete_doctrine/field:need_effect "
                        "or action:action_open_hosting/field:has_cloud.",
                        place=record.place,
                    )
                )
