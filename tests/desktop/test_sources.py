"""Files, folders and archives: what is found in them, how they are called, what is refused, what came in before."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from reading import open_bundle

from desktop import archives, projects
from desktop.bundle import Record, Report
from desktop.errors import Cancelled
from desktop.formats.base import ReadOptions
from desktop.imports import import_bundle
from desktop.session import Session
from desktop.store import queries


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "A")
    yield made
    made.store.close()


def records(*paths: Path) -> tuple[list[Record], Report]:
    report = Report()
    return list(open_bundle(paths, ReadOptions("A"), report)), report


def bring(session: Session, *paths: Path, **options: object) -> Report:
    report = Report()
    return import_bundle(session, open_bundle(paths, ReadOptions("A"), report), report, **options)  # type: ignore[arg-type]


def zipped(path: Path, members: dict[str, bytes | str], **options: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def bytes_of(members: dict[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def test_an_archive_is_read_like_a_folder_and_its_files_are_called_after_it(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {
        "one.txt": "The first one.", "deep/مقال 🚀.txt": "قال الجيش", "page.html": "<html><body><p>Short</p></body></html>",
        "lines.jsonl": '{"text": "three"}\nbroken\n', ".hidden.txt": "no", "__MACOSX/one.txt": "no", "binary.txt": bytes(100),
    })  # fmt: skip
    found, report = records(path)
    assert {record.text for record in found} >= {"The first one.", "قال الجيش", "three"}
    names = [record.article.meta.get("file") for record in found]
    assert "a.zip/one.txt" in names
    assert "a.zip/deep/مقال 🚀.txt" in names
    skipped = {(row["file"], row["position"]) for row in report.skipped}
    assert {(f"{path}/lines.jsonl", "line 2"), (f"{path}/binary.txt", "byte 0")} <= skipped
    assert all(
        row["file"].startswith(str(path)) for row in (*report.skipped, *report.cleaned, *report.guessed)
    )


def test_archives_in_folders_and_in_archives(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    zipped(
        folder / "a.zip",
        {"one.txt": "one", "inner.zip": bytes_of({"two.txt": "two", "broken.zip": b"PK\x03\x04"})},
    )
    (folder / "broken.zip").write_bytes(b"no archive")
    (folder / "three.txt").write_text("three")
    found, report = records(folder)
    assert {record.article.meta["file"] for record in found} == {
        "news/a.zip/one.txt", "news/a.zip/inner.zip/two.txt", "news/three.txt",
    }  # fmt: skip
    assert {row["file"]: row["reason"].split(":")[0] for row in report.skipped} == {
        str(folder / "broken.zip"): "the archive is damaged",
        f"{folder / 'a.zip'}/inner.zip/broken.zip": "the archive is damaged",
    }


def test_an_archive_of_a_dataset_brings_its_scheme(tmp_path: Path, session: Session) -> None:
    scheme = (Path(__file__).parents[2] / "resources" / "schemes" / "conflict-news.json").read_text("utf-8")
    path = zipped(
        tmp_path / "d.zip",
        {"set/scheme.json": scheme, "set/jsonl/articles.jsonl": '{"text": "one"}', "set/README.md": "x"},
    )
    report = Report()
    bundle = open_bundle([path], ReadOptions("A"), report)
    assert bundle.scheme
    assert [record.text for record in bundle] == ["one"]
    assert not report.skipped


def link(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = 0o120777 << 16
    return made


def test_paths_that_lead_out_of_an_archive_go_nowhere(tmp_path: Path) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("../../out.txt", "/tmp/out.txt", "C:/out.txt", "a/../../../out.txt", "..\\..\\out.txt"):
            archive.writestr(name, "out")
        archive.writestr(link("passwd.txt"), "/etc/passwd")
        archive.writestr("good.txt", "good")
    found, report = records(path)
    assert [record.text for record in found] == ["good"]
    assert len(report.skipped) == 6
    assert sum("leads out of the archive" in row["reason"] for row in report.skipped) == 5
    assert not list(tmp_path.rglob("out.txt"))
    assert not Path("/tmp/out.txt").exists()


def test_a_member_that_swells_is_left_out_and_the_rest_comes(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"bomb.txt": bytes(60_000_000), "good.txt": "good"})
    found, report = records(path)
    assert [record.text for record in found] == ["good"]
    assert [row["file"] for row in report.skipped] == [f"{path}/bomb.txt"]
    assert "made to do harm" in report.skipped[0]["reason"]


def test_a_member_that_lies_about_its_size(tmp_path: Path) -> None:
    data = bytearray(bytes_of({"bomb.txt": bytes(60_000_000)}))
    for place in (data.index(b"PK\x03\x04") + 22, data.index(b"PK\x01\x02") + 24):
        data[place : place + 4] = (1000).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(data)
    found, report = records(tmp_path / "a.zip")
    assert not found
    assert len(report.skipped) >= 1


def test_many_small_bombs_exhaust_the_budget(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"{n}.txt": bytes(8_000_000) for n in range(12)})
    found, report = records(path)
    assert not found
    assert "more than 200 times its size" in report.skipped[0]["reason"]


def test_archives_in_each_other_without_end(tmp_path: Path) -> None:
    data: bytes | str = "deep"
    name = "deep.txt"
    for level in range(6):
        data, name = bytes_of({name: data}), f"{level}.zip"
    (tmp_path / "a.zip").write_bytes(data)  # type: ignore[arg-type]
    found, report = records(tmp_path / "a.zip")
    assert not found
    assert any("deep in each other" in row["reason"] for row in report.skipped)


def test_a_protected_member_and_two_of_one_name(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("one.txt", "first")
        archive.writestr("one.txt", "second")
        archive.writestr("secret.txt", "secret")
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    found, report = records(path)
    assert sorted(record.text for record in found) == ["first", "second"]
    assert ["password" in row["reason"] for row in report.skipped] == [True]


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + bytes(18), b"PK\x03\x04" + os.urandom(500)])
def test_archives_that_are_none_or_empty(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    found, report = records(tmp_path / "a.zip")
    assert not found
    assert [row["file"] for row in report.skipped] == [str(tmp_path / "a.zip")]


def test_an_archive_cut_short(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"{n}.txt": os.urandom(300) for n in range(20)})
    path.write_bytes(path.read_bytes()[:3000])
    assert "damaged" in records(path)[1].skipped[0]["reason"]


def test_a_member_with_wrong_bytes(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"bad.txt": b"the army said " * 50, "good.txt": "good"})
    data = bytearray(path.read_bytes())
    data[45] ^= 0xFF
    path.write_bytes(data)
    found, report = records(path)
    assert [record.text for record in found] == ["good"]
    assert [row["file"] for row in report.skipped] == [f"{path}/bad.txt"]


def test_the_unpacked_files_go_with_the_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives.tempfile, "tempdir", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    bundle = open_bundle([zipped(tmp_path / "a.zip", {"one.txt": "one"})], ReadOptions("A"), Report())
    assert [record.text for record in bundle] == [record.text for record in bundle] == ["one"]
    assert list((tmp_path / "t").iterdir())
    del bundle
    assert not list((tmp_path / "t").iterdir())


def test_looking_for_files_can_be_stopped(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{number}.txt").write_text(str(number))

    def stop(done: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        open_bundle([tmp_path], ReadOptions("A"), Report(), progress=stop)


def test_a_folder_again_brings_only_what_is_new_and_tells_what_has_changed(
    tmp_path: Path, session: Session
) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(f"The text of {name} as it was first.")
    assert bring(session, folder).articles == 3
    (folder / "b.txt").write_text("Something else altogether.")
    (folder / "d.txt").write_text("The text of d.")
    before = {article.id: article.text_sha256 for article in session.store.rows("article", "deleted = 0")}
    report = bring(session, folder)
    assert (report.articles, len(report.duplicates)) == (1, 2)
    assert [Path(row["file"]).name for row in report.skipped] == ["b.txt"]
    assert report.skipped[0]["reason"].startswith("changed: ")
    after = {article.id: article.text_sha256 for article in session.store.rows("article", "deleted = 0")}
    assert before.items() <= after.items()
    assert len(after) == 4
    assert bring(session, folder, changed="add").articles == 1
    again = bring(session, folder)
    assert (again.articles, again.skipped) == (0, [])


def test_files_of_one_name_in_other_folders_are_other_files(tmp_path: Path, session: Session) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder / "news").mkdir(parents=True)
        (tmp_path / folder / "news" / "a.txt").write_text(f"The text in {folder}.")
    assert bring(session, tmp_path / "one" / "news").articles == 1
    report = bring(session, tmp_path / "two" / "news")
    assert (report.articles, report.skipped) == (1, [])


def test_what_a_person_corrected_is_no_reason_to_complain(tmp_path: Path, session: Session) -> None:
    (tmp_path / "a.txt").write_text("date 2021-07-11 The headline\nThe army said so.")
    bring(session, tmp_path / "a.txt")
    (article,) = session.store.rows("article")
    with session.step("correct"):
        session.put(
            article.model_copy(update={"title": "Another", "meta": {"date": "2021-07-12"}, "outside": ()})
        )
    report = bring(session, tmp_path / "a.txt")
    assert (report.articles, report.skipped, len(report.duplicates)) == (0, [], 1)


def test_an_import_that_was_undone_can_be_done_again(tmp_path: Path, session: Session) -> None:
    (tmp_path / "a.txt").write_text("The army said so.")
    bring(session, tmp_path / "a.txt")
    session.undo()
    assert queries.info(session.store)["articles"] == 0
    (tmp_path / "a.txt").write_text("The army said so today.")
    assert bring(session, tmp_path / "a.txt").articles == 1


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("a.doc", ".docx"),
        ("a.xls", ".xlsx"),
        ("a.tar.gz", "unpack"),
        ("a.png", "OCR"),
        ("a.xyz", "--format plain"),
    ],
)
def test_files_that_nothing_reads_come_with_a_remedy(tmp_path: Path, name: str, remedy: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    (tmp_path / "good.txt").write_text("good")
    for path in (tmp_path, tmp_path / name):
        assert remedy in records(path)[1].skipped[0]["reason"]


def test_what_a_browser_saves_beside_a_page_is_no_article(tmp_path: Path) -> None:
    page = "<html><body><article><p>The army said so on Monday near the base.</p></article></body></html>"
    for name in (
        "News.html",
        "News_files/frame.html",
        "News_files/style.css",
        "own_files/b.html",
        "Mehr.htm",
        "Mehr-Dateien/a.js",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(page)
    found, report = records(tmp_path)
    assert sorted(Path(record.file).name for record in found) == ["Mehr.htm", "News.html", "b.html"]
    assert report.skipped == []


def test_an_archive_of_a_version_to_come(tmp_path: Path) -> None:
    data = bytearray(bytes_of({"one.txt": "one"}))
    data[data.index(b"PK\x01\x02") + 6] = 75
    (tmp_path / "a.zip").write_bytes(data)
    found, report = records(tmp_path / "a.zip")
    assert not found
    assert "damaged: zip file version 7.5" in report.skipped[0]["reason"]
