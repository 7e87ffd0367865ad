"""What each model has, the addon's and Odoo's own, as far as sources tell."""

import ast
import importlib.util
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

HOST_MODULES = (
    *("base", "mail", "product", "uom", "portal", "analytic", "account"),
    *("purchase", "purchase_requisition", "web", "bus"),
)
RELATIONS = ("Many2one", "One2many", "Many2many")
_MEMBER = re.compile(
    r"^    (?:def (\w+)|(\w+)(?:: .*?)? *= *fields\.(\w+)"
    r"(?:\(\s*(?:comodel_name=)?['\"]([\w.]+)['\"])?)",
    re.M,
)
_NAME = re.compile(r"^    _name *= *['\"]([\w.]+)", re.M)
_INHERIT = re.compile(r"^    _inherits? *= *([\[{(][^\])}]*|['\"][\w.]+)", re.M)


class Class(NamedTuple):
    """One class of a model in a room."""

    model: str
    parents: frozenset
    room: str
    path: Path
    members: dict  # {name: node} of its methods, fields and attributes

    @property
    def methods(self):
        return {k: v for k, v in self.members.items() if isinstance(v, ast.FunctionDef)}

    @property
    def fields(self):
        """{name: the call that declares the field}"""
        return {
            name: node.value
            for name, node in self.members.items()
            if isinstance(getattr(node, "value", None), ast.Call)
            and ast.unparse(node.value.func).startswith("fields.")
        }


class Models:
    def __init__(self):
        self.classes = defaultdict(list)  # {model: [Class]}
        self.parents = defaultdict(set)
        self._comodels = {}
        self._foreign = defaultdict(set)  # {model: names Odoo itself defines on it}
        self._read_host()

    @property
    def foreign(self):
        return set().union(*self._foreign.values())

    def add(self, cls):
        self.classes[cls.model].append(cls)
        self.parents[cls.model] |= cls.parents
        for name, call in cls.fields.items():
            named = [word.value for word in call.keywords if word.arg == "comodel_name"]
            value = getattr((call.args[:1] + named + [None])[0], "value", None)
            if call.func.attr in RELATIONS and value:
                self._comodels[cls.model, name] = value

    def get_lineage(self, model):
        """The model and all it inherits from."""
        found, left = {"base"}, {model}
        while left:
            found |= left
            left = set().union(*(self.parents[name] for name in left)) - found
        return found

    def get_comodel(self, model, name):
        if name == "_origin":
            return model
        pairs = ((each, name) for each in self.get_lineage(model))
        return next(filter(None, map(self._comodels.get, pairs)), None)

    def get_classes(self, model, name):
        """The classes that define `name` on the model; none where Odoo itself does."""
        lineage = self.get_lineage(model)
        if any(name in self._foreign[each] for each in lineage):
            return []
        return [c for each in lineage for c in self.classes[each] if name in c.members]

    def is_foreign(self, model, name):
        return any(name in self._foreign[each] for each in self.get_lineage(model))

    # === ODOO ITSELF === #

    def _read_host(self):
        """Odoo's own models; none where Odoo is not on Python's path."""
        spec = importlib.util.find_spec("odoo")
        for home in map(Path, spec.submodule_search_locations if spec else ()):
            for path in (home / "orm").rglob("*.py"):
                for found in _MEMBER.findall(path.read_text()):
                    self._foreign["base"].update(found[:2])
            for base in (home, home.parent):
                for module in HOST_MODULES:
                    for path in (base / "addons" / module).rglob("*.py"):
                        if "tests" not in path.parts:
                            self._read_host_file(path.read_text())

    def _read_host_file(self, text):
        for block in re.split(r"^(?=class )", text, flags=re.M)[1:]:
            named = _NAME.findall(block)
            bases = " ".join(_INHERIT.findall(block))
            inherited = re.findall(r"['\"]([\w.]+)", bases)
            for model in (named or inherited)[:1]:
                self.parents[model].update(set(inherited) - {model})
                for method, field, kind, comodel in _MEMBER.findall(block):
                    self._foreign[model].add(method or field)
                    if comodel and kind in RELATIONS:
                        self._comodels[model, field] = comodel
