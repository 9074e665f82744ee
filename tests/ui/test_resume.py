"""The reading mark in the window, and opening a project where it was left."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from desktop import paths
from desktop import projects as core
from desktop.sifting import Sift
from ui import readmark
from ui.driver import Driver
from ui.window import MainWindow

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def file() -> Iterator[Path]:
    path = paths.places_file()
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


def read_to(driver: Driver) -> int:
    reading = driver.window.labelling.reading
    assert reading
    assert reading.read_to == driver.window.view.read_to
    return reading.read_to


def mark_at(driver: Driver, position: int) -> None:
    driver.click(driver.window.view.viewport(), driver.point(position))
    driver.key(Qt.Key.Key_R, CTRL | SHIFT)


def test_read_to_here_and_back(sample: Driver) -> None:
    window, key = sample.window, sample.window.browsing.article
    assert key
    mark_at(sample, 300)
    assert read_to(sample) == 300
    line = window.browsing.lines[key]
    assert (line.read_to, line.state) == (300, "in_progress")
    mark_at(sample, 500)
    assert read_to(sample) == 500
    sample.key(Qt.Key.Key_Z, CTRL)
    assert read_to(sample) == 300
    sample.key(Qt.Key.Key_Z, CTRL)
    assert read_to(sample) == 0
    assert window.browsing.lines[key].state == "todo"
    sample.key(Qt.Key.Key_Z, CTRL | SHIFT)
    assert read_to(sample) == 300


def test_at_the_start_the_mark_is_taken_away(sample: Driver) -> None:
    mark_at(sample, 300)
    sample.key(Qt.Key.Key_R, CTRL | SHIFT)
    assert "already" in sample.window.messages.text
    sample.key(Qt.Key.Key_Home, CTRL)
    sample.key(Qt.Key.Key_R, CTRL | SHIFT)
    assert read_to(sample) == 0


def test_marking_done_leaves_the_mark(sample: Driver) -> None:
    mark_at(sample, 300)
    key = sample.window.browsing.article
    assert key
    sample.key(Qt.Key.Key_Return, CTRL)
    assert sample.window.browsing.lines[key].state == "done"
    assert sample.window.browsing.lines[key].read_to == 300
    assert read_to(sample) == 0, "another article is on the page"
    sample.window.browsing.open(key)
    sample.settle()
    assert read_to(sample) == 300


def test_the_caret_goes_to_the_mark(sample: Driver) -> None:
    mark_at(sample, 300)
    sample.key(Qt.Key.Key_End, CTRL)
    sample.window.actions_.by_id["to_reading_mark"].trigger()
    assert sample.window.view.caret == 300


def test_the_mark_is_drawn(sample: Driver) -> None:
    view = sample.window.view
    mark_at(sample, 300)
    view.reveal(300, 301)
    sample.settle()
    foot = readmark.foot(view.text, 300)
    line = view.rect_of(foot - 1, foot)[0]
    image = view.viewport().grab().toImage()
    wanted = QColor(view._theme.border_strong).name()
    scale = image.devicePixelRatio()
    right = round((view._left + view._flow.width) * scale)
    rows = range(round(line.bottom() * scale), round((line.bottom() + 20) * scale))
    assert any(image.pixelColor(right - 3, y).name() == wanted for y in rows)
    assert not any(image.pixelColor(round(line.left() * scale) - 20, y).name() == wanted for y in rows)


@pytest.mark.parametrize(
    ("text", "position", "drawn"),
    [("ab\n\ncd", 4, 2), ("ab cd", 3, 2), ("ab", 2, 2), ("ab", 9, 2), ("  ", 2, 0), ("", 0, 0)],
)
def test_the_mark_stands_behind_the_last_letter(text: str, position: int, drawn: int) -> None:
    assert readmark.foot(text, position) == drawn


@pytest.mark.parametrize("width", [700, 1900])
@pytest.mark.parametrize(
    "text", ["word " * 300, "قال الجيش العراقي إن صاروخا سقط. " * 60, "x" * 3000, "a\n\n\n"]
)
def test_a_mark_anywhere_is_painted(driver: Driver, tmp_path: Path, width: int, text: str) -> None:
    window = driver.window
    path = tmp_path / "p.tagline"
    core.create(path, "ana").store.close()
    (tmp_path / "a.txt").write_text(text, "utf-8")
    window.projects.open(path)
    driver.settle()
    window.transfer.import_paths([tmp_path / "a.txt"])
    driver.wait(lambda: window.view.text, "the article is there")
    driver.settle()
    window.resize(width, 600)
    for position in (1, len(window.view.text) // 2, len(window.view.text)):
        window.view.set_caret(position)
        window.browsing.read_to_here()
        driver.settle()
        window.view.reveal(position, position)
        driver.settle()
        assert read_to(driver) == position


def leave(driver: Driver) -> None:
    driver.key(Qt.Key.Key_W, CTRL)
    assert driver.window.project is None


def come_back(driver: Driver, path: Path) -> MainWindow:
    driver.window.projects.open(path)
    driver.wait(lambda: driver.window.labelling.reading, "an article is shown")
    driver.settle()
    return driver.window


def test_a_project_opens_where_it_was_left(sample: Driver, tmp_path: Path) -> None:
    window = sample.window
    leave(sample)
    before = (tmp_path / "sample.tagline").read_bytes()
    come_back(sample, tmp_path / "sample.tagline")
    window.browsing.open(4)
    sample.settle()
    view = window.view
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    sample.settle()
    place = view.position_at(QPoint(view.width() // 2, 60))
    sample.click(view.viewport(), view.caret_rect(place).center())
    sift = Sift(text="a", state="todo", lacking=("claim",), order="length", turned=True)
    window.articles.ask(sift)
    kept = (view.caret, view.verticalScrollBar().value(), window.articles.keys())
    assert kept[1] > 0
    leave(sample)
    window.articles.ask(Sift())
    come_back(sample, tmp_path / "sample.tagline")
    assert window.browsing.article == 4
    assert (view.caret, view.verticalScrollBar().value(), window.articles.keys()) == kept
    assert window.articles.sift == sift
    assert window.articles.search.text() == "a"
    assert [chip.property("filter") for chip in window.articles.filters.chips] == ["without claim"]
    leave(sample)
    assert (tmp_path / "sample.tagline").read_bytes() == before, "the project file is not touched for it"


def test_the_window_that_closes_keeps_the_place(sample: Driver, tmp_path: Path, file: Path) -> None:
    sample.window.browsing.open(3)
    sample.settle()
    sample.window.close()
    (place,) = json.loads(file.read_text("utf-8"))
    assert place["article"] == sample.window.browsing.lines[3].id
    assert place["project"]["path"] == str(tmp_path / "sample.tagline")


def test_the_place_is_kept_while_working(sample: Driver, file: Path) -> None:
    sample.window.browsing.open(2)
    sample.settle()
    sample.window.resume._timer.setInterval(10)
    name = sample.window.browsing.lines[2].id
    sample.wait(lambda: file.exists() and name in file.read_text("utf-8"), "the place is written")
    seen = file.stat().st_mtime_ns
    sample.settle()
    assert file.stat().st_mtime_ns == seen, "nothing is written where nobody has moved"


def test_another_project_opens_plainly(sample: Driver, tmp_path: Path) -> None:
    sample.window.articles.ask(Sift(flagged=True))
    sample.window.projects.make_sample(tmp_path / "other.tagline", labels=False)
    sample.wait(lambda: len(sample.window.articles.keys()) == 5, "nothing is filtered")
    come_back(sample, tmp_path / "sample.tagline")
    assert sample.window.articles.sift == Sift(flagged=True)
    assert sample.window.articles.keys() == []


def test_an_article_that_is_gone_is_no_trouble(sample: Driver, tmp_path: Path, file: Path) -> None:
    leave(sample)
    text = file.read_text("utf-8")
    file.write_text(text.replace('"article": "', '"caret": 999999, "article": "gone'), "utf-8")
    assert come_back(sample, tmp_path / "sample.tagline").browsing.article == 1


def test_a_place_beyond_the_end_is_no_trouble(sample: Driver, tmp_path: Path, file: Path) -> None:
    leave(sample)
    places = json.loads(file.read_text("utf-8"))
    places[0] |= {"caret": 10**9, "top": 10**9, "over": -5, "list_scroll": 10**6}
    file.write_text(json.dumps(places), "utf-8")
    window = come_back(sample, tmp_path / "sample.tagline")
    assert window.view.caret == len(window.view.text)


def test_the_layer_comes_back(driver: Driver, tmp_path: Path) -> None:
    window = driver.window
    window.projects.make_sample(tmp_path / "s.tagline", labels=True)
    driver.wait(lambda: window.browsing.layer == "reference", "the reference labels")
    driver.settle()
    window.set_layer("ana")
    driver.settle()
    leave(driver)
    come_back(driver, tmp_path / "s.tagline")
    assert window.browsing.layer == "ana"
