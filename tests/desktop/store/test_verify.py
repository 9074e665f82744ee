"""What is broken in a project is named and left out; what can be mended is, and all of it can be undone."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import commands, projects, repairs
from desktop.bundle import Bundle, RawArticle, Report, build
from desktop.errors import UserError
from desktop.imports import import_bundle
from desktop.model import Span
from desktop.session import Session
from desktop.store import queries, verify
from desktop.store.layers import sound_fragments
from desktop.store.lines import article_lines
from desktop.store.store import Store

TEXT = "🚀 aa قال bb 🚀 aa cafe\u0301\u00a0aa"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "p.tagline"
    session = projects.create(path, "A")
    records = [
        build(RawArticle(TEXT, "f", "", id="a"), "A", Report()),
        build(RawArticle("bb aa", "f", "", id="b"), "A", Report()),
    ]
    import_bundle(session, Bundle(lambda: iter(records)), Report())
    event = commands.add_span(session, 1, [(2, 4)], "event", "A")  # key 1: aa
    actor = commands.add_span(session, 1, [(5, 8)], "actor", "A")  # key 2: قال
    commands.add_span(session, 1, [(9, 11), (12, 13)], "claim", "A", {"stance": "x"})  # key 3: bb 🚀
    commands.add_span(session, 2, [(0, 2)], "event", "B")  # key 4: bb
    commands.add_relation(session, event.key, actor.key, "agent")
    session.store.close()
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / made.name))


def spoil(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.fixture
def session(path: Path) -> Iterator[Session]:
    found = projects.open_project(path, "A")
    yield found
    found.store.close()


def found(path: Path) -> list[tuple[str, int, str, str]]:
    store = Store.open(path)
    try:
        return [(row.table, row.key, row.why, row.remedy) for row in verify.everything(store)]
    finally:
        store.close()


def test_a_sound_project_has_nothing_broken(path: Path) -> None:
    assert found(path) == []


AT = "its text is not at its place"
BROKEN = [
    ('UPDATE span SET start = 3, "end" = 5, fragments = \'[[3,5]]\' WHERE key = 1', ("span", 1, AT, "move")),
    ("UPDATE span SET text = 'xx' WHERE key = 1", ("span", 1, AT, "")),
    ('UPDATE span SET start = 900, "end" = 902 WHERE key = 1', ("span", 1, "its place is outside the article", "move")),
    ("UPDATE span SET fragments = '[[2,9]]' WHERE key = 1", ("span", 1, "its fragments do not fit its place", "move")),
    ("UPDATE span SET fragments = '[[9,11],[10,13]]' WHERE key = 3", ("span", 3, "its fragments do not fit its place", "move")),
    ("UPDATE span SET fragments = '{' WHERE key = 1", ("span", 1, "it holds what it cannot hold", "move")),
    ("UPDATE span SET attributes = '[1]' WHERE key = 1", ("span", 1, "it holds what it cannot hold", "move")),
    (f"UPDATE span SET attributes = '{'[' * 100_000}' WHERE key = 1", ("span", 1, "it holds what it cannot hold", "move")),
    ("UPDATE span SET note = CAST(x'ff41' AS TEXT) WHERE key = 1", ("span", 1, "it holds bytes that are no text", "")),
    ("UPDATE relation SET annotator = 'B'", ("relation", 1, "its ends belong to another annotator", "")),
    ("UPDATE relation SET attributes = '7'", ("relation", 1, "it holds what it cannot hold", "")),
    ("UPDATE article SET text_sha256 = 'x' WHERE key = 1", ("article", 1, "its text is not the one that was imported", "accept")),
    ("UPDATE article SET length = 3 WHERE key = 1", ("article", 1, "its text is not the one that was imported", "accept")),
    ("UPDATE article SET meta = 'x' WHERE key = 1", ("article", 1, "what is known of it cannot be read", "reset")),
    ("DELETE FROM article_text WHERE article = 2", ("article", 2, "its text is missing", "")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "expected"), BROKEN, ids=[f"{e[0]} {e[2]} {n}" for n, (_, e) in enumerate(BROKEN)]
)
def test_what_is_broken_is_named(path: Path, statement: str, expected: tuple[str, int, str, str]) -> None:
    spoil(path, statement)
    assert expected in found(path)
    assert len(found(path)) <= 2


@pytest.mark.parametrize("statement", [statement for statement, _ in BROKEN])
def test_nothing_broken_is_drawn_and_the_rest_is_read(path: Path, statement: str) -> None:
    spoil(path, statement)
    store = Store.open(path)
    bad = {(row.table, row.key) for row in verify.everything(store)}
    try:
        for article in (1, 2):
            if any(table == "article" and key == article for table, key in bad):
                continue
            try:
                reading = queries.reading(store, article, "A")
            except UserError as error:
                assert "UTF-8" in error.message, "bytes that are no text"
                continue
            drawn = {span.key for span in reading.spans}
            assert not drawn & {key for table, key in bad if table == "span"}
            assert all(reading.text[s.start : s.end] == s.text for s in reading.spans)
        assert len(article_lines(store, "A")) == 2
    finally:
        store.close()


@pytest.mark.parametrize(("statement", "expected"), [pair for pair in BROKEN if pair[1][3]])
def test_what_can_be_mended_is_and_can_be_undone(
    path: Path, statement: str, expected: tuple[str, int, str, str]
) -> None:
    spoil(path, statement)
    session = projects.open_project(path, "A")
    store = session.store
    before = [list(store.raw(table)) for table in ("span", "article")]
    lines = repairs.repair(session)
    assert lines
    assert list(verify.everything(store)) == []
    assert {span.text for span in queries.spans(store, 1)} == {"aa", "قال", "bb 🚀"}
    session.undo()
    assert [list(store.raw(table)) for table in ("span", "article")] == before
    session.redo()
    assert list(verify.everything(store)) == []
    store.close()


def test_the_nearest_place_is_taken_and_no_twin_is_made(path: Path) -> None:
    spoil(path, "UPDATE span SET start = 14, \"end\" = 16, fragments = '[[14,16]]' WHERE key = 1")
    session = projects.open_project(path, "A")
    commands.add_span(session, 1, [(14, 16)], "event", "A")
    (broken,) = [row for row in verify.everything(session.store) if row.key == 1] or [None]
    assert broken is None  # `aa` stands there too, so nothing is wrong with it
    session.store.close()
    spoil(path, "UPDATE span SET start = 13, \"end\" = 15, fragments = '[[13,15]]' WHERE key = 1")
    session = projects.open_project(path, "A")
    (line,) = repairs.repair(session)
    assert "labelled event at the nearest place already" in line
    assert len(list(verify.everything(session.store))) == 1
    session.store.close()


def test_what_cannot_be_mended_is_removed_with_its_relations(path: Path) -> None:
    spoil(path, "UPDATE span SET text = 'nowhere' WHERE key = 1", "UPDATE relation SET attributes = '7'")
    session = projects.open_project(path, "A")
    broken = list(verify.everything(session.store))
    assert {row.table for row in broken} == {"span", "relation"}
    assert all("by hand" in line for line in repairs.mend(session, broken))
    assert len(list(verify.everything(session.store))) == 2
    repairs.remove(session, broken)
    assert list(verify.everything(session.store)) == []
    assert queries.relations(session.store, 1) == []
    assert [span.key for span in queries.spans(session.store, 1)] == [2, 3]
    assert not session.store.integrity_problems()
    step = session.undo()
    assert step
    assert step.title == "Remove 2 rows that cannot be repaired"
    assert len(list(verify.everything(session.store))) == 2
    assert not session.store.integrity_problems()
    session.store.close()


def test_an_article_is_not_removed_by_repairing(path: Path) -> None:
    spoil(path, "UPDATE article SET meta = 'x' WHERE key = 1")
    session = projects.open_project(path, "A")
    with pytest.raises(UserError, match="not removed here"):
        repairs.remove(session, list(verify.everything(session.store)))
    session.store.close()


def test_the_check_goes_in_slices(session: Session) -> None:
    records = [build(RawArticle(f"{n} {TEXT}", "f", "", id=f"n{n}"), "A", Report()) for n in range(1200)]
    import_bundle(session, Bundle(lambda: iter(records)), Report())
    session.store.query("UPDATE article SET length = 1 WHERE key IN (1, 700, 1202)")
    cursor: int | None = 0
    broken, slices = [], 0
    while cursor is not None:
        cursor, some = verify.some(session.store, cursor, 0.0)
        broken += some
        slices += 1
    assert [row.key for row in broken] == [1, 700, 1202]
    assert slices == 1203
    assert verify.some(session.store, 0, 60) == (None, broken)
    commands.set_flag(session, 2, True)


@given(
    st.text("ab🚀", max_size=40),
    st.integers(0, 45),
    st.text("ab🚀", min_size=1, max_size=3),
)
def test_nearest_finds_the_nearest(body: str, start: int, text: str) -> None:
    span = Span(id="s", start=start, end=start + len(text), label="x", text=text, annotator="A",
                fragments=((start, start + len(text)),))  # fmt: skip
    there = verify.nearest(span, body)
    places = [n for n in range(len(body)) if body.startswith(text, n)]
    if there is None:
        assert not places
    else:
        assert there[0] in places
        assert abs(there[0] - start) == min(abs(place - start) for place in places)
        assert there[1] == ((there[0], there[0] + len(text)),)


@pytest.mark.parametrize(("stored", "sound"), [
    ("[[2,9]]", True), ("[[2,4],[5,9]]", True), ("[[2, 4], [5, 9]]", True), ("[]", False), ("[[2,4]]", False),
    ("[[3,9]]", False), ("[[2,5],[5,9]]", False), ("[[5,9],[2,4]]", False), ("[[2,9,9]]", False), ("nine", False),
    ('{"2": 9}', False), ("[[2,9]", False), ("null", False), ('[["a","b"]]', False), ("[" * 100_000, False),
])  # fmt: skip
def test_fragments_as_they_are_stored(stored: str, sound: bool) -> None:
    assert sound_fragments(stored, 2, 9) is sound


def test_a_broken_row_keeps_only_its_article_from_the_check(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from desktop import cli

    spoil(path, "UPDATE span SET attributes = 'x' WHERE key = 1", "UPDATE span SET text = 'zz' WHERE key = 4")
    assert cli.main(["check", str(path), "--json"]) == 1
    problems = {
        (row["kind"], row["article"], row["span"]) for row in json.loads(capsys.readouterr().out)["problems"]
    }
    assert ("integrity.row", "a", "s1") in problems
    assert ("span.quote", "b", "s1") in problems
    assert cli.main(["check", str(path), "--repair", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {row["kind"] for row in found["problems"] if row["severity"] == "error"} == {"span.quote"}
    assert any("by hand" in line for line in found["repaired"])
