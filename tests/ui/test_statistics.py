"""The page of figures: what it shows is what the file holds, in both themes; labelling goes on while it counts."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip

from desktop import figures, projects
from desktop.store import queries
from ui import theme as themes
from ui.charts import Bar, Bars, Columns, Segments, bar_of
from ui.driver import Driver
from ui.statistics_page import WIDE, StatisticsPage
from ui.theme import DARK, LIGHT, Theme

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SCHEME = projects.default_scheme()


def counted(driver: Driver) -> StatisticsPage:
    """Open the page with its key and wait for the figures."""
    driver.key(Qt.Key.Key_T, CTRL | ALT)
    flow = driver.window.figures
    assert driver.window.pages.shows(flow.page)
    wait(driver)
    return flow.page


def wait(driver: Driver) -> None:
    flow = driver.window.figures
    driver.wait(lambda: not flow.counting and not flow._later.isActive(), "everything is counted")
    driver.settle()
    QTest.qWait(30)
    driver.settle()


def numbers(page: StatisticsPage) -> list[str]:
    return [value.text() for value, _ in page.numbers]


def test_the_figures_of_the_sample(labelled: Driver) -> None:
    page = counted(labelled)
    assert numbers(page) == ["5", "722", "105", "41.2"]
    assert page.labels.accessibleDescription() == "event 198, actor 276, location 152, claim 96"
    assert page.progress.accessibleDescription() == "done 5, in progress 0, to do 0"
    assert page.articles.rows.rows[0].right == "313"
    assert [row.text for row in page.forms.rows.rows[:2]] == ["attacks", "escalation"]
    assert page.forms.rows.rows[0].after == "Attacks ×1"
    assert page.days.accessibleDescription().endswith(": 722")
    labelled.key(Qt.Key.Key_Escape)
    assert labelled.window.pages.at_desk


def test_an_empty_layer_says_what_there_is_to_do(sample: Driver) -> None:
    page = counted(sample)
    assert numbers(page) == ["5", "0", "0", "0.0"]
    assert page.progress.accessibleDescription() == "done 0, in progress 0, to do 5"
    assert "No labels yet" in page.cards["labels"].hint.text()
    assert "Nothing is labelled yet" in page.cards["forms"].hint.text()
    assert not page.forms.isVisible()
    assert not page.days.isVisible()


def test_it_follows_what_is_labelled(sample: Driver) -> None:
    page = counted(sample)
    sample.key(Qt.Key.Key_Escape)
    view = sample.window.view
    view.setFocus()
    view.set_caret(view.text.index("attacks") + 1)
    sample.key(Qt.Key.Key_E)
    counted(sample)
    assert [name.text() for _, name in page.numbers][:2] == ["articles", "label"]
    assert numbers(page)[1] == "1"
    assert page.labels.accessibleDescription().startswith("event 1,")
    assert page.progress.accessibleDescription() == "done 0, in progress 1, to do 4"
    page.layer.setFocus()
    sample.key(Qt.Key.Key_Z, CTRL)
    wait(sample)
    assert numbers(page)[1] == "0", "also while it is looked at"


def test_layers_one_by_one_and_everybody(labelled: Driver) -> None:
    labelled.window.set_layer("ana")
    labelled.settle()
    view = labelled.window.view
    view.setFocus()
    view.set_caret(view.text.index("attacks") + 1)
    labelled.key(Qt.Key.Key_C)
    page = counted(labelled)
    assert [page.layer.itemText(at) for at in range(page.layer.count())] == ["reference", "ana", "everybody"]
    assert numbers(page)[1] == "1"
    for name, labels, states in (
        ("reference", "722", "done 5, in progress 0, to do 0"),
        ("everybody", "723", "done 5, in progress 1, to do 4"),
    ):
        at = page.layer.findText(name)
        page.layer.setCurrentIndex(at)
        page.layer.activated.emit(at)
        wait(labelled)
        assert numbers(page)[1] == labels
        assert page.progress.accessibleDescription() == states
    assert "2\u00a0annotators" in page.cards["progress"].hint.text()


def test_forms_of_another_label_lead_to_their_places(labelled: Driver) -> None:
    page = counted(labelled)
    labelled.click(page.badges.buttons["actor"])
    QTest.qWait(50)
    labelled.settle()
    rows = page.forms.rows.rows
    assert (rows[0].text, rows[0].right, rows[0].after) == ("Iran", "12", "also location ×1")
    assert "Isis ×7" in str(rows[1].tip)
    labelled.row(page.forms, 1)
    concordance = labelled.window.repeats.concordance
    assert concordance.shown
    assert concordance.page.bar.field.text() == "Isis"


def test_an_article_opens(labelled: Driver) -> None:
    page = counted(labelled)
    key = page.articles.rows.rows[2].key
    labelled.row(page.articles, 2)
    assert labelled.window.pages.at_desk
    assert labelled.window.browsing.article == key


def test_labels_are_stored_between_two_slices(labelled: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each slice is a call of its own: what is asked for meanwhile comes in between."""
    asked: list[int] = []
    whole = figures.part

    def slow(store: Any, layer: str | None, after: int = 0, size: int = 20) -> figures.Part:
        asked.append(after)
        return whole(store, layer, after, 20)

    monkeypatch.setattr(figures, "part", slow)
    window = labelled.window
    window.figures.open()
    labelled.wait(lambda: len(asked) > 2, "the counting has begun")
    done: list[int] = []
    window.work.read(queries.layers, then=lambda _: done.append(len(asked)))
    wait(labelled)
    assert len(asked) == 722 // 20 + 1
    assert done
    assert done[0] < len(asked), "it did not wait for the last slice"
    assert numbers(window.figures.page)[1] == "722"


