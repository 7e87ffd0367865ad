from odoo import api, fields, models
from odoo.tools import SQL


class Reconciliation(models.Model):
    """What is committed in Chorus and has no file here, and what receipts bring."""

    _inherit = "souverainete.reconciliation"

    kind = fields.Selection(
        selection_add=[
            ("chorus", "Committed in Chorus without a file"),
            ("delivered", "Digital goods delivered as something else"),
        ],
        ondelete={"chorus": "cascade", "delivered": "cascade"},
    )

    @api.model
    def _reconcile_chorus(self, company):
        """Commitments of Chorus that no order and no file carries the number of, to
        vendors of digital purchases or of a group of goods with a digital name."""
        words = self._has_words(SQL("chorus.goods_label"))
        facts = self._find(_CHORUS, company.id, words)
        return self._filter_beyond(company, facts)

    @api.model
    def _reconcile_delivered(self, company):
        """Orders out of scope whose receipts are of digital products that were not
        ordered: a kit (`purchase_mrp`) delivers its components. Nothing where receipts
        are not kept in Odoo."""
        if not self._is_receiving():
            return []
        digital, words = self._with_digital(company), self._has_words(_PRODUCT_NAME)
        first = self._get_first_day(company)
        facts = self._find(_DELIVERED, digital, company.id, first, words)
        return self._filter_beyond(company, facts)

    @api.model
    def _is_receiving(self):
        """Whether receipts of orders are kept here: `purchase_stock` is installed."""
        move = self.env.registry.get("stock.move")
        return move is not None and "purchase_line_id" in move._fields


# What is received is worth the line that ordered it.
_PRODUCT_NAME = SQL("(SELECT string_agg(value, ' ') FROM jsonb_each_text(item.name))")
_DELIVERED = """
    %s,
    delivered AS (
        SELECT move.purchase_line_id, MAX(left(coded.cpv, 5)) AS family
          FROM stock_move AS move
          JOIN purchase_order_line AS line ON line.id = move.purchase_line_id
          JOIN purchase_order AS purchase ON purchase.id = line.order_id
          JOIN product_product AS product ON product.id = move.product_id
          JOIN product_template AS item ON item.id = product.product_tmpl_id
     LEFT JOIN coded ON coded.product_id = move.product_id
     LEFT JOIN digital ON digital.product_id = move.product_id
         WHERE purchase.company_id = %s AND purchase.state = 'purchase'
           AND purchase.scope_status = 'out' AND purchase.scope_override = 'auto'
           AND COALESCE(purchase.date_approve, purchase.create_date) >= %s
           AND move.state <> 'cancel' AND move.product_id <> line.product_id
           AND (digital.product_id IS NOT NULL OR (coded.cpv IS NULL AND %s))
      GROUP BY move.purchase_line_id)
    SELECT 'purchase.order', purchase.id, '', purchase.name,
           partner.commercial_partner_id, MAX(delivered.family),
           jsonb_build_array(purchase.user_id, purchase.create_uid)
           || COALESCE(purchase.authors, '[]'), 0,
           SUM(line.price_unit * line.product_qty)
           / COALESCE(NULLIF(purchase.currency_rate, 0), 1)
      FROM delivered
      JOIN purchase_order_line AS line ON line.id = delivered.purchase_line_id
      JOIN purchase_order AS purchase ON purchase.id = line.order_id
      JOIN res_partner AS partner ON partner.id = purchase.partner_id
  GROUP BY purchase.id, partner.id
"""
# A vendor is known by its SIREN: that of its registry number, or of its French VAT.
_CHORUS = r"""
    WITH known AS (
        SELECT partner.id, partner.siren
          FROM (SELECT id, left(COALESCE(
                       NULLIF(regexp_replace(company_registry, '\D', '', 'g'), ''),
                       substring(vat FROM '^FR\w{2}(\d{9})$')), 9) AS siren
                  FROM res_partner
                 WHERE id = commercial_partner_id) AS partner
         WHERE length(partner.siren) = 9),
    digital_vendor AS (
        SELECT partner.commercial_partner_id AS id
          FROM purchase_order AS purchase
          JOIN res_partner AS partner ON partner.id = purchase.partner_id
         WHERE purchase.scope_status = 'in' AND purchase.state = 'purchase'
         UNION
        SELECT partner.commercial_partner_id
          FROM purchase_requisition AS file
          JOIN res_partner AS partner ON partner.id = file.vendor_id
         WHERE file.is_digital AND file.state IN ('confirmed', 'done'))
    SELECT 'souverainete.chorus.commitment', chorus.id, '',
           concat_ws(' – ', chorus.number, chorus.vendor_name, chorus.goods_label),
           MIN(known.id), NULL, jsonb_build_array(), 0, chorus.amount
      FROM souverainete_chorus_commitment AS chorus
 LEFT JOIN known ON known.siren = left(chorus.siret, 9)
     WHERE chorus.company_id = %s
       AND (known.id IN (SELECT id FROM digital_vendor) OR %s)
       AND NOT EXISTS (SELECT FROM purchase_order AS purchase
                        WHERE purchase.ref_chorus_ej = chorus.number
                           OR purchase.ref_agreement_ej = chorus.number)
       AND NOT EXISTS (SELECT FROM purchase_requisition AS file
                        WHERE file.ref_chorus_ej = chorus.number)
  GROUP BY chorus.id
"""
