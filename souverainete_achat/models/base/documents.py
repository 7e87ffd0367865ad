"""What is downloaded, and what is joined."""

from urllib.parse import quote


def get_download_action(record, name, filename):
    """Download the content of a binary field of `record` under this name."""
    return {
        "type": "ir.actions.act_url",
        "target": "download",
        "url": f"/web/content/{record._name}/{record.id}/{name}/{quote(filename)}"
        "?download=true",
    }


def file_documents(model, record_id, added):
    """Only what one may read is joined; what was loose is filed with the record, so
    that the others of the ministry read it too."""
    added.with_user(added.env.user).check_access("read")
    loose = added.filtered(lambda document: not document.res_id)
    loose.sudo().write({"res_model": model, "res_id": record_id})
