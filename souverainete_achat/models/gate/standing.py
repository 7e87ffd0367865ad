from odoo import api, models


class Standing(models.AbstractModel):
    """What a refusal would say, for other programs."""

    _name = "souverainete.standing"
    _description = "What a purchase lacks, as data"

    @api.readonly
    def souverainete_standing(self):
        """What these files or orders lack, one dict each, in their order:

        - `id`, `name`; `scope`: in, out (nothing is asked), ask (to be answered);
        - `ready`: whether nothing blocks the next act;
        - `judged_on`: ISO day of a judgement that may be another today, else False;
        - `points`: of each, `code` and `key` of the finding, `rule` (its name),
          `message`, `blocking`, `stage` (launch, award, order), `role` that acts and
          `owner` (its label), `basis`, `certainty`, `place` (where it is settled),
          `lifted_by` (the waiver without which it would block) or False.

        Words are in the language of the context, and say no more than the screens do.
        Reads only. Raises AccessError.
        """
        self.check_access("read")
        return [record._prepare_standing() for record in self]

    def _prepare_standing(self):
        points = [self._prepare_standing_point(p) for p in self._get_standing_points()]
        return {
            "id": self.id,
            "name": self.display_name,
            "scope": self.sudo().scope_status,
            "ready": not any(point["blocking"] for point in points),
            "judged_on": self._get_outdated_on() or False,
            "points": points,
        }

    @api.model
    def _prepare_standing_point(self, point):
        shown = {name: value for name, value in point.items() if name not in _INSIDE}
        return {**shown, "lifted_by": str(point["lifted_by"] or "") or False}

    def _get_standing_points(self):
        """What is missing, as read in the words and with the rights of the user."""
        return []

    def _get_outdated_on(self):
        return None


# What only our own screens use.
_INSIDE = frozenset({"id", "step"})
