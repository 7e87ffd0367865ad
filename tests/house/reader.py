"""The files of the house, room by room: what they define and what they use."""

import ast
import re
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from . import views
from .code import Follower
from .models import Class, Models

ADDON = Path(__file__).resolve().parent.parent.parent / "souverainete_achat"
FOLDERS = ("models", "wizard", "report", "views", "data", "security")
# What stands beside the rooms: groups and menus are there before any of them.
_FIRST = ("security/groups.xml", "views/menus.xml")
# Calls and keywords whose strings name fields and methods.
_CALLS = set(
    "depends constrains onchange mapped filtered sorted grouped search".split()
)
_CALLS |= set("read fetch search_read search_fetch _read_group getattr setattr".split())
_CALLS |= set("hasattr Domain flush_model flush_recordset invalidate_model new".split())
_CALLS |= set("invalidate_recordset modified create write update copy".split())
_CALLS |= set("_write_server _create_server".split())
_KEYWORDS = set("related inverse_name compute inverse search order groupby".split())
_KEYWORDS |= set("aggregates currency_field group_expand".split())
_ATTRIBUTES = ("_order", "_rec_name", "_parent_name", "_file_path")
_OPERATORS = set("= != < > <= >= =? in like ilike =like =ilike any child_of".split())
_OPERATORS |= {f"not {operator}" for operator in _OPERATORS} | {"parent_of"}
_WORD = re.compile(r"[A-Za-z_]\w*")
_PLAIN = (str, bytes, int, float, dict, list, tuple, set, re.Pattern, re.Match, Path)


class Home(NamedTuple):
    """Where a name is defined."""

    room: str
    path: Path
    line: int


class Use(NamedTuple):
    name: str
    room: str
    path: Path
    line: int
    kind: str
    model: str = ""  # the model it is asked of, where that is known


