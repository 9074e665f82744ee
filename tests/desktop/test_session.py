"""Steps, undo and redo: whatever is done, all the way back and forth gives the same bytes."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from desktop import commands, projects
from desktop.bundle import Bundle, RawArticle, RawSpan, Report, build
from desktop.errors import UserError
from desktop.formats import jsonl
from desktop.imports import import_bundle
from desktop.model import Article, Scheme, Span
from desktop.session import Changed, Session
from desktop.spans import snap
from desktop.store import queries
from desktop.store.lines import article_lines
from desktop.text import clean

TEXTS = (
    "🚀 قال محمد: hit\r\ncafe\u0301 in Tel\u00a0Aviv\u2028once more 👩‍👩‍👧.",
    "Nobody saw the 🇫🇷 troops\u00a0march.\r\nThey said so, قال.",
    "e\u0301" * 5 + " and then the attack on the base 🚀🚀 ended",
)
LAYERS = ("A", "ب 🚀")
LABELS = ("event", "actor", "location", "claim")


def records(*texts: str) -> Bundle:
    made = [
        build(RawArticle(text, "f", f"line {n}", id=f"a{n}"), "A", Report()) for n, text in enumerate(texts)
    ]
    return Bundle(lambda: iter(made))


@contextmanager
def project(path: Path | None = None) -> Iterator[Session]:
    """A project with these texts; without a path it is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        made = projects.create(path or Path(folder) / "p.tagline", "A")
        import_bundle(made, records(*TEXTS), Report())
        yield made
        made.store.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "p.tagline"


@pytest.fixture
def session(path: Path) -> Iterator[Session]:
    with project(path) as made:
        yield made


def everything(session: Session) -> bytes:
    """All records of the project as an export would write them, with its scheme and guidelines."""
    bundle = queries.bundle(session.store)
    body = "".join(jsonl.dumps(record) + "\n" for record in bundle)
    return (body + bundle.guidelines + str(bundle.scheme)).encode()


def invariants(session: Session) -> None:
    store = session.store
    for record in queries.bundle(store):
        ids = {(span.id, span.annotator) for span in record.spans}
        assert len(ids) == len({span.id for span in record.spans}) == len(record.spans)
        for span in record.spans:
            assert record.text[span.start : span.end] == span.text
            assert (span.fragments[0][0], span.fragments[-1][1]) == (span.start, span.end)
        for relation in record.relations:
            assert {(relation.head, relation.annotator), (relation.tail, relation.annotator)} <= ids
    (pairs,) = store.query(
        "SELECT count(*) - count(DISTINCT article || ' ' || annotator) FROM status"
    ).fetchone()
    assert pairs == 0
    assert not store.integrity_problems() + store.tally_problems()
    # At most one of the two ways is open for a step: what was reverted is live no longer.
    (wrong,) = store.query(
        "SELECT count(*) FROM step AS a JOIN step AS b ON b.of = a.key WHERE a.state = 'live' AND b.state = 'live'"
    ).fetchone()
    assert wrong == 0


