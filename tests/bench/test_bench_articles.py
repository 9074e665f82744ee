"""The list of 100,000 articles: showing, searching, filtering and one frame of scrolling."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtWidgets import QApplication

from desktop.projects import default_scheme
from desktop.sifting import Order, Sift, Sifted
from desktop.store.lines import ArticleLine
from ui.articles import CHIPS, ArticlesPanel

STATES = ("todo", "in_progress", "done")
COUNT = 100_000


def _word(key: int) -> str:
    """A beginning that does not come in the order of the keys."""
    return ("Attack", "Drone", "Officials", "Army", "Embassy", "Rocket")[
        key * 7919 % 6
    ] + f" {key * 104_729 % COUNT}"


def lines() -> list[ArticleLine]:
    return [
        ArticleLine(
            key, f"id{key:07}", f"{_word(key)} number {key} on a base near Baghdad, officials say on Thursday evening",
            2000 + key * 7919 % 6000, key % 50 == 0, "note" if key % 30 == 0 else "",
            {"author": f"Reporter {key % 97}", "date": f"20{key * 31 % 20:02}-07-{1 + key % 28:02}"}, STATES[key % 3],
            {"event": key % 7, "actor": key % 5, "location": 2}, key % 2000,
        )
        for key in range(1, COUNT + 1)
    ]  # fmt: skip


LINES = lines()
FILTERS = (
    Sift(flagged=True, noted=True),
    Sift(having=("event",)),
    Sift(having=("event", "actor"), lacking=("claim",)),
    Sift(having=("event",), lacking=("claim",), state="done", order="title"),
)


@pytest.fixture(scope="module")
def panel() -> Iterator[ArticlesPanel]:
    QApplication.instance() or QApplication([])
    panel = ArticlesPanel()
    panel.resize(290, 820)
    panel.show()
    panel.show_lines(Sifted(LINES), default_scheme())
    yield panel
    panel.close()


def prepared(panel: ArticlesPanel) -> None:
    while panel.model.sifted.prepare(10_000):
        pass


def settle() -> None:
    """Let the list lay itself out and paint: what a person waits for."""
    QApplication.processEvents()


def test_show(panel: ArticlesPanel, benchmark: Any) -> None:
    def show() -> None:
        panel.show_lines(Sifted(LINES), default_scheme())
        settle()

    benchmark(show)


def test_first_search(panel: ArticlesPanel, benchmark: Any) -> None:
    def forget() -> None:
        panel.show_lines(Sifted(LINES), default_scheme())
        panel.search.setText("")

    def search() -> None:
        panel.search.setText("reporter 42 number")
        settle()

    benchmark.pedantic(search, setup=forget, rounds=10)
    assert len(panel.keys()) > 1000
    panel.search.clear()


def test_next_letter_of_a_search(panel: ArticlesPanel, benchmark: Any) -> None:
    texts = ["baghdad", "baghdad reporter 4"]

    def search() -> None:
        panel.search.setText(texts[0])
        texts.reverse()
        settle()

    benchmark(search)
    panel.search.clear()


def test_filter(panel: ArticlesPanel, benchmark: Any) -> None:
    chips = [panel._group.button(CHIPS.index(state)) for state in ("done", "todo")]

    def change() -> None:
        chips[0].click()
        chips.reverse()
        settle()

    benchmark(change)
    panel.show_all()


@pytest.mark.parametrize(
    "asked", FILTERS, ids=lambda sift: f"{sift.order}-{','.join(sift.having + sift.lacking)}"
)
def test_filters(panel: ArticlesPanel, benchmark: Any, asked: Sift) -> None:
    """Filters, alone and in an order that is in use already."""
    sifts = [asked, Sift(order=asked.order)]
    prepared(panel)
    panel.ask(sifts[1])

    def change() -> None:
        panel.ask(sifts[0])
        sifts.reverse()
        settle()

    benchmark(change)
    panel.ask(Sift())


@pytest.mark.parametrize("order", get_args(Order))
def test_sort(panel: ArticlesPanel, benchmark: Any, order: Order) -> None:
    """Another order; titles, dates and lengths lie at random."""
    prepared(panel)
    sifts = [
        Sift(order=order, turned=order == "imported"),
        Sift(order="state" if order != "state" else "imported"),
    ]

    def back() -> None:
        panel.ask(sifts[1])
        settle()

    def change() -> None:
        panel.ask(sifts[0])
        settle()

    benchmark.pedantic(change, setup=back, rounds=12)
    panel.ask(Sift())


def test_prepare_slice(panel: ArticlesPanel, benchmark: Any) -> None:
    """What one turn of the event loop looks through ahead, so that search and sorting begin warm."""
    benchmark.pedantic(panel.model._prepare, setup=lambda: panel.model.show(Sifted(LINES)), rounds=40)
    prepared(panel)


def test_select_after_a_change_in_order(panel: ArticlesPanel, benchmark: Any) -> None:
    """Sorted by labels, a label made, the next article opened."""
    panel.ask(Sift(order="labels"))
    keys = iter(range(1, 10_000))

    def change() -> None:
        line = LINES[next(keys)]
        panel.select(line.key)
        panel.update_line(replace(line, labels={"event": 30}))

    benchmark.pedantic(lambda: (panel.select(50_000), settle()), setup=change, rounds=12)
    panel.show_lines(Sifted(LINES), default_scheme())
    panel.ask(Sift())


def test_update_line(panel: ArticlesPanel, benchmark: Any) -> None:
    benchmark(panel.update_line, LINES[50_000])


def test_scroll_frame(panel: ArticlesPanel, benchmark: Any) -> None:
    bar = panel.view.verticalScrollBar()

    def frame() -> None:
        bar.setValue((bar.value() + 977) % bar.maximum())
        panel.view.viewport().grab()

    benchmark(frame)
