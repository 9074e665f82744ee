"""Purged is purged: not a word of it is left in the bytes of the file, of its journal or of its backups."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from desktop import commands, compaction, details, history, projects, purge, recycling
from desktop.bundle import Bundle, RawArticle, Report, build
from desktop.errors import UserError
from desktop.imports import import_bundle
from desktop.purge import Target
from desktop.session import Session
from desktop.store import backups, copying, queries
from desktop.store.backups import Shelf

CHUNK = 20


def raw(path: Path) -> bytes:
    """A file that is open, read as another program would (opening it here would drop its lock)."""
    import subprocess

    return subprocess.run(["cat", str(path)], check=True, capture_output=True).stdout


def traces(words: set[str], path: Path) -> set[str]:
    """The words that stand in a file, in what lies beside it, or in a backup."""
    found: set[str] = set()
    for file in sorted(path.parent.rglob("*")):
        if file.is_file():
            content = raw(file)
            found |= {word for word in words if word.encode() in content}
    return found


def pieces(text: str) -> set[str]:
    """Every stretch of the text of so many characters."""
    return {text[at : at + CHUNK] for at in range(len(text) - CHUNK)}


def secret(dice: random.Random, length: int = 3000) -> str:
    """A text no stretch of which stands in another one."""
    signs = ("🚀", "قال", "cafe\u0301", "Tel\u00a0Aviv ")
    return " ".join(f"{dice.choice(signs)}{dice.getrandbits(40):010x}" for _ in range(length // 16))


def busy(session: Session, dice: random.Random, article: int, annotator: str, steps: int = 60) -> None:
    """Work of all kinds on one article: labels that grow, move and go, notes, relations, undo and redo."""
    body = queries.text(session.store, article)
    for _ in range(steps):
        start = dice.randrange(len(body) - 300)
        spans = queries.spans(session.store, article, annotator)
        deed = dice.randrange(8)
        if deed < 3 or not spans:
            commands.apply_label(session, article, start, start + dice.randrange(1, 250), "claim", annotator)
        elif deed == 3:
            commands.remove_span(session, dice.choice(spans).key)
        elif deed == 4:
            commands.set_span_note(
                session, dice.choice(spans).key, f"note of {annotator} {body[start : start + 90]}"
            )
        elif deed == 5:
            commands.set_article_note(session, article, body[start : start + 200])
        elif deed == 6 and len(spans) > 1:
            commands.add_relation(session, spans[0].key, spans[-1].key, "agent")
        else:
            session.undo()
            if dice.random() < 0.5:
                session.redo()


def bring_in(session: Session, *texts: str) -> None:
    made = [build(RawArticle(text, "f", "", id=f"id-{n}", title=f"Title {text[:30]}"), "ana", Report())
            for n, text in enumerate(texts)]  # fmt: skip
    import_bundle(session, Bundle(lambda: iter(made)), Report())


@pytest.fixture(params=[1, 2])
def dice(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.param)


@pytest.fixture
def session(tmp_path: Path, dice: random.Random) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "ana")
    bring_in(made, *(secret(dice) for _ in range(4)))
    yield made
    made.store.close()


def kept(session: Session, but: set[int]) -> list[object]:
    """All rows of the other articles."""
    store = session.store
    found: list[object] = []
    for table in ("article", "article_text", "span", "relation", "status", "removal", "sketch"):
        place = "key" if table == "article" else "article"
        gone = ", ".join(map(str, but)) or "0"
        found += [(table, row) for row in store.raw(table, f"{place} NOT IN ({gone})")]
    return found


def test_nothing_is_left_of_an_article(session: Session, dice: random.Random, tmp_path: Path) -> None:
    store, path = session.store, session.store.path
    for key in (3, 1, 3, 2, 3, 4):
        busy(session, dice, key, "ana")
    details.set_outside(session, 3, 0, 40, outside=True)
    commands.add_span(session, 3, [(0, 200)], "claim", "ana")
    recycling.delete_article(session, 4)
    shelf = Shelf(tmp_path / "backups", path, store.id)
    shelf.make(store, "work")
    text, title = queries.text(store, 3), queries.article(store, 3).title
    words = pieces(text) | {title, "id-2"}
    assert len(traces(words, path)) > 2000, "the search finds what is there"
    others = kept(session, {3})
    target = purge.of_article(store, "id-2")
    said = purge.survey(store, target)
    assert (said.articles, said.spans) == (1, len(queries.spans(store, 3)))
    held = purge.holding(store, target, purge.of_project(tmp_path / "backups", store))
    assert len(held) == 1
    assert purge.purge(session, target) == said
    assert kept(session, {3}) == others
    assert traces(words, path) - traces(words, shelf.folder / "x") == set()
    assert purge.purge_backups(store, shelf, held) == 1
    assert traces(words, path) == set()
    assert [b.reason for b in shelf.listed()] == ["purge"]
    assert not store.integrity_problems() + store.tally_problems()
    latest = queries.history(store, 1)[0]
    assert (
        latest.title
        == f"Purge 1 article: {said.spans} label{'s' * (said.spans != 1)}, {said.relations} relation{'s' * (said.relations != 1)}"
    )
    assert latest.annotator == "ana"
    with pytest.raises(UserError, match="no article"):
        purge.of_article(store, "id-2")
    store.close()
    assert traces(words, path) == set()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["backups", "p.tagline"]


def test_nothing_is_left_of_an_annotator(session: Session, dice: random.Random, tmp_path: Path) -> None:
    store, path = session.store, session.store.path
    shelf = Shelf(tmp_path / "backups", path, store.id)
    shelf.make(store, "open")
    for key in (1, 2):
        for name in ("ana", "Bohumil Ž"):
            session.annotator = name
            busy(session, dice, key, name)
    shelf.make(store, "work")
    session.annotator = "ana"
    mine = [queries.spans(store, key, "ana") for key in (1, 2, 3)]
    theirs = sum(len(queries.spans(store, key, "Bohumil Ž")) for key in (1, 2))
    target = purge.of_annotator(store, "Bohumil Ž")
    said = purge.survey(store, target)
    assert (said.articles, said.spans) == (0, theirs)
    held = purge.holding(store, target, shelf.listed())
    assert [b.reason for b in held] == ["work"], "the one from before holds nothing of it"
    purge.purge(session, target)
    purge.purge_backups(store, shelf, held)
    assert traces({"Bohumil", "note of Boh"}, path) == set()
    assert [queries.spans(store, key, "ana") for key in (1, 2, 3)] == mine
    assert list(queries.layers(store)) == ["ana"]
    assert "Purge an annotator: " in queries.history(store, 1)[0].title
    assert not store.integrity_problems() + store.tally_problems()
    with pytest.raises(UserError, match="nothing here is by"):
        purge.of_annotator(store, "Bohumil Ž")


def test_an_annotator_who_purges_himself_is_not_named(session: Session, dice: random.Random) -> None:
    busy(session, dice, 1, "ana")
    purge.purge(session, purge.of_annotator(session.store, "ana"))
    assert traces({"ana\x00", '"ana"'}, session.store.path) == set()
    assert {step.annotator for step in queries.history(session.store)} == {""}


def test_an_emptied_bin_leaves_nothing(session: Session, dice: random.Random) -> None:
    store, path = session.store, session.store.path
    busy(session, dice, 1, "ana")
    busy(session, dice, 2, "ana")
    words = pieces(queries.text(store, 2))
    recycling.delete_article(session, 2)
    binned = recycling.listed(store)
    assert any(not entry.whole for entry in binned)
    others = [row for row in kept(session, {2}) if row[0] != "removal"]  # type: ignore[index]
    found = purge.purge(session, purge.of_bin(store))
    assert found.articles == 1
    assert found.binned >= len(binned)
    assert recycling.listed(store) == []
    assert kept(session, {2}) == others
    assert traces(words, path) == set()
    assert not store.integrity_problems() + store.tally_problems()
    assert "Empty the bin: 1 article" in queries.history(store, 1)[0].title


def test_what_was_compacted_is_purged_too(session: Session, dice: random.Random) -> None:
    store = session.store
    busy(session, dice, 4, "ana")
    busy(session, dice, 2, "ana")
    words = pieces(queries.text(store, 4)) | {queries.article(store, 4).title}
    while compaction.compact(session, 50, keep=3):
        pass
    before = len(history.article_history(store, 2))
    purge.purge(session, Target(frozenset({4})))
    assert traces(words, store.path) == set()
    assert len(history.article_history(store, 2)) == before
    record = build(RawArticle("a new text that takes the key", "f", "", id="new"), "ana", Report())
    import_bundle(session, Bundle(lambda: iter([record])), Report())
    assert queries.article(store, 4).id == "new"
    assert [entry.step.title for entry in history.article_history(store, 4)] == ["Import"]


def test_a_full_disk_leaves_the_project_whole(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    store = session.store
    words = pieces(queries.text(store, 1))
    with monkeypatch.context() as patch:
        patch.setattr("desktop.store.store.Store.write_anew", full)
        with pytest.raises(UserError, match="No space left"):
            purge.purge(session, Target(frozenset({1})))
    assert queries.info(store)["articles"] == 3, "it is gone, and only its traces may be left"
    commands.set_flag(session, 2, True)
    copying.rewrite(store)
    assert traces(words, store.path) == set()
    assert sorted(p.suffix for p in store.path.parent.iterdir()) in (
        [".lock", ".tagline"],
        [".lock", ".tagline", ".tagline-journal"],
    )


def test_the_place_is_kept_if_it_cannot_be_taken(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old file is overwritten only when another one has taken its name."""

    def refused(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    store = session.store
    before = kept(session, set())
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refused)
        with pytest.raises(UserError, match="Permission denied"):
            copying.rewrite(store)
    assert kept(session, set()) == before
    commands.set_flag(session, 2, True)
    assert not store.integrity_problems() + store.tally_problems()


