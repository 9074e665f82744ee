"""A QApplication without a screen, and a test that fails on anything Qt complains about."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
HERE = Path(__file__).parent
_QUIET = (
    "propagateSizeHints",
    "qt.text.font.db: OpenType support missing",
    "This plugin does not support",  # what windows do that are not on a screen: menus grab the keyboard
)


def _missing() -> str:
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        return str(error)
    return ""


MISSING = _missing()


# Test files import the ui at their head: without Qt they cannot be read, so they are left out, and the header says so.
collect_ignore_glob = ["test_*.py"] if MISSING else []


def pytest_report_header() -> str | None:
    return f"tests/ui is left out, Qt cannot be loaded: {MISSING}" if MISSING else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt)


@pytest.fixture(scope="session")
def app() -> Iterator[Any]:
    from PySide6.QtWidgets import QApplication

    from ui import theme

    instance = QApplication.instance() or QApplication(["tagline-tests"])
    theme.apply(instance, theme.LIGHT)  # parts are dressed by the program's one style sheet
    yield instance


@pytest.fixture(autouse=True)
def qt_messages() -> Iterator[list[str]]:
    """Everything Qt warned of during the test; any such message fails it."""
    from PySide6.QtCore import QCoreApplication, QEvent, QtMsgType, qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    said: list[str] = []

    def hear(kind: QtMsgType, context: Any, message: str) -> None:
        serious = kind in (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
        if serious and not any(quiet in message for quiet in _QUIET):
            said.append(message)

    before = qInstallMessageHandler(hear)
    yield said
    # What a test leaves over would be dressed again with every window to come, and slow them all down.
    for widget in QApplication.topLevelWidgets():
        if widget.parent() is None:
            widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qInstallMessageHandler(before)
    assert said == []


@pytest.fixture
def stage(app: Any) -> Iterator[Any]:
    """Shows a widget by itself in a size, with the keyboard in it; closed after the test."""
    from PySide6.QtTest import QTest

    shown: list[Any] = []

    def show(widget: Any, width: int, height: int) -> Any:
        shown.append(widget)
        widget.resize(width, height)
        widget.show()
        widget.activateWindow()
        assert QTest.qWaitForWindowActive(widget)
        return widget

    yield show
    for widget in shown:
        widget.close()
        widget.deleteLater()


@pytest.fixture
def driver(app: Any, tmp_path: Path) -> Iterator[Any]:
    """Hands for a window without a project."""
    from desktop.settings import Settings
    from ui import theme
    from ui.driver import Driver
    from ui.window import MainWindow

    theme.apply(app, theme.LIGHT)
    window = MainWindow(Settings(annotator="ana", theme="light"), theme.LIGHT, keep=lambda settings: None)
    window.resize(1280, 860)
    window.show()
    hands = Driver(window, tmp_path)
    hands.settle()
    yield hands
    window.close()
    window.deleteLater()


@pytest.fixture
def sample(driver: Any, tmp_path: Path) -> Any:
    """A window with the sample articles, unlabelled, the first one in view."""
    driver.window.projects.make_sample(tmp_path / "sample.tagline", labels=False)
    driver.wait(lambda: len(driver.window.browsing.lines) == 5, "the sample is open")
    driver.settle()
    return driver


@pytest.fixture
def labelled(driver: Any, tmp_path: Path) -> Any:
    """A window with the sample and its reference labels."""
    driver.window.projects.make_sample(tmp_path / "sample.tagline", labels=True)
    driver.wait(lambda: len(driver.window.browsing.lines) == 5, "the sample is open")
    driver.settle()
    return driver


@pytest.fixture(scope="session")
def translations_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two invented languages, of which one runs from right to left."""
    import invented

    folder = tmp_path_factory.mktemp("translations")
    invented.write_pseudo(folder, "eo")
    invented.write_pseudo(folder, "he")
    return folder


@pytest.fixture
def speak(app: Any, translations_folder: Path) -> Iterator[Any]:
    """Installs languages, and takes them away again."""
    from PySide6.QtCore import QCoreApplication

    from ui import translation

    before = app.layoutDirection()
    yield lambda *languages: translation.install(app, languages, translations_folder)
    for translator in app.findChildren(translation.QTranslator):
        QCoreApplication.removeTranslator(translator)
        translator.deleteLater()
    app.setLayoutDirection(before)
