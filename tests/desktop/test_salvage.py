"""What can be read of a damaged project comes into a new one; the damaged file is kept under another name."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop import commands, projects, salvage
from desktop.bundle import Bundle, RawArticle, Report, build
from desktop.errors import Cancelled, UserError
from desktop.imports import import_bundle
from desktop.store import carving, queries, verify
from desktop.store.carving import Carver, carve
from desktop.store.copying import silent
from desktop.store.rows import COLUMNS
from desktop.store.store import Store


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, a long article with emoji, and some history."""
    path = tmp_path_factory.mktemp("made") / "p 🚀 قال.tagline"
    session = projects.create(path, "A")
    projects.add_sample(session, labels=True)
    long = build(RawArticle("🚀 قال cafe\u0301 " * 9000, "f", "", id="long"), "A", Report())
    import_bundle(session, Bundle(lambda: iter([long])), Report())
    for start in range(0, 600, 6):
        commands.add_span(
            session, 6, [(start, start + 3)], "event", "ب", {"x": "قال"} if start == 6 else None
        )
    commands.set_article_note(session, 6, "kept 🚀")
    session.undo()
    session.redo()
    session.store.close()
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / made.name))


def recover(path: Path, progress: salvage.Progress = silent) -> salvage.Report:
    scheme, guidelines = projects.default_scheme(), projects.default_guidelines()
    return salvage.recover(path, "A", path.parent / "spare", scheme, guidelines, progress)


def test_every_row_is_carved(path: Path) -> None:
    """As SQLite reads them, byte for byte, overflow pages and all."""
    connection = sqlite3.connect(path)
    found: dict[str, list[tuple[object, ...]]] = {table: [] for table in COLUMNS}
    for table, values in carve(path, silent):
        found[table].append(tuple(values))
    for table, rows in found.items():
        key = COLUMNS[table][0]
        assert sorted(rows) == connection.execute(f"SELECT * FROM {table} ORDER BY {key}").fetchall(), table
    connection.close()


def test_rows_are_known_without_the_schema(path: Path) -> None:
    """With the first page gone nothing leads to any table."""
    before = sorted((table, values[0]) for table, values in carve(path, silent) if table != "sketch")
    with path.open("rb+") as file:
        file.write(b"\0" * 4096)
    after = sorted((table, values[0]) for table, values in carve(path, silent) if table != "sketch")
    assert after == before


def zero(path: Path, *pages: int) -> None:
    with path.open("rb+") as file:
        for page in pages:
            file.seek(page * 4096)
            file.write(b"\0" * 4096)


def flip(path: Path, seed: int) -> None:
    dice, data = random.Random(seed), bytearray(path.read_bytes())
    for _ in range(60):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)


def cut(path: Path, part: float) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])


DAMAGE: list[Callable[[Path], None]] = [
    lambda path: zero(path, 0), lambda path: zero(path, 1, 2, 3, 4, 5), lambda path: zero(path, *range(10, 90, 7)),
    lambda path: cut(path, 0.9), lambda path: cut(path, 0.6), lambda path: flip(path, 1), lambda path: flip(path, 2),
    lambda path: path.write_bytes(path.read_bytes()[:4096] + path.read_bytes()[8192:]),
    lambda path: path.write_bytes(b"x" * 5000 + path.read_bytes()[5000:]),
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE, ids=range(len(DAMAGE)))
def test_what_is_left_comes_into_a_sound_project(
    path: Path, made: Path, damage: Callable[[Path], None]
) -> None:
    damage(path)
    bytes_before = path.read_bytes()
    report = recover(path)
    assert report.recovered == path
    assert " damaged 2" in report.damaged.name
    assert report.damaged.read_bytes() == bytes_before, "the damaged file is kept as it was"
    assert {file.name for file in path.parent.iterdir()} == {path.name, report.damaged.name}
    whole, found = Store.open(made, read_only=True), Store.open(path, full=True)
    try:
        there = queries.info(found)
        assert there["articles"] == report.found["article"]
        assert there["spans"] == report.found["span"]
        assert report.broken == len(list(verify.everything(found)))
        texts = {
            row[0]: row[1]
            for row in whole.query("SELECT id, text FROM article JOIN article_text ON article = key")
        }
        drawn = 0
        for key, id in found.query("SELECT key, id FROM article").fetchall():
            for layer in queries.layers(found):
                reading = queries.reading(found, key, layer)
                drawn += len(reading.spans)
                assert all(reading.text[s.start : s.end] == s.text for s in reading.spans)
                assert reading.article.length == len(reading.text)
            if reading.text == texts.get(id):
                assert reading.article.text_sha256 == whole.query(
                    "SELECT text_sha256 FROM article WHERE id = ?", (id,)).fetchone()[0]  # fmt: skip
        assert drawn == there["spans"] - sum(1 for row in verify.everything(found) if row.table == "span")
        assert any("Recover from" in step.title for step in queries.history(found, 1000))
        assert report.lines()
    finally:
        whole.close()
        found.close()


