"""APProch: the State's public list of planned purchases (JSON)."""

import re

from odoo.tools import LazyTranslate

from .. import values
from ..source import SourceError
from .base import Adapter, register

_lt = LazyTranslate(__name__)

# Below this, no purchase is announced: such an amount fills a mandatory field.
DOUBTFUL_AMOUNT = 1000


@register
class Approch(Adapter):
    code = "approch"
    label = _lt("APProch: planned purchases (JSON)")
    target = "need"
    groups = ("purchase.group_purchase_user",)
    markers = ("marketEstimatedAmount", "purchasingCategory", "publicationTargetDate")
    file_names = ("approch",)
    title_field = "label"

    def _get_items(self, document):
        if not isinstance(document, list) or not document:
            raise SourceError(
                _lt(
                    "At line 1, column 1, a list of planned purchases was expected: "
                    "this file is no export of APProch. Choose another source."
                )
            )
        for position, item in enumerate(document, 1):
            yield _lt("Purchase %(position)s", position=position), item

    def _get_identity(self, item):
        """Number of the project in its address."""
        address = values.get_text("", item.get("url"))
        number = re.search(r"/project/(\w+)", address)
        return number[1] if number else address[:100]

    def _fill(self, record, item):
        record.key = values.get_key("url", item.get("url"))
        record.title = values.get_text("label", item.get("label"), required=True)
        cpv, restored = values.get_cpv("CPVPrimary", self._get_cpv(item))
        record.values = {
            "title": record.title,
            "description": values.get_text("", item.get("description")),
            "keywords": self._get_keywords(item),
            "amount": values.get_amount(
                "marketEstimatedAmount", item.get("marketEstimatedAmount")
            ),
            "months": values.get_months(
                "marketMaxDuration", item.get("marketMaxDuration")
            ),
            "publication": values.get_date(
                "publicationTargetDate", item.get("publicationTargetDate")
            ),
            "offers": values.get_date("dlro", item.get("dlro")),
            "cpv": cpv,
            "place": self._get_consultation(item),
            "closed": item.get("status") == "close",
        }
        record.notes = list(self._get_notes(record.values, item, restored))

    def _get_cpv(self, item):
        code = item.get("CPVPrimary")
        return code.get("code") if isinstance(code, dict) else code

    def _get_keywords(self, item):
        keywords = item.get("keywords")
        keywords = keywords if isinstance(keywords, list) else [keywords]
        return values.get_text("", " ".join(k for k in keywords if isinstance(k, str)))

    def _get_consultation(self, item):
        """Number of the consultation on PLACE, as its address gives it."""
        link = values.get_text("", item.get("consultationLink"))
        number = re.search(r"(?:[?&]id=|/consultation/)(\d+)", link)
        return number[1] if number else link[: values.MAX_KEY]

    def _get_notes(self, found, item, restored):
        if found["amount"] is None:
            yield _lt("The estimated amount is unknown.")
        elif found["amount"] < DOUBTFUL_AMOUNT:
            yield _lt(
                "The estimated amount, %(amount)s €, looks like a placeholder: check "
                "it, it chooses the circuit.",
                amount=f"{found['amount']:g}",
            )
        if restored:
            yield _lt("The leading zero of the CPV code was restored.")
        if found["closed"]:
            yield _lt("APProch says that it is closed.")
