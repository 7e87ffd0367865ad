"""What the web client reads when a person opens a record: the specification it sends
to `web_read`, derived from the form view as `getFieldsSpec` does in JavaScript."""

import ast

from lxml import etree

_ALWAYS = {"True", "1"}
# What `limit` the client sends for a list that states none.
_LIMIT = 40
# What the widgets of lists without a view of their own read of each record.
_TAGS = ("many2many_tags", "many2many_tags_avatar", "many2many_avatar_user")


def get_spec(env, model):
    """The specification of `web_read` for the form of `model`, as this user sees it."""
    views = env[model].get_views([(False, "form")])
    fields = {name: info["fields"] for name, info in views["models"].items()}
    arch = etree.fromstring(views["views"]["form"]["arch"])
    return {"display_name": {}, **_get_view_spec(arch, fields, model)}


def _get_view_spec(view, fields, model, hidden=False):
    """`hidden`: fields the client has to know of but does not show."""
    spec = {}
    for node in _get_own_fields(view):
        name = node.get("name")
        shown = not hidden and not _is_hidden(node)
        field = fields[model][name]
        spec[name] = _merge(spec.get(name, {}), _get_spec(node, field, fields, shown))
    return spec


def _get_own_fields(node):
    """The fields of a view, without those of the lists inside it."""
    for child in node.iterchildren(etree.Element):
        if child.tag == "field":
            yield child
        else:
            yield from _get_own_fields(child)


def _is_hidden(node):
    """The client looks at the field alone: a hidden group hides nothing from it."""
    return bool({node.get("invisible"), node.get("column_invisible")} & _ALWAYS)


def _merge(spec, other):
    """A field that is several times in a form is read once, with all it shows."""
    fields = {**spec.get("fields", {}), **other.get("fields", {})}
    merged = {**spec, **other}
    return {**merged, "fields": fields} if "fields" in merged else merged


def _get_spec(node, field, fields, shown):
    if field["type"] in ("one2many", "many2many"):
        return _get_list_spec(node, field, fields) if shown else {}
    if field["type"] in ("many2one", "reference"):
        if not shown:
            return {"fields": {}}
        return {"fields": {"display_name": {}}, **_get_context(node, field)}
    return {}


def _get_list_spec(node, field, fields):
    views = {child.tag: child for child in node.iterchildren(etree.Element)}
    mode = node.get("mode", "list")
    view = views.get(mode if mode in views else "list", views.get("kanban"))
    if view is None:
        return {"fields": _get_widget_fields(node), **_get_context(node, field)}
    model = field["relation"]
    spec = _get_view_spec(view, fields, model)
    if "form" in views:
        hidden = _get_view_spec(views["form"], fields, model, hidden=True)
        spec = {**hidden, **spec}
    return {
        "fields": spec,
        "limit": int(view.get("limit", _LIMIT)),
        **_get_order(view),
        **_get_context(node, field),
    }


def _get_widget_fields(node):
    if node.get("widget") == "many2many_binary":
        return {"name": {}, "mimetype": {}}
    if node.get("widget") not in _TAGS:
        return {}
    options = ast.literal_eval(node.get("options", "{}"))
    names = {"display_name", options.get("color_field")} - {None}
    return {name: {} for name in sorted(names)}


def _get_order(view):
    """A list that is sorted by hand is read in that order."""
    order = view.get("default_order")
    handles = [f.get("name") for f in _get_own_fields(view) if _is_handle(f)]
    if not order and handles:
        order = f"{handles[0]} ASC, id ASC"
    return {"order": order} if order else {}


def _is_handle(node):
    return node.get("widget") == "handle"


def _get_context(node, field):
    """The keys that can be told before the record is known: the client sends those."""
    text = node.get("context") or str(field.get("context") or {})
    context = {}
    tree = ast.parse(text.strip(), mode="eval").body
    for key, value in zip(tree.keys, tree.values, strict=True):
        try:
            context[ast.literal_eval(key)] = ast.literal_eval(value)
        except ValueError:
            continue
    return {"context": context} if context else {}
