"""Editing the scheme from the window: what the page asks for becomes commands; what touches spans is said first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog

from desktop import scheme_edits as edits
from desktop import scheme_steps as steps
from desktop.colours import is_colour
from desktop.errors import UserError
from desktop.formats import scheme as schemes
from desktop.model import Attribute, RelationType, Scheme
from desktop.paths import projects_folder
from desktop.scheme_steps import Use
from desktop.session import Changed
from desktop.store.store import Store
from ui import scheme_questions as says
from ui.attribute_form import shared_by
from ui.colour_field import THEMES, grounds
from ui.keymap import native, standard
from ui.parts import words
from ui.report import sentence
from ui.scheme_page import SchemePage
from ui.words import later, tr

if TYPE_CHECKING:
    from ui.window import MainWindow

_FILTER = later("Schemes (*.json)")


class SchemeFlow:
    """The page of a window and the commands behind it. The file dialogs can be replaced in tests."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._page: SchemePage | None = None
        self.ask_save_path: Callable[[Path], str] = self._ask_save_path
        self.ask_open_path: Callable[[], str] = self._ask_open_path

    @property
    def page(self) -> SchemePage:
        if self._page is None:
            self._page = SchemePage(self._window.theme, self._window.pages)
            self._connect(self._page)
        return self._page

    def open(self) -> None:
        """Lay the page over the desk."""
        project = self._window.project
        if project:
            picked = self._window.labelling.picked
            if picked and project.scheme.label(picked.label):
                self.page.chosen = ("label", picked.label)
            self.page.show_scheme(project.scheme)
            self.page.allow(project.why_locked)
            self._count()
            self._window.pages.lay(self.page)

    def scheme_changed(self, scheme: Scheme) -> None:
        if self._page is not None:
            self._page.show_scheme(scheme)

    def changed(self, changed: Changed) -> None:
        """After a step: the counts beside the labels may be others."""
        shown = self._page is not None and self._window.pages.shows(self._page)
        if shown and changed.kinds & {"span", "relation"}:
            self._count()

    def set_theme(self, theme: Any) -> None:
        if self._page is not None:
            self._page.set_theme(theme)

    def leave(self) -> None:
        """Tell what is typed and not told yet."""
        if self._page is not None:
            self._page.commit()

    def _count(self) -> None:
        self._window.work.read(_uses, then=lambda uses: self.page.show_uses(*uses))

    def _connect(self, page: SchemePage) -> None:
        page.left.connect(self._window.pages.leave)
        page.load_asked.connect(self._load)
        page.save_asked.connect(self._save)
        page.scheme_named.connect(
            lambda name: self._edit("Name the scheme", partial(edits.described, scheme=name))
        )
        page.label_added.connect(self._add_label)
        page.relation_added.connect(self._add_relation)
        self._connect_label(page)
        relation = page.relation
        relation.changed.connect(self._relation_changed)
        relation.remove_asked.connect(self._ask_remove_relation)

    def _connect_label(self, page: SchemePage) -> None:
        label, attribute = page.label, page.label.form
        label.renamed.connect(self._rename_label)
        label.key_typed.connect(self._set_key)
        label.described.connect(
            lambda text: self._edit_label("Describe {}", edits.changed_label, description=text)
        )
        label.moved.connect(self._move)
        label.merge_asked.connect(self._ask_merge)
        label.remove_asked.connect(self._ask_remove)
        label.attribute_added.connect(self._add_attribute)
        label.colours.pair_chosen.connect(self._set_pair)
        label.colours.line_typed.connect(self._set_line)
        attribute.changed.connect(self._attribute_changed)
        attribute.value_removed.connect(self._ask_remove_value)
        attribute.removed.connect(self._ask_remove_attribute)
        attribute.applies.connect(self._apply_attribute)

    # Commands

    def _do(
        self, said: str, function: Callable[..., Any], *args: Any, then: Callable[[Any], Any] | None = None
    ) -> None:
        """A change that may touch spans: with progress, and Esc stops it."""
        self._window.long.run(said, function, *args, then=then, failed=self._failed)

    def _edit(self, title: str, change: Callable[[Scheme], Scheme]) -> None:
        self._window.work.do(steps.edit, title, change, failed=self._failed, writing=True)

    def _edit_label(self, title: str, change: Callable[..., Scheme], **values: Any) -> None:
        name = self._label
        self._edit(title.format(f"label {name}"), lambda scheme: change(scheme, name, **values))

    @property
    def _label(self) -> str:
        label = self.page.label.label
        assert label
        return label.name

    @property
    def _scheme(self) -> Scheme:
        return self._window.scheme

    def _failed(self, error: BaseException) -> None:
        """What cannot be is said on the page, and its fields show what there is."""
        if isinstance(error, UserError) and not error.kind:
            self.page.question.tell(sentence(error))
            self.page.show_scheme(self._scheme)
        else:
            self._window.work.failed.emit(error)

    # Labels

    def _add_label(self, name: str) -> None:
        keys = [key.lower() for key in self._window.actions_.keymap.letters()]
        self.page.chosen = ("label", name)
        self._edit(f"Add label {name}", lambda scheme: edits.with_label(scheme, name, keys))

    def _rename_label(self, new: str) -> None:
        if new:
            self._do(tr("Renaming"), steps.rename_label, self._label, new)
        else:
            self.page.show_scheme(self._scheme)

    def _set_key(self, key: str) -> None:
        owner = self._window.actions_.keymap.action_with(standard(key.upper())) if key else ""
        if owner:
            self._failed(
                UserError(
                    tr("{key} is the key of “{owner}”", key=native(key.upper()), owner=owner),
                    tr("choose another key"),
                )
            )
        else:
            self._edit_label("Set the key of {}", edits.with_key, key=key)

    def _set_line(self, theme: Any, line: str) -> None:
        ground = grounds(THEMES[theme])
        name = self._label
        title = f"Recolour label {name}"
        try:
            edits.with_line(self._scheme, name, theme, line, ground)
        except UserError as error:
            self._failed(error)
            nearest = error.hint.split()[-1]
            if is_colour(nearest):
                change = partial(edits.with_line, name=name, theme=theme, line=nearest, grounds=ground)
                self.page.question.tell(
                    sentence(error),
                    tr("Use {colour}", colour=nearest),
                    lambda _: self._edit(title, change),
                )
        else:
            self._edit(title, lambda scheme: edits.with_line(scheme, name, theme, line, ground))

    def _set_pair(self, light: str, dark: str) -> None:
        name = self._label

        def change(scheme: Scheme) -> Scheme:
            scheme = edits.with_line(scheme, name, "light", light, grounds(THEMES["light"]))
            return edits.with_line(scheme, name, "dark", dark, grounds(THEMES["dark"]))

        self._edit(f"Recolour label {name}", change)

    def _move(self, by: int) -> None:
        names = [label.name for label in self._scheme.labels]
        self._edit_label("Move {}", edits.moved_label, place=names.index(self._label) + by)

    def _others(self) -> list[tuple[str, object]]:
        return [(words(label.name), label.name) for label in self._scheme.labels if label.name != self._label]

    def _ask_merge(self) -> None:
        name = self._label
        self._window.work.read(steps.use_of_label, name, then=lambda use: self._show_merge(name, use))

    def _show_merge(self, name: str, use: Use) -> None:
        def merge(into: object) -> None:
            self._do(tr("Merging"), steps.merge_label, name, into)

        self.page.question.ask(says.of_merging(name, use), tr("Merge"), merge, self._others())

    def _ask_remove(self) -> None:
        name = self._label
        self._window.work.read(steps.use_of_label, name, then=lambda use: self._show_remove(name, use))

    def _show_remove(self, name: str, use: Use) -> None:
        def remove(move_to: object) -> None:
            self._do(tr("Removing"), steps.remove_label, name, None if move_to == "" else move_to)

        if not use.spans:
            self.page.question.ask(says.of_label(name, use), tr("Remove"), lambda _: remove(""), danger=True)
            return
        choices = says.fates(use, self._others())
        self.page.question.ask(says.of_label(name, use), tr("Remove"), remove, choices, danger=True)

    # Attributes

    def _add_attribute(self, name: str) -> None:
        self._edit_label(
            f"Give {{}} the attribute {name}",
            edits.with_attribute,
            attribute=Attribute(name=name, type="choice", on_by_default=True),
        )

    def _attribute_changed(self, attribute: Attribute, renamed: dict[str, str]) -> None:
        old = self.page.label.attribute
        if old:
            self.page.label.attributes.painter.picked = attribute.name
            labels = shared_by(old, self._scheme)
            self._do(tr("Changing"), steps.change_attribute, labels, old.name, attribute, renamed)

    def _apply_attribute(self, label: str, on: bool) -> None:
        attribute = self.page.label.attribute
        if attribute and on:
            self._edit(
                f"Give label {label} the attribute {attribute.name}",
                lambda scheme: edits.with_attribute(scheme, label, attribute),
            )
        elif attribute:
            self._ask_remove_attribute(label)

    def _ask_remove_attribute(self, label: str = "") -> None:
        attribute = self.page.label.attribute
        name = label or self._label
        if attribute:
            self._window.work.read(
                steps.use_of_attribute, name, attribute.name,
                then=lambda counts: self._show_remove_attribute(name, attribute.name, sum(counts.values())),
            )  # fmt: skip

    def _show_remove_attribute(self, label: str, name: str, count: int) -> None:
        self.page.show_scheme(self._scheme)  # a tick that was taken off is back until it is sure
        self.page.question.ask(
            says.of_attribute(label, name, count),
            tr("Remove"),
            lambda _: self._do(tr("Removing"), steps.remove_attribute, label, name),
            danger=True,
        )

    def _ask_remove_value(self, value: str) -> None:
        attribute = self.page.label.attribute
        if attribute:
            labels = shared_by(attribute, self._scheme)
            self._window.work.read(
                _use_of_value, labels, attribute.name, value,
                then=lambda count: self._show_remove_value(labels, attribute, value, count),
            )  # fmt: skip

    def _show_remove_value(self, labels: list[str], old: Attribute, value: str, count: int) -> None:
        left = tuple(choice for choice in old.values if choice.name != value)
        default = None if old.default == value else old.default
        new = old.model_copy(update={"values": left, "default": default})

        def remove(other: object) -> None:
            self._do(tr("Removing"), steps.change_attribute, labels, old.name, new, {value: other or None})

        if not count:
            remove(None)
            return
        choices: list[tuple[str, object]] = [(tr("take it from them"), "")]
        choices += [(tr("make it {name}", name=words(choice.name)), choice.name) for choice in left]
        self.page.question.ask(says.of_value(value, count), tr("Remove"), remove, choices, danger=True)

    # Relations

    def _add_relation(self, name: str) -> None:
        self.page.chosen = ("relation", name)
        made = RelationType(name=name, on_by_default=True)
        self._edit(f"Add relation {name}", lambda scheme: edits.with_relation(scheme, made))

    def _relation_changed(self, relation: RelationType) -> None:
        old = self.page.relation.relation
        if old:
            self._window.work.do(steps.change_relation, old.name, relation, failed=self._failed, writing=True)

    def _ask_remove_relation(self) -> None:
        relation = self.page.relation.relation
        if relation:
            self._window.work.read(
                steps.use_of_relations,
                then=lambda uses: self._show_remove_relation(relation.name, uses.get(relation.name, 0)),
            )

    def _show_remove_relation(self, name: str, count: int) -> None:
        self.page.question.ask(
            says.of_relation(count), tr("Remove"),
            lambda _: self._window.work.do(steps.remove_relation_type, name, failed=self._failed, writing=True), danger=True,
        )  # fmt: skip

    # Files

    def _save(self) -> None:
        self.page.commit()
        path = self.ask_save_path(projects_folder() / f"{self._scheme.scheme or tr('scheme')}.json")
        if path:
            chosen = Path(path)
            chosen = chosen if chosen.suffix else chosen.with_suffix(".json")
            try:
                schemes.write(chosen, self._scheme)
            except UserError as error:
                self._failed(error)
            else:
                self._window.messages.info(tr("The scheme is in {file}.", file=chosen))

    def _load(self) -> None:
        path = self.ask_open_path()
        if path:
            try:
                scheme = schemes.read(Path(path))
            except UserError as error:
                self._failed(error)
                return
            self._do(tr("Loading"), _load, scheme, then=self._loaded)

    def _loaded(self, kept: list[str]) -> None:
        said = [tr("The scheme is loaded. Undo brings the old one back.")]
        if kept:
            said.append(tr("These are in use and stay: {labels}.", labels=", ".join(map(words, kept))))
        self._window.messages.info(" ".join(said))

    def _ask_save_path(self, offered: Path) -> str:
        return QFileDialog.getSaveFileName(self._window, tr("Save the scheme"), str(offered), tr(_FILTER))[0]

    def _ask_open_path(self) -> str:
        return QFileDialog.getOpenFileName(
            self._window, tr("Load a scheme"), str(projects_folder()), tr(_FILTER)
        )[0]


def _uses(store: Store) -> tuple[dict[str, int], dict[str, int]]:
    return steps.use_of_labels(store), steps.use_of_relations(store)


def _use_of_value(store: Store, labels: list[str], name: str, value: str) -> int:
    return sum(steps.use_of_attribute(store, label, name)[value] for label in labels)


def _load(session: Any, scheme: Scheme, progress: Any) -> list[str]:
    return steps.load(session, scheme)
