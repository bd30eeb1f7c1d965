"""Formulas: a KPI made of others, written as ``(revenue - cost_of_sales) / revenue * 100``."""

import ast
import math
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from pydantic import Field, model_validator

from bot.core.verdict import Doubt
from bot.core.words import Frozen

_DEEPEST = 40
_LARGEST = 1e15
_DIGITS = 12
_KNOWN = "known are KPI names, numbers, + - * / ( ), min, max and abs"
_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
}
_FUNCTIONS: Mapping[str, tuple[Callable[..., float], int]] = {"min": (min, 2), "max": (max, 2), "abs": (abs, 1)}
"""What may be called, and with how many arguments at least; ``abs`` takes exactly one."""


class Formula(Frozen):
    """An arithmetic expression over KPI names; the text is checked when the policy is read.

    Raises ValueError, in words for an analyst, for anything but names, numbers, ``+ - * / ( )``, min, max and abs.
    """

    text: str = Field(min_length=1, max_length=500)

    @model_validator(mode="before")
    @classmethod
    def _plain_text(cls, given: Any) -> Any:
        return {"text": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _readable(self) -> "Formula":
        _check(self._tree, self.text, _DEEPEST)
        if not self.names:
            raise ValueError("names no KPI; a formula is made of at least one")
        return self

    @cached_property
    def _tree(self) -> ast.expr:
        try:
            return ast.parse(self.text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            column = getattr(error, "offset", None)
            where = f" at character {column}" if column else ""
            raise ValueError(f"'{self.text}' is no formula{where}; {_KNOWN}") from None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The KPIs (keys) it is made of, each once, in the order in which they stand."""
        found = (node.id for node in _walk(self._tree) if isinstance(node, ast.Name))
        return tuple(dict.fromkeys(found))

    def answer(self, values: Mapping[str, float]) -> float | Doubt:
        """Calculate from the values by KPI key; a Doubt where that gives no number.

        Division by nothing, and results beyond any size a KPI has, are no numbers. Digits that come of counting in
        twos are dropped: 29 of 100 is 29 %, not 28.999999999999996 %, which would lie below a limit of 29.
        """
        try:
            result = float(_answer(self._tree, values))
        except ZeroDivisionError:
            return Doubt.DIVISION_BY_ZERO
        if not math.isfinite(result) or abs(result) > _LARGEST:
            return Doubt.NO_NUMBER
        return (result if result.is_integer() else float(f"{result:.{_DIGITS}g}")) + 0.0


def _answer(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=float(number) | int(number)):
            return float(number)
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_answer(operand, values)
        case ast.UnaryOp(operand=operand):
            return _answer(operand, values)
        case ast.BinOp(left=left, op=operator, right=right):
            return _OPERATORS[type(operator)](_answer(left, values), _answer(right, values))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _FUNCTIONS[name][0](*(_answer(argument, values) for argument in arguments))
    raise AssertionError("the formula was checked when it was read")


def _check(node: ast.expr, text: str, depth: int) -> None:
    if depth == 0:
        raise ValueError(f"'{text}' is nested too deeply; make a KPI of a part of it")
    if not _is_known(node):
        said = ast.get_source_segment(text.strip(), node) or text
        raise ValueError(f"'{said}' is no part of a formula; {_KNOWN}")
    for part in _parts(node):
        _check(part, text, depth - 1)


def _is_known(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=number):
            return isinstance(number, int | float) and not isinstance(number, bool) and abs(number) <= _LARGEST
        case ast.Name(id=name):
            return name not in _FUNCTIONS
        case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            return True
        case ast.BinOp(op=operator):
            return type(operator) in _OPERATORS
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
            least = _FUNCTIONS[name][1]
            return len(arguments) == 1 if least == 1 else len(arguments) >= least
    return False


def _parts(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.UnaryOp(operand=operand):
            return [operand]
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.Call(args=arguments):
            return list(arguments)
    return []


def _walk(node: ast.expr) -> Iterator[ast.expr]:
    yield node
    for part in _parts(node):
        yield from _walk(part)
