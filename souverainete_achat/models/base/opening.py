"""What a button opens: actions of the web client."""

from urllib.parse import quote


def open_form(record, name=None, **more):
    """The form of `record`; that of a new one where there is none. `more`: what else
    the action says, as its `context`."""
    action = {
        "type": "ir.actions.act_window",
        "res_model": record._name,
        "res_id": record.id,
        "view_mode": "form",
        **more,
    }
    return {**action, "name": name} if name else action


def open_dialog(record, name, **context):
    """The same over the page, with what its context says."""
    return open_form(record, name, target="new", context=context)


def open_records(records, name, modes="list,form", **more):
    """The list of `records`."""
    return {
        "type": "ir.actions.act_window",
        "name": name,
        "res_model": records._name,
        "view_mode": modes,
        "domain": [("id", "in", records.ids)],
        **more,
    }


def open_some(records, name):
    """The form of the only one, the list of several."""
    return (
        open_form(records, name) if len(records) == 1 else open_records(records, name)
    )


def download(record, name, filename):
    """Download the content of a binary field of `record` under this name."""
    return {
        "type": "ir.actions.act_url",
        "target": "download",
        "url": f"/web/content/{record._name}/{record.id}/{name}/{quote(filename)}"
        "?download=true",
    }
