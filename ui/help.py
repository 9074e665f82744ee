"""Settings, colours, the keys page and About."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from desktop.store.store import SQLITE_VERSION
from ui import theme as themes
from ui.dialogs import AboutDialog, SettingsDialog
from ui.keymap import KeyMap, native
from ui.keys_dialog import KeysDialog

if TYPE_CHECKING:
    from ui.window import MainWindow


class Help:
    """What the Tagline menu shows."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def settings(self) -> None:
        dialog = SettingsDialog(self._window.settings, self._window)
        if dialog.exec():
            self._window.change_settings(dialog.values())
            self._window.view.set_font_size(self._window.settings.font_size)
            self.apply_theme()

    def keys(self) -> None:
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
        AboutDialog(self._window, more={"SQLite": SQLITE_VERSION}).exec()

    def prefer(self, preference: themes.Preference) -> None:
        self._window.change_settings({"theme": preference})
        self.apply_theme()

    def apply_theme(self) -> None:
        """Dress everything in the colours of the settings; also called when the system changes its own."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme = themes.current(app, self._window.settings.theme)
            themes.apply(app, theme)
            self._window.set_theme(theme)
