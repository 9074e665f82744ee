"""After a step only what it changed is read and shown again: it must look as if all had been."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from desktop import commands
from desktop.layer import Layer
from desktop.model import Span
from desktop.projects import default_scheme
from desktop.store import queries
from ui.blocks import Type
from ui.driver import Driver
from ui.flow import Flow
from ui.sheet import Sheet
from ui.span_list import rows_of

TEXT = "\n".join(
    "قال محمد 🚀 hit cafe\u0301 in Tel\u00a0Aviv, once more and again" * n for n in (1, 4, 0, 9, 2)
)
STRETCH = st.tuples(st.integers(0, len(TEXT) - 130), st.integers(1, 130))


def span(key: int, start: int, length: int) -> Span:
    end = start + length
    return Span(
        key=key, id=f"s{key}", start=start, end=end, label="claim", text=TEXT[start:end],
        fragments=((start, end),), annotator="a",
    )  # fmt: skip


def everything(flow: Flow, sheet: Sheet) -> Any:
    for index in range(len(flow.blocks)):
        flow.measure(index)
    leaves = [sheet.leaf(index) for index in range(len(flow.blocks))]
    return leaves, sheet.columns, [(block.lanes, block.height) for block in flow.blocks], flow.height


def fresh(spans: Iterator[Span] | Layer) -> tuple[Flow, Sheet]:
    flow = Flow(Type.of("sans", 17), 300)
    sheet = Sheet(flow)
    flow.show(TEXT, ())
    sheet.show(spans)
    return flow, sheet


@given(
    st.lists(STRETCH, max_size=25), st.lists(st.tuples(st.integers(1, 30), st.none() | STRETCH), max_size=6)
)
@pytest.mark.usefixtures("app")
def test_a_changed_sheet_is_a_fresh_one(
    stretches: list[tuple[int, int]], changes: list[tuple[int, tuple[int, int] | None]]
) -> None:
    spans = {key: span(key, *place) for key, place in enumerate(stretches, 1)}
    flow, sheet = fresh(Layer.of(spans.values()))
    everything(flow, sheet)
    for key, place in changes:
        spans.pop(key, None)
        spans |= {key: span(key, *place)} if place else {}
        sheet.show(Layer.of(spans.values()), {key})
    assert everything(flow, sheet) == everything(*fresh(Layer.of(spans.values())))


def same_as_read_anew(driver: Driver) -> None:
    """What the window holds and lists, against the project and a list made of it."""
    window = driver.window
    found: list[queries.Reading] = []
    window.work.read(queries.reading, window.browsing.article, window.browsing.layer, then=found.append)
    driver.wait(lambda: found, "the article is read")
    assert window.labelling.reading == found[0]
    assert list(window.view._sheet.layer) == list(found[0].spans)
    shown = window.inspector.labels.list
    wanted = rows_of(found[0], window.scheme, window.inspector.labels.filter.sift)
    assert shown.rows.rowCount() == len(wanted)
    plain = [row._replace(tip="") for row in shown.rows.rows]
    assert plain == [row._replace(tip="") for row in wanted]
    totals = window.browsing.totals
    assert totals["labels"] == sum(line.spans for line in window.browsing.lines.values())
    assert totals["done"] == sum(line.state == "done" for line in window.browsing.lines.values())


def test_any_steps_leave_the_window_as_if_all_were_read_anew(sample: Driver) -> None:
    window, dice = sample.window, random.Random(7)
    text = window.view.text
    for number in range(60):
        if number % 20 == 19:
            window.inspector.labels.filter.field.setText(dice.choice(("", "Ira", "the")))
        reading = window.labelling.reading
        assert reading
        start = dice.randrange(len(text) - 200)
        bounds = (start, start + dice.choice((4, 9, 40, 150)))
        key = dice.choice(reading.spans).key if reading.spans else None
        deed = dice.choice(
            ("add", "add", "add", "move", "relabel", "remove", "undo", "redo", "done", "relate")
        )
        work = window.work
        if deed == "add" or key is None:
            work.do(commands.add_span, reading.article.key, [bounds], dice.choice(("actor", "claim")), "ana")
        elif deed == "move":
            work.do(commands.move_edges, key, [bounds])
        elif deed == "relabel":
            work.do(commands.relabel, key, "event", failed=lambda error: None)
        elif deed == "remove":
            work.do(commands.remove_span, key)
        elif deed == "relate":
            other = dice.choice(reading.spans).key
            work.do(commands.add_relation, key, other, "agent", failed=lambda error: None)
        elif deed == "done":
            window.labelling.set_state(dice.choice(("done", "in_progress")))
        else:
            (window.undoing.undo if deed == "undo" else window.undoing.redo)()
        if dice.random() < 0.6:  # else the next step comes before this one is shown
            sample.settle()
    sample.settle()
    same_as_read_anew(sample)
    assert default_scheme().relation("agent")


def test_a_step_while_another_article_is_coming(sample: Driver) -> None:
    window = sample.window
    first = window.browsing.article
    other = next(key for key in window.browsing.lines if key != first)
    window.work.do(commands.add_span, other, [(0, 5)], "actor", "ana")
    window.browsing.open(other)
    window.work.do(commands.add_span, other, [(6, 9)], "actor", "ana")
    window.work.do(commands.add_span, first, [(6, 9)], "actor", "ana")
    sample.settle()
    assert window.labelling.reading and [s.start for s in window.labelling.reading.spans] == [0, 6]
    same_as_read_anew(sample)
    window.browsing.open(first)
    sample.settle()
    same_as_read_anew(sample)


def test_a_step_while_another_layer_is_coming(sample: Driver) -> None:
    window = sample.window
    article = window.browsing.article
    assert article
    window.set_layer("ben")
    window.work.do(commands.add_span, article, [(6, 9)], "actor", "ben")
    window.work.do(commands.add_span, article, [(0, 5)], "actor", "ana")
    sample.settle()
    assert window.labelling.reading and [s.annotator for s in window.labelling.reading.spans] == ["ben"]
    same_as_read_anew(sample)


def test_the_row_of_a_new_label_is_there_and_the_cursor_stays(sample: Driver) -> None:
    window = sample.window
    for start in (0, 40, 80):
        window.view.set_caret(window.view.text.index(" ", start) + 2)
        sample.key(Qt.Key.Key_A)
    spans = window.inspector.labels.list
    window.labelling.go_to(window.labelling.reading.spans[1])
    sample.settle()
    assert spans.currentIndex().row() == 2
    window.view.set_caret(1)
    sample.key(Qt.Key.Key_E)
    assert spans.rows.rowCount() == 5
    assert spans.currentIndex().row() == 3
