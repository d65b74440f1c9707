"""A Blueprint as plain JSON and back, and the digest by which a page says which draft it showed."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from hashlib import sha256
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from rubrics.blueprint import Blueprint
from rubrics.scoring.numbers import format_points


def dump(value: Any) -> Any:
    """Frozen values as JSON knows them: numbers as text, sets sorted."""
    if is_dataclass(value):
        return {field.name: dump(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [dump(one) for one in value]
    return format_points(value) if isinstance(value, Decimal) else value


def load(data: Any) -> Blueprint:
    """`load(dump(blueprint)) == blueprint`"""
    found = _load(Blueprint, data)
    assert isinstance(found, Blueprint)  # noqa: S101  # for the type checker
    return found


def digest(blueprint: Blueprint) -> str:
    """The same for equal drafts, and another after every change."""
    return sha256(json.dumps(dump(blueprint), ensure_ascii=False).encode()).hexdigest()[:16]


def _load(kind: Any, data: Any) -> Any:
    options = [one for one in get_args(kind) if one is not NoneType] if NoneType in get_args(kind) else []
    if data is None or options:
        return None if data is None else _load(options[0], data)
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        return kind(**{name: _load(hints[name], value) for name, value in data.items()})  # type: ignore[operator]
    if get_origin(kind) in {tuple, frozenset}:
        return get_origin(kind)(_load(get_args(kind)[0], one) for one in data)
    return Decimal(data) if kind is Decimal else data


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
