from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..policy.scope_word import Signs


class Worded(models.AbstractModel):
    """A record whose texts may say that what it buys is digital.

    What was found is written with the texts themselves, in the same INSERT or UPDATE:
    a compute that depended on them would cost each writing several queries. An act
    reads the texts again.
    """

    _name = "souverainete.worded"
    _inherit = ["souverainete.guarded"]
    _description = "Record whose words are read"
    # Names of the fields that are read: texts, or what they point at by its name.
    _text_fields = ()

    scope_words = fields.Char(
        string="Digital words",
        copy=False,
        guard="server",
        help="Words found in its texts that may say that what it buys is digital.",
    )

    def _get_signs(self):
        """Signs (see souverainete.scope.word) in the texts, as they stand."""
        return self._find_signs([self[name] for name in self._text_fields])

    @api.model
    def _find_signs(self, values):
        words = self.env["souverainete.scope.word"]
        signs = Signs()
        for text in filter(None, map(_read, values)):
            signs |= words._get_signs(words._fold(text))
        return signs

    def _prepare_words(self, values):
        """{"scope_words": …} of these values of the texts, if it changes."""
        signs = self._find_signs(values)
        words = ", ".join(sorted(signs.definite | signs.ambiguous)) or False
        return {} if self.scope_words == words else {"scope_words": words}

    @api.model
    def _read_values(self, name, vals_list):
        """What each of `vals_list` says of the text `name`; names are read at once."""
        values = [vals.get(name) or False for vals in vals_list]
        if not (comodel := self._fields[name].comodel_name):
            return values
        records = self.env[comodel]
        together = [value for value in values if value]
        return [records.browse(value).with_prefetch(together) for value in values]

    @api.model_create_multi
    def create(self, vals_list):
        texts = [self._read_values(name, vals_list) for name in self._text_fields]
        found = [
            self.browse()._prepare_words(values) for values in zip(*texts, strict=True)
        ]
        with self.browse()._granting("create", found):
            pairs = zip(vals_list, found, strict=True)
            return super().create([{**vals, **words} for vals, words in pairs])

    def write(self, vals):
        if not set(self._text_fields).intersection(vals) or self._stays_silent(vals):
            return super().write(vals)
        for words, records in self._group_by_words(vals):
            with records._granting("write", [words]):
                super(Worded, records).write({**vals, **words})
        return True

    def _stays_silent(self, vals):
        """Whether `vals` says nothing, and nothing was found before, as far as was
        read: more would cost each writing of chairs a query."""
        known = self._fields["scope_words"]._get_cache(self.env)
        if any(known.get(id_) for id_ in self._ids):
            return False
        names = [name for name in self._text_fields if name in vals]
        return not any(
            self._find_signs([self._read_values(name, [vals])[0] for name in names])
        )

    def _group_by_words(self, vals):
        groups = {}
        for record in self:
            texts = [
                self._read_values(name, [vals])[0] if name in vals else record[name]
                for name in self._text_fields
            ]
            words = record._prepare_words(texts)
            key = tuple(words.items())
            groups[key] = words, groups.get(key, (words, self.browse()))[1] | record
        return groups.values()


def _read(value):
    """The words of a text, of a formatted one, or of a record by its name."""
    if isinstance(value, models.BaseModel):
        return value.name
    return html2plaintext(value) if "<" in (value or "") else value