class Walk:
    """Random commands over all articles, by two annotators."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session = session
        self.random = random.Random(seed)

    def one_step(self) -> None:
        name = self.random.choice([n for n in dir(self) if n.startswith("do_")])
        with suppress(UserError):  # when refused, the caller looks for a trace
            getattr(self, name)()

    def article(self) -> Article:
        found = list(self.session.store.rows("article", "deleted = 0"))
        if not found:
            raise UserError("no article yet")
        article: Article = self.random.choice(found)
        return article

    def span(self) -> Span:
        found = list(self.session.store.rows("span"))
        if not found:
            raise UserError("no span yet")
        span: Span = self.random.choice(found)
        return span

    def stretch(self, article: int) -> tuple[int, int]:
        body = queries.text(self.session.store, article)
        start = self.random.randrange(len(body))
        return snap(body, start, min(len(body), start + self.random.randint(1, 15)))

    def do_label(self) -> None:
        key = self.article().key
        again, label, layer = (
            self.random.random() < 0.3,
            self.random.choice(LABELS),
            self.random.choice(LAYERS),
        )
        commands.apply_label(self.session, key, *self.stretch(key), label, layer, second=again)

    do_label_2 = do_label_3 = do_label_4 = do_label

    def do_fragments(self) -> None:
        key = self.article().key
        commands.add_span(
            self.session, key, [(0, 1), (3, 6)], "event", self.random.choice(LAYERS), {"type": "attack"}
        )

    def do_relabel(self) -> None:
        commands.relabel(self.session, self.span().key, self.random.choice(LABELS))

    def do_move(self) -> None:
        span = self.span()
        commands.move_edges(self.session, span.key, [self.stretch(span.article)])

    def do_remove(self) -> None:
        commands.remove_span(self.session, self.span().key)

    def do_attribute(self) -> None:
        value = self.random.choice(["attack", "threat", None, "no such value"])
        commands.set_attribute(self.session, self.span().key, "type", value)

    def do_note(self) -> None:
        commands.set_span_note(
            self.session, self.span().key, self.random.choice(["", "قال 🚀", "two\nlines"])
        )

    def do_article_note(self) -> None:
        commands.set_article_note(self.session, self.article().key, self.random.choice(["", "later 🚀"]))

    def do_flag(self) -> None:
        commands.set_flag(self.session, self.article().key, self.random.random() < 0.5)

    def do_state(self) -> None:
        state: Any = self.random.choice(["todo", "in_progress", "done"])
        commands.set_state(self.session, self.article().key, self.random.choice(LAYERS), state)

    def do_relation(self) -> None:
        commands.add_relation(
            self.session, self.span().key, self.span().key, self.random.choice(["agent", "same_as"])
        )

    do_relation_2 = do_relation_3 = do_relation

    def do_remove_relation(self) -> None:
        found = list(self.session.store.rows("relation"))
        if found:
            commands.remove_relation(self.session, self.random.choice(found))

    def do_guidelines(self) -> None:
        commands.set_property(self.session, "guidelines", str(self.random.random()))

    def do_import(self) -> None:
        text = self.random.choice([*TEXTS, f"new 🚀 {self.random.random()}"])
        clean_text = clean(text).text
        spans = [
            RawSpan(
                self.random.choice((*LABELS, "unheard of")), ((0, 1),), "", quote=None, attributes={"new": 1}
            )
        ]
        record = build(RawArticle(clean_text, "g", "", spans=spans), self.random.choice(LAYERS), Report())
        unknown: Any = self.random.choice(["skip", "add"])
        import_bundle(self.session, Bundle(lambda: iter([record])), Report(), unknown=unknown)

    def do_undo(self) -> None:
        self.session.undo()

    def do_redo(self) -> None:
        self.session.redo()

    do_undo_2 = do_undo
    do_redo_2 = do_redo


def all_the_way(move: Callable[[], object]) -> int:
    count = 0
    while move():
        count += 1
    return count


def walk(session: Session, seed: int, steps: int) -> None:
    walker = Walk(session, seed)
    for _ in range(steps):
        before, last = everything(session), queries.history(session.store, 1)
        walker.one_step()
        if queries.history(session.store, 1) == last:
            assert everything(session) == before, "no step, so nothing may have changed"
        invariants(session)


@pytest.mark.parametrize("seed", range(6))
def test_back_to_the_start_and_forth_to_the_end(session: Session, path: Path, seed: int) -> None:
    walk(session, seed, 60)
    _there_and_back(session, path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_longer_walks(session: Session, path: Path, seed: int) -> None:
    walk(session, seed, 250)
    _there_and_back(session, path)


def _there_and_back(session: Session, path: Path) -> None:
    all_the_way(session.redo)
    end = everything(session)
    steps = all_the_way(session.undo)
    start = everything(session)
    assert queries.info(session.store)["articles"] == 0
    assert all_the_way(session.redo) == steps
    assert everything(session) == end
    # Halfway, the program is closed and opened again.
    for _ in range(steps // 2):
        session.undo()
    middle = everything(session)
    session.store.close()
    again = projects.open_project(path, "A")
    try:
        assert everything(again) == middle
        assert all_the_way(again.redo) == steps // 2
        assert everything(again) == end
        assert all_the_way(again.undo) == steps
        assert everything(again) == start
        assert not again.store.integrity_problems()
    finally:
        again.store.close()


def label(session: Session, start: int = 0, end: int = 1) -> Span:
    return commands.add_span(session, 1, [(start, end)], "event", "A")


def test_an_exception_in_a_step_leaves_no_trace(session: Session) -> None:
    before, steps = everything(session), queries.history(session.store)
    heard: list[Changed] = []
    session.listeners.append(heard.append)
    with pytest.raises(ZeroDivisionError), session.step("fails"):
        label(session)
        commands.set_flag(session, 2, True)
        raise ZeroDivisionError
    assert everything(session) == before
    assert queries.history(session.store) == steps
    assert heard == []
    label(session)  # and the door is not stuck
    assert len(heard) == 1


def test_nested_steps_are_one(session: Session) -> None:
    before = everything(session)
    heard: list[Changed] = []
    session.listeners.append(heard.append)
    with session.step("Both"):
        label(session)
        with session.step("inner"):
            commands.set_flag(session, 2, True)
    assert [step.title for step in queries.history(session.store, 2)] == ["Both", "Import"]
    rows = {("span", 1), ("status", 1), ("article", 2)}
    assert heard == [Changed(frozenset({"span", "status", "article"}), frozenset({1, 2}), frozenset(rows))]
    session.undo()
    assert everything(session) == before


def test_a_step_that_changes_nothing_is_none(session: Session) -> None:
    steps = queries.history(session.store)
    with session.step("nothing"):
        commands.set_flag(session, 1, False)
    assert queries.history(session.store) == steps


def test_a_new_step_ends_redo(session: Session) -> None:
    label(session)
    label(session, 2, 5)
    session.undo()
    assert queries.redoable(session.store)
    label(session, 3, 4)
    assert queries.redoable(session.store) is None
    assert session.redo() is None
    assert {(s.start, s.end) for s in queries.spans(session.store, 1)} == {(0, 1), (3, 4)}


def test_undo_stops_at_the_new_project(session: Session) -> None:
    assert all_the_way(session.undo) == 1
    assert queries.scheme(session.store).label("event")
    assert queries.guidelines(session.store)
    assert [step.title for step in queries.history(session.store)] == ["Import", "Import", "New project"]


def test_undo_and_redo_say_what_they_do(session: Session) -> None:
    label(session)
    title = queries.undoable(session.store)
    assert title
    assert title.title == "Label event: 🚀"
    undone = session.undo()
    assert undone
    assert undone.title == "Label event: 🚀"
    redoable = queries.redoable(session.store)
    assert redoable
    assert redoable.title == "Label event: 🚀"
    assert [step.mode for step in queries.history(session.store, 2)] == ["undo", "do"]


def test_data_changes_only_inside_a_step(session: Session) -> None:
    article = next(session.store.rows("article"))
    with pytest.raises(AssertionError):
        session.put(article.model_copy(update={"flag": True}))


def test_dropping_what_is_gone(session: Session) -> None:
    span = label(session)
    commands.remove_span(session, span.key)
    with pytest.raises(UserError, match="no longer there"), session.step("again"):
        session.drop(span)


def test_the_same_row_many_times_in_one_step(session: Session) -> None:
    span = label(session)
    before = everything(session)
    with session.step("Back and forth"):
        for note in ("a", "b", "قال"):
            commands.set_span_note(session, span.key, note)
        commands.remove_span(session, span.key)
        label(session, 2, 5)
        label(session)
        commands.remove_span(session, next(s.key for s in queries.spans(session.store, 1) if s.start == 2))
    after = everything(session)
    session.undo()
    assert everything(session) == before
    session.redo()
    assert everything(session) == after


@pytest.mark.parametrize("order", [(0, 2, 4), (4, 2, 0), (1, 0, 4)])
def test_rows_that_come_back_around_others(session: Session, order: tuple[int, ...]) -> None:
    """Keys with gaps, and in any order: what lies between them is not theirs."""
    made = [label(session, start, start + 1) for start in range(5)]
    before = everything(session)
    with session.step("Remove some"):
        for index in order:
            session.drop(made[index])
    after = everything(session)
    for _ in range(2):
        session.undo()
        assert everything(session) == before
        session.redo()
        assert everything(session) == after


def test_more_rows_than_one_entry_of_the_journal_holds(session: Session) -> None:
    with session.step("Many"):
        made = [commands.add_span(session, 3, [(i % 40, i % 40 + 1)], "event", "A") for i in range(1100)]
    before = everything(session)
    with session.step("Remove them"):
        for span in made:
            session.drop(span)
    session.undo()
    assert everything(session) == before
    session.undo()
    session.redo()
    assert everything(session) == before


def test_an_import_adds_little_to_the_journal(path: Path) -> None:
    text = "قال 🚀 cafe\u0301 in Tel\u00a0Aviv. " * 300
    spans = [RawSpan("event", ((i, i + 3),), "") for i in range(5000)]
    record = build(RawArticle(text, "f", "", spans=spans), "A", Report())
    session = projects.create(path, "A")
    store = session.store
    import_bundle(session, Bundle(lambda: iter([record])), Report())
    used = "SELECT sum(length(before)) + count(*) * 40 FROM change"
    (journal,) = store.query(used).fetchone()
    size = int(store.query("PRAGMA page_count").fetchone()[0]) * 4096
    assert (journal or 0) < size * 0.05
    (changes,) = store.query("SELECT count(*) FROM change WHERE kind = 'span'").fetchone()
    assert changes == 1
    store.close()


def test_steps_know_who_made_them(session: Session, path: Path) -> None:
    session.annotator = "ب 🚀"
    label(session)
    step = queries.history(session.store, 1)[0]
    assert (step.annotator, step.made[-1], len(step.made)) == ("ب 🚀", "Z", 20)


def test_the_scheme_of_the_walk_is_the_shipped_one(scheme: Scheme) -> None:
    """Or the walk would be refused at every step."""
    assert {found.name for found in scheme.labels} == set(LABELS)
    assert {found.name for found in scheme.relations} >= {"agent", "same_as"}


def test_many_new_rows_are_one_run_and_undone_together(session: Session) -> None:
    article = article_lines(session.store, "A")[0].key
    with session.step("many"):
        span = Span(
            article=article,
            id="",
            start=0,
            end=1,
            label="actor",
            text="🚀",
            fragments=((0, 1),),
            annotator="A",
        )
        session.put_new("span", [{**span.__dict__, "id": f"n{number}"} for number in range(700)])
        session.put_new("span", [])
    assert len(queries.spans(session.store, article)) == 700
    assert queries.spans(session.store, article)[5].fragments == ((0, 1),)
    session.undo()
    assert session.store.query("SELECT count(*) FROM span").fetchone()[0] == 0
    session.redo()
    assert len(queries.spans(session.store, article)) == 700
    assert not session.store.tally_problems()


def test_a_text_that_was_taken_back_is_not_remembered(session: Session) -> None:
    """The next article may get the key of one that an import's preview has put in and taken out again."""
    texts = ["taken back 🚀", "kept, قال"]
    keys = []
    for place, text in enumerate(texts):
        with suppress(KeyError), session.step("Add"):
            new = Article(id=f"new{place}", title="", text_sha256=f"{place:064}", length=len(text))
            article = session.add_article(new, text)
            keys.append(article.key)
            assert queries.text(session.store, article.key) == text
            assert queries.quote(session.store, article.key, 0, 4) == text[:4]
            if not place:
                raise KeyError
    assert keys[0] == keys[1]
    assert queries.text(session.store, keys[1]) == texts[1]
