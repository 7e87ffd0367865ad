"""The names that XML uses: of fields, methods, models and XML ids."""

import re

PREFIX = "souverainete_achat."
MODEL = re.compile(r"souverainete(\.[a-z_]+)+")
# Attributes that are expressions, and those that name an XML id.
_EXPRESSIONS = set(
    "invisible readonly required column_invisible domain context".split()
)
_EXPRESSIONS |= {"filter_domain", "group_by", "code", "domain_force", "default_order"}
_REFERENCES = ("ref", "inherit_id", "t-call", "parent", "action", "groups")
_NESTED = re.compile(r"field\[@name='(\w+)'\]//?(?:list|form|kanban|field)")


def uncommon(text):
    """A name with an underscore is no common word, wherever it stands."""
    words = re.findall(r"[A-Za-z_]\w*", text)
    return [word for word in words if "_" in word and not word.startswith("__")]


def get_full(xmlid):
    bare = xmlid.removeprefix(PREFIX)
    if bare.startswith("model_"):
        return bare
    return xmlid if "." in xmlid else PREFIX + bare


def read(node, models):
    """(names, kind, model they are asked of or "") of an element."""
    text = (node.text or "").strip()
    yield _read_references(node, text), "model or XML id", ""
    view = _get_record(node)
    record = node.getparent()
    if view is not None:
        model = _get_model(node, view, models)
        names = [node.get("for", "")]
        if node.tag == "field" or node.get("type") == "object":
            names.append(node.get("name", ""))
        names += re.findall(r"^//field\[@name='(\w+)'\]$", node.get("expr", ""))
        yield names, f"<{node.tag}>", model
        yield re.findall(r"@name='(\w+)'", node.get("expr", "")), "xpath", ""
    elif node.tag == "field" and record.tag == "record":
        model = record.get("model", "")
        yield [node.get("name")], "data", model if MODEL.fullmatch(model) else ""
        computed = record.find("field[@name='point_ids']") is None
        if model == "souverainete.rule" and node.get("name") == "code" and computed:
            yield [f"_finding_{text}"], "rule", ""
    else:
        model = ""
    for key, value in {**node.attrib, node.get("name", ""): text}.items():
        if key in _EXPRESSIONS or key.startswith(("t-", "decoration-")):
            bare = {"domain", "context"}.isdisjoint({key, node.get("name")})
            yield from read_expression(
                value, key, model if view is not None and bare else ""
            )


def _read_references(node, text):
    used = []
    for key in _REFERENCES:
        words = node.get(key, "").replace("!", "").split(",")
        used += [get_full(word) for word in words if re.fullmatch(r"[\w.]+", word)]
    for value in (*node.attrib.values(), text):
        found = re.findall(r"%\(([\w.]+)\)d|\bref\('([\w.]+)'\)", value)
        used += [get_full("".join(pair)) for pair in found]
        used += [value] * bool(MODEL.fullmatch(value))
    return used


def read_expression(text, kind, model=""):
    """Names of an expression; in templates a word alone is a variable."""
    text = re.sub(r"%\([\w.]+\)d", "0", text)
    yield re.findall(r"[(\[] *['\"](\w+)['\"] *,", text), kind, ""
    yield re.findall(r"'group_by': *'(\w+)", text), kind, ""
    yield [word.removeprefix("default_") for word in uncommon(text)], kind, ""
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "''", text)
    if not kind.startswith("t-"):
        yield re.findall(r"(?<![\w.])([a-z_]\w*)", bare), kind, model


def _get_record(node):
    """The record of the view a node stands in, or None."""
    for parent in node.iterancestors("field"):
        if parent.get("name") == "arch":
            return parent.getparent()
    return None


def _get_model(node, record, models):
    """The model whose fields a node of a view names; a list in a form has its own."""
    model = next((f.text for f in record.iterfind("field[@name='model']")), "")
    for parent in reversed([*node.iterancestors("field", "xpath")]):
        if parent.tag == "xpath":
            names = _NESTED.findall(parent.get("expr", ""))
        elif parent.get("name") == "arch" or parent.get("position"):
            names = []
        else:
            names = [parent.get("name")]
        for name in names:
            model = models.get_comodel(model, name) if model else ""
    return model or ""
