from odoo import api, fields, models
from odoo.tools import SQL

_KINDS = [
    ("unjudged", "Confirmed without a judgement"),
    ("excess", "Received or billed in excess"),
    ("taxed", "Taxes beyond any rate"),
    ("bill", "Billed without an order"),
    ("sent", "Offers asked for before the launch"),
    ("stated", "Said not to be digital, again and again"),
    ("words", "Digital words out of scope"),
    ("scope", "Scope other than its classes say"),
    ("identity", "Vendor that changed since the decision"),
    ("to_do", "To-do deleted while its reason stands"),
    ("alone", "Decided by one person alone"),
]


class Reconciliation(models.Model):
    """What gets past the gate: each kind is one query on what Odoo itself holds."""

    _inherit = "souverainete.reconciliation"

    kind = fields.Selection(
        selection_add=_KINDS, ondelete={kind: "cascade" for kind, _label in _KINDS}
    )

    @api.model
    def _reconcile_unjudged(self, company):
        """Orders and agreements that are confirmed, digital, and that the gate never
        judged: SQL, or a module that goes round the ORM. Where there is a file, its
        journal must say so too: a forged mark is not enough."""
        digital = self._with_digital(company)
        return self._find(_UNJUDGED, digital, company.id, company.id)

    @api.model
    def _reconcile_excess(self, company):
        """What was received or billed on an order beyond what it was judged to be
        worth: over-deliveries, lines added on a receipt, down payments that are not
        deducted, orders at 0 € priced when billed, orders left after a receipt. An
        advance within what was judged is lawful, and no fact."""
        digital, first = self._with_digital(company), self._get_first_day(company)
        facts = self._find(_EXCESS, digital, company.id, first)
        return self._filter_beyond(company, facts)

    @api.model
    def _reconcile_taxed(self, company):
        """Orders whose taxes weigh more than any rate does: a tax included in the price
        takes away from the amount excl. tax, which is what is judged."""
        ratios, today = self.env["souverainete.ratio"], company._souverainete_today()
        if not (share := ratios._get("tax", company, today).percent):
            return []
        digital, first = self._with_digital(company), self._get_first_day(company)
        return self._find(_TAXED, digital, company.id, first, share)

    @api.model
    def _reconcile_bill(self, company):
        """Bills of digital products, or of what digital words name and no class says,
        that answer to no order, or to one of something else that is not digital. What
        was credited since counts no more."""
        digital, words = self._with_digital(company), self._has_words(SQL("line.name"))
        first = self._get_first_day(company)
        facts = self._find(_BILL, digital, company.id, first, words)
        return self._filter_beyond(company, facts)

    @api.model
    def _reconcile_sent(self, company):
        """Requests for quotations that left for a need that was never launched, from
        the exemption on: below it, asking for quotations is the consultation. Requests
        for sourcing (CCP R. 2111-1) are none."""
        digital = self._with_digital(company)
        exemption = self._get_amount("exemption", company)
        return self._find(_SENT, digital, company.id, exemption, exemption)

    @api.model
    def _reconcile_stated(self, company):
        """What a buyer alone said not to be digital, against its classes: by family,
        by vendor and by buyer, where it adds up to what a buyer may not say alone."""
        digital = self._with_digital(company)
        ceiling = self._get_amount("scope_out", company)
        start = self._get_start(company)
        of_company = (company.id, start)
        return self._find(
            _STATED, digital, *of_company, *of_company, company.id, ceiling
        )

    @api.model
    def _reconcile_words(self, company):
        """Orders out of scope by their classes, whose lines are in digital words."""
        digital, words = self._with_digital(company), self._has_words(SQL("line.name"))
        first = self._get_first_day(company)
        facts = self._find(_WORDS, digital, company.id, first, words)
        return self._filter_beyond(company, facts)

    @api.model
    def _reconcile_scope(self, company):
        """Confirmed orders and agreements whose stored scope is laxer than what their
        inputs say today: classes, statement, file."""
        digital = self._with_digital(company)
        ceiling = self._get_amount("scope_out", company)
        of_company = (ceiling, company.id, self._get_first_day(company))
        facts = self._find(_SCOPE, digital, *of_company, *of_company)
        return self._filter_beyond(company, facts)

    @api.model
    def _reconcile_identity(self, company):
        """Vendors whose name, number or parent changed since digital purchases were
        decided for them, as their own trail or the files' journals show."""
        return self._find(_IDENTITY, company.id)

    @api.model
    def _reconcile_to_do(self, company):
        """To-dos that somebody deleted, where what they ask still stands. Done is
        another matter: it leaves a trace."""
        continuity = self.env.ref("souverainete_achat.activity_lapsed_order").id
        warning = self.env.ref("mail.mail_activity_data_warning").id
        start = self._get_start(company)
        return self._find(_TO_DO, company.id, company.id, start, continuity, warning)

    @api.model
    def _reconcile_alone(self, company):
        """What one person decided alone, where nobody else held the role."""
        return self._find(_ALONE, company.id)

    def action_open(self):
        """The purchases themselves, where the fact is about several."""
        if self.kind != "stated":
            return super().action_open()
        company, names = self.company_id.id, self.reference.split(", ")
        domain = [("company_id", "=", company), ("name", "in", names)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Said not to be digital"),
            "res_model": "purchase.order",
            "view_mode": "list,form",
            "domain": domain,
        }


