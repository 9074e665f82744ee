"""A whole round of work over texts that trip programs up: by key and by mouse, and every offset is whole afterwards.

Any warning of Qt fails a test here, as everywhere in this folder, and so does any exception in a slot.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import regex
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from desktop import projects as core
from desktop.bundle import Bundle, Record, Report
from desktop.imports import import_bundle
from desktop.model import Article, Span
from desktop.text import sha256
from ui.driver import Driver

NONE = Qt.KeyboardModifier.NoModifier
TEXTS = {
    "arabic": "قال الجيش العراقي إن ثلاثة صواريخ أطلقت على السفارة in Baghdad (2021) في بغداد. " * 12
    + "\nEnd قال.",
    "hebrew": "הצבא אמר כי שלוש רקטות נורו לעבר הבסיס ב-Baghdad, שעות אחרי. " * 12,
    "chinese": "伊拉克军队称，三枚火箭弹击中了位于巴格达的美国大使馆。" * 60,
    "emoji": "👩‍👩‍👧‍👦 met 👍🏽 in 🇮🇶🇺🇸 with 🏳️‍🌈 and cafe\u0301 o\u0308\u0323.\u00a0" * 25,
    "marks": "Za\u0351\u036b\u0343lgo te\u0301xt a\u0301\u0327\u0308\u0323 and back. " * 25,
    "one line": "three rockets hit a base near Baghdad " * 6000,
    "no blank": "x" * 60_000,
    "no blank in Chinese": "伊拉克军队称三枚火箭弹击中了位于巴格达的美国大使馆" * 1500,
    "blanks": " \n\t\n \u00a0 \n",
    "nothing": "",
}


def places(text: str) -> set[int]:
    """Every place where no letter is cut."""
    return {0, *(match.end() for match in regex.finditer(r"\X", text))}


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What went wrong in slots, where nothing can catch it."""
    found: list[Any] = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: found.append(error))
    return found


@pytest.fixture(params=TEXTS)
def odd(request: pytest.FixtureRequest, driver: Driver, tmp_path: Path, broken: list[Any]) -> Driver:
    text = TEXTS[request.param]
    path = tmp_path / "odd.tagline"
    session = core.create(path, "ana")
    article = Article(key=0, id="odd", title="odd", text_sha256=sha256(text), length=len(text))
    import_bundle(session, Bundle(lambda: iter([Record(article, text)])), Report())
    session.store.close()
    driver.window.projects.open(path)
    driver.wait(lambda: driver.window.labelling.reading, "the article is shown")
    driver.settle()
    return driver


def spans(driver: Driver) -> list[Span]:
    reading = driver.window.labelling.reading
    assert reading
    return list(reading.spans)


def sound(driver: Driver) -> None:
    """Every label lies where its words are, caret and selection cut no letter, and the page can be painted."""
    view, text = driver.window.view, driver.window.view.text
    whole = places(text) if len(text) < 30_000 else None
    for span in spans(driver):
        assert text[span.start : span.end] == span.text
        assert whole is None or {span.start, span.end} <= whole
    assert whole is None or {view.caret, view.anchor} <= whole
    assert not view.viewport().grab().isNull()


def press(driver: Driver, keys: str) -> None:
    """Keys as a menu writes them, one after the other: "Ctrl+Up Right"."""
    for name in keys.split():
        pressed = QKeySequence(name)[0]
        QTest.keyClick(
            driver.window.focusWidget() or driver.window, pressed.key(), pressed.keyboardModifiers()
        )
    driver.settle()


def test_a_round_of_work_by_key(odd: Driver, broken: list[Any]) -> None:
    window, view = odd.window, odd.window.view
    view.setFocus()
    for place in (len(view.text) // 2, len(view.text)):
        view.set_caret(place)
        press(odd, "Right Ctrl+Left Down Up PgDown PgUp Home End")
        sound(odd)
        view.set_caret(place)
        press(odd, "Ctrl+Up " * 5 + "Ctrl+Down " * 4)
        sound(odd)
        press(odd, "A ,")
        sound(odd)
        press(odd, "Ctrl+Alt+Right Ctrl+Alt+Left Alt+Shift+Left Alt+Right L F3 Ctrl+R Esc Ctrl+Shift+R")
        sound(odd)
        view.setFocus()
        while "Import" not in window.actions_.by_id["undo"].text():
            press(odd, "Ctrl+Z")
        sound(odd)
    assert spans(odd) == []
    assert broken == []


def test_a_round_of_work_by_mouse(odd: Driver, broken: list[Any]) -> None:
    window, view = odd.window, odd.window.view
    area = view.viewport()
    top = view._block_y(0) + 12
    start, end = QPoint(view._left + 12, top), QPoint(view._left + 200, top + 40)
    odd.drag(start, end)
    sound(odd)
    press(odd, "E")
    QTest.mouseDClick(area, Qt.MouseButton.LeftButton, NONE, start)
    odd.click(area, start)
    press(odd, "L")
    sound(odd)
    bar = view.verticalScrollBar()
    for place in (bar.maximum(), bar.maximum() // 2, 0):
        bar.setValue(place)
        odd.settle()
        sound(odd)
    for size, width in ((40, 700), (10, 1280), (17, 1000)):
        view.set_font_size(size)
        window.resize(width, 600)
        odd.settle()
        sound(odd)
    press(odd, "Ctrl+A C")
    sound(odd)
    assert broken == []
