"""The first steps: offered to who is new, noticed as they are done by real keys, gone for good when closed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ui.driver import Driver
from ui.first_steps import StepsBar

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def begun(driver: Driver) -> Driver:
    """The first start: the welcome page's offer was taken."""
    window = driver.window
    assert window.welcome.steps.isVisible(), "who has no project yet is offered the first steps"
    driver.click(window.welcome.steps_button)
    driver.wait(lambda: len(window.browsing.lines) == 5, "the sample is open")
    driver.settle()
    return driver


def bar(driver: Driver) -> StepsBar:
    return driver.window.first_steps.bar


def test_one_span_in_three_steps_by_key(begun: Driver) -> None:
    window = begun.window
    assert bar(begun).isVisible() and bar(begun).at == 1
    assert window.project and window.project.shown.exists() and not window.project.layers
    begun.key(Qt.Key.Key_Right, CTRL)
    assert bar(begun).at == 2
    begun.key(Qt.Key.Key_A)
    assert bar(begun).at == 3
    assert window.labelling.reading and len(window.labelling.reading.spans) == 1
    begun.key(Qt.Key.Key_Z, CTRL)
    assert bar(begun).at == 4
    assert len(window.labelling.reading.spans) == 0
    assert "F1" in bar(begun).steps[-1].hint.text()
    assert bar(begun).isVisible(), "it goes when it is closed"


def test_by_mouse_and_going_on(begun: Driver) -> None:
    window = begun.window
    text = window.view.text
    begun.pick(text.index("Baghdad") + 2)
    assert bar(begun).at == 2
    begun.click(window.tools._labels[2])
    assert bar(begun).at == 3
    article = window.browsing.article
    begun.key(Qt.Key.Key_Return, CTRL)
    assert bar(begun).at == 4 and window.browsing.article != article


def test_a_label_at_once_is_two_steps(begun: Driver) -> None:
    window = begun.window
    start = window.view.text.index("Baghdad")
    begun.select(start, start + 7)
    begun.key(Qt.Key.Key_L)
    assert bar(begun).at == 3


def test_closed_for_good_and_back_from_help(begun: Driver) -> None:
    window = begun.window
    begun.click(bar(begun).close_button)
    assert bar(begun).isHidden() and not window.settings.first_steps
    assert window.view.hasFocus()
    begun.key(Qt.Key.Key_Right, CTRL)
    begun.key(Qt.Key.Key_A)
    assert bar(begun).isHidden()
    window.actions_.by_id["first_steps"].trigger()
    begun.settle()
    assert bar(begun).isVisible() and bar(begun).at == 1


def test_another_project_does_not_show_them(begun: Driver, tmp_path: object) -> None:
    window = begun.window
    window.projects.make_sample(window.projects.free_path("Other"), labels=False)
    begun.wait(lambda: bar(begun).isHidden(), "the first steps are gone")


def test_who_has_projects_is_not_offered_them(driver: Driver) -> None:
    window = driver.window
    window.settings.recent = ["/nowhere/mine.tagline"]
    window.show_welcome()
    QTest.qWait(10)
    assert not window.welcome.steps.isVisible()
    window.settings.recent, window.settings.first_steps = [], False
    window.show_welcome()
    assert not window.welcome.steps.isVisible(), "closed is closed"
