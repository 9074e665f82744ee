"""The program with its window: Qt's application, fonts and colours, the hook for bugs, files that are opened from outside."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QFileOpenEvent, QFont, QFontDatabase, QIcon
from PySide6.QtWidgets import QApplication

from desktop import __version__, settings
from desktop.paths import shipped
from desktop.settings import Settings
from ui import theme as themes
from ui import translation
from ui.ahead import Ahead
from ui.garbage import Garbage
from ui.report import CrashHook
from ui.window import MainWindow


class Application(QApplication):
    """Knows its window, so that a file opened in the Finder (macOS) reaches it."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.setApplicationName("Tagline")
        self.setApplicationVersion(__version__)
        self.setDesktopFileName("org.tagline.tagline")
        self.setWindowIcon(QIcon(str(shipped("resources", "icons", "app.svg"))))
        self.window: MainWindow | None = None
        self._asked: list[Path] = []

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            self._asked.append(Path(event.file()))
            self.open_asked()
            return True
        return super().event(event)

    def open_asked(self) -> None:
        """Open what the Finder asked for; what it asks for while the program starts waits until there is a window."""
        if self.window and self._asked:
            asked, self._asked = self._asked, []
            self.window.transfer.dropped(asked)


def start(
    arguments: list[str], stored: Settings, keep: Callable[[Settings], None] = settings.save
) -> tuple[Application, MainWindow]:
    """The application and its window, shown; `keep` is called with settings that have changed."""
    qInstallMessageHandler(_say)
    app = Application(arguments)
    translation.install(app, translation.wanted())
    _, sans = themes.load_fonts()
    font = QFont(sans)
    font.setPixelSize(13)
    app.setFont(font)
    theme = themes.current(app, stored.theme)
    themes.apply(app, theme)
    CrashHook(lambda: app.window).install()
    app.window = MainWindow(stored, theme, keep)
    app.styleHints().colorSchemeChanged.connect(app.window.help.apply_theme)
    if not stored.window:
        # Letters that are larger than usual make a usual window too large for a small screen.
        app.window.resize(app.window.size().boundedTo(app.primaryScreen().availableSize()))
    app.window.show()
    app.open_asked()
    Garbage(app)
    Ahead(app.window, lambda: not app.window or app.window.work.pending)
    return app, app.window


def _say(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """What Qt has to tell, but for the one line it repeats where there is no screen."""
    if "propagateSizeHints" not in message:
        print(message, file=sys.stderr)


def run(project: Path | None) -> int:
    """Open the window, with a project if one is named; returns when it is closed."""
    app, window = start(sys.argv[:1], settings.load())
    if not QFontDatabase.families():
        print(
            "tagline: no fonts are installed; on Debian: sudo apt install fonts-dejavu-core", file=sys.stderr
        )
    if project:
        window.projects.open(project)
    return app.exec()
