"""Follows the models of the records in a method, as far as sources tell."""

import ast

# Methods whose records are of the model they are called on.
_SAME = set("sudo with_context with_company with_env with_user browse search".split())
_SAME |= set("search_fetch filtered filtered_domain sorted exists create copy".split())
_SAME |= set("new concat union _create_server _as_server lock_for_update".split())
_EITHER = {
    ast.BinOp: ("left", "right"),
    ast.IfExp: ("body", "orelse"),
    ast.NamedExpr: ("value",),
}
_BY_RECORD = set("filtered sorted mapped grouped".split())
_BY_DOMAIN = set("search search_count search_fetch filtered_domain _read_group".split())
_BY_VALUES = set("create write _create_server _write_server".split())


class Follower(ast.NodeVisitor):
    """Tells `tell(model, name, node)` each name that is asked of a known model."""

    def __init__(self, models, model, tell):
        self.models, self.model, self.tell = models, model, tell
        self.known = {}  # {variable: model}

    def follow_class(self, cls):
        for name, node in cls.members.items():
            for keyword in cls.fields[name].keywords if name in cls.fields else ():
                if keyword.arg in ("related", "compute", "inverse", "search"):
                    self.follow_path(cls.model, _text(keyword.value), keyword.value)
            self.visit(node)

    def follow_path(self, model, path, node):
        for name in path.split(".") if path else ():
            if model:
                self.tell(model, name, node)
                model = self.models.get_comodel(model, name)
        return model

    def get_model(self, node):
        """The model of what an expression gives, or None."""
        if isinstance(node, ast.Name):
            return self.known.get(node.id)
        if isinstance(node, ast.Attribute):
            own = {"self.env.company": "res.company", "self.env.user": "res.users"}
            model = self.get_model(node.value)
            return own.get(ast.unparse(node)) or self._get_comodel(model, node.attr)
        if isinstance(node, ast.Subscript):
            key = _text(node.slice)
            if getattr(node.value, "attr", "") == "env":
                return key or None
            model = self.get_model(node.value)
            return self._get_comodel(model, key) if key else model
        if isinstance(node, ast.Call):
            return self._get_called_model(node)
        parts = [getattr(node, name) for name in _EITHER.get(type(node), ())]
        if isinstance(node, ast.BoolOp):
            parts = node.values
        return next(filter(None, map(self.get_model, parts)), None)

    def _get_comodel(self, model, name):
        return self.models.get_comodel(model, name) if model else None

    def _get_called_model(self, node):
        if isinstance(node.func, ast.Name):
            return self.model if node.func.id == "super" else None
        called, path = getattr(node.func, "attr", ""), _text(*node.args[:1])
        model = self.get_model(node.func.value) if called else None
        if called == "mapped" and path:
            for name in path.split("."):
                model = self._get_comodel(model, name)
            return model
        return model if called in _SAME else None

    # === SCOPES === #

    def visit_FunctionDef(self, node):
        outer, self.known = self.known, dict(self.known)
        for argument in node.args.args + node.args.kwonlyargs:
            self.known[argument.arg] = self.model if argument.arg == "self" else None
        for decorator in node.decorator_list:
            if getattr(decorator, "args", ()) and "api." in ast.unparse(decorator):
                for path in filter(None, map(_text, decorator.args)):
                    self.follow_path(self.model, path, decorator)
        for part in node.body:
            self.visit(part)
        self.known = outer

    def visit_Lambda(self, node, model=None):
        outer, self.known = self.known, dict(self.known)
        for argument in node.args.args:
            self.known[argument.arg] = self.model if argument.arg == "self" else model
        self.visit(node.body)
        self.known = outer

    def _visit_comprehension(self, node):
        outer, self.known = self.known, dict(self.known)
        for generator in node.generators:
            self._bind(generator.target, generator.iter)
            for condition in generator.ifs:
                self.visit(condition)
        for name in ("key", "value", "elt"):
            if hasattr(node, name):
                self.visit(getattr(node, name))
        self.known = outer

    visit_ListComp = visit_SetComp = visit_DictComp = _visit_comprehension
    visit_GeneratorExp = _visit_comprehension

    def _bind(self, target, value):
        self.visit(value)
        for part in ast.walk(target):
            if isinstance(part, ast.Name):
                self.known[part.id] = None
        if isinstance(target, ast.Name):
            self.known[target.id] = self.get_model(value)

    def visit_For(self, node):
        self._bind(node.target, node.iter)
        for part in node.body + node.orelse:
            self.visit(part)

    def visit_Assign(self, node):
        for target in node.targets:
            self._bind(target, node.value)
            self.visit(target)

    def visit_NamedExpr(self, node):
        self._bind(node.target, node.value)

    # === NAMES === #

    def visit_Attribute(self, node):
        self.visit(node.value)
        model = self.get_model(node.value)
        if model:
            self.tell(model, node.attr, node)

    def visit_Call(self, node):
        self.visit(node.func)
        called = getattr(node.func, "attr", "")
        model = self.get_model(node.func.value) if called else None
        for value in node.args:
            if isinstance(value, ast.Lambda):
                self.visit_Lambda(value, model if called in _BY_RECORD else None)
            elif model and called in _BY_RECORD and _text(value):
                self.follow_path(model, _text(value).split(" ")[0], value)
            else:
                self.visit(value)
                if model:
                    self._read_argument(model, called, value)
        for keyword in node.keywords:
            self.visit(keyword.value)

    def _read_argument(self, model, called, value):
        parts = getattr(value, "elts", [value])
        if called in _BY_VALUES:
            for part in parts:
                for key in getattr(part, "keys", ()):
                    if _text(key):
                        self.tell(model, key.value, key)
        elif called in _BY_DOMAIN:
            for part in parts:
                if len(getattr(part, "elts", ())) == 3 and _text(part.elts[0]):
                    self.follow_path(model, part.elts[0].value, part)


def _text(node=None):
    value = getattr(node, "value", None)
    return value if isinstance(value, str) else ""
