"""Every action of the window in one table, and the menus made of it.

A new action is a line in ACTIONS and its id in MENUS; the menu bar, the keys page, the palette and the tests have it
then. Label keys are not here: they come from the scheme of the project. What keys a person has changed: keymap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from ui import attribute_menu
from ui.keymap import Keyed, KeyMap, native
from ui.parts import capital
from ui.words import later, retold, tr

if TYPE_CHECKING:
    from ui.window import MainWindow

Needs = Literal["", "project", "article", "picked", "undo", "redo"]
# Why something cannot be used while its need is not met.
REASONS: dict[Needs, str] = {
    "project": later("open a project first"),
    "article": later("no article is open"),
    "picked": later("pick a label first"),
    "undo": later("nothing to undo"),
    "redo": later("nothing to redo"),
}


@dataclass(frozen=True)
class Action:
    """`needs` says when it can be used; `choice` puts it into a group of which one is checked.

    `reads` marks what goes on while an import or export runs; everything else waits for its end. `leaves` marks what
    else leaves the project as it is, and can be done where nothing may be changed. `stays` marks what leaves a page
    that lies over the article where it is; everything else goes back to the article first. `ticked` tells whether
    what it switches is on.
    """

    id: str
    text: str
    run: Callable[[MainWindow], object]
    keys: tuple[str, ...] = ()
    needs: Needs = ""
    icon: str = ""
    choice: str = ""
    reads: bool = False
    leaves: bool = False
    stays: bool = False
    ticked: Callable[[MainWindow], bool] | None = None


ACTIONS: tuple[Action, ...] = (
    Action("settings", "&Settings…", lambda w: w.help.settings(), ("Ctrl+,",), reads=True, stays=True),
    Action("keys", "&Keys…", lambda w: w.help.keys(), ("F1", "?"), icon="keyboard", reads=True, stays=True),
    Action("first_steps", "&First steps", lambda w: w.first_steps.begin(), leaves=True),
    Action("guide", "&Guide", lambda w: w.help.guide(), reads=True, stays=True),
    Action("notes", "&Release notes", lambda w: w.help.notes(), reads=True, stays=True),
    Action("licences", "&Licences", lambda w: w.help.licences(), reads=True, stays=True),
    Action("about", "&About Tagline", lambda w: w.help.about(), reads=True, stays=True),
    Action("quit", "&Quit", lambda w: w.close(), ("Ctrl+Q",), reads=True, stays=True),
    Action("new", "&New project…", lambda w: w.projects.new(), ("Ctrl+N",), icon="new", leaves=True),
    Action("open", "&Open project…", lambda w: w.projects.ask_open(), ("Ctrl+O",), icon="open", leaves=True),
    Action("sample", "Open the &sample project", lambda w: w.projects.new_sample(labels=True), icon="sample", leaves=True),
    Action("import_files", "&Import articles…", lambda w: w.transfer.ask_import(), ("Ctrl+I",), "project", "import"),
    Action("import_folder", "Import &folder…", lambda w: w.transfer.ask_import_folder(), ("Ctrl+Shift+I",), "project"),
    Action("paste", "&Paste as an article…", lambda w: w.transfer.paste(), ("Ctrl+V",)),
    Action("check", "Chec&k the dataset…", lambda w: w.care.check.open(), ("Ctrl+Shift+K",), "project", "check-circle", reads=True, stays=True),
    Action("export", "&Export dataset…", lambda w: w.transfer.exporting.ask(), ("Ctrl+Shift+E",), "project", "export", leaves=True),
    Action("receipt", "Last receip&t…", lambda w: w.care.receipt.open(), ("F7",), "project", reads=True, stays=True),
    Action("splits", "Splits and st&ories…", lambda w: w.care.splits.open(), (), "project", "layers", reads=True, stays=True),
    Action("save_copy", "Save a cop&y…", lambda w: w.saving.ask_copy(), ("Ctrl+Shift+S",), "project", leaves=True),
    Action("backups", "&Backups…", lambda w: w.care.backups.open(), (), "project", reads=True, stays=True),
    Action("bin", "B&in…", lambda w: w.care.bin.open(), (), "project", "remove", reads=True, stays=True),
    Action("purge", "P&urge…", lambda w: w.care.purge.open(), (), "project", reads=True, stays=True),
    Action("delete_article", "Delete artic&le", lambda w: w.care.bin.delete_article(), ("Ctrl+Shift+Del",), "article", "remove"),
    Action("repair", "&Repair…", lambda w: w.care.repair.open(), (), "project", "warning", reads=True, stays=True),
    Action("private", "Priva&te: in no list of recent projects", lambda w: w.projects.toggle_private(), (), "project"),
    Action("close", "&Close project", lambda w: w.projects.close(), ("Ctrl+W",), "project", "close", leaves=True),
    Action("undo", "&Undo", lambda w: w.undoing.undo(), ("Ctrl+Z",), "undo", "undo", stays=True),
    Action("redo", "&Redo", lambda w: w.undoing.redo(), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", "redo", stays=True),
    Action("scheme", "&Scheme…", lambda w: w.scheming.open(), ("Ctrl+Alt+S",), "project", "layers", reads=True, stays=True),
    Action("edit_guidelines", "Edit &guidelines", lambda w: w.inspector.edit_guidelines(), (), "project", "note"),
    Action("load_guidelines", "Load guidel&ines…", lambda w: w.inspector.load_guidelines(), (), "project"),
    Action("statistics", "S&tatistics…", lambda w: w.figures.open(), ("Ctrl+Alt+T",), "project", "sort", reads=True, stays=True),
    Action("copy", "&Copy text", lambda w: w.view.copy(), ("Ctrl+C",), "article", reads=True),
    Action("select_all", "Select &all", lambda w: w.view.select(0, len(w.view.text)), ("Ctrl+A",), "article", reads=True),
    Action("repeat_label", "Re&peat the last label", lambda w: w.labelling.repeat(), ("Ctrl+Space",), "article"),
    Action("take_repeat", "Label the repeat an&d go on", lambda w: w.repeats.steps.take(), ("F4",), "article"),
    Action("stick", "&Keep the last label for the mouse", lambda w: w.labelling.stick_last(), ("Ctrl+T",), "article"),
    Action("grow", "&Grow the selection", lambda w: w.labelling.grow(), ("Ctrl+Up",), "article", reads=True),
    Action("shrink", "S&hrink the selection", lambda w: w.labelling.shrink(), ("Ctrl+Down",), "article", reads=True),
    Action("add_fragment", "&Add the selection as a fragment", lambda w: w.labelling.add_fragment(), ("Ctrl+J",), "article"),
    Action("split_fragment", "Split the &fragment off", lambda w: w.labelling.split_fragment(), ("Ctrl+Shift+J",), "article"),
    Action("relate", "Rela&te to another label", lambda w: w.relating.start(w.scheme), ("R",), "picked"),
    Action("attribute", "Set an attri&bute…", attribute_menu.open_menu, ("T",), "picked"),
    Action("span_note", "&Note on the label", lambda w: w.inspector.edit_note(), ("N",), "picked", "note"),
    Action("label_all", "Label every &occurrence…", lambda w: w.repeats.label_all(), ("Ctrl+R",), "article"),
    Action("remove", "&Remove label", lambda w: w.labelling.remove(), ("Backspace", "Del"), "picked", "remove"),
    Action("end_right", "End one word &later", lambda w: w.labelling.move_edge("end", 1, by_word=True), ("Alt+Right",), "picked"),
    Action("end_left", "End one word &earlier", lambda w: w.labelling.move_edge("end", -1, by_word=True), ("Alt+Left",), "picked"),
    Action("start_left", "Start one word ea&rlier", lambda w: w.labelling.move_edge("start", -1, by_word=True),
           ("Alt+Shift+Left",), "picked"),
    Action("start_right", "Start one word la&ter", lambda w: w.labelling.move_edge("start", 1, by_word=True),
           ("Alt+Shift+Right",), "picked"),
    Action("end_right_char", "End one character later", lambda w: w.labelling.move_edge("end", 1, by_word=False),
           ("Ctrl+Alt+Right",), "picked"),
    Action("end_left_char", "End one character earlier", lambda w: w.labelling.move_edge("end", -1, by_word=False),
           ("Ctrl+Alt+Left",), "picked"),
    Action("start_left_char", "Start one character earlier", lambda w: w.labelling.move_edge("start", -1, by_word=False),
           ("Ctrl+Alt+Shift+Left",), "picked"),
    Action("start_right_char", "Start one character later", lambda w: w.labelling.move_edge("start", 1, by_word=False),
           ("Ctrl+Alt+Shift+Right",), "picked"),
    Action("previous", "&Previous article", lambda w: w.browsing.go(-1), ("Ctrl+PgUp",), "article", "previous", reads=True),
    Action("next", "&Next article", lambda w: w.browsing.go(1), ("Ctrl+PgDown",), "article", "next", reads=True),
    Action("next_label", "Next &label", lambda w: w.labelling.pick_next(1), (".",), "article", reads=True),
    Action("previous_label", "Pre&vious label", lambda w: w.labelling.pick_next(-1), (",",), "article", reads=True),
    Action("label_around", "Label &around", lambda w: w.labelling.pick_around(), ("Alt+Up",), "picked", reads=True),
    Action("label_inside", "Label &inside", lambda w: w.labelling.pick_inside(), ("Alt+Down",), "picked", reads=True),
    Action("next_repeat", "Ne&xt unlabelled repeat", lambda w: w.repeats.steps.go(1), ("F3",), "article", reads=True),
    Action("previous_repeat", "Previo&us unlabelled repeat", lambda w: w.repeats.steps.go(-1), ("Shift+F3",), "article", reads=True),
    Action("concordance", "Find &in all articles…", lambda w: w.repeats.open_concordance(), ("Ctrl+G",), "project", reads=True, stays=True),
    Action("find", "&Find article", lambda w: w.articles.focus_search(), ("Ctrl+F",), "project", "search", reads=True),
    Action("palette", "&Commands…", lambda w: w.command_palette.open(), ("Ctrl+K",), reads=True, stays=True),
    Action("filter_articles", "Filter a&rticles…", lambda w: w.articles.buttons.open_filters(), ("Ctrl+Alt+F",), "project", "filter", reads=True),
    Action("all_articles", "&Show all articles", lambda w: w.articles.show_all(), (), "project", reads=True),
    Action("to_reading_mark", "To the reading &mark", lambda w: w.browsing.to_reading_mark(), ("Ctrl+Alt+R",), "article", reads=True),
    Action("next_panel", "Next pane&l", lambda w: w.panels.focus_next(1), ("F6",), "project", reads=True),
    Action("previous_panel", "Previous panel", lambda w: w.panels.focus_next(-1), ("Shift+F6",), "project", reads=True),
    Action("done_next", "&Done and next", lambda w: w.browsing.done_and_next(), ("Ctrl+Return", "Ctrl+Enter"), "article", "done"),
    Action("read_to_here", "&Read to here", lambda w: w.browsing.read_to_here(), ("Ctrl+Shift+R",), "article"),
    Action("mark_todo", "Mark &to do", lambda w: w.labelling.set_state("todo"), (), "article", "todo"),
    Action("mark_in_progress", "Mark &in progress", lambda w: w.labelling.set_state("in_progress"), (), "article", "in_progress"),
    Action("mark_done", "Mark d&one", lambda w: w.labelling.set_state("done"), (), "article", "check-circle"),
    Action("details", "Article d&etails…", lambda w: w.article_flow.show_details(), ("Ctrl+Shift+D",), "article"),
    Action("outside", "Out&side the article", lambda w: w.article_flow.toggle_outside(), ("Ctrl+Shift+O",), "article"),
    Action("find_outside", "Find page f&urniture", lambda w: w.article_flow.find_outside(), (), "article"),
    Action("flag", "&Flag article", lambda w: w.labelling.toggle_flag(), ("Ctrl+Shift+F",), "article", "flag"),
    Action("article_note", "&Note on the article", lambda w: w.inspector.focus_tab("notes"), ("Ctrl+Shift+N",), "article", "note", reads=True),
    Action("history", "&History", lambda w: w.inspector.focus_tab("history"), ("Ctrl+H",), "project", reads=True),
    Action("guidelines", "&Guidelines", lambda w: w.inspector.focus_tab("guidelines"), ("Ctrl+Shift+G",), "project", reads=True),
    Action("labels_tab", "&Labels of the article", lambda w: w.inspector.focus_tab("labels"), ("Ctrl+Shift+L",), "project", reads=True),
    Action("typeset", "Te&xt and lines…", lambda w: w.help.typeset(), ("Ctrl+Shift+T",), "project", reads=True),
    Action("larger", "&Larger text", lambda w: w.zoom(1), ("Ctrl++", "Ctrl+="), "project", reads=True),
    Action("smaller", "&Smaller text", lambda w: w.zoom(-1), ("Ctrl+-",), "project", reads=True),
    Action("normal_size", "&Normal text size", lambda w: w.zoom(0), ("Ctrl+0",), "project", reads=True),
    Action("show_list", "List of articl&es", lambda w: w.panels.toggle("articles"), ("F9",), "project", reads=True,
           ticked=lambda w: "articles" not in w.panels.hidden),
    Action("show_inspector", "&Inspector", lambda w: w.panels.toggle("inspector"), ("Shift+F9",), "project", reads=True,
           ticked=lambda w: "inspector" not in w.panels.hidden),
    Action("only_article", "Nothing but the &article", lambda w: w.panels.toggle_both(), ("F11",), "project", reads=True,
           ticked=lambda w: len(w.panels.hidden) == 2),
    Action("theme_system", "Colours of the &system", lambda w: w.help.prefer("system"), choice="theme", reads=True, stays=True),
    Action("theme_light", "L&ight colours", lambda w: w.help.prefer("light"), icon="sun", choice="theme", reads=True, stays=True),
    Action("theme_dark", "&Dark colours", lambda w: w.help.prefer("dark"), icon="moon", choice="theme", reads=True, stays=True),
)  # fmt: skip

# "-" is a line; "@name" is filled while the program runs: the labels of the scheme, recent projects, layers.
MENUS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (later("&Tagline"), ("settings", "keys", "-", "quit")),
    (later("&File"), ("new", "open", "@recent", "sample", "-", "import_files", "import_folder", "-", "check", "export", "receipt", "-", "save_copy", "backups", "bin", "purge", "repair", "-", "private", "close")),
    (later("&Edit"), ("undo", "redo", "-", "copy", "paste", "select_all", "-", "find", "concordance", "filter_articles", "all_articles", "-", "scheme", "edit_guidelines", "load_guidelines")),
    (later("&Labels"), ("@labels", "-", "repeat_label", "take_repeat", "stick", "grow", "shrink", "-", "label_all", "attribute", "span_note", "relate", "remove", "add_fragment", "split_fragment", "-", "end_right", "end_left", "start_left", "start_right", "-",
                 "end_right_char", "end_left_char", "start_left_char", "start_right_char")),
    (later("&Go"), ("previous", "next", "-", "previous_label", "next_label", "label_around", "label_inside", "-", "previous_repeat", "next_repeat", "-", "to_reading_mark", "-",
             "next_panel", "previous_panel", "-", "palette")),
    (later("&Review"), ("done_next", "read_to_here", "-", "mark_todo", "mark_in_progress", "mark_done", "-", "flag", "article_note", "details", "delete_article", "-", "outside", "find_outside", "-", "splits", "@layers")),
    (later("&View"), ("labels_tab", "guidelines", "history", "statistics", "-", "show_list", "show_inspector", "only_article", "-", "typeset", "larger", "smaller", "normal_size", "-",
               "theme_system", "theme_light", "theme_dark")),
    (later("&Help"), ("first_steps", "guide", "notes", "-", "licences", "about")),
)  # fmt: skip


class Actions:
    """The QActions of a window, by id, in its menu bar."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._groups: dict[str, QActionGroup] = {}
        self._state: frozenset[str] = frozenset()
        self._locked = ""
        self.keymap = KeyMap(key_table(), window.settings.keys, menus=menu_letters())
        self.by_id = {action.id: self._make(action) for action in ACTIONS}
        self.menus: dict[str, QMenu] = {}
        for title, entries in MENUS:
            self._fill(window.menuBar().addMenu(tr(title)), entries)

    def _make(self, action: Action) -> QAction:
        made = QAction(tr(action.text), self._window)
        made.setObjectName(action.id)
        # For buttons: undo's own text tells what it would take back.
        made.setIconText(plain(made.text()))
        made.changed.connect(lambda: _tell_keys(made))
        made.setShortcuts([QKeySequence(key) for key in self.keymap.keys(action.id)])
        made.setProperty("icon_name", action.icon)
        made.triggered.connect(lambda: self._run(action))
        made.setCheckable(action.ticked is not None)
        if action.choice:
            group = self._groups.setdefault(action.choice, QActionGroup(self._window))
            made.setCheckable(True)
            group.addAction(made)
        self._window.addAction(made)
        return made

    def _run(self, action: Action) -> None:
        if not action.stays:
            self._window.pages.leave()
        action.run(self._window)

    def _fill(self, menu: QMenu, entries: tuple[str, ...]) -> None:
        for entry in entries:
            if entry == "-":
                menu.addSeparator()
            elif entry == "@labels":
                self.menus["labels"] = menu
            elif entry.startswith("@"):
                title = tr("Open &recent") if entry == "@recent" else tr("Labels &by")
                self.menus[entry[1:]] = menu.addMenu(title)
            else:
                menu.addAction(self.by_id[entry])

    def show_keys(self, keymap: KeyMap) -> None:
        """Other keys: the person changed them, or another project's labels have some of them."""
        self.keymap = keymap
        for name, action in self.by_id.items():
            action.setShortcuts([QKeySequence(key) for key in keymap.keys(name)])

    def used(self) -> set[str]:
        """Every key of every action now."""
        return self.keymap.used()

    def key_of(self, name: str) -> str:
        """The first key of an action as people of this system read it, "" where it has none."""
        return native(self.by_id[name].shortcut().toString())

    def reason(self, name: str) -> str:
        """Why an action cannot be used now, "" if it can."""
        if self.by_id[name].isEnabled():
            return ""
        needs = next(action.needs for action in ACTIONS if action.id == name)
        if needs in self._state or not needs:
            return retold(self._locked) or tr("waits until the import or export has ended")
        missing = "article" if "article" not in self._state and needs == "picked" else needs
        return tr(REASONS[missing]) if missing in REASONS else tr("not possible now")

    def say_why_not(self, key: QKeySequence) -> None:
        """Say why a key does nothing in the article now, if it means something at other times."""
        window = self._window
        labels = any(key in action.shortcuts() for action in window.label_keys.by_label.values())
        named = (name for name, action in self.by_id.items() if key in action.shortcuts())
        meant = "done_next" if labels else next(named, "")  # what labelling needs as well
        why = self.reason(meant) if meant and window.pages.at_desk else ""
        if why and why == retold(self._locked):
            window.saving.explain()
        elif why:
            window.messages.info(f"{capital(why)}.")

    def enable(self, state: frozenset[str], *, busy: bool, locked: str = "") -> None:
        """Switch on what can be used: `state` holds the needs that are met now, `locked` why nothing may be changed."""
        self._state, self._locked = state, locked
        for action in ACTIONS:
            met = not action.needs or action.needs in state
            allowed = action.reads or (not busy and (action.leaves or not locked))
            made = self.by_id[action.id]
            made.setEnabled(met and allowed)
            if action.ticked:
                made.setChecked(action.ticked(self._window))

    def fill_layers(self, names: Iterable[str], current: str) -> None:
        """The annotators whose labels can be shown."""
        menu = self.menus["layers"]
        menu.clear()
        for name in names:
            mine = name == self._window.settings.name
            action = menu.addAction(tr("{name} (you)", name=name) if mine else name)
            action.setCheckable(True)
            action.setChecked(name == current)
            action.triggered.connect(lambda _=False, name=name: self._window.set_layer(name))

    def fill_recent(self, paths: Iterable[str]) -> None:
        menu = self.menus["recent"]
        menu.clear()
        for path in paths:
            menu.addAction(path).triggered.connect(
                lambda _=False, path=path: self._window.projects.open(Path(path))
            )


def key_table() -> tuple[Keyed, ...]:
    """The actions as far as their keys go, in the order of the menus."""
    known = {action.id: action for action in ACTIONS}
    return tuple(
        Keyed(entry, plain(tr(title)), plain(tr(known[entry].text)).rstrip("…"), known[entry].keys)
        for title, entries in MENUS
        for entry in entries
        if entry in known
    )


def menu_letters() -> dict[str, str]:
    """The letter that opens each menu with Alt, and the menu's name."""
    titles = [tr(title) for title, _ in MENUS]
    return {title[title.index("&") + 1]: plain(title) for title in titles if "&" in title}


def plain(text: str) -> str:
    """The text of an action or menu without the mark of its letter."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def _tell_keys(action: QAction) -> None:
    """Text and key as the tool tip, whichever of them changed; the buttons of the window take it over."""
    key = native(action.shortcut().toString())
    tip = f"{plain(action.text())} ({key})" if key else plain(action.text())
    if action.toolTip() != tip:
        action.setToolTip(tip)
