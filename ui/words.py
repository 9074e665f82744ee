"""The words of the window in the language of the person. Every text that somebody may read goes through here.

`tr("Open {name}", name=path.name)` translates a sentence, `plural("{n} label", "{n} labels", count)` one with a number.
Both are given literals, so that `tests/ui/test_words.py` and the extraction find them; what is put in has a name, since
another language may want it elsewhere. `later("…")` marks the literals of tables, which are made before a language is
chosen; whoever shows such a text calls `tr(text)`.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

# What Qt calls the context of a translation; one is enough for a program of this size.
CONTEXT = "tagline"
# Between the groups of a number: narrow, and no place to break a line.
THIN = "\u202f"


def tr(text: str, **values: Any) -> str:
    """`text` in the language of the person, each `{name}` in it replaced by the value of that name."""
    found = QCoreApplication.translate(CONTEXT, text)
    return found.format(**values) if values else found


def plural(one: str, many: str, n: int, **values: Any) -> str:
    """`one` or `many` in the form that the language of the person has for `n`; `{n}` is the number itself.

    A number and the word behind it are never parted by a line end.
    """
    # Where nobody has translated it, Qt gives back what it was given.
    found = QCoreApplication.translate(CONTEXT, many, one, n)
    if found == many and n == 1:
        found = one
    return found.replace("{n} ", "{n}\u00a0").format(n=number(n), **values)


def later(text: str) -> str:
    """Nothing: marks a literal of a table for translation."""
    return text


def number(value: int) -> str:
    """1 142"""
    return f"{value:,}".replace(",", THIN)
