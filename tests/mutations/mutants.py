"""Every small fault that can be put into a source file: its place, and the new text."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LEFT_OUT = ("portal/development/",)
"""What is in no release."""
_COMPARED = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
_JOINED = {ast.And: "or", ast.Or: "and"}
_COUNTED = {ast.Add: "-", ast.Sub: "+", ast.Mult: "//", ast.Mod: "*"}


@dataclass(frozen=True)
class Mutant:
    """One change: the characters between two offsets of the file are replaced."""

    path: str
    line: int
    begin: int
    end: int
    instead: str

    def applied_to(self, source: bytes) -> bytes:
        return source[: self.begin] + self.instead.encode() + source[self.end :]

    def in_words(self, source: bytes) -> str:
        was = " ".join(source[self.begin : self.end].decode().split())
        return f"{self.path}:{self.line}: `{was}` → `{self.instead}`"


class _Finder(ast.NodeVisitor):
    """Walks a module; annotations and docstrings say nothing that runs."""

    def __init__(self, path: str, source: bytes) -> None:
        self._path, self._source = path, source
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self.found: list[Mutant] = []

    def _offset(self, line: int, column: int) -> int:
        return self._starts[line - 1] + column

    def _begin(self, node: ast.expr | ast.stmt) -> int:
        return self._offset(node.lineno, node.col_offset)

    def _end(self, node: ast.expr | ast.stmt) -> int:
        return self._offset(node.end_lineno or node.lineno, node.end_col_offset or 0)

    def _put(self, node: ast.expr | ast.stmt, instead: str) -> None:
        mutant = Mutant(self._path, node.lineno, self._begin(node), self._end(node), instead)
        self.found.append(mutant)

    def _between(self, left: ast.expr, right: ast.expr, was: str, instead: str) -> None:
        """Replaces the operator that stands between two operands."""
        begin, end = self._end(left), self._begin(right)
        place = self._source.find(was.encode(), begin, end)
        if place >= 0:
            line = self._source.count(b"\n", 0, place) + 1
            self.found.append(Mutant(self._path, line, place, place + len(was), instead))

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        was = "and" if isinstance(node.op, ast.And) else "or"
        for pair in zip(node.values, node.values[1:], strict=False):
            self._between(*pair, was, _JOINED[type(node.op)])
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        if len(node.ops) == 1 and type(node.ops[0]) in _COMPARED:
            was = self._source[self._end(node.left) : self._begin(node.comparators[0])]
            words = was.decode().strip(" ()\n")
            self._between(node.left, node.comparators[0], words, _COMPARED[type(node.ops[0])])
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in _COUNTED and not _is_text(node.left) and not _is_text(node.right):
            was = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Mod: "%"}[type(node.op)]
            self._between(node.left, node.right, was, _COUNTED[type(node.op)])
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self.found.append(
                Mutant(
                    self._path, node.lineno, self._begin(node), self._begin(node.operand), ""
                )
            )  # fmt: skip
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self._put(node, str(not node.value))
        elif isinstance(node.value, int):
            self._put(node, str(node.value + 1))

    def visit_Expr(self, node: ast.Expr) -> None:
        """A call whose answer nobody wants is there for what it does."""
        if isinstance(node.value, ast.Call):
            self._put(node, "pass")
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    def _negate(self, test: ast.expr) -> None:
        if isinstance(test, ast.Name | ast.Attribute | ast.Call):
            begin = self._begin(test)
            self.found.append(Mutant(self._path, test.lineno, begin, begin, "not "))

    def visit_arguments(self, node: ast.arguments) -> None:
        for default in (*node.defaults, *node.kw_defaults):
            if default is not None:
                self.visit(default)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for part in (*node.decorator_list, node.args, *node.body):
            self.visit(part)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def mutants_of(path: str, source: bytes) -> list[Mutant]:
    finder = _Finder(path, source)
    finder.visit(ast.parse(source))
    return finder.found


def every_mutant(root: Path) -> Iterator[Mutant]:
    """In the order of the files' names, so that a seed draws the same ones again."""
    for file in sorted((root / "portal").rglob("*.py")):
        path = file.relative_to(root).as_posix()
        if not path.startswith(LEFT_OUT):
            yield from mutants_of(path, file.read_bytes())
