import json
from datetime import date
from itertools import chain
from typing import NamedTuple

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_amount, format_date, split_every

from ..base.each import run_each
from ..base.opening import open_form
from ..policy.product_category import CLASSES

# Facts written by one statement.
_BATCH = 1000


class Fact(NamedTuple):
    """What one query found beside what was judged, in the ministry's currency."""

    res_model: str
    res_id: int
    # Tells apart the facts of one record: a family, or nothing.
    part: str
    reference: str
    vendor_id: int | None
    family: str | None
    # Ids of who bought it, as the lists of each record: see `souverainete.authored`.
    authors: list
    judged: float
    amount: float


class Reconciliation(models.Model):
    """What got past the gate, as the database alone shows it: one row a fact.

    Receipts, bills and payments are never gated. Each night, and on demand, every kind
    of fact is read by one query from what Odoo holds, whoever wrote it and however. It
    blocks nobody: an officer who did not buy answers with a reason, and the answer
    holds until the fact grows. A fact that was mended is kept as gone.
    """

    _name = "souverainete.reconciliation"
    _inherit = [
        "souverainete.evidence",
        "souverainete.authored",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Purchase beside what was judged"
    _order = "amount desc, id"
    _rec_name = "reference"
    # Officers discuss a fact; nobody writes it.
    _mail_post_access = "read"
    _fact_uniq = models.Constraint(
        "UNIQUE (company_id, kind, res_model, res_id, part)",
        "A fact is listed once.",
    )

    kind = fields.Selection([], string="What is found", required=True)
    company_id = fields.Many2one(
        "res.company", string="Ministry", required=True, index=True
    )
    res_model = fields.Char(string="Model", required=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True
    )
    part = fields.Char(required=True)
    reference = fields.Char(help="What it is about: order, bill, file, commitment.")
    vendor_id = fields.Many2one("res.partner", index="btree_not_null")
    family = fields.Char(
        string="CPV family",
        help="First five digits of the CPV code of most of what is bought.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    judged = fields.Monetary(
        string="Judged (excl. tax)",
        help="What was judged of it, in € HT; 0 where nothing was.",
    )
    amount = fields.Monetary(
        string="Beside it (excl. tax)",
        help="What got past, in € HT: received, billed, committed or stated beyond "
        "what was judged.",
    )
    first_seen = fields.Date(string="First found on", required=True)
    last_seen = fields.Date(string="Last found on", required=True)
    state = fields.Selection(
        [
            ("to_answer", "To be answered"),
            ("answered", "Answered with a reason"),
            ("gone", "No longer found"),
        ],
        required=True,
        index=True,
        help="An answer holds until the fact grows; a fact that was mended is gone.",
    )
    reason = fields.Text(help="The last answer given.")
    answered_by_id = fields.Many2one("res.users", string="Answered by")
    answered_on = fields.Date(string="Answered on")
    answered_amount = fields.Monetary(
        string="Amount answered (excl. tax)",
        help="What the fact was worth when it was answered, in € HT: beyond it, it is "
        "to be answered again.",
    )
    answers = fields.Json(help="Every answer given, the last one at the end.")
    history = fields.Text(
        string="Answers given",
        compute="_compute_history",
        help="Day, officer, amount (€ HT) and reason of each answer.",
    )

    @api.depends("answers")
    @api.depends_context("lang")
    def _compute_history(self):
        users = self.env["res.users"].sudo()
        for fact in self:
            fact.history = "\n".join(
                self.env._(
                    "%(date)s, %(user)s, %(amount)s: %(reason)s",
                    date=format_date(self.env, answer["on"]),
                    user=users.browse(answer["by"]).name,
                    amount=format_amount(self.env, answer["amount"], fact.currency_id),
                    reason=answer["reason"],
                )
                for answer in fact.answers or []
            )

    # === LOOKING === #
    # A kind `xyz` of the list is a method `_reconcile_xyz(company)` that returns
    # [Fact]: one query, whatever the number of orders.

    @api.model
    def _cron_reconcile(self):
        """Look at each ministry; one that cannot be read stops no other."""
        companies = self.env["res.company"].search([("active", "=", True)])
        companies = companies._filter_concerned()
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            run_each(company, self._reconcile)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def action_look_now(self):
        """Look at once, in the ministries that are shown."""
        self._check_officer()
        for company in self.env.companies._filter_concerned():
            self.sudo()._reconcile(company)
        return True

    @api.model
    def _reconcile(self, company):
        """Read each kind of fact, and write what was found."""
        self.env.flush_all()
        found = {
            kind: getattr(self, f"_reconcile_{kind}")(company)
            for kind in self._fields["kind"].get_values(self.env)
        }
        self._keep(company, found)
        self._refresh_activities(company)

    @api.model
    def _find(self, query, *args):
        """[Fact] of a query that selects their columns in their order."""
        return [Fact(*row) for row in self.env.execute_query(SQL(query, *args))]

    @api.model
    def _keep(self, company, found):
        """Write these facts: new ones are to be answered, those that grew are again,
        and those that are not found any more are gone."""
        day = company._souverainete_today()
        rows = [
            self._prepare_row(company, kind, fact, day)
            for kind, facts in found.items()
            for fact in facts
        ]
        kept = [
            id_
            for batch in split_every(_BATCH, rows)
            for (id_,) in self.env.execute_query(SQL(_KEEP, SQL(", ").join(batch)))
        ]
        self.env.cr.execute(SQL(_END, company.id, kept))
        self.invalidate_model()

    @api.model
    def _prepare_row(self, company, kind, fact, day):
        authors = {user for user in _flatten(fact.authors) if user}
        return SQL(
            "(%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, 'to_answer', %s, %s,"
            " %s, now() at time zone 'UTC', %s, now() at time zone 'UTC')",
            company.id,
            kind,
            fact.res_model,
            fact.res_id,
            fact.part,
            fact.reference,
            fact.vendor_id,
            fact.family or None,
            json.dumps(sorted(authors)),
            round(fact.judged or 0, 2),
            round(fact.amount or 0, 2),
            day,
            day,
            SUPERUSER_ID,
            SUPERUSER_ID,
        )

    # === WHAT QUERIES SHARE === #

    @api.model
    def _with_digital(self, company):
        """SQL that a query begins with: `digital` (product_id, cpv, scope) lists the
        products that are digital or ask, and `prefix` (code, scope) says why."""
        today = company._souverainete_today()
        said = self.env["souverainete.cpv.prefix"]._get_said(company.id, today)
        prefixes = {prefix: scope for prefix, (scope, _digits) in said.items()}
        groups = self.env["souverainete.chorus.group"]._get_scopes(company.id, today)
        headed = [SQL(_HEADED % {"name": name}) for name in CLASSES]
        return SQL(
            _DIGITAL,
            _get_rows(prefixes),
            _get_rows(groups),
            SQL(", ").join(headed),
        )

    @api.model
    def _get_start(self, company):
        """First day of what adds up."""
        return self.env["souverainete.light.need"]._get_start(company)

    @api.model
    def _get_first_day(self, company):
        """First day that is looked at: what adds up when the list was installed. Older
        history is no fact, and no fact ends by growing old."""
        installed = self.env.ref("souverainete_achat.cron_reconcile").sudo().create_date
        start, today = self._get_start(company), company._souverainete_today()
        return start - min(today - installed.date(), start - date.min)

    @api.model
    def _get_amount(self, kind, company):
        """The threshold of `kind` in force, € HT, in the company's currency; infinite
        where there is none."""
        today = company._souverainete_today()
        threshold = self.env["souverainete.threshold"]._get(kind, company, today)
        if not threshold:
            return float("inf")
        return threshold.currency_id._convert_dated(
            threshold.amount, company.currency_id, company, today
        )

    @api.model
    def _filter_beyond(self, company, facts):
        """Those of the vendors whose facts exceed the tolerance together: small ones
        add up."""
        tolerance = self._get_amount("reconciliation", company)
        totals = {}
        for fact in facts:
            totals[fact.vendor_id] = totals.get(fact.vendor_id, 0) + fact.amount
        return [fact for fact in facts if totals[fact.vendor_id] > tolerance]

    @api.model
    def _get_words_pattern(self):
        """The digital words, as a regular expression of PostgreSQL on folded text; one
        that nothing matches where there is none."""
        company = self.env.company
        words = self.env["souverainete.scope.word"]._get_words(
            company.id, company._souverainete_today()
        )
        pattern, _names = words.get("in", (None, ()))
        # The word boundary has another name there.
        return pattern.pattern.replace(r"\b", r"\y") if pattern else r"\A\Z\y"

    @api.model
    def _has_words(self, text):
        """SQL: whether `text` (SQL) holds a digital word; folded as the words are."""
        return SQL(_HAS_WORDS, text, self._get_words_pattern())

    # === ANSWERING === #

    def action_answer(self, reason):
        """Answer these facts, as an officer who bought none of it; raises otherwise.

        `reason`: why what was found may stand, or what is done about it.
        """
        self._check_officer()
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Give the reason of this answer."))
        facts = self.filtered(lambda fact: fact.state == "to_answer")
        facts._check_four_eyes(
            self.env._(
                "Four eyes: who bought it does not answer for it. Ask another officer."
            )
        )
        for fact in facts.sudo():
            fact._answer(reason)
        for company in facts.sudo().company_id:
            facts._refresh_activities(company)

    def _is_open_to_one(self):
        """A fact waits for a second person: it blocks nobody."""
        return False

    def _check_officer(self):
        self.check_access("read")
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(
                self.env._("Only a compliance officer looks here and answers.")
            )

    def _answer(self, reason):
        day = self.company_id._souverainete_today()
        answer = {
            "by": self.env.uid,
            "on": fields.Date.to_string(day),
            "amount": self.amount,
            "reason": reason,
        }
        self._write_server(
            {
                "state": "answered",
                "reason": reason,
                "answered_by_id": self.env.uid,
                "answered_on": day,
                "answered_amount": self.amount,
                "answers": [*(self.answers or []), answer],
            }
        )
        if file := self._get_file():
            file._journal(
                "reconciliation",
                {"kind": self.kind, "reference": self.reference, **answer},
                self.env._("What was found beside what was judged was answered."),
            )

    def _get_file(self):
        """The purchase file this fact is about, or empty."""
        files = self.env["purchase.requisition"].sudo()
        if self.res_model not in ("purchase.order", files._name):
            return files
        record = self.env[self.res_model].sudo().browse(self.res_id).exists()
        if self.res_model == files._name or not record:
            return files.browse(record.ids)
        return record._get_file()

    def action_open(self):
        """Open what the fact is about."""
        self.check_access("read")
        self.ensure_one()
        return open_form(self.env[self.res_model].browse(self.res_id))

    # === TELLING === #
    # One count: an activity a ministry, on its largest fact, to each of its officers.

    @api.model
    def _refresh_activities(self, company):
        """Make the to-dos of the officers say what is to be answered: they come back
        while something is, whoever deletes them."""
        facts = self.sudo().search(
            [("company_id", "=", company.id), ("state", "=", "to_answer")]
        )
        officers = company._get_role_users("group_officer") if facts else ()
        known = self._get_activities(company)
        for officer in officers:
            vals = facts._prepare_activity(officer)
            if activity := known.filtered(lambda a, o=officer: a.user_id == o)[:1]:
                activity.write(vals)
                known -= activity
            else:
                known.create(vals)
        known.unlink()

    @api.model
    def _get_activities(self, company):
        facts = self.sudo()._search([("company_id", "=", company.id)])
        activities = self.env["mail.activity"].sudo()
        return activities.with_context(mail_activity_quick_update=True).search(
            [("res_model", "=", self._name), ("res_id", "in", facts)]
        )

    def _prepare_activity(self, officer):
        """Values of the to-do of these facts, the largest first, for one officer."""
        read = self.with_context(lang=officer.lang)
        return {
            "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            "automated": True,
            "date_deadline": self.company_id._souverainete_today(),
            "res_id": self[0].id,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "summary": read._get_count_label(),
            "user_id": officer.id,
        }

    def _get_count_label(self):
        return self.env._(
            "To answer: %(count)s, for %(amount)s excl. tax",
            count=len(self),
            amount=format_amount(
                self.env, sum(self.mapped("amount")), self[:1].currency_id
            ),
        )

    # === DIGEST === #

    @api.model
    def _cron_send_digest(self):
        """Mail to the officers of each ministry what they have to answer; nothing where
        there is nothing."""
        facts = self.search([("state", "=", "to_answer")])
        mails = [
            of_company.with_context(lang=lang)._prepare_digest(users)
            for company, of_company in facts.grouped("company_id").items()
            for lang, users in self._get_digest_readers(company).items()
        ]
        self.env["mail.mail"].sudo().create(mails)

    @api.model
    def _get_digest_readers(self, company):
        """{language: officers of the ministry who have an address}."""
        officers = company._get_role_users("group_officer").filtered("email")
        return officers.grouped("lang")

    def _prepare_digest(self, users):
        company = self.company_id
        return {
            "subject": self.env._(
                "Digital purchases beside what was judged: %(count)s",
                count=self._get_count_label(),
            ),
            "body_html": self.env["ir.qweb"]._render(
                "souverainete_achat.reconciliation_digest",
                {"facts": self, "url": self.get_base_url()},
            ),
            "email_from": company.email_formatted or users[0].email_formatted,
            "recipient_ids": [fields.Command.set(users.partner_id.ids)],
        }


def _flatten(authors):
    """Ids of a list, or of lists of lists: queries that add orders up keep theirs."""
    if not isinstance(authors, list):
        return [authors]
    return chain.from_iterable(map(_flatten, authors))


# An answer holds while the fact is no larger than what was answered.
_KEEP = """
    INSERT INTO souverainete_reconciliation AS fact (
           company_id, kind, res_model, res_id, part, reference, vendor_id, family,
           authors, judged, amount, state, first_seen, last_seen,
           create_uid, create_date, write_uid, write_date)
    VALUES %s
        ON CONFLICT (company_id, kind, res_model, res_id, part) DO UPDATE
       SET reference = EXCLUDED.reference, vendor_id = EXCLUDED.vendor_id,
           family = EXCLUDED.family, authors = EXCLUDED.authors,
           judged = EXCLUDED.judged, amount = EXCLUDED.amount,
           last_seen = EXCLUDED.last_seen, write_date = EXCLUDED.write_date,
           state = CASE WHEN fact.answered_on IS NOT NULL
                         AND EXCLUDED.amount <= fact.answered_amount
                        THEN 'answered' ELSE 'to_answer' END
 RETURNING id
"""
_END = """
    UPDATE souverainete_reconciliation
       SET state = 'gone'
     WHERE company_id = %s AND state <> 'gone' AND NOT id = ANY(%s::int[])
"""
# A class of a product is its own or that of its nearest category: what an officer said
# of it, its CPV code of which the longest prefix tells, its Chorus group. The strictest
# counts.
_HEADED = """
    (SELECT parent.%(name)s FROM product_category AS parent
      WHERE starts_with(category.parent_path, parent.parent_path)
        AND parent.%(name)s <> ''
   ORDER BY length(parent.parent_path) DESC LIMIT 1) AS %(name)s
"""
_DIGITAL = """
    WITH prefix (code, scope) AS (VALUES %s),
    buying_group (code, scope) AS (VALUES %s),
    heading AS (SELECT category.id, %s FROM product_category AS category),
    coded AS (
        SELECT product.id AS product_id,
               COALESCE(NULLIF(template.cpv_code, ''), heading.cpv_code) AS cpv,
               COALESCE(NULLIF(template.chorus_group, ''), heading.chorus_group)
               AS chorus,
               COALESCE(template.scope_class, heading.scope_class) AS stated
          FROM product_product AS product
          JOIN product_template AS template ON template.id = product.product_tmpl_id
     LEFT JOIN heading ON heading.id = template.categ_id),
    class AS (
        SELECT code.cpv, (
               SELECT prefix.scope FROM prefix WHERE starts_with(code.cpv, prefix.code)
             ORDER BY length(prefix.code) DESC LIMIT 1) AS scope
          FROM (SELECT DISTINCT cpv FROM coded WHERE cpv IS NOT NULL) AS code),
    scoped AS (
        SELECT coded.product_id, COALESCE(coded.cpv, coded.chorus, '') AS cpv,
               ARRAY[class.scope, buying_group.scope, coded.stated] AS scopes
          FROM coded
     LEFT JOIN class ON class.cpv = coded.cpv
     LEFT JOIN buying_group ON buying_group.code = coded.chorus),
    digital AS (
        SELECT product_id, cpv,
               CASE WHEN 'in' = ANY(scopes) THEN 'in' ELSE 'ask' END AS scope
          FROM scoped
         WHERE 'in' = ANY(scopes) OR 'ask' = ANY(scopes))
"""
_HAS_WORDS = r"""
    regexp_replace(regexp_replace(
        normalize(lower(%s), NFKD), '[\u0300-\u036f]', '', 'g'),
        '[^a-z0-9.+#]+', ' ', 'g') ~ %s
"""


def _get_rows(scopes):
    """{code: scope} as rows of SQL: never none."""
    rows = [SQL("(%s, %s)", *item) for item in {"": "out", **scopes}.items()]
    return SQL(", ").join(rows)
