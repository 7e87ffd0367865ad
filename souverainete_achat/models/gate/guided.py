from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ..base.finding import SIGNED_STATES
from ..base.reading import read_lines
from ..base.text import is_blank
from ..catalogue import words

_PAGES = [
    ("need", "Need"),
    ("existing", "What exists"),
    ("amount", "Amount and duration"),
    ("data", "Data"),
    ("route", "Route"),
    ("done", "What remains"),
]
# As many of the best of each kind as are examined one by one.
_BEST = 2
# The band that no threshold ends.
_ABOVE = "above"
# Words that begin with as many same letters are of one family.
_SAME = 5
_LONGEST_OBJECT = 100
# A ministry has a few thousand contracts: those that end last are compared.
_COMPARED = 500


class Guided(models.AbstractModel):
    """A new purchase, one question a page: pages of the file itself, that one leaves
    and comes back to. What may be proposed is, and is said to be; the sensitivity of
    the data never is."""

    _name = "souverainete.guided"
    _inherit = ["souverainete.guarded"]
    _description = "Purchase file filled in by questions"

    guided_page = fields.Selection(
        _PAGES,
        string="Question",
        copy=False,
        guard="free",
        help="Where the guided purchase was left. Empty: the file was not started so.",
    )
    guided_proposed = fields.Json(
        copy=False,
        guard="server",
        help="What was proposed and not typed: {name of a field: value}.",
    )
    guided_proposals = fields.Html(
        string="Proposed for you",
        compute="_compute_guided_proposals",
        sanitize=False,
        help="What was filled in without being asked. Each can be changed.",
    )
    amount_band = fields.Selection(
        selection="_get_band_labels",
        string="Value of the whole need",
        compute="_compute_amount_band",
        inverse="_inverse_amount_band",
        help="A band is enough: the estimate is then the highest amount of the band, "
        "in € HT, until a figure is known.",
    )

    # === PAGES === #

    @api.model
    def _get_guided_action(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "souverainete_achat.action_guided_purchase"
        )

    def action_open_guided(self):
        """Come back to the questions, at the page where they were left."""
        self.check_access("read")
        self.ensure_one()
        need = self.need_id
        if not need.guided_page:
            need.check_access("write")
            need.guided_page = "need"
        return self._get_guided_action() | {"res_id": need.id}

    def action_guided_next(self):
        """Keep what was answered, propose what follows from it, and turn the page."""
        self.check_access("write")
        self.ensure_one()
        page = self.guided_page or "need"
        getattr(self, f"_leave_page_{page}", lambda: None)()
        self.guided_page = self._get_next_page(page)
        if self.guided_page == "existing":
            self._study_existing()

    def action_guided_back(self):
        self.check_access("write")
        self.ensure_one()
        self.guided_page = self._get_page(self.guided_page or "need", -1)

    def _get_next_page(self, page):
        """The next one that asks something: an order answered some of them already."""
        following = self._get_page(page, 1)
        known = self.need_order_ids and self._is_page_known(following)
        return self._get_next_page(following) if known else following

    def _is_page_known(self, page):
        if page == "amount":
            return bool(self.purchase_nature and self.amount_estimated_known)
        return page == "route" and bool(self.purchase_route and self.vendor_id)

    def _get_page(self, page, step):
        pages = [name for name, _label in _PAGES]
        return pages[min(max(pages.index(page) + step, 0), len(pages) - 1)]

    def action_leave_guided(self):
        """The whole file, where everything can be seen and changed."""
        self.check_access("read")
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # === WHAT IS PROPOSED === #

    def _propose(self, vals):
        """Fill in what nobody said, and remember that it was proposed."""
        missing = {name: value for name, value in vals.items() if value}
        if missing:
            self.write(missing)
            self._write_server(
                {"guided_proposed": {**(self.guided_proposed or {}), **missing}}
            )

    @api.depends(
        "guided_proposed",
        "guided_page",
        "circuit",
        "reference",
        "has_cloud",
        "cpv_code",
    )
    @api.depends_context("lang")
    def _compute_guided_proposals(self):
        for file in self:
            items = [
                self.env._(
                    "%(what)s: %(value)s",
                    what=what,
                    value=Markup("<strong>%s</strong>") % value,
                )
                for what, value in file._get_proposals()
            ]
            file.guided_proposals = bool(items) and Markup("<ul>%s</ul>") % (
                Markup().join(Markup("<li>%s</li>") % item for item in items)
            )

    def _get_proposals(self):
        """[(what, value)] of what stands as it was proposed, and of what follows."""
        kept = [
            name
            for name, value in (self.guided_proposed or {}).items()
            if self[name] == value
        ]
        follows = ["has_cloud"] if self.purchase_nature == "cloud" else []
        follows += [name for name in ("circuit", "grid_id") if self[name]]
        shown = [*kept, *follows]
        labels = {n: self._fields[n]._description_string(self.env) for n in shown}
        labels["reference"] = self.env._("Object")
        proposals = [(labels[name], self._get_shown(name)) for name in shown]
        if clauses := self._get_clauses_asked():
            names = "; ".join(clauses.mapped("name"))
            proposals.append((self.env._("Clauses"), names))
        return proposals

    def _get_shown(self, name):
        field = self._fields[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(self[name], "")
        value = self[name]
        return value.display_name if field.relational else value

    def _leave_page_need(self):
        """The object is drawn from the effect where nobody gave it."""
        if is_blank(self.need_effect):
            raise UserError(
                self.env._("Say what must become possible, for whom and how many.")
            )
        if is_blank(self.reference):
            self._propose({"reference": self._get_object_of(self.need_effect)})

    @api.model
    def _get_object_of(self, text):
        """The first sentence of a text, cut at a word."""
        sentence = text.strip().splitlines()[0].split(". ")[0].rstrip(".")
        if len(sentence) <= _LONGEST_OBJECT:
            return sentence
        return sentence[:_LONGEST_OBJECT].rsplit(" ", 1)[0] + "…"

    def _leave_page_amount(self):
        """The code is proposed below the exemption only, where nothing is published."""
        if not self.cpv_code and self._is_light():
            self._propose({"cpv_code": self._get_cpv_of_words()})

    def _get_cpv_of_words(self):
        """The CPV code that the words of the need propose; empty where none does."""
        said = " ".join(self._get_own_words())
        return self.env["souverainete.scope.word"]._get_cpv_code(said)

    def _leave_page_data(self):
        """Whoever answers for the data is asked at once."""
        owner = self.data_owner_id
        if owner and owner != self.env.user and not self._get_data_questionnaire():
            self._create_data_questionnaire()

    def _leave_page_route(self):
        """The clauses asked of such a purchase are carried, for what is published;
        where nobody competes, the way retained is what the vendor sells."""
        if self._is_published() and not self.clause_ids:
            self.action_add_clauses()
        way = self._get_retained_way()
        if not self._is_published() and self.vendor_id and not way.partner_id:
            way.write({"partner_id": self.vendor_id.id, "name": self._get_sold_name()})

    @api.onchange("purchase_route")
    def _onchange_purchase_route(self):
        """Who sells is proposed where the route says it."""
        if self.purchase_route == "central_body" and not self.vendor_id:
            body = "souverainete_achat.partner_ugap"
            self.vendor_id = self.env.ref(body, raise_if_not_found=False)

    # === AMOUNT === #

    def _get_bands(self):
        """Thresholds in force, in € HT, the lowest first: each ends a band."""
        company = self.company_id or self.env.company
        today = company._souverainete_today()
        limits = self.env["souverainete.threshold"]
        kinds = ("light", "formalised", "reinforced")
        bands = limits.union(*(limits._get(kind, company, today) for kind in kinds))
        return bands.sorted("amount")

    @api.model
    def _get_band_labels(self):
        bands = self.browse()._get_bands()
        labels = [
            (band.kind, self.env._("Less than %(amount)s", amount=_get_limit(band)))
            for band in bands
        ]
        if bands:
            limit = _get_limit(bands[-1])
            above = self.env._("%(amount)s or more: say how much", amount=limit)
            labels.append((_ABOVE, above))
        return labels

    @api.depends("amount_estimated", "amount_estimated_known")
    def _compute_amount_band(self):
        for file in self:
            bands = file._get_bands() if file.amount_estimated_known else []
            above = [b.kind for b in bands if file.amount_estimated < b.amount]
            file.amount_band = bands and (above or [_ABOVE])[0]

    def _inverse_amount_band(self):
        for file in self.filtered("amount_band"):
            file._take_band()

    @api.onchange("amount_band")
    def _onchange_amount_band(self):
        if self.amount_band:
            self._take_band()

    def _take_band(self):
        """The highest amount of the band: unknown is never less. What was typed inside
        the band stays."""
        floor, limit = self._get_band_limits()
        known = self.amount_estimated_known and self.amount_estimated
        if known and floor <= known and (not limit or known < limit):
            return
        # Above the last threshold nothing bounds it: the figure is to be given.
        self.amount_estimated = limit and limit - 1
        self.amount_estimated_known = bool(limit)

    def _get_band_limits(self):
        """(least, first amount beyond) of the band chosen; 0.0: nothing bounds it."""
        floor = 0.0
        for band in self._get_bands():
            if band.kind == self.amount_band:
                return floor, band.amount
            floor = band.amount
        return floor, 0.0

    # === WHAT EXISTS === #

    def _study_existing(self):
        """Search what runs and what exists, by the need's own words: the two best of
        each are to be examined."""
        search = self.search_ids[:1] or self._run_search(self._get_search_text())
        shown = [found["id"] for found in search.snapshot or []]
        living = self.env["souverainete.solution"].browse(shown).exists()._get_living()
        for path in ("mutualised", "off_the_shelf"):
            best = living.filtered(lambda s, path=path: s.path == path)[:_BEST]
            self._add_options(best)
        self._add_contracts(self._get_near_contracts(search))

    def action_search_again(self):
        """Search with the words as they are now."""
        self.check_access("write")
        self.ensure_one()
        self._run_search(self._get_search_text())
        self._study_existing()

    def action_buy_on_the_market(self):
        """Nothing that exists fits: what the market sells is the way retained, for the
        reason that the page shows, and the page turns."""
        self.check_access("write")
        self.ensure_one()
        if unsaid := self.studied_ids.filtered(lambda o: o.verdict == "pending"):
            raise UserError(
                self.env._(
                    "Say first whether these fit: %(options)s.",
                    options=", ".join(unsaid.mapped("name")),
                )
            )
        if not self.studied_ids.filtered(lambda o: o.verdict == "retained"):
            self.env["souverainete.option"].create(self._prepare_market_option())
        self.action_guided_next()

    def _prepare_market_option(self):
        """A way where bidders compete; what the vendor sells where it is known."""
        market = self.env._("Publishers of the market")
        return {
            "requisition_id": self.id,
            "kind": "studied",
            "name": self._get_sold_name() if self.vendor_id else market,
            "path": "off_the_shelf",
            "partner_id": self.vendor_id.id,
            "assessment": "adequate",
            "verdict": "retained",
            "reason_code": "meets",
            "reason": self._get_market_reason(),
        }

    def _get_sold_name(self):
        products = self.line_ids.product_id.mapped("name")
        return " – ".join([self.vendor_id.name, *products[:1]])

    def _get_market_reason(self):
        if examined := self.studied_ids.filtered(lambda o: o.verdict == "rejected"):
            return self.env._(
                "What exists was examined and does not fit: %(options)s.",
                options=", ".join(examined.mapped("name")),
            )
        return self.env._("The search found nothing that exists already.")

    def _add_contracts(self, contracts):
        known = self.studied_ids.contract_id
        self.env["souverainete.option"].create(
            [self._prepare_contract_option(c) for c in contracts - known]
        )

    def _prepare_contract_option(self, contract):
        return {
            "requisition_id": self.id,
            "kind": "studied",
            "name": contract.reference or contract.name,
            "path": "off_the_shelf",
            "contract_id": contract.id,
        }

    def _get_near_contracts(self, search):
        """The two running contracts of the ministry that say the most of the need, and
        the two frameworks open to it that do."""
        asked = {w[:_SAME] for w, _as in words.split(" ".join(search.asked or []))}
        running = self.search(self._get_running_domain(), limit=_COMPARED)
        scored = [
            (contract._count_common(asked, self), contract) for contract in running
        ]
        near = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
        ranked = self.browse(contract.id for _score, contract in near)
        others = ranked.filtered(lambda c: c._is_open_framework())
        return (ranked - others)[:_BEST] | others[:_BEST]

    def _get_running_domain(self):
        company = self.company_id
        today = company._souverainete_today()
        return (
            Domain("company_id", "child_of", company.sudo().root_id.id)
            & Domain("requisition_type", "=", "blanket_order")
            & Domain("gate_state", "in", SIGNED_STATES)
            & Domain("state", "!=", "cancel")
            & Domain("scope_status", "!=", "out")
            & Domain("need_id", "!=", self.id)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
        )

    def _is_open_framework(self):
        routes = ("interministerial", "central_body")
        return self.is_umbrella or self.purchase_route in routes

    def _count_common(self, asked, need):
        """How much of what is asked this contract says: words, and a same CPV class."""
        products = read_lines(self, "line_ids").product_id
        text = " ".join([self.reference or "", *products.mapped("name")])
        own = {folded[:_SAME] for folded, _word in words.split(text)}
        same = need.cpv_code and (self.cpv_code or "")[:4] == need.cpv_code[:4]
        return len(own & asked) + bool(same)


def _get_limit(band):
    """A threshold in words, without cents."""
    return f"{formatLang(band.env, band.amount, digits=0)} {band.currency_id.symbol}"