def test_a_little_damage_costs_a_little(path: Path) -> None:
    with path.open("rb") as file:
        spans = [page for page, table in Carver(file).leaves().items() if table == "span"]
    zero(path, *(page - 1 for page in spans[3:5]))
    report = recover(path)
    assert report.found["article"] == 6
    assert 700 < report.found["span"] < 822
    assert report.there["span"] == 822
    assert f"labels: {report.found['span']} of 822 recovered" in report.lines()


def test_a_sound_file_comes_whole(path: Path, made: Path) -> None:
    report = recover(path)
    assert (report.found["article"], report.found["span"], report.lost, report.broken) == (6, 822, {}, 0)
    whole, found = Store.open(made, read_only=True), Store.open(path)
    for table in ("article", "article_text", "span", "relation", "status"):
        assert found.raw(table).fetchall() == whole.raw(table).fetchall()
    assert queries.undoable(found) is None
    assert len(queries.history(found, 1000)) == len(queries.history(whole, 1000)) + 1
    whole.close()
    found.close()


def test_a_lost_scheme_is_replaced_by_the_usual_one_and_the_labels_in_use(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM property")
    connection.execute("UPDATE span SET label = 'weapon' WHERE key = 3")
    connection.commit()
    connection.close()
    report = recover(path)
    assert report.scheme_lost
    store = Store.open(path)
    assert queries.scheme(store).label("weapon")
    assert queries.scheme(store).label("event")
    assert queries.guidelines(store)
    store.close()


@pytest.mark.parametrize("content", [b"", b"nothing of it\n" * 1000, b"\0" * 20_000])
def test_where_nothing_can_be_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "p.tagline"
    path.write_bytes(content)
    with pytest.raises(UserError, match="nothing could be read"):
        recover(path)
    assert path.read_bytes() == content
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == [path.name]


def test_stopping_leaves_everything_as_it_is(path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done > 20:
            raise Cancelled

    before = path.read_bytes()
    with pytest.raises(Cancelled):
        recover(path, stop)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_folder_that_takes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(salvage.os, "access", lambda asked, mode: Path(asked) != path.parent)
    zero(path, 30)
    report = recover(path)
    assert report.damaged == path
    assert report.recovered.parent == path.parent / "spare"
    assert " recovered 2" in report.recovered.name
    Store.open(report.recovered, full=True).close()


def test_a_crash_is_rolled_back_first(half_written: Callable[[str], Path]) -> None:
    half = half_written("UPDATE span SET note = printf('%.*c', 900, 'x')")
    report = recover(half)
    assert report.found["span"] == 822
    store = Store.open(half)
    assert not list(store.rows("span", "note <> ''"))
    store.close()
    assert Path(f"{report.damaged}-journal").exists()


@given(st.binary(max_size=9000), st.integers(1, 3))
def test_any_bytes_end_in_rows_or_nothing(data: bytes, number: int) -> None:
    carver = Carver(BytesIO(data))
    for page in range(1, carver.pages + 1):
        list(carver.rows(page))
    carver.leaves()
    list(carver._below(number, set()))


@settings(max_examples=12)
@given(st.lists(st.tuples(st.integers(0, 4095), st.integers(0, 255)), max_size=30), st.integers(0, 100))
def test_any_page_that_was_one(made: Path, changes: list[tuple[int, int]], number: int) -> None:
    data = bytearray(made.read_bytes())
    for place, value in changes:
        data[(number * 4096 + place) % len(data)] = value
    carver = Carver(BytesIO(bytes(data)))
    for page in range(1, carver.pages + 1):
        for _, values in carver.rows(page):
            carving._guess(values)
    carver.leaves()


def test_from_the_command_line(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from desktop import cli

    assert cli.main(["recover", str(path), "--json"]) == 1
    assert "this project is sound" in capsys.readouterr().err
    zero(path, 0)
    assert cli.main(["recover", str(path), "--json"]) in (0, 1)
    found = json.loads(capsys.readouterr().out)
    assert found["recovered"] == str(path)
    assert found["found"]["span"] == 822
    assert Path(found["damaged"]).exists()
    assert cli.main(["check", str(path)]) == 0
