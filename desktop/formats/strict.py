"""JSON from outside, read strictly: what Python's reader would change or drop without a word is refused."""

from __future__ import annotations

import json
from typing import Any

import regex
from pydantic import ValidationError

from desktop.errors import UserError

# Python's own limits, met when writing, are far higher but not the same everywhere.
_DEEPEST = 64
_LONE = regex.compile(r"[\ud800-\udfff]")


def load(data: bytes | str) -> dict[str, Any]:
    """The JSON object in `data`. Raises UserError for anything that is none, or could never be written again."""
    try:
        text = data if isinstance(data, str) else data.decode()
        given = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_key_twice)
    except UnicodeDecodeError as error:
        raise UserError(f"byte {error.start} is not UTF-8", "save the file as UTF-8") from None
    except RecursionError:
        raise UserError("the JSON is nested too deeply", "correct the line") from None
    except ValueError as error:
        raise UserError(f"not valid JSON: {error}", "correct the line") from None
    if not isinstance(given, dict):
        raise UserError("the line holds no JSON object", 'write one article a line as {"text": …}')
    check(given)
    return given


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Python would keep the last and drop the others without a word.
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(n for n in names if names.count(n) > 1)!r} is there twice")
    return made


def check(given: Any) -> None:
    """Refuse what could be read but never written again: infinite numbers, lone surrogates, values nested too deeply."""
    if _deeper(given, _DEEPEST):
        raise UserError(f"a value is nested more than {_DEEPEST} levels deep", "write it as a string")
    try:
        written = json.dumps(given, ensure_ascii=False, allow_nan=False)
    except ValueError:
        raise UserError("a number is too large", "write it as a string") from None
    lone = _LONE.search(written)
    if lone:
        raise UserError(
            f"half a character (surrogate U+{ord(lone.group()):04X})", "write the text again from its source"
        )


def _deeper(value: Any, levels: int) -> bool:
    # Level by level: a call for each of the thousands of values of a record would take longer than reading them.
    level = [value]
    for _ in range(levels):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner += item.values()
            elif isinstance(item, list):
                inner += item
        level = [item for item in inner if isinstance(item, dict | list)]
        if not level:
            return False
    return True


def explain(error: ValidationError) -> str:
    """The first thing that is wrong, in one line."""
    first = error.errors()[0]
    if first["type"] == "model_type":
        return "it is no JSON object"  # pydantic's own words name our class
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg'][0].lower()}{first['msg'][1:]}" if place else first["msg"]