class House:
    def __init__(self, addon=ADDON, rooms=None, room_of=None):
        self.addon = addon
        self.rooms = rooms or self._read_rooms()
        self._room_of = room_of or self._get_room
        self.models, self.classes, self.uses = Models(), [], []
        self._foreign = self.models.foreign.union(*map(dir, _PLAIN))
        self._homes = defaultdict(list)  # {name, model, XML id or import: [Home]}
        self._plain = defaultdict(list)  # the same, of classes that are no models
        self._room = self._path = None  # of the file being read
        paths = [p for f in FOLDERS for p in sorted((addon / f).rglob("*.*"))]
        self._trees = {path: _parse(path) for path in paths}
        for tree in self._open_each(".py"):
            for node in tree.body:
                if isinstance(node, ast.ClassDef):
                    self._read_class(node)
        for tree in self._open_each(".py"):
            for node in ast.walk(tree):
                self._read_code(node)
        for tree in self._open_each(".xml"):
            for node in tree.iter(etree.Element):
                if node.tag in ("record", "template", "menuitem") and node.get("id"):
                    self._define(views.get_full(node.get("id")), node.sourceline)
                for names, kind, model in views.read(node, self.models):
                    self._use(names, node.sourceline, kind, model)
        for lines in self._open_each(".csv"):
            for number, line in enumerate(lines, 1):
                self._use(re.findall(r"\bmodel_souverainete_\w+", line), number, "csv")
        for cls in self.classes:
            self._follow(cls)

    # === ROOMS === #

    def _read_rooms(self):
        tree = ast.parse((self.addon / "models/__init__.py").read_text())
        imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
        return [alias.name for node in imports for alias in node.names]

    def _get_room(self, path):
        """The room of a file's folder, or in security/ of its name."""
        parts = path.relative_to(self.addon).parts
        if len(parts) > 2:
            return parts[1]
        if "/".join(parts) in _FIRST:
            return self.rooms[0]
        named = re.search(r"^ir\.model\.access-(\w+)|^(\w+)_rules$", path.stem)
        return (named[1] or named[2]) if named else self.rooms[-1]

    def place(self, room):
        """Where a room stands; what is no room stands before all."""
        return self.rooms.index(room) if room in self.rooms else -1

    # === READING === #

    def _open_each(self, suffix):
        for path, tree in self._trees.items():
            if path.suffix == suffix:
                self._path, self._room = path, self._room_of(path)
                yield tree

    def _use(self, names, line, kind, model=""):
        for name in filter(None, names):
            use = Use(name, self._room, self._path, line, kind, model)
            self.uses.append(use)

    def _define(self, name, line, homes=None):
        home = Home(self._room, self._path, line)
        (self._homes if homes is None else homes)[name].append(home)

    def _read_class(self, node):
        members = {}
        for part in node.body:
            target = (
                getattr(part, "target", None) or getattr(part, "targets", [part])[0]
            )
            name = getattr(target, "id", getattr(target, "name", None))
            if name and not name.startswith("__"):
                members[name] = part
        own, inherited = (
            list(_strings(getattr(members.pop(key, None), "value", None)))
            for key in ("_name", "_inherit")
        )
        members.pop("_description", None)
        model = next(iter(own + inherited), None)
        for name, part in members.items():
            self._define(name, part.lineno, None if model else self._plain)
        if not model:
            return
        if own and model not in inherited:
            self._define(model, node.lineno)
            self._define(f"model_{model.replace('.', '_')}", node.lineno)
        parents = frozenset(inherited) - {model}
        cls = Class(model, parents, self._room, self._path, members)
        self.classes.append(cls)
        self.models.add(cls)
        for name in members.keys() & set(_ATTRIBUTES):
            self._use_strings(members[name].value, name)
        for call in cls.fields.values():
            if call.func.attr == "One2many":
                for value in call.args[1:2]:
                    self._use_strings(value, "inverse_name")

    def _follow(self, cls):
        self._path, self._room = cls.path, cls.room

        def tell(model, name, node):
            self._use([name], node.lineno, "code", model)

        Follower(self.models, cls.model, tell).follow_class(cls)

    def _use_strings(self, node, kind):
        """The names in strings that stand where Odoo expects names."""
        for text in _strings(node):
            if re.fullmatch(r"[\w., :]+", text):
                self._use(_WORD.findall(text), node.lineno, kind)

    def _read_code(self, node):
        if isinstance(node, ast.Attribute):
            self._use(views.uncommon(node.attr), node.lineno, "code")
        elif isinstance(node, ast.ImportFrom):
            self._read_import(node)
        elif _is_condition(node):
            self._use_strings(node, "domain")
        elif isinstance(node, ast.Call):
            self._read_call(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
            if views.MODEL.fullmatch(text) or text.startswith(views.PREFIX):
                self._use([text], node.lineno, "model or XML id")
            elif re.fullmatch(r"[\w.]+", text):
                self._use(views.uncommon(text), node.lineno, "string")

    def _read_call(self, node):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        for value in node.args if called in _CALLS else ():
            self._use_strings(value, called)
        for keyword in node.keywords:
            if keyword.arg in _KEYWORDS:
                self._use_strings(keyword.value, keyword.arg)
            elif keyword.arg == "domain":
                for text in _strings(keyword.value):
                    for names, kind, _model in views.read_expression(text, "domain"):
                        self._use(names, keyword.value.lineno, kind)

    def _read_import(self, node):
        """A name that is imported from the file of another room."""
        module = (node.module or "").removeprefix(f"odoo.addons.{views.PREFIX}")
        if not node.level and module == node.module:
            return
        base = self._path.parents[node.level - 1] if node.level else self.addon
        base = base.joinpath(*filter(None, module.split(".")))
        for alias in node.names:
            for file in (base / f"{alias.name}.py", base.with_suffix(".py")):
                if file.is_file() and self._path.name != "__init__.py":
                    name = f"{file.relative_to(self.addon)}: {alias.name}"
                    self._homes[name] = [Home(self._room_of(file), file, 1)]
                    self._use([name], node.lineno, "import")
                    break

    # === ARROWS === #

    def get_home(self, use):
        """The lowest place that defines what is used, if it is the addon's own."""
        if use.model:
            classes = self.models.get_classes(use.model, use.name)
            lines = [cls.members[use.name].lineno for cls in classes]
            homes = [
                Home(c.room, c.path, n) for c, n in zip(classes, lines, strict=True)
            ]
        else:
            homes = self._homes.get(use.name) if use.name not in self._foreign else None
            homes = homes and homes + self._plain.get(use.name, [])
        return min(homes, key=lambda home: self.place(home.room)) if homes else None

    @cached_property
    def arrows(self):
        """{(room, room it uses): {(use, home)}}"""
        arrows, told = defaultdict(set), set()
        # A name asked of a known model tells more than the name alone: it goes first.
        for use in sorted(self.uses, key=lambda use: use.model, reverse=True):
            place, home = (use.name, use.path, use.line), self.get_home(use)
            if home and (use.model or place not in told):
                told.add(place)
                if home.room != use.room:
                    arrows[use.room, home.room].add((use, home))
        return arrows

    @cached_property
    def back(self):
        return {
            (room, used): found
            for (room, used), found in self.arrows.items()
            if self.place(used) > self.place(room)
        }

    def describe(self, use, home):
        at, of = (place.path.relative_to(self.addon) for place in (use, home))
        name = f"{use.model}.{use.name}" if use.model else use.name
        return (
            f"{use.room} -> {home.room}: {name} ({use.kind}) at {at}:{use.line},"
            f" defined at {of}:{home.line}"
        )


def _parse(path):
    if path.suffix == ".py":
        # What an __init__ names is the order of files.
        return ast.parse("" if path.name == "__init__.py" else path.read_text())
    if path.suffix == ".xml":
        return etree.parse(path).getroot()
    return path.read_text().splitlines() if path.suffix == ".csv" else None


def _strings(node):
    """The strings of a constant, of a list of them, or the keys of a dictionary."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif _is_condition(node):
        yield node.elts[0].value
    elif isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict | ast.Starred):
        below = getattr(node, "elts", None) or getattr(node, "keys", [])
        for part in below or [getattr(node, "value", None)]:
            yield from _strings(part)


def _is_condition(node):
    """One condition of a domain: a path, an operator, a value."""
    parts = getattr(node, "elts", ())
    texts = [getattr(part, "value", None) for part in parts[:2]]
    known = len(parts) == 3 and isinstance(texts[0], str)
    return known and isinstance(texts[1], str) and texts[1] in _OPERATORS
