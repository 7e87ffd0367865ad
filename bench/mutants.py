"""Changes of one place of a file, each a mistake that a test should notice."""

import ast
from typing import NamedTuple


class Mutant(NamedTuple):
    """One change: the characters from `start` to `end` of a file become `text`."""

    path: str
    # The class, or nothing, and the function that it changes.
    owner: str
    function: str
    # Of the statement: a test that crosses none of them cannot notice.
    lines: range
    line: int
    start: int
    end: int
    text: str
    label: str

    def apply(self, code):
        return code[: self.start] + self.text + code[self.end :]


_FLIPPED = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
_COMBINED = (ast.BitOr, ast.BitAnd, ast.Add, ast.Sub)


class _Changes:
    """The changes that one file takes, as (start, end, new text)."""

    def __init__(self, code):
        self.code = code
        self.starts = [0]
        for line in code.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def _span(self, node):
        return (
            self._place(node.lineno, node.col_offset),
            self._place(node.end_lineno, node.end_col_offset),
        )

    def _place(self, line, column):
        start = self.starts[line - 1]
        # The tree counts bytes.
        text = self.code[start : self.starts[line]].encode()
        return start + len(text[:column].decode())

    def _text(self, node):
        start, end = self._span(node)
        return self.code[start:end]

    def find(self):
        tree = ast.parse(self.code)
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                yield from self._of_function(function)

    def _of_function(self, function):
        yield from self._of_decorators(function)
        for statement in function.body:
            for node in ast.walk(statement):
                if change := getattr(self, f"_of_{type(node).__name__}", None):
                    yield from change(node)
        first, *others = function.body
        returns = any(isinstance(n, ast.Return) and n.value for n in ast.walk(function))
        if others and not returns:
            yield *self._span(others[-1]), "return"

    def _of_decorators(self, function):
        """A field less that a constraint follows."""
        for node in function.decorator_list:
            if isinstance(node, ast.Call) and "constrains" in self._text(node.func):
                for name, other in zip(node.args[1:], node.args, strict=False):
                    yield *self._span(name), self._text(other)

    def _of_Expr(self, node):
        if isinstance(node.value, ast.Call):
            yield *self._span(node), "pass"

    def _of_If(self, node):
        yield *self._span(node.test), f"not ({self._text(node.test)})"

    def _of_IfExp(self, node):
        yield *self._span(node.test), f"not ({self._text(node.test)})"

    def _of_UnaryOp(self, node):
        if isinstance(node.op, ast.Not):
            yield *self._span(node), f"bool({self._text(node.operand)})"

    def _of_Compare(self, node):
        if len(node.ops) == 1 and type(node.ops[0]) in _FLIPPED:
            left, right = self._text(node.left), self._text(node.comparators[0])
            yield *self._span(node), f"{left} {_FLIPPED[type(node.ops[0])]} {right}"

    def _of_BoolOp(self, node):
        word = "and" if isinstance(node.op, ast.Or) else "or"
        texts = [f"({self._text(value)})" for value in node.values]
        yield *self._span(node), f"({f' {word} '.join(texts)})"
        for index in range(len(texts)):
            kept = texts[:index] + texts[index + 1 :]
            other = "or" if word == "and" else "and"
            yield *self._span(node), f"({f' {other} '.join(kept)})"

    def _of_BinOp(self, node):
        if isinstance(node.op, _COMBINED):
            yield *self._span(node), self._text(node.left)

    def _of_Constant(self, node):
        if isinstance(node.value, bool):
            yield *self._span(node), str(not node.value)
        elif isinstance(node.value, int):
            yield *self._span(node), str(node.value + 1)

    def _of_Return(self, node):
        if isinstance(node.value, ast.Compare | ast.BoolOp | ast.Call):
            yield *self._span(node.value), "None"


def find_mutants(path):
    code = path.read_text()
    places = list(_places(ast.parse(code)))
    # What is inside an inner function is met twice.
    for start, end, text in sorted(set(_Changes(code).find())):
        line = code.count("\n", 0, start) + 1
        owner, function, lines = _place(places, line)
        label = f"{_shorten(code[start:end])} -> {_shorten(text)}"
        place = (str(path), owner, function, lines, line)
        mutant = Mutant(*place, start, end, text, label)
        if _compiles(mutant.apply(code)):
            yield mutant


def _places(tree):
    """(class, function, lines, lines of one of its statements) of each statement."""
    for owner in (tree, *(n for n in tree.body if isinstance(n, ast.ClassDef))):
        for function in owner.body:
            if isinstance(function, ast.FunctionDef):
                first = min(
                    node.lineno for node in (function, *function.decorator_list)
                )
                lines = range(first, function.end_lineno + 1)
                place = (getattr(owner, "name", ""), function.name, lines)
                yield *place, lines
                for node in ast.walk(function):
                    if isinstance(node, ast.stmt) and node is not function:
                        yield *place, _own_lines(node)


def _own_lines(statement):
    """Without the lines of the statements it holds."""
    body = getattr(statement, "body", None)
    end = max(statement.lineno, body[0].lineno - 1) if body else statement.end_lineno
    return range(statement.lineno, end + 1)


def _place(places, line):
    """The class, the function and the lines of the innermost statement there."""
    held = [place for place in places if line in place[3]]
    owner, function, _lines, own = min(held, key=lambda place: len(place[3]))
    return owner, function, own


def _shorten(text):
    return " ".join(text.split())[:160]


def _compiles(code):
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True
