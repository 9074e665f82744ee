"""Keys in an order that chance gives, faster than the store answers: what is shown is what is stored, and undo knows the way back."""

from __future__ import annotations

import random
from typing import Any

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from desktop.store.store import Store
from ui.driver import Driver

MOVES = (
    *("Ctrl+Right", "Ctrl+Shift+Right") * 3, "Ctrl+Left", "Ctrl+Shift+Left", "Right", "Shift+Left", "Down", "Up", "Shift+Down",
    "End", "Home", "Ctrl+Home", "PgDown", "Ctrl+Up", "Ctrl+Down", ".", ",", "Alt+Up", "Alt+Down", "F3", "Shift+F3", "Esc",
    "Ctrl+PgDown", "Ctrl+PgUp",
)  # fmt: skip
DEEDS = (
    *"EALC" * 3, "Shift+A", "Ctrl+E", "Ctrl+Space", "F4", "F4", "Backspace", "Alt+Right", "Alt+Shift+Left", "Ctrl+Alt+Left", "Ctrl+J",
    "Ctrl+Shift+J", "Ctrl+R", "Return", "R", "S", "P", "Ctrl+Z", "Ctrl+Z", "Ctrl+Y", "Ctrl+Shift+R", "Ctrl+Shift+F",
    "Ctrl+Return", "Ctrl+Shift+O",
)  # fmt: skip
TABLES = ("span", "relation", "status", "removal")


def press(driver: Driver, key: str) -> None:
    window, combination = driver.window, QKeySequence(key)[0]
    QTest.keyClick(window.focusWidget() or window, combination.key(), combination.keyboardModifiers())


def rows(driver: Driver) -> list[Any]:
    """What the project holds, articles without their counts of changes."""
    found: list[Any] = []

    def read(store: Store) -> list[Any]:
        tables = [store.query(f"SELECT * FROM {table} ORDER BY key").fetchall() for table in TABLES]
        return [*tables, store.query("SELECT key, note, flag, outside FROM article ORDER BY key").fetchall()]

    driver.window.work.read(read, then=found.append)
    driver.wait(lambda: found, "the rows are read")
    return found[0]  # type: ignore[no-any-return]


def go(driver: Driver, seed: int, presses: int) -> int:
    """Press, look, go all the way back and on again; returns how many steps that was."""
    chance, window = random.Random(seed), driver.window
    window.view.setFocus()
    begun = rows(driver)
    for _ in range(presses):
        press(driver, chance.choice(MOVES if chance.random() < 0.6 else DEEDS))
        if chance.random() < 0.2:
            QTest.qWait(chance.choice((1, 5, 20)))
    for _ in range(3):
        window.view.setFocus()
        press(driver, "Esc")
    driver.settle()
    window.view.setFocus()
    reading, done = window.labelling.reading, rows(driver)
    assert reading
    stored = {tuple(row[:1] + row[3:6]) for row in done[0] if row[1] == reading.article.key}
    assert {(span.key, span.start, span.end, span.label) for span in reading.spans} == stored
    for key, line in window.browsing.lines.items():
        assert line.spans == sum(row[1] == key for row in done[0])
    steps = 0
    while rows(driver) != begun:
        press(driver, "Ctrl+Z")
        driver.settle()
        steps += 1
        assert steps <= presses
    for _ in range(steps):
        press(driver, "Ctrl+Y")
        driver.settle()
    assert rows(driver) == done
    return steps


def test_shown_is_stored_and_undo_knows_the_way_back(sample: Driver) -> None:
    assert go(sample, 1, 60) > 5


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(2, 8))
def test_many_random_keys(sample: Driver, seed: int) -> None:
    go(sample, seed, 300)