def test_another_project_ends_the_counting(labelled: Driver, tmp_path: Path) -> None:
    page = counted(labelled)
    labelled.window.projects.make_sample(tmp_path / "other.tagline", labels=False)
    labelled.wait(lambda: labelled.window.browsing.totals["labels"] == 0, "the other project is open")
    labelled.settle()
    assert labelled.window.pages.at_desk
    counted(labelled)
    assert numbers(page)[1] == "0"


def test_the_table(labelled: Driver, tmp_path: Path) -> None:
    page = counted(labelled)
    path = tmp_path / "labels.csv"
    labelled.window.figures.ask_path = lambda offered: str(path)
    labelled.click(page.table)
    labelled.wait(lambda: "table is in" in labelled.window.messages.text, "the table is written")
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert len(rows) == 5
    assert sum(int(row["actor"]) for row in rows) == 276
    assert sum(int(row["labels"]) for row in rows) == 722
    labelled.window.figures.ask_path = lambda offered: str(tmp_path / "no" / "such.csv")
    labelled.click(page.table)
    labelled.wait(lambda: "cannot be written" in labelled.window.messages.text, "it says why not")


def test_two_columns_where_there_is_room(labelled: Driver) -> None:
    page = counted(labelled)
    labels, days = page.cards["labels"], page.cards["days"]
    labelled.window.resize(WIDE + 60, 800)
    labelled.settle()
    assert labels.y() == days.y()
    labelled.window.resize(1024, 700)
    labelled.settle()
    assert labels.y() < days.y()
    assert page.area.widget().width() <= page.area.viewport().width()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_page_changes_its_colours(labelled: Driver, theme: Theme) -> None:
    page = counted(labelled)
    labelled.window.set_theme(theme)
    image = page.labels.grab().toImage()
    shown = {image.pixelColor(x, 14).name() for x in range(image.width())}
    assert themes.line(SCHEME.labels[0], theme).lower() in shown


# The pictures alone


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_bars_are_as_long_as_their_counts(app: Any, theme: Theme) -> None:
    chart = Bars("Labels")
    chart.set_theme(theme)
    chart.resize(500, 112)
    chart.show_bars(
        [
            bar_of(label, label.name, count, theme)
            for label, count in zip(SCHEME.labels, (100, 50, 0, 1), strict=True)
        ]
    )
    image = chart.grab().toImage()
    widths = []
    for row, label in enumerate(SCHEME.labels):
        colour = themes.line(label, theme).lower()
        widths.append(sum(image.pixelColor(x, row * 28 + 14).name() == colour for x in range(40, 500)))
    assert widths[0] > 200
    assert abs(widths[0] - 2 * widths[1]) <= 3
    assert widths[2] == 0
    assert 1 <= widths[3] <= 6, "a single one can be seen"


def test_columns_say_what_they_are(app: Any) -> None:
    chart = Columns("Days")
    chart.resize(300, 150)
    chart.show_steps([("1 Nov", [Bar("event", 4, "#ff0000"), Bar("actor", 4, "#0000ff")]), ("2 Nov", [])])
    assert chart.accessibleDescription() == "1 Nov: 8, 2 Nov: 0"
    image = chart.grab().toImage()
    column = [image.pixelColor(20, y).name() for y in range(150)]
    assert abs(column.count("#ff0000") - column.count("#0000ff")) <= 2
    assert column.count("#ff0000") > 40
    chart.show()
    there = QPoint(20, 80)
    chart.event(QHelpEvent(QEvent.Type.ToolTip, there, chart.mapToGlobal(there)))
    assert QToolTip.text() == "1 Nov\nevent: 4\nactor: 4"
    chart.close()


def test_nothing_to_show_is_no_trouble(app: Any) -> None:
    for chart in (Bars("x"), Segments("x"), Columns("x")):
        chart.resize(3, 3)
        assert not chart.grab().isNull()
    segments = Segments("x")
    segments.show_bars([Bar("done", 0, "#ff0000")])
    segments.resize(200, 38)
    assert not segments.grab().isNull()


def test_a_label_the_scheme_has_lost_is_still_counted(app: Any) -> None:
    assert bar_of(None, "old_one", 3, LIGHT) == Bar("old one", 3, LIGHT.muted, "?")
