from odoo import api, fields, models
from odoo.tools import SQL


class Reconciliation(models.Model):
    """What is committed in Chorus and has no file here."""

    _inherit = "souverainete.reconciliation"

    kind = fields.Selection(
        selection_add=[("chorus", "Committed in Chorus without a file")],
        ondelete={"chorus": "cascade"},
    )

    @api.model
    def _reconcile_chorus(self, company):
        """Commitments of Chorus that no order and no file carries the number of, to
        vendors of digital purchases or of a group of goods with a digital name."""
        words = self._has_words(SQL("chorus.goods_label"))
        facts = self._find(_CHORUS, company.id, words)
        return self._filter_beyond(company, facts)


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
