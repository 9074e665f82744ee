"""The words of the window: translation, plural forms, and what stands in for them where there are none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from ui.words import WINDOW, later, plural, tr

GERMAN = {"Open {name}": "{name} öffnen", "Nothing": "Nichts"}
FORMS = {("{n} label in {name}", "{n} labels in {name}"): ("{n} Label in {name}", "{n} Labels in {name}")}


class German(QTranslator):
    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> Any:
        if context != WINDOW:  # Qt's own
            return None
        if n >= 0:
            forms = FORMS.get((disambiguation or "", text))
            return forms[0 if n == 1 else 1] if forms else None
        return GERMAN.get(text)

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def german(app: Any) -> Iterator[None]:
    translator = German()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def test_without_a_language_the_literals_are_shown(app: Any) -> None:
    assert tr("Open {name}", name="a.txt") == "Open a.txt"
    assert tr("100 % {sure}") == "100 % {sure}"
    assert plural("{n} label in {name}", "{n} labels in {name}", 1, name="a") == "1\u00a0label in a"
    assert plural("{n} label in {name}", "{n} labels in {name}", 0, name="a") == "0\u00a0labels in a"
    assert plural("one more", "{n} more", 1) == "one more"
    assert plural("{n} label", "{n} labels", 12_345) == "12\u202f345\u00a0labels"
    assert later("Nothing") == "Nothing"


@pytest.mark.usefixtures("german")
def test_in_another_language() -> None:
    assert tr("Open {name}", name="a.txt") == "a.txt öffnen"
    assert tr(later("Nothing")) == "Nichts"
    assert tr("not translated yet") == "not translated yet"
    assert plural("{n} label in {name}", "{n} labels in {name}", 1, name="a") == "1\u00a0Label in a"
    assert (
        plural("{n} label in {name}", "{n} labels in {name}", 1000, name="a") == "1\u202f000\u00a0Labels in a"
    )
    assert plural("{n} hit", "{n} hits", 1) == "1\u00a0hit"
