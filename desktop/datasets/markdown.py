"""Small pieces of Markdown and YAML: lines, table rows, a value on one line, the passage under a heading."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_HEADING = re.compile(r"(#{1,6})\s+(?:[\d.]+\s+)?(.*?)\s*#*\s*")
# YAML 1.1 (section 5.1) forbids these characters even in quotes, JSON does not.
_UNPRINTABLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def head(*cells: object) -> Iterator[str]:
    yield from row(*cells)
    yield from row(*["---"] * len(cells))


def row(*cells: object) -> Iterator[str]:
    yield "| " + " | ".join(line(str(cell)).replace("|", "\\|") for cell in cells) + " |"


def line(text: str) -> str:
    return " ".join(text.split())


def counted(count: int, one: str) -> str:
    """`1 span`, `2 spans`."""
    return f"{count} {one}" if count == 1 else f"{count} {one}s"


def yaml(value: Any) -> str:
    """`value` on one line: YAML reads JSON, but for a few characters."""
    line = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", line)


def definition(guidelines: str, name: str) -> list[str]:
    """The first paragraph under the heading of that name in Markdown, its lines; none where there is no such heading."""
    lines = iter(guidelines.split("\n"))
    wanted = name.replace("_", " ").casefold()
    for line in lines:
        match = _HEADING.fullmatch(line)
        if match and match[2].replace("_", " ").casefold() in (wanted, f"{wanted}s"):
            break
    found: list[str] = []
    for line in lines:
        if _HEADING.fullmatch(line) or (found and not line.strip()):
            break
        found += [line.rstrip()] if line.strip() else []
    return found