# Each query selects the columns of `Fact`. € HT, in the company's currency.
_UNJUDGED = """
    %s,
    file_line AS (
        SELECT line.requisition_id, SUM(line.product_qty * line.price_unit) AS amount,
               MAX(digital.cpv) AS cpv, bool_or(digital.cpv IS NOT NULL) AS is_digital
          FROM purchase_requisition_line AS line
     LEFT JOIN digital ON digital.product_id = line.product_id
      GROUP BY line.requisition_id),
    order_line AS (
        SELECT line.order_id, SUM(line.price_subtotal) AS amount,
               MAX(digital.cpv) AS cpv, bool_or(digital.cpv IS NOT NULL) AS is_digital,
               jsonb_agg(line.product_id) FILTER (WHERE digital.cpv IS NOT NULL)
               AS products
          FROM purchase_order_line AS line
     LEFT JOIN digital ON digital.product_id = line.product_id
      GROUP BY line.order_id)
    SELECT 'purchase.order', purchase.id, '', purchase.name,
           partner.commercial_partner_id, left(line.cpv, 5),
           jsonb_build_array(purchase.user_id, purchase.create_uid)
           || COALESCE(purchase.authors, '[]'), 0,
           COALESCE(line.amount / NULLIF(purchase.currency_rate, 0), 0)
      FROM purchase_order AS purchase
      JOIN res_partner AS partner ON partner.id = purchase.partner_id
 LEFT JOIN order_line AS line ON line.order_id = purchase.id
 LEFT JOIN purchase_requisition AS agreement ON agreement.id = purchase.requisition_id
 LEFT JOIN purchase_requisition AS need ON need.id = purchase.need_id
     WHERE purchase.company_id = %s AND purchase.state = 'purchase'
       AND (line.is_digital OR purchase.scope_override = 'in'
            OR agreement.is_digital OR need.is_digital)
       AND (purchase.gate_state IS DISTINCT FROM 'purchase'
            OR (jsonb_typeof(purchase.gate_envelope) IS DISTINCT FROM 'object'
                AND purchase.scope_override <> 'out'
                AND EXISTS (
                    SELECT FROM jsonb_array_elements_text(
                        COALESCE(line.products, '[]')) AS product (id)
                     WHERE NOT jsonb_exists(
                        COALESCE(purchase.gate_settled, '{}'), product.id)))
            OR (jsonb_typeof(purchase.gate_envelope) = 'object'
                AND COALESCE(agreement.id, need.id) IS NOT NULL
                AND NOT EXISTS (
                    SELECT FROM souverainete_journal AS entry
                     WHERE entry.requisition_id IN (agreement.id, need.id)
                       AND entry.event = 'order'
                       AND (entry.payload IS NULL
                            OR entry.payload::jsonb ->> 'order' = purchase.name))))
     UNION ALL
    SELECT 'purchase.requisition', file.id, '', file.name,
           partner.commercial_partner_id, left(COALESCE(file.cpv_code, line.cpv), 5),
           jsonb_build_array(file.user_id, file.create_uid)
           || COALESCE(file.authors, '[]'), 0,
           GREATEST(file.amount_max, file.amount_estimated, line.amount, 0)
      FROM purchase_requisition AS file
 LEFT JOIN res_partner AS partner ON partner.id = file.vendor_id
 LEFT JOIN file_line AS line ON line.requisition_id = file.id
     WHERE file.company_id = %s AND file.state IN ('confirmed', 'done')
       AND (file.scope_status <> 'out' OR (file.scope_override = 'auto'
            AND line.is_digital))
       AND NOT COALESCE(file.is_prior AND file.gate_state = file.state, false)
       AND (file.gate_state IS DISTINCT FROM file.state
            OR (COALESCE(file.gate_envelope ->> 'out_of_scope', '') <> 'true'
                AND (file.gate_passed_on IS NULL OR NOT EXISTS (
                    SELECT FROM souverainete_journal AS entry
                     WHERE entry.requisition_id = file.id AND entry.event = 'gate'))))
"""
_TAXED = """
    %s
    SELECT 'purchase.order', purchase.id, '', purchase.name,
           partner.commercial_partner_id, left(MAX(digital.cpv), 5),
           jsonb_build_array(purchase.user_id, purchase.create_uid)
           || COALESCE(purchase.authors, '[]'),
           purchase.amount_untaxed / COALESCE(NULLIF(purchase.currency_rate, 0), 1),
           purchase.amount_tax / COALESCE(NULLIF(purchase.currency_rate, 0), 1)
      FROM purchase_order AS purchase
      JOIN res_partner AS partner ON partner.id = purchase.partner_id
      JOIN purchase_order_line AS line ON line.order_id = purchase.id
      JOIN digital ON digital.product_id = line.product_id
     WHERE purchase.company_id = %s AND purchase.state = 'purchase'
       AND COALESCE(purchase.date_approve, purchase.create_date) >= %s
       AND purchase.amount_tax * 100 > GREATEST(purchase.amount_untaxed, 0) * %s
  GROUP BY purchase.id, partner.id
"""
# A line orders what was typed on it, or less where its stored sum says less.
_EXCESS = """
    %s,
    typed AS (
        SELECT line.id, line.order_id, line.qty_received, line.is_downpayment,
               line.product_qty, digital.cpv, purchase.currency_id,
               purchase.state = 'purchase' AS is_confirmed, line.write_date,
               COALESCE(NULLIF(purchase.currency_rate, 0), 1) AS rate,
               line.price_unit * (1 - COALESCE(line.discount, 0) / 100) AS price,
               GREATEST(LEAST(line.price_subtotal, line.price_unit * line.product_qty
                   * (1 - COALESCE(line.discount, 0) / 100)), 0) AS ordered
          FROM purchase_order_line AS line
          JOIN purchase_order AS purchase ON purchase.id = line.order_id
     LEFT JOIN digital ON digital.product_id = line.product_id
         WHERE purchase.company_id = %s AND line.display_type IS NULL),
    line AS (
        SELECT typed.*, GREATEST(typed.qty_received, 0) * CASE
                   WHEN typed.product_qty > 0 THEN typed.ordered / typed.product_qty
                   ELSE typed.price END AS received,
               COALESCE(bill.amount, 0) AS billed
          FROM typed
 LEFT JOIN LATERAL (
               SELECT SUM(CASE WHEN bill_line.currency_id = typed.currency_id
                               THEN bill_line.amount_currency
                               ELSE bill_line.balance * typed.rate END) AS amount
                 FROM account_move_line AS bill_line
                 JOIN account_move AS bill ON bill.id = bill_line.move_id
                WHERE bill_line.purchase_line_id = typed.id
                  AND bill.state = 'posted') AS bill ON true),
    total AS (
        SELECT order_id, rate, is_confirmed, MAX(write_date) AS changed_on,
               COALESCE(SUM(ordered), 0) AS ordered,
               COALESCE(SUM(ordered) FILTER (WHERE cpv IS NOT NULL), 0) AS ordered_in,
               GREATEST(SUM(received), SUM(billed)) AS found,
               GREATEST(SUM(received) FILTER (WHERE cpv IS NOT NULL),
                        SUM(billed) FILTER (WHERE cpv IS NOT NULL)) AS found_in,
               COALESCE(SUM(GREATEST(received, billed)) FILTER (
                   WHERE product_qty <= 0 AND NOT COALESCE(is_downpayment, false)), 0)
               AS added,
               (array_agg(left(cpv, 5) ORDER BY ordered DESC)
                   FILTER (WHERE cpv IS NOT NULL))[1] AS family
          FROM line GROUP BY order_id, rate, is_confirmed),
    worth AS (
        SELECT total.*, purchase.name, purchase.partner_id, purchase.scope_status,
               jsonb_build_array(purchase.user_id, purchase.create_uid)
               || COALESCE(purchase.authors, '[]') AS authors,
               CASE WHEN is_confirmed THEN LEAST(ordered, purchase.amount_judged)
                    ELSE 0 END AS judged,
               CASE WHEN is_confirmed THEN ordered_in ELSE 0 END AS judged_in
          FROM total JOIN purchase_order AS purchase ON purchase.id = total.order_id
         WHERE (purchase.scope_status <> 'out' OR total.family IS NOT NULL)
           AND GREATEST(purchase.date_approve, purchase.create_date, changed_on) >= %s),
    fact AS (
        SELECT worth.*, CASE WHEN scope_status = 'out' THEN found_in - judged_in
               ELSE GREATEST(found - judged, found_in - judged_in, added) END AS beyond
          FROM worth)
    SELECT 'purchase.order', fact.order_id, '', fact.name,
           partner.commercial_partner_id, fact.family, fact.authors,
           fact.judged / fact.rate, fact.beyond / fact.rate
      FROM fact JOIN res_partner AS partner ON partner.id = fact.partner_id
     WHERE round((fact.beyond / fact.rate)::numeric, 2) > 0
"""
_BILL = """
    %s,
    line AS (
        SELECT COALESCE(bill.reversed_entry_id, bill.id) AS bill_id, line.balance,
               digital.cpv
          FROM account_move_line AS line
          JOIN account_move AS bill ON bill.id = line.move_id
     LEFT JOIN digital ON digital.product_id = line.product_id
     LEFT JOIN coded ON coded.product_id = line.product_id
     LEFT JOIN purchase_order_line AS ordered ON ordered.id = line.purchase_line_id
     LEFT JOIN purchase_order AS purchase ON purchase.id = ordered.order_id
         WHERE bill.company_id = %s AND bill.state = 'posted' AND bill.date >= %s
           AND bill.move_type IN ('in_invoice', 'in_refund', 'in_receipt')
           AND line.display_type = 'product'
           AND (ordered.id IS NULL OR (purchase.scope_status = 'out'
                AND ordered.product_id IS DISTINCT FROM line.product_id))
           AND (digital.product_id IS NOT NULL OR (coded.cpv IS NULL AND %s)))
    SELECT 'account.move', bill.id, '', COALESCE(bill.name, bill.ref),
           bill.commercial_partner_id, left(MAX(line.cpv), 5),
           jsonb_build_array(bill.create_uid, bill.invoice_user_id),
           0, SUM(line.balance)
      FROM line JOIN account_move AS bill ON bill.id = line.bill_id
  GROUP BY bill.id
    HAVING SUM(line.balance) > 0
"""
# A need is worth the highest of what it says and of what is asked; nothing known of it
# is not below the exemption.
_SENT = """
    %s,
    asked AS (
        SELECT purchase.id, purchase.name, purchase.need_id, purchase.partner_id,
               COALESCE(purchase.purchase_group_id, -purchase.id) AS competition,
               jsonb_build_array(purchase.user_id, purchase.create_uid)
               || COALESCE(purchase.authors, '[]') AS authors,
               bool_or(digital.cpv IS NOT NULL) AS is_digital,
               MAX(left(digital.cpv, 5)) AS family,
               SUM(line.price_unit * line.product_qty)
                   / COALESCE(NULLIF(purchase.currency_rate, 0), 1) AS amount
          FROM purchase_order AS purchase
          JOIN purchase_order_line AS line ON line.order_id = purchase.id
     LEFT JOIN digital ON digital.product_id = line.product_id
         WHERE purchase.company_id = %s AND purchase.state = 'sent'
           AND NOT COALESCE(purchase.is_sourcing, false)
           AND purchase.scope_override <> 'out'
      GROUP BY purchase.id),
    need AS (
        SELECT need.id, MAX(need.name) AS name, MAX(need.cpv_code) AS cpv,
               jsonb_build_array(need.user_id, need.create_uid)
               || COALESCE(need.authors, '[]') AS authors,
               MAX(asked.family) AS family, jsonb_agg(asked.authors) AS askers,
               GREATEST(MAX(asked.amount), (
                   SELECT SUM(line.product_qty * line.price_unit)
                     FROM purchase_requisition_line AS line
                    WHERE line.requisition_id = need.id), 0,
                   CASE WHEN need.amount_estimated_known THEN need.amount_estimated END,
                   CASE WHEN need.amount_max_known THEN need.amount_max END) AS amount
          FROM asked JOIN purchase_requisition AS need ON need.id = asked.need_id
         WHERE need.scope_status <> 'out' AND need.date_launch IS NULL
           AND NOT COALESCE(need.is_prior, false)
           AND COALESCE(need.purchase_route, 'own') IN ('own', 'subsequent')
      GROUP BY need.id),
    competition AS (
        SELECT MIN(id) AS id, MIN(name) AS name, MAX(family) AS family,
               CASE WHEN COUNT(*) = 1 THEN MIN(partner_id) END AS partner_id,
               jsonb_agg(authors) AS authors, MAX(amount) AS amount
          FROM asked WHERE need_id IS NULL AND is_digital
      GROUP BY competition)
    SELECT 'purchase.requisition', id, '', name, NULL::int,
           left(COALESCE(cpv, family), 5), authors || askers, 0, amount
      FROM need WHERE amount >= %s OR amount = 0
     UNION ALL
    SELECT 'purchase.order', competition.id, '', competition.name,
           partner.commercial_partner_id, family, authors, 0, amount
      FROM competition LEFT JOIN res_partner AS partner ON partner.id = partner_id
     WHERE amount >= %s
"""
_STATED = """
    %s,
    stated AS (
        SELECT purchase.name, left(digital.cpv, 5) AS family,
               partner.commercial_partner_id AS vendor,
               COALESCE(purchase.user_id, purchase.create_uid) AS buyer,
               jsonb_build_array(purchase.user_id, purchase.create_uid)
               || COALESCE(purchase.authors, '[]') AS authors,
               line.price_unit * line.product_qty
               / COALESCE(NULLIF(purchase.currency_rate, 0), 1) AS amount
          FROM purchase_order AS purchase
          JOIN purchase_order_line AS line ON line.order_id = purchase.id
          JOIN digital ON digital.product_id = line.product_id
          JOIN res_partner AS partner ON partner.id = purchase.partner_id
         WHERE purchase.company_id = %s AND purchase.scope_override = 'out'
           AND COALESCE(purchase.date_approve, purchase.create_date) >= %s
           AND purchase.scope_officer_id IS NULL AND purchase.state = 'purchase'
         UNION ALL
        SELECT file.name, left(digital.cpv, 5), partner.commercial_partner_id,
               COALESCE(file.user_id, file.create_uid),
               jsonb_build_array(file.user_id, file.create_uid)
               || COALESCE(file.authors, '[]'),
               line.price_unit * line.product_qty
          FROM purchase_requisition AS file
          JOIN purchase_requisition_line AS line ON line.requisition_id = file.id
          JOIN digital ON digital.product_id = line.product_id
     LEFT JOIN res_partner AS partner ON partner.id = file.vendor_id
         WHERE file.company_id = %s AND file.scope_override = 'out'
           AND file.scope_officer_id IS NULL AND file.create_date >= %s
           AND file.state IN ('confirmed', 'done')),
    summed AS (
        SELECT family, vendor, buyer, GROUPING(family, vendor, buyer) AS level,
               string_agg(DISTINCT name, ', ') AS names, jsonb_agg(authors) AS authors,
               SUM(amount) AS amount, COUNT(DISTINCT name) AS number,
               COUNT(DISTINCT family) AS families, COUNT(DISTINCT vendor) AS vendors,
               MIN(vendor) AS a_vendor, MIN(family) AS a_family
          FROM stated
      GROUP BY GROUPING SETS ((family), (vendor), (buyer)))
    SELECT CASE level WHEN 3 THEN 'res.company' WHEN 5 THEN 'res.partner'
                      ELSE 'res.users' END,
           CASE level WHEN 3 THEN %s WHEN 5 THEN vendor ELSE buyer END,
           CASE level WHEN 3 THEN family ELSE '' END, left(names, 2000),
           CASE WHEN vendors = 1 THEN a_vendor END,
           CASE WHEN families = 1 THEN a_family END, authors, 0, amount
      FROM summed
     WHERE number > 1 AND amount >= %s
       -- The same purchases are told once: by family, else by vendor, else by buyer.
       AND (level = 3 OR (level = 5 AND vendor IS NOT NULL AND families > 1)
            OR (level = 6 AND families > 1 AND vendors > 1))
"""
_WORDS = """
    %s
    SELECT 'purchase.order', purchase.id, '', purchase.name,
           partner.commercial_partner_id, left(MAX(coded.cpv), 5),
           jsonb_build_array(purchase.user_id, purchase.create_uid)
           || COALESCE(purchase.authors, '[]'), 0,
           SUM(line.price_unit * line.product_qty)
           / COALESCE(NULLIF(purchase.currency_rate, 0), 1)
      FROM purchase_order AS purchase
      JOIN purchase_order_line AS line ON line.order_id = purchase.id
      JOIN res_partner AS partner ON partner.id = purchase.partner_id
 LEFT JOIN coded ON coded.product_id = line.product_id
 LEFT JOIN digital ON digital.product_id = line.product_id
     WHERE purchase.company_id = %s AND purchase.state = 'purchase'
       AND purchase.scope_status = 'out' AND purchase.scope_override = 'auto'
       AND COALESCE(purchase.date_approve, purchase.create_date) >= %s
       AND digital.product_id IS NULL AND %s
  GROUP BY purchase.id, partner.id
"""
# 2: digital, 1: to be stated, 0: not digital. A statement holds with its reason and,
# from the ceiling on, with an officer's agreement.
_SCOPE = """
    %s,
    purchase AS (
        SELECT purchase.id, purchase.name, partner.commercial_partner_id AS vendor,
               purchase.scope_status, MAX(left(digital.cpv, 5)) AS family,
               jsonb_build_array(purchase.user_id, purchase.create_uid)
               || COALESCE(purchase.authors, '[]') AS authors,
               SUM(line.price_unit * line.product_qty)
               / COALESCE(NULLIF(purchase.currency_rate, 0), 1) AS amount,
               CASE WHEN purchase.scope_override = 'in' OR file.is_digital THEN 2
                    WHEN purchase.scope_override = 'out'
                     AND btrim(COALESCE(purchase.scope_reason, '')) <> ''
                     AND (purchase.scope_officer_id IS NOT NULL
                          OR purchase.amount_untaxed
                             / COALESCE(NULLIF(purchase.currency_rate, 0), 1) < %s)
                    THEN 0
                    WHEN bool_or(digital.scope = 'in') THEN 2
                    WHEN bool_or(digital.scope = 'ask') THEN 1
                    WHEN purchase.scope_override = 'auto' AND file.scope_status = 'ask'
                    THEN 1 ELSE 0 END AS rank
          FROM purchase_order AS purchase
          JOIN purchase_order_line AS line ON line.order_id = purchase.id
          JOIN res_partner AS partner ON partner.id = purchase.partner_id
     LEFT JOIN purchase_requisition AS file
            ON file.id = COALESCE(purchase.requisition_id, purchase.need_id)
     LEFT JOIN digital ON digital.product_id = line.product_id
         WHERE purchase.company_id = %s AND purchase.state = 'purchase'
           AND COALESCE(purchase.date_approve, purchase.create_date) >= %s
      GROUP BY purchase.id, partner.id, file.id),
    file AS (
        SELECT file.id, file.name, partner.commercial_partner_id AS vendor,
               file.scope_status, left(COALESCE(file.cpv_code, MAX(digital.cpv)), 5)
               AS family, jsonb_build_array(file.user_id, file.create_uid)
               || COALESCE(file.authors, '[]') AS authors,
               GREATEST(SUM(line.price_unit * line.product_qty), file.amount_estimated,
                        file.amount_max, 0) AS amount,
               CASE WHEN file.scope_override = 'in' OR need.is_digital THEN 2
                    WHEN file.scope_override = 'out'
                     AND btrim(COALESCE(file.scope_reason, '')) <> ''
                     AND (file.scope_officer_id IS NOT NULL
                          OR GREATEST(file.amount_estimated, file.amount_max) < %s)
                    THEN 0
                    WHEN bool_or(digital.scope = 'in') THEN 2
                    WHEN bool_or(digital.scope = 'ask') THEN 1 ELSE 0 END AS rank
          FROM purchase_requisition AS file
     LEFT JOIN purchase_requisition_line AS line ON line.requisition_id = file.id
     LEFT JOIN purchase_requisition AS need
            ON need.id = file.need_id AND need.id <> file.id
     LEFT JOIN res_partner AS partner ON partner.id = file.vendor_id
     LEFT JOIN digital ON digital.product_id = line.product_id
         WHERE file.company_id = %s AND file.state IN ('confirmed', 'done')
           AND COALESCE(file.gate_passed_on, file.create_date) >= %s
      GROUP BY file.id, need.id, partner.id)
    SELECT 'purchase.order', id, '', name, vendor, family, authors, 0, amount
      FROM purchase
     WHERE rank > CASE scope_status WHEN 'in' THEN 2 WHEN 'ask' THEN 1 ELSE 0 END
     UNION ALL
    SELECT 'purchase.requisition', id, '', name, vendor, family, authors, 0, amount
      FROM file
     WHERE rank > CASE scope_status WHEN 'in' THEN 2 WHEN 'ask' THEN 1 ELSE 0 END
"""
_IDENTITY = """
    WITH decided AS (
        SELECT purchase.id, purchase.name, purchase.partner_id,
               partner.commercial_partner_id AS vendor, partner.complete_name,
               purchase.requisition_id, purchase.need_id,
               LEAST(purchase.date_approve, agreement.gate_passed_on) AS day,
               jsonb_build_array(purchase.user_id, purchase.create_uid)
               || COALESCE(purchase.authors, '[]') AS authors,
               COALESCE(purchase.amount_judged, purchase.amount_untaxed)
               / COALESCE(NULLIF(purchase.currency_rate, 0), 1) AS amount
          FROM purchase_order AS purchase
          JOIN res_partner AS partner ON partner.id = purchase.partner_id
     LEFT JOIN purchase_requisition AS agreement
            ON agreement.id = purchase.requisition_id
         WHERE purchase.company_id = %s AND purchase.state = 'purchase'
           AND purchase.scope_status = 'in'),
    -- What stood when it was decided is what the first change since replaced.
    trail AS (
        SELECT DISTINCT ON (decided.id, partner.id, field.name) decided.id, field.name,
               CASE field.name
                   WHEN 'parent_id' THEN NULLIF(value.old_value_integer, 0)::text
                   ELSE value.old_value_char END AS before,
               CASE field.name
                   WHEN 'parent_id' THEN partner.parent_id::text
                   WHEN 'vat' THEN partner.vat ELSE partner.name END AS now
          FROM decided
          JOIN res_partner AS partner
            ON partner.id IN (decided.partner_id, decided.vendor)
          JOIN mail_message AS message
            ON message.model = 'res.partner' AND message.res_id = partner.id
           AND message.date > decided.day
          JOIN mail_tracking_value AS value ON value.mail_message_id = message.id
          JOIN ir_model_fields AS field ON field.id = value.field_id
         WHERE field.name IN ('name', 'vat', 'parent_id')
      ORDER BY decided.id, partner.id, field.name, message.date, value.id),
    -- To fill in what was empty changes nobody, a parent excepted.
    changed AS (
        SELECT id FROM trail
         WHERE before IS DISTINCT FROM now
           AND (name = 'parent_id' OR COALESCE(before, '') <> ''))
    SELECT 'res.partner', decided.vendor, '', MAX(partner.name), decided.vendor,
           NULL, jsonb_agg(decided.authors), 0, SUM(decided.amount)
      FROM decided JOIN res_partner AS partner ON partner.id = decided.vendor
     WHERE decided.id IN (SELECT id FROM changed)
        OR EXISTS (
               SELECT FROM souverainete_journal AS entry
                WHERE entry.requisition_id IN (decided.requisition_id, decided.need_id)
                  AND entry.event = 'order'
                  AND entry.payload::jsonb ->> 'order' = decided.name
                  AND entry.payload::jsonb ->> 'vendor' <> decided.complete_name)
  GROUP BY decided.vendor
"""
_TO_DO = """
    WITH kept AS (
        SELECT file.*, jsonb_build_array(file.user_id, file.create_uid)
               || COALESCE(file.authors, '[]') AS people
          FROM purchase_requisition AS file WHERE file.company_id = %s),
    standing AS (
        SELECT 'souverainete.light.need' AS model, need.id, 'light' AS reason,
               COALESCE(vendor.name, product.default_code, need.code) AS name,
               need.vendor_id, left(need.code, 5) AS family, NULL::jsonb AS people,
               need.amount
          FROM souverainete_light_need AS need
     LEFT JOIN res_partner AS vendor ON vendor.id = need.vendor_id
     LEFT JOIN product_template AS product ON product.id = need.product_id
         WHERE need.company_id = %s AND need.amount > 0 AND need.warned_on >= %s
         UNION ALL
        SELECT 'purchase.requisition', id, 'lapsed', name, vendor_id,
               left(cpv_code, 5), people, GREATEST(amount_max, amount_estimated, 0)
          FROM kept WHERE compliance_state = 'lapsed'
         UNION ALL
        SELECT 'purchase.requisition', id, 'continuity', name, vendor_id,
               left(cpv_code, 5), people, GREATEST(amount_max, amount_estimated, 0)
          FROM kept WHERE compliance_state = 'lapsed' AND EXISTS (
               SELECT FROM purchase_order AS purchase
                WHERE purchase.requisition_id = kept.id AND purchase.continuity_used
                  AND purchase.state = 'purchase')
         UNION ALL
        SELECT 'purchase.requisition', kept.id, 'alert', name, vendor_id,
               left(cpv_code, 5), people, GREATEST(amount_max, amount_estimated, 0)
          FROM kept
          JOIN souverainete_qualification_alert AS alert
            ON alert.requisition_id = kept.id
         WHERE alert.state = 'open' AND alert.user_id IS NOT NULL
           AND alert.activity_id IS NULL)
    SELECT model, id, '', MAX(name), MAX(vendor_id), MAX(family), jsonb_agg(people), 0,
           MAX(amount)
      FROM standing
     WHERE NOT EXISTS (
           SELECT FROM mail_activity AS activity
            WHERE activity.res_model = standing.model
              AND activity.res_id = standing.id
              AND activity.activity_type_id = CASE reason
                      WHEN 'continuity' THEN %s WHEN 'alert' THEN NULL ELSE %s END)
  GROUP BY model, id
"""
_ALONE = """
    SELECT 'souverainete.sole.decision', id, '', subject, NULL, NULL,
           jsonb_build_array(user_id), 0, 0
      FROM souverainete_sole_decision
     WHERE company_id = %s
"""