@pytest.mark.parametrize("seed", range(4))
def test_undo_goes_on_around_what_was_purged(walking: ModuleType, tmp_path: Path, seed: int) -> None:
    """All the way back and forth, the other articles are what they would have been without the purge."""
    session = projects.create(tmp_path / "p.tagline", "A")
    import_bundle(session, walking.records(*walking.TEXTS), Report())
    walker = walking.Walk(session, seed)
    for _ in range(60):
        walker.one_step()
    while session.redo():
        pass
    gone = 2

    def others() -> list[str]:
        return [repr(row) for row in kept(session, {gone}) if row[0] != "removal"]  # type: ignore[index]

    # What undo shows of the other articles, step by step, each state once.
    then = [others()]
    while session.undo():
        if others() != then[-1]:
            then.append(others())
    while session.redo():
        pass
    purge.purge(session, Target(frozenset({gone})))
    now = [others()]
    while session.undo():
        walking.invariants(session)
        if others() != now[-1]:
            now.append(others())
    assert now == then
    while session.redo():
        walking.invariants(session)
    assert others() == then[0]
    session.store.close()


def test_a_backup_that_cannot_be_read_may_hold_it(session: Session, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "backups", session.store.path, session.store.id)
    bad = shelf.make(session.store, "work")
    bad.path.write_bytes(bad.path.read_bytes()[:-5000])
    held = purge.holding(session.store, purge.of_article(session.store, "id-0"), shelf.listed())
    assert [b.path for b in held] == [bad.path]
    assert backups.list_folder(shelf.folder)


def test_what_a_rewrite_that_was_cut_off_left_goes_when_the_project_is_opened(session: Session) -> None:
    path = session.store.path
    articles = len(session.store.query("SELECT key FROM article").fetchall())
    session.store.close()
    former, anew, linked = (
        path.with_name(f".{path.name}.{end}")
        for end in ("0a1b2c3d.before", "0a1b2c3d.anew", "0a1b2c3e.before")
    )
    other = path.with_name(".another.tagline.0a1b2c3d.before")
    for file in (former, anew, other):
        file.write_bytes(b"words that were purged")
    linked.hardlink_to(path)
    projects.open_project(path, "A", read_only=True).store.close()
    assert all(file.exists() for file in (former, anew, linked, other))
    again = projects.open_project(path, "A")
    try:
        assert [file.exists() for file in (former, anew, linked, other)] == [False, False, False, True]
        assert len(again.store.query("SELECT key FROM article").fetchall()) == articles
    finally:
        again.store.close()
    projects.open_project(path, "A").store.close()
