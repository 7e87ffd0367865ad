from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from . import words

# Words that begin with as many same letters are of one family: “enquêter”, “enquête”.
_SAME = 5

PROPOSED = 5

MOST_FOUND = 10


class CatalogueSearch(models.Model):
    """Dated trace of one search of the catalogue: finding nothing is evidence too,
    for words that the need itself carries.

    Made only by `_run_search` of a file, or by a light order once it is confirmed; no
    one alters or deletes it.
    """

    _name = "souverainete.catalogue.search"
    _inherit = ["souverainete.trace"]
    _description = "Search of the catalogue"
    _guard = "server"
    _asked_for_something = models.Constraint(
        "CHECK (requisition_id IS NOT NULL OR order_id IS NOT NULL)",
        "A search is made for a purchase file or for an order.",
    )

    order_id = fields.Many2one(
        "purchase.order",
        index="btree_not_null",
        ondelete="restrict",
        help="The small order, without a purchase file, the search was made for.",
    )
    result_ids = fields.Many2many(
        "souverainete.solution",
        string="Solutions found",
        ondelete="restrict",
        context={"active_test": False},
    )
    asked = fields.Json(
        help="What was asked that means something, as it was written: words that say "
        "nothing of a need are left out."
    )
    catalogue_count = fields.Integer(
        string="Solutions in the catalogue",
        help="How many solutions could be found on that day.",
    )
    catalogue_date = fields.Date(
        string="Catalogue as of",
        help="Most recent day on which a solution of the catalogue was read at its "
        "source.",
    )
    snapshot = fields.Json(
        help="What was found, best first, as the catalogue said it on that day."
    )
    snapshot_text = fields.Text(
        string="What was found", compute="_compute_snapshot_text"
    )
    proposed_ids = fields.Many2many(
        "souverainete.solution",
        compute="_compute_proposed_ids",
        context={"active_test": False},
        help="The five best solutions found, but those abandoned since; where none "
        "was, the three nearest.",
    )

    method = fields.Selection(
        [
            ("full", "Words, synonyms and similar products, typing errors corrected"),
            ("plain", "Words, synonyms and similar products"),
        ],
        string="How it was searched",
        help="Typing errors are corrected where the database has PostgreSQL's pg_trgm "
        "extension. Without it the search is only by whole words.",
    )

    # === WHAT IS KEPT === #

    @api.model
    def _prepare_traces(self, texts):
        """Search, and return {text: values of the trace of what was found}."""
        Solution = self.env["souverainete.solution"]
        [(count, last_date)] = Solution._read_group(
            Solution._get_proposed_domain(),
            aggregates=["__count", "snapshot_date:max"],
        )
        catalogue = {
            "date": fields.Datetime.now(),
            "user_id": self.env.uid,
            "catalogue_count": count,
            "catalogue_date": last_date,
            "method": self._get_method(),
        }
        answers = Solution._answer_needs(texts)
        return {
            text: catalogue | self._prepare_trace(text, answer)
            for text, answer in answers.items()
        }

    @api.model
    def _prepare_trace(self, text, answer):
        """What one search asked and found."""
        Solution = self.env["souverainete.solution"]
        explained = dict(answer.found[:MOST_FOUND] or answer.nearest)
        shown = Solution.browse(explained)
        found = shown if answer.found else shown.browse()
        return {
            "text": text,
            "result_ids": found.ids,
            "result_count": len(found),
            "asked": answer.asked,
            "snapshot": [
                {**self._prepare_snapshot(solution), "why": explained[solution.id]}
                for solution in shown
            ],
        }

    @api.model
    def _make(self, text, **searcher):
        """The trace of a search made now. `searcher`: what it is made for, and what it
        keeps of it."""
        return self._make_each([(text, searcher)])

    @api.model
    def _make_each(self, asked):
        """The same for each `(text, searcher)` asked; one text is searched once."""
        if not asked:
            return self.browse()
        found = self._prepare_traces([text for text, _searcher in asked])
        vals_list = [{**found[text], **searcher} for text, searcher in asked]
        return self.sudo()._create_server(vals_list).with_env(self.env)

    @api.model
    def _prepare_snapshot(self, solution):
        return {
            "id": solution.id,
            "name": solution.name,
            "path": solution.path,
            "operator": solution.operator_id.display_name or "",
            "url": solution.url or "",
            "development_status": solution.development_status or "",
            "source": solution.source,
            "external_ref": solution.external_ref or "",
            "snapshot_date": fields.Date.to_string(solution.snapshot_date),
        }

    def _get_snapshot_line(self, rank, found):
        line = self.env._(
            "%(rank)s. %(name)s (%(operator)s), read on %(date)s in %(where)s",
            rank=rank,
            name=found["name"],
            operator=found["operator"] or self.env._("operator not stated"),
            date=format_date(self.env, found["snapshot_date"]),
            where=found["source"],
        )
        why = self._get_why_text(found)
        return f"{line}\n    {why}" if why else line

    @api.model
    def _get_method(self):
        corrects = self.env["souverainete.solution.word"].sudo()._can_correct()
        return "full" if corrects else "plain"

    def _is_foreign_to(self, text):
        """Whether it found nothing, for words that none of `text` resembles."""
        self.ensure_one()
        own = {folded[:_SAME] for folded, _word in words.split(text)}
        asked = words.split(" ".join(self.asked or []))
        # A trace taken over from elsewhere does not say.
        return bool(
            isinstance(self.asked, list)
            and not self.result_count
            and own
            and not own.intersection(folded[:_SAME] for folded, _word in asked)
        )

    # === WHY === #
    # Why each solution was found.

    def _get_why(self, solution):
        """The sentence that says why a solution was found; empty for the others."""
        self.ensure_one()
        found = [f for f in self.snapshot or [] if f["id"] == solution.id]
        return self._get_why_text(found[0]) if found else ""

    def _get_why_text(self, found):
        """“found” as the snapshot keeps it; searches made before say nothing."""
        return " · ".join(self._get_reason_text(why) for why in found.get("why", []))

    def _get_reason_text(self, why):
        terms = {"asked": why["asked"], "found": why["found"]}
        if why["kind"] == "similar":
            return self.env._("similar to “%(found)s”", **terms)
        if why["kind"] == "synonym":
            return self.env._("“%(asked)s” also means “%(found)s”", **terms)
        if why["kind"] == "typo":
            return self.env._("“%(asked)s” read as “%(found)s”", **terms)
        return self.env._("word “%(found)s”", **terms)

    # === COMPUTE METHODS === #

    @api.depends("requisition_id.company_id", "order_id.company_id")
    def _compute_company_id(self):
        for search in self:
            search.company_id = (search.requisition_id or search.order_id).company_id

    @api.depends("snapshot")
    def _compute_snapshot_text(self):
        for search in self:
            search.snapshot_text = "\n".join(
                self._get_snapshot_line(rank, found)
                for rank, found in enumerate(search.snapshot or [], start=1)
            )

    @api.depends("snapshot", "result_ids")
    def _compute_proposed_ids(self):
        """Read again each time: the snapshot stays as evidence, what died since is no
        longer proposed. Where nothing answered, the nearest."""
        for search in self:
            ranked = [found["id"] for found in search.snapshot or []]
            found = search.result_ids.browse(ranked).exists()
            search.proposed_ids = found._get_living()[:PROPOSED]

    # === CRUD === #

    @api.model
    def _get_way(self):
        return self.env._("Use the button “Search the catalogue” of the purchase file.")

    def web_read(self, specification):
        """Let each solution shown say why this search found it."""
        search = self
        if len(self) == 1:
            search = self.with_context(catalogue_search_id=self.id)
        return super(CatalogueSearch, search).web_read(specification)

    # === ACTIONS === #

    def action_add_options(self):
        """Add every solution proposed to the options to examine of the file."""
        self.check_access("read")
        self.ensure_one()
        self._get_file()._add_options(self.proposed_ids)
        return {"type": "ir.actions.act_window_close"}

    def action_none_fits(self):
        """Say once why none of the solutions proposed fits."""
        self.check_access("read")
        self.ensure_one()
        return self._get_file()._ask_why_none_fits(self.proposed_ids)

    def _get_file(self):
        """The file that was searched for; raises where there is none."""
        if not self.requisition_id:
            raise UserError(
                self.env._(
                    "This search was made outside of any purchase file: search again "
                    "from the file that needs a solution."
                )
            )
        return self.requisition_id
