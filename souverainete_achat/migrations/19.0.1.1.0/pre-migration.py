from odoo.tools.sql import column_exists

_MODEL = "purchase.requisition"
_OLD, _NEW = "ref_chorus", "ref_chorus_ej"


def migrate(cr, version):
    """The one Chorus reference was that of the commitment: it keeps its values, and
    whatever names the field follows."""
    if not column_exists(cr, "purchase_requisition", _OLD):
        return
    cr.execute(f"ALTER TABLE purchase_requisition RENAME COLUMN {_OLD} TO {_NEW}")
    cr.execute(f"DROP INDEX IF EXISTS purchase_requisition__{_OLD}_index")
    _rename_field(cr)
    _rename_in_exports(cr)
    _rename_in_text(cr, "ir_ui_view", "arch_db", "jsonb")
    _rename_in_text(cr, "ir_filters", "domain", "text")
    _rename_in_text(cr, "ir_filters", "context", "text")


def _rename_field(cr):
    cr.execute(
        "UPDATE ir_model_fields SET name = %s WHERE model = %s AND name = %s",
        [_NEW, _MODEL, _OLD],
    )
    prefix = "field_purchase_requisition__"
    cr.execute(
        """
        UPDATE ir_model_data SET name = %s
         WHERE module = 'souverainete_achat' AND name = %s
        """,
        [prefix + _NEW, prefix + _OLD],
    )


def _rename_in_exports(cr):
    cr.execute(
        """
        UPDATE ir_exports_line AS line SET name = %s
          FROM ir_exports AS export
         WHERE export.id = line.export_id AND export.resource = %s AND line.name = %s
        """,
        [_NEW, _MODEL, _OLD],
    )


def _rename_in_text(cr, table, column, kind):
    """Views not reloaded yet are read together with those that are."""
    word = rf"\m{_OLD}\M"
    cr.execute(
        f"""
        UPDATE {table}
           SET {column} = regexp_replace({column}::text, %s, %s, 'g')::{kind}
         WHERE {column}::text ~ %s
        """,
        [word, _NEW, word],
    )
