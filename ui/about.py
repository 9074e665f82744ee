"""About: version, licences, the libraries in use, where the log is; and diagnostics to copy, without a word of any article."""

from __future__ import annotations

import locale
import platform
import sys
from collections.abc import Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path

import PySide6
from PySide6.QtCore import QLocale, Qt, QUrl, Signal, qVersion
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop import __version__
from desktop.paths import log_folder, shipped
from desktop.settings import Settings
from desktop.store.store import SQLITE_VERSION
from ui.dialogs import copying
from ui.parts import resized, size_to_texts
from ui.reading import Chapter, texts
from ui.words import later, tr

# Packages whose versions tell what an import or export was made with.
LIBRARIES = (
    "pydantic",
    "spacy",
    "duckdb",
    "trafilatura",
    "pypdfium2",
    "python-docx",
    "openpyxl",
    "dkpro-cassis",
)
PRIVATE = {"annotator", "recent", "window", "keys"}  # settings that tell of a person, or are too long
LICENCES = later(
    "Tagline is free software under the Apache License 2.0. It is built with Qt and PySide6 (LGPL 3), pydantic and spaCy "
    "(MIT), SQLite (public domain), and shows its text in Source Serif 4 and Inter (SIL Open Font License 1.1)."
)


def versions() -> dict[str, str]:
    """What the program runs on. A library that is not there is left out."""
    found = {
        "Tagline": __version__ + (" (built program)" if is_built() else ""),
        "Python": platform.python_version(),
        "Qt": qVersion() or "",
        "PySide6": PySide6.__version__,
        "SQLite": SQLITE_VERSION,
    }
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    # `platform.platform` starts another program to ask for the processor: the window would wait.
    found["System"] = f"{platform.system()}-{platform.release()}-{platform.machine()}"
    return found


def is_built() -> bool:
    """Whether this is the program that needs no Python, not one run from its sources."""
    return bool(getattr(sys, "frozen", False))


def diagnostics(settings: Settings, project: Mapping[str, int]) -> str:
    """What helps to find a fault: versions, screen, language, counts. No article text, no names, no paths but the log's."""
    screen = QGuiApplication.primaryScreen()
    size = screen.geometry()
    changed = settings.model_dump(exclude_defaults=True, exclude=PRIVATE)
    lines = [f"{name} {version}" for name, version in versions().items()]
    lines += [
        f"Screen {size.width()} x {size.height()} at {screen.devicePixelRatio():g}, {QGuiApplication.platformName()}, "
        f"{len(QFontDatabase.families())} font families",
        f"Language {QLocale.system().name()}, {locale.getpreferredencoding(False)}",
        f"Settings {changed or 'as they come'}",
        "Project " + (", ".join(f"{count} {what}" for what, count in project.items()) or "none open"),
        f"Log {said_of_log(log_folder())}",
    ]
    return "\n".join(lines)


def said_of_log(folder: Path) -> str:
    """How long the error log is and when it was last written; not what it says: a message may quote a text."""
    try:
        state = (folder / "errors.log").stat()
    except OSError:
        return "empty"
    when = datetime.fromtimestamp(state.st_mtime).astimezone().isoformat(timespec="minutes")
    return f"{state.st_size} bytes, last written {when}"


def licence_texts() -> list[Chapter]:
    """The licence of the program, then those of everything inside a built one."""
    fonts = shipped("resources", "fonts")
    found = texts((
        ("Tagline", shipped("LICENSE")),
        ("Inter", fonts / "Inter-OFL.txt"),
        ("Source Serif 4", fonts / "SourceSerif4-OFL.txt"),
    ))  # fmt: skip
    folder = shipped("licences")
    first = [(tr("What is inside"), folder / "parts.txt"), (tr("Qt and PySide6"), folder / "Qt.txt"),
             ("LGPL 3", folder / "LGPL-3.0.txt"), ("GPL 3", folder / "GPL-3.0.txt")]  # fmt: skip
    rest = [(f"{path.parent.name}: {path.stem}", path) for path in sorted(folder.glob("*/*.txt"))]
    return [*found, *texts([*first, *rest])]


class AboutDialog(QDialog):
    """`project` holds counts for the diagnostics. `asked` says what is to be read: "licences" or "notes"."""

    asked = Signal(str)

    def __init__(self, settings: Settings, project: Mapping[str, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About Tagline"))
        self.versions = versions()
        title = QLabel("Tagline")
        title.setFont(resized(self.font(), 1.7, title.font().weight().Bold))
        sentence = _muted(tr("Tag articles on the desktop, offline."))
        licences = QLabel(tr(LICENCES), wordWrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 16)
        column.setSpacing(12)
        for widget in (title, sentence, licences):
            column.addWidget(widget)
        column.addLayout(self._links())
        column.addLayout(self._table())
        column.addStretch(1)
        column.addWidget(self._buttons(settings, project))

    def showEvent(self, event: QShowEvent) -> None:
        size_to_texts(self, 480)
        super().showEvent(event)

    def _links(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for text, name in ((tr("Licences…"), "licences"), (tr("Release notes…"), "notes")):
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, name=name: self.asked.emit(name))
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _table(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(4)
        rows = {**self.versions, tr("Log folder"): str(log_folder())}
        for name, value in rows.items():
            form.addRow(_muted(name), _selectable(value))
        return form

    def _buttons(self, settings: Settings, project: Mapping[str, int]) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        copy = buttons.addButton(tr("Copy diagnostics"), QDialogButtonBox.ButtonRole.ActionRole)
        copying(copy, lambda: diagnostics(settings, project))
        show = buttons.addButton(tr("Open log folder"), QDialogButtonBox.ButtonRole.ActionRole)
        show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder()))))
        show.setEnabled(log_folder().is_dir())
        for button in (copy, show):
            button.setAutoDefault(False)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setDefault(True)
        close.setFocus()
        return buttons


def _selectable(text: str) -> QLabel:
    label = QLabel(text, wordWrap=True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label


def _muted(text: str) -> QLabel:
    label = QLabel(text, wordWrap=True)
    label.setProperty("muted", True)
    return label
