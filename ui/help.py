"""Settings, colours, the keys page, and what there is to read: the guide, the release notes, licences, About."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from desktop.paths import release_notes, shipped
from ui import theme as themes
from ui.keymap import KeyMap, native
from ui.typesetting import TypesetPopup, settings_of, typeset_of
from ui.words import tr

if TYPE_CHECKING:
    from ui.reading import Chapter, ReadingDialog
    from ui.window import MainWindow


class Help:
    """What the Tagline and Help menus show."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._open: dict[str, ReadingDialog] = {}

    def settings(self) -> None:
        from ui.dialogs import SettingsDialog  # noqa: PLC0415

        dialog = SettingsDialog(self._window.settings, self._window)
        if dialog.exec():
            self._window.change_settings(dialog.values())
            self._window.view.set_typeset(typeset_of(self._window.settings))
            self.apply_theme()

    def typeset(self) -> None:
        """How the article's text is set, tried on the article itself."""
        window = self._window
        popup = TypesetPopup(window.view, window)
        popup.closed.connect(lambda typeset: window.change_settings(settings_of(typeset)))
        popup.open_over(window.view)

    def keys(self) -> None:
        from ui.keys_dialog import KeysDialog  # noqa: PLC0415

        dialog = KeysDialog(self._window.actions_.keymap, self._window)
        dialog.changed.connect(self._keys_changed)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(True)
        dialog.show()

    def _keys_changed(self, keymap: KeyMap) -> None:
        self._window.change_settings({"keys": keymap.changed})
        self.show_keys()

    def show_keys(self) -> None:
        """Put the keys of the settings, and those of the labels in this project, into use and wherever they are shown."""
        window = self._window
        project = window.project
        keymap = window.actions_.keymap.for_settings(
            window.settings.keys, project.scheme if project else None
        )
        window.actions_.show_keys(keymap)
        if project:
            window.label_keys.show(project.scheme)
        window.articles.search.set_key(QKeySequence(next(iter(keymap.keys("find")), "")))
        window.status.show_palette_key(native(next(iter(keymap.keys("palette")), "")))
        window.enable()

    def about(self) -> None:
        from ui.about import AboutDialog  # noqa: PLC0415

        window = self._window
        counts = {"articles": len(window.browsing.lines)} if window.project else {}
        dialog = AboutDialog(window.settings, counts, window)
        dialog.asked.connect(dialog.accept)
        dialog.asked.connect(lambda name: getattr(self, name)())
        dialog.exec()

    def guide(self) -> None:
        from ui.reading import chapters_of  # noqa: PLC0415

        self._read(tr("Guide"), chapters_of(shipped("resources", "guide", "guide.md")))

    def notes(self) -> None:
        from ui.reading import chapters_of  # noqa: PLC0415

        path = release_notes()
        self._read(tr("Release notes"), chapters_of(path) if path else [])

    def licences(self) -> None:
        from ui.about import licence_texts  # noqa: PLC0415

        self._read(tr("Licences"), licence_texts())

    def _read(self, title: str, chapters: list[Chapter]) -> None:
        """A window beside this one; the same once more if it is open already."""
        dialog = self._open.get(title)
        if dialog is None:
            from ui.reading import ReadingDialog  # noqa: PLC0415

            dialog = self._open[title] = ReadingDialog(title, chapters, self._window)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def prefer(self, preference: themes.Preference) -> None:
        self._window.change_settings({"theme": preference})
        self.apply_theme()

    def apply_theme(self) -> None:
        """Dress everything in the colours of the settings; also called when the system changes its own."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme = themes.current(app, self._window.settings.theme)
            shown = [widget for widget in app.topLevelWidgets() if widget.isVisible()]
            for widget in shown:
                widget.setUpdatesEnabled(False)
            self._in_turns(
                lambda: themes.put_by(app),
                lambda: themes.undress(app),
                lambda: themes.apply(app, theme),
                lambda: self._hand_on(theme),
                lambda: _go_on(shown),
            )

    def _in_turns(self, step: Callable[[], object], *others: Callable[[], object]) -> None:
        """One step a turn of the event loop, so that a key need not wait for all of them."""
        step()
        if others:
            QTimer.singleShot(1, self._window, lambda: self._in_turns(*others))

    def _hand_on(self, theme: themes.Theme) -> None:
        self._window.set_theme(theme)
        for title, dialog in list(self._open.items()):
            if dialog.isVisible():
                dialog.set_theme(theme)
            else:  # made anew when it is asked for again
                self._open.pop(title).deleteLater()


def _go_on(widgets: list[QWidget]) -> None:
    for widget in filter(isValid, widgets):
        widget.setUpdatesEnabled(True)
