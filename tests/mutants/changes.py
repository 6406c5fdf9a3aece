"""The faults: every small change of a module's syntax tree that would still run, and means something else."""

import ast
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import NamedTuple

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
NAMED = {"any": "all", "all": "any", "min": "max", "max": "min"}
TYPES = frozenset({"Literal", "Callable", "dict", "list", "tuple"})
# parts of a long list that are left out, one at a time and evenly spread
MOST_LEFT_OUT = 20
# characters of a changed line that are shown, before and after the first that differs
SHOWN_BEFORE, MOST_SHOWN = 70, 50

Apply = Callable[[], Callable[[], None]]


class Mutant(NamedTuple):
    """One change: where it is, its line with a little less around it, the changed line in full, and the module."""

    line: int
    change: str
    after: str
    code: str


class _Change(NamedTuple):
    """A change that can be made in the tree and taken back: `make` returns what takes it back."""

    node: ast.AST
    make: Apply


def mutants(source: str) -> Iterator[Mutant]:
    """All mutants of a module, from its first line to its last."""
    tree = ast.parse(source)
    found = [change for node in (tree, *_running(tree)) for change in _changes(node)]
    before = ast.unparse(tree).splitlines()
    for change in sorted(found, key=lambda change: (change.node.lineno, change.node.col_offset)):  # type: ignore[attr-defined]
        line = change.node.lineno  # type: ignore[attr-defined]
        take_back = change.make()
        code = ast.unparse(tree)
        take_back()
        old, new = _difference(before, code.splitlines())
        yield Mutant(line, _shown(old, new), new, code)


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that decide anything when the module runs: types and options of classes are the type checker's."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for node in value if isinstance(value, list) else [value]:
            is_type = isinstance(node, ast.Subscript) and getattr(node.value, "id", "") in TYPES
            if isinstance(node, ast.AST) and not is_type:
                yield node
                # the parts of a list of constants are left out one at a time instead
                if not _is_list(node):
                    yield from _running(node)


def _is_list(node: ast.AST) -> bool:
    if not isinstance(node, ast.Set | ast.Tuple | ast.List) or len(node.elts) < 2:
        return False
    return all(isinstance(part, ast.Constant) for part in node.elts)


def _difference(before: list[str], after: list[str]) -> tuple[str, str]:
    """The first line that changed, as it was and as it is."""
    same = next((n for n, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), len(after) - 1)
    return before[same].strip(), after[same].strip()


def _shown(old: str, new: str) -> str:
    """What stands around the difference of two lines."""
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    begin = max(0, alike - SHOWN_BEFORE)
    return f"{old[begin : alike + MOST_SHOWN]}  →  {new[begin : alike + MOST_SHOWN]}"


def _changes(node: ast.AST) -> Iterator[_Change]:
    """The changes that one node allows."""
    yield from _operators(node)
    yield from _questions(node)
    yield from _values(node)
    yield from _statements(node)


def _operators(node: ast.AST) -> Iterator[_Change]:
    """Compare, calculate or join otherwise."""
    match node:
        case ast.Compare(ops=ops):
            for n, op in enumerate(ops):
                yield from (_Change(node, _item(ops, n, other())) for other in COMPARED[type(op)])
        case ast.BoolOp(op=op):
            yield _Change(node, _attribute(node, "op", ast.Or() if isinstance(op, ast.And) else ast.And()))
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in CALCULATED:
            yield _Change(node, _attribute(node, "op", CALCULATED[type(op)]()))


def _questions(node: ast.AST) -> Iterator[_Change]:
    """Go the other way where a way is chosen."""
    match node:
        case ast.UnaryOp(op=ast.Not()):
            yield _Change(node, _attribute(node, "op", ast.UAdd()))  # +True is 1, and +False is 0
        case ast.If() | ast.IfExp() | ast.While():
            yield _Change(node, _attribute(node, "test", ast.UnaryOp(ast.Not(), node.test)))
        case ast.comprehension(ifs=ifs):
            yield from (_Change(test, _item(ifs, n, ast.UnaryOp(ast.Not(), test))) for n, test in enumerate(ifs))


def _values(node: ast.AST) -> Iterator[_Change]:
    """Another number, another function, one part of a list less."""
    match node:
        case ast.Constant(value=bool(value)):
            yield _Change(node, _attribute(node, "value", not value))
        case ast.Constant(value=int(value)):
            yield _Change(node, _attribute(node, "value", value + 1))
        case ast.Constant(value=float(value)):
            yield _Change(node, _attribute(node, "value", value * 1.25 + 0.1))
        case ast.Name(id=name) if name in NAMED:
            yield _Change(node, _attribute(node, "id", NAMED[name]))
        case ast.Set(elts=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts) if _is_list(node):
            step = max(1, len(parts) // MOST_LEFT_OUT)
            yield from (_Change(parts[n], _left_out(parts, n)) for n in range(0, len(parts), step))


def _statements(node: ast.AST) -> Iterator[_Change]:
    """Leave out a statement that is there for its effect, or go on where a loop would end."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if not isinstance(block, list):
            continue
        for n, statement in enumerate(block):
            if _has_effect(statement):
                yield _Change(statement, _item(block, n, ast.Pass()))
            if isinstance(statement, ast.Break | ast.Continue):
                other = ast.Continue() if isinstance(statement, ast.Break) else ast.Break()
                yield _Change(statement, _item(block, n, other))


def _has_effect(statement: ast.AST) -> bool:
    if isinstance(statement, ast.Raise | ast.AugAssign):
        return True
    return isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant)


def _attribute(node: ast.AST, name: str, value: object) -> Apply:
    def make() -> Callable[[], None]:
        before = getattr(node, name)
        setattr(node, name, value)
        ast.fix_missing_locations(node)
        return lambda: setattr(node, name, before)

    return make


def _item(items: list, n: int, value: object) -> Apply:  # type: ignore[type-arg]  # of nodes of one kind
    def make() -> Callable[[], None]:
        before = items[n]
        items[n] = value
        return lambda: items.__setitem__(n, before)

    return make


def _left_out(items: list, n: int) -> Apply:  # type: ignore[type-arg]  # of nodes of one kind
    def make() -> Callable[[], None]:
        before = items.pop(n)
        return lambda: items.insert(n, before)

    return make
