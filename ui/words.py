"""The words of the window in the language of the person. Every text that somebody may read goes through here.

`tr("Open {name}", name=path.name)` translates a sentence, `plural("{n} label", "{n} labels", count)` one with a number.
Both are given literals, so that `packaging/translations.py` finds them; what is put in has a name, since another language
may want it elsewhere. `later("…")` marks the literals of tables, which are made before a language is chosen; whoever
shows such a text calls `tr(text)`. The core speaks English, on the command line and in files: what it says is shown as
`retold(sentence)`, see `translation`.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

# What Qt calls the contexts of a translation: the texts of the window, and the sentences of the core.
WINDOW, CORE = "window", "core"
# Between the groups of a number: narrow, and no place to break a line.
THIN = "\u202f"


def tr(text: str, **values: Any) -> str:
    """`text` in the language of the person, each `{name}` in it replaced by the value of that name."""
    found = QCoreApplication.translate(WINDOW, text) if text else text
    if values:
        return found.format(**values)
    return retold(text) if found == text else found  # a word of a table that is the core's


def plural(one: str, many: str, n: int, **values: Any) -> str:
    """`one` or `many` in the form that the language of the person has for `n`; `{n}` is the number itself.

    A number and the word behind it are never parted by a line end.
    """
    # Where nobody has translated it, Qt gives back what it was given.
    found = QCoreApplication.translate(WINDOW, many, one, n)
    if found == many and n == 1:
        found = one
    return found.replace("{n} ", "{n}\u00a0").format(n=number(n), **values)


def later(text: str) -> str:
    """Nothing: marks a literal of a table for translation."""
    return text


def forms(one: str, many: str) -> tuple[str, str]:
    """The two literals of a table that `plural` is given: `plural(*TABLE[name], count)`."""
    return one, many


def retold(sentence: str) -> str:
    """What the core has said in English, values and all, in the language of the person; as it is where that is unknown."""
    return QCoreApplication.translate(CORE, sentence) if sentence else sentence


def number(value: int) -> str:
    """1 142"""
    return f"{value:,}".replace(",", THIN)
