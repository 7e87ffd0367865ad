"""Clauses shipped before say their document and who is asked them; the language of what
was frozen no longer depends on who launched."""

from odoo import SUPERUSER_ID, api

_ASKED = {
    "qualification": ("ccap", "sensitive"),
    "reversibility": ("cctp", "cloud", "licence", "maintenance", "development"),
    "audit": ("ccap", "sensitive", "cloud"),
    "change_of_control": ("ccap", "cloud", "licence", "maintenance"),
    "source_code": ("ccap", "development"),
    "data_location": ("cctp", "sensitive", "cloud"),
}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    _classify_clauses(env)
    _restate_digests(env)


def _classify_clauses(env):
    """Every version of the clauses shipped, a ministry's own included: their texts stay
    as they are."""
    for code, (document, *subjects) in _ASKED.items():
        clauses = env["souverainete.clause"].search([("code", "=", code)])
        asked = {f"asked_{subject}": True for subject in subjects}
        clauses.write({"document": document, **asked})


def _restate_digests(env):
    """Files whose clauses were frozen in the language of whoever launched them."""
    files = env["purchase.requisition"].with_context(active_test=False)
    for file in files.search(
        [("clause_ids", "!=", False), ("launch_digest", "!=", False)]
    ):
        content = file._get_launch_content()
        now = file._get_digest(content)
        before = {file._get_digest(_translated(file, content, c)) for c in _langs(env)}
        if file.launch_digest != now and file.launch_digest in before:
            file._write_server({"launch_digest": now})


def _langs(env):
    return [code for code, _name in env["res.lang"].get_installed()]


def _translated(file, content, lang):
    clauses = file.with_context(lang=lang).clause_ids.sorted("id")
    return content | {"clauses": {clause.code: clause.text for clause in clauses}}
