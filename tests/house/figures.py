"""What the house weighs, and what its rooms override of each other."""

import ast
import re
import statistics
from collections import Counter, defaultdict

_EMPTY = re.compile(
    r"(pass|return( (None|False|0|''|\(\)|\[\]|\{\}|\w+\(\)|self(\.browse\(\))?))?)?"
)


def get_classes(house):
    """The classes of models/, without those of wizards and reports."""
    base = house.addon / "models"
    return [cls for cls in house.classes if cls.path.is_relative_to(base)]


def get_overrides(house):
    """{(model, method): [room of each definition]}"""
    found = defaultdict(list)
    for cls in get_classes(house):
        for name in cls.methods:
            found[cls.model, name].append(cls.room)
    return found


def get_hooks(house):
    """{hook that the first room declares: rooms that extend it}"""
    overrides, first = get_overrides(house), house.rooms[0]
    names = {name for (_m, name), rooms in overrides.items() if first in rooms}
    extended = {name: set() for name in sorted(filter(_is_hook, names))}
    for (_model, name), rooms in overrides.items():
        if name in extended:
            extended[name].update(rooms)
    return {name: rooms - {first} for name, rooms in extended.items()}


def get_cuts(house):
    """Hooks that a room replaces without super(): what lower rooms answer is lost.

    Not so where they only declare it, as the first room does: they answer nothing.
    """
    for cls in get_classes(house):
        for name, node in cls.methods.items():
            if _is_hook(name) and "super()" not in ast.unparse(node):
                lower = {
                    other.room
                    for other in house.models.classes[cls.model]
                    if 0 < house.place(other.room) < house.place(cls.room)
                    and name in other.methods
                    and not _is_declaration(other.methods[name])
                }
                if lower:
                    yield f"{_at(house, cls, node)} cuts off {', '.join(sorted(lower))}"


def get_gaps(house):
    """Methods that call super() where no lower room defines what they extend."""
    for cls in get_classes(house):
        for name, node in cls.methods.items():
            if f"super().{name}(" not in ast.unparse(node):
                continue
            others = [c for c in house.models.get_classes(cls.model, name) if c != cls]
            lower = [c for c in others if house.place(c.room) <= house.place(cls.room)]
            if not lower and not house.models.is_foreign(cls.model, name):
                rooms = sorted({other.room for other in others}) or ["no room"]
                yield f"{_at(house, cls, node)} is first defined by {', '.join(rooms)}"


def get_figures(house):
    classes, overrides = get_classes(house), get_overrides(house)
    files = [*(house.addon / "models").rglob("*.py")]
    of_model = Counter(cls.model for cls in classes)
    in_room = Counter((cls.model, cls.room) for cls in classes)
    methods = [node for cls in classes for node in cls.methods.values()]
    lengths = sorted(node.end_lineno - node.lineno + 1 for node in methods)
    (model, name), rooms = max(overrides.items(), key=lambda pair: len(pair[1]))
    used_back = [use for found in house.back.values() for use, _home in found]
    return {
        "rooms": len(house.rooms),
        "Python files in models/": len(files),
        "lines of the longest": max(map(count_lines, files)),
        "Python lines of the addon": sum(map(count_lines, house.addon.rglob("*.py"))),
        "models": len(of_model),
        "classes a model": round(len(classes) / len(of_model), 2),
        "classes beyond one a (model, room)": len(classes) - len(in_room),
        "classes of purchase.requisition": of_model["purchase.requisition"],
        "classes of purchase.order": of_model["purchase.order"],
        "most overridden": f"{model}.{name}, {len(rooms)} definitions",
        "definitions of write on purchase.requisition": len(
            overrides["purchase.requisition", "write"]
        ),
        "arrows between rooms, by names": len(house.arrows),
        "arrows back": len(house.back),
        "names used back": len({use.name for use in used_back}),
        "hooks replaced, cutting off lower rooms": len([*get_cuts(house)]),
        "super() of what only later rooms define": len([*get_gaps(house)]),
        "hooks of the first room": len(get_hooks(house)),
        "lines of methods: median, p90, longest": (
            f"{statistics.median(lengths):g}, {lengths[len(lengths) * 9 // 10]},"
            f" {lengths[-1]}"
        ),
    }


def count_lines(path):
    return len(path.read_text().splitlines())


def _is_hook(name):
    return name.startswith("_") and not name.startswith("_finding_")


def _is_declaration(node):
    """A body that answers nothing: none, or one that returns an empty value."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    text = "\n".join(map(ast.unparse, body))
    return bool(_EMPTY.fullmatch(text))


def _at(house, cls, node):
    return (
        f"{cls.model}.{node.name} at {cls.path.relative_to(house.addon)}:{node.lineno}"
    )
