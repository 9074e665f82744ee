"""All commands in any order, with undo, redo, reopening and crashes, against a model that a child could check."""

from __future__ import annotations

import copy
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from desktop import commands, compaction, projects
from desktop.bundle import Bundle, RawArticle, Report, build
from desktop.errors import UserError
from desktop.imports import import_bundle
from desktop.model import Fragment, Span
from desktop.store import queries

LABELS = ("event", "actor", "location", "claim")
TEXTS = (
    "🚀 قال cafe\u0301 in Tel\u00a0Aviv 👩‍👩‍👧 and left.\r\nSecond line",
    "Attacks on US sites in Iraq 😀😀 and Syria",
)
pick = st.integers(0, 99)
places = st.lists(st.integers(0, 30), min_size=2, max_size=4, unique=True).map(sorted)


@dataclass
class Model:
    """What a project holds, in dictionaries: spans and relations by article and id."""

    spans: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)
    relations: dict[tuple[int, str], tuple[str, str, str]] = field(default_factory=dict)
    status: dict[int, tuple[str, int]] = field(default_factory=dict)
    notes: dict[int, tuple[str, bool]] = field(default_factory=dict)


class Machine(RuleBasedStateMachine):
    """One project in use by one annotator; `now` is what it must hold, `done` and `undone` what undo and redo go back to."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="tagline-machine-"))
        self.session = projects.create(self.folder / "p0.tagline", "A")
        records = [build(RawArticle(text, "f", str(n)), "A", Report()) for n, text in enumerate(TEXTS)]
        import_bundle(self.session, Bundle(lambda: iter(records)), Report())
        self.session.seal()
        self.now = Model(notes={1: ("", False), 2: ("", False)}, status={1: ("todo", 0), 2: ("todo", 0)})
        self.done: list[Model] = []
        self.undone: list[Model] = []
        self.copies = 0

    def teardown(self) -> None:
        self.session.store.close()
        shutil.rmtree(self.folder)

    def becomes(self, new: Model) -> None:
        """A command was done; one that changed nothing is no step."""
        if new != self.now:
            self.done.append(self.now)
            self.undone.clear()
            self.now = new

    def changed(self) -> Model:
        return copy.deepcopy(self.now)

    def span(self, number: int) -> Span | None:
        names = sorted(self.now.spans)
        if not names:
            return None
        article, name = names[number % len(names)]
        return next(span for span in queries.spans(self.session.store, article) if span.id == name)

    def twin(self, article: int, but: str, label: str, fragments: tuple[Fragment, ...]) -> bool:
        return any(
            where == article and name != but and (span["label"], span["fragments"]) == (label, fragments)
            for (where, name), span in self.now.spans.items()
        )

    @rule(article=st.sampled_from((1, 2)), edges=places, label=st.sampled_from(LABELS))
    def add_span(self, article: int, edges: list[int], label: str) -> None:
        fragments = tuple(zip(edges[::2], edges[1::2], strict=False))
        made = commands.add_span(self.session, article, fragments, label, "A")
        new = self.changed()
        new.spans[article, made.id] = {"label": label, "fragments": fragments, "note": ""}
        state, read_to = new.status[article]
        new.status[article] = ("in_progress" if state == "todo" else state), read_to
        self.becomes(new)

    @rule(number=pick, label=st.sampled_from(LABELS))
    def relabel(self, number: int, label: str) -> None:
        if not (span := self.span(number)):
            return
        if label != span.label and self.twin(span.article, span.id, label, span.fragments):
            with pytest.raises(UserError):
                commands.relabel(self.session, span.key, label)
            return
        commands.relabel(self.session, span.key, label)
        new = self.changed()
        new.spans[span.article, span.id]["label"] = label
        self.becomes(new)

    @rule(number=pick, edges=places)
    def move(self, number: int, edges: list[int]) -> None:
        if not (span := self.span(number)):
            return
        fragments = tuple(zip(edges[::2], edges[1::2], strict=False))
        if fragments != span.fragments and self.twin(span.article, span.id, span.label, fragments):
            with pytest.raises(UserError):
                commands.move_edges(self.session, span.key, fragments)
            return
        commands.move_edges(self.session, span.key, fragments)
        new = self.changed()
        new.spans[span.article, span.id]["fragments"] = fragments
        self.becomes(new)

    @rule(number=pick)
    def remove(self, number: int) -> None:
        if not (span := self.span(number)):
            return
        commands.remove_span(self.session, span.key)
        new = self.changed()
        del new.spans[span.article, span.id]
        new.relations = {
            (article, name): ends
            for (article, name), ends in new.relations.items()
            if article != span.article or span.id not in ends[1:]
        }
        self.becomes(new)

    @rule(first=pick, second=pick, type=st.sampled_from(("agent", "place")))
    def relate(self, first: int, second: int, type: str) -> None:
        head, tail = self.span(first), self.span(second)
        if not head or not tail:
            return
        if head.key == tail.key or head.article != tail.article:
            with pytest.raises(UserError):
                commands.add_relation(self.session, head.key, tail.key, type)
            return
        made = commands.add_relation(self.session, head.key, tail.key, type)
        new = self.changed()
        new.relations[head.article, made.id] = (type, head.id, tail.id)
        self.becomes(new)

    @rule(number=pick, note=st.sampled_from(("", "why?", "😀 é")))
    def note(self, number: int, note: str) -> None:
        if span := self.span(number):
            commands.set_span_note(self.session, span.key, note)
            new = self.changed()
            new.spans[span.article, span.id]["note"] = note
            self.becomes(new)

    @rule(article=st.sampled_from((1, 2)), note=st.sampled_from(("", "n")), flag=st.booleans())
    def article_note_and_flag(self, article: int, note: str, flag: bool) -> None:
        with self.session.step("both at once"):
            commands.set_article_note(self.session, article, note)
            commands.set_flag(self.session, article, flag)
        new = self.changed()
        new.notes[article] = (note, flag)
        self.becomes(new)

    @rule(article=st.sampled_from((1, 2)), state=st.sampled_from(("todo", "in_progress", "done")))
    def mark(self, article: int, state: Any) -> None:
        commands.set_state(self.session, article, "A", state)
        new = self.changed()
        new.status[article] = state, new.status[article][1]
        self.becomes(new)

    @rule(keep=st.integers(2, 8))
    def compact(self, keep: int) -> None:
        """The latest steps can be undone as before, whatever else is let go."""
        while compaction.compact(self.session, 2, keep):
            pass
        live = "SELECT count(*) FROM step WHERE state = 'live' AND mode IN ('do', 'redo')"
        (left,) = self.session.store.query(live).fetchone()
        assert left >= min(keep, len(self.done))
        self.done = self.done[len(self.done) - left :]

    @rule()
    def undo(self) -> None:
        assert bool(self.session.undo()) == bool(self.done)
        if self.done:
            self.undone.append(self.now)
            self.now = self.done.pop()

    @rule()
    def redo(self) -> None:
        assert bool(self.session.redo()) == bool(self.undone)
        if self.undone:
            self.done.append(self.now)
            self.now = self.undone.pop()

    @rule()
    def reopen(self) -> None:
        path = self.session.store.path
        self.session.store.close()
        self.session = projects.open_project(path, "A")

    @rule(number=pick)
    def fail_inside_a_step(self, number: int) -> None:
        with pytest.raises(ZeroDivisionError), self.session.step("never"):
            commands.add_span(self.session, 1, ((0, 1),), "event", "A")
            if span := self.span(number):
                commands.remove_span(self.session, span.key)
            raise ZeroDivisionError

    @rule(number=pick)
    def crash_inside_a_step(self, number: int) -> None:
        """What the disk holds in the middle of a step is all that the next start has."""
        self.copies += 1
        left = self.folder / f"p{self.copies}.tagline"
        with pytest.raises(ZeroDivisionError), self.session.step("never"):
            commands.add_span(self.session, 1, ((0, 1),), "event", "A")
            if span := self.span(number):
                commands.remove_span(self.session, span.key)
            path = self.session.store.path
            for ending in ("", "-journal"):
                shutil.copyfile(f"{path}{ending}", f"{left}{ending}")
            raise ZeroDivisionError
        self.session.store.close()
        self.session = projects.open_project(left, "A")

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        held = Model()
        for article in (1, 2):
            text = queries.text(self.session.store, article)
            for span in queries.spans(self.session.store, article):
                assert text[span.start : span.end] == span.text
                held.spans[article, span.id] = {
                    "label": span.label,
                    "fragments": span.fragments,
                    "note": span.note,
                }
            for relation in queries.relations(self.session.store, article):
                held.relations[article, relation.id] = (relation.type, relation.head, relation.tail)
            status = queries.status(self.session.store, article, "A")
            held.status[article] = status.state, status.read_to
            row = queries.article(self.session.store, article)
            held.notes[article] = row.note, row.flag
        assert held == self.now


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)


@pytest.mark.slow
@pytest.mark.timeout(1800)
class TestMachineForLong(Machine.TestCase):
    settings = settings(max_examples=200, stateful_step_count=60, deadline=None)
