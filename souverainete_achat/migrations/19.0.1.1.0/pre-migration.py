from odoo.tools.sql import column_exists

_OLD, _NEW = "ref_chorus", "ref_chorus_ej"


def migrate(cr, version):
    """The one Chorus reference was that of the commitment: it keeps its values, and
    what refers to the field (exports, translations) follows its new name."""
    if not column_exists(cr, "purchase_requisition", _OLD):
        return
    cr.execute(f"ALTER TABLE purchase_requisition RENAME COLUMN {_OLD} TO {_NEW}")
    cr.execute(
        """
        UPDATE ir_model_fields SET name = %s
         WHERE model = 'purchase.requisition' AND name = %s
        """,
        [_NEW, _OLD],
    )
    cr.execute(
        """
        UPDATE ir_model_data SET name = %s
         WHERE module = 'souverainete_achat' AND model = 'ir.model.fields'
           AND name = %s
        """,
        [f"field_purchase_requisition__{_NEW}", f"field_purchase_requisition__{_OLD}"],
    )
    cr.execute(
        """
        UPDATE ir_exports_line SET name = %s
         WHERE name = %s AND export_id IN (
            SELECT id FROM ir_exports WHERE resource = 'purchase.requisition')
        """,
        [_NEW, _OLD],
    )
    cr.execute("DROP INDEX IF EXISTS purchase_requisition__ref_chorus_index")
