"""The command line: exit codes, one JSON object on standard output, messages on standard error, bad input."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from desktop import cli

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "seeds" / "reference.jsonl"
TEXT = "🚀 قال محمد\r\ncafe\u0301 in Tel\u00a0Aviv\u2028end"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "sample.tagline"
    assert cli.main(["new", str(path), "--sample"]) == 0
    return path


@pytest.fixture
def sample(made: Path, tmp_path: Path) -> Path:
    """A project with the five articles, in a folder with blanks and letters of another script."""
    folder = tmp_path / "my مشروع 🚀"
    folder.mkdir()
    return Path(shutil.copy(made, folder / "a b.tagline"))


class Run:
    """What one command gave."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> dict[str, Any]:
        """The one object on standard output."""
        assert self.out.endswith("\n")
        assert self.out.count("\n") == 1
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*arguments: object) -> Run:
        capsys.readouterr()
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as exit:
            code = int(str(exit.code))
        return Run(code, *capsys.readouterr())

    return call


def process(*arguments: object, **environment: str) -> Run:
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    command = [sys.executable, "-m", "desktop", *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, env=env, check=False, timeout=60)
    return Run(
        result.returncode, result.stdout.decode("utf-8", "replace"), result.stderr.decode("utf-8", "replace")
    )


def failed(run: Run, words: str, code: int = 1) -> None:
    """One line that says what is wrong and what to do."""
    assert run.code == code, run.err
    assert run.err.startswith("tagline: ")
    assert run.err.count("\n") == 1, run.err
    assert words in run.err
    assert run.err.rstrip().endswith(")"), "the remedy is in brackets at the end"
    assert "Traceback" not in run.err


def lines(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return path


def test_new_and_info(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "new قال.tagline"
    found = run("new", path, "--sample", "--json")
    assert (found.code, found.err) == (0, "")
    assert found.json["project"] == str(path)
    info = run("info", path, "--json").json
    assert set(info) >= {"articles", "spans", "relations", "by_label", "by_status", "annotators", "schema"}
    assert (info["articles"], info["spans"], info["relations"]) == (5, 722, 773)
    assert sum(info["by_label"].values()) == 722
    assert (info["by_status"], info["annotators"]) == ({"done": 5}, ["reference"])
    assert "articles: 5" in run("info", path).out


def test_import_says_what_happened(run: Any, sample: Path, tmp_path: Path) -> None:
    span = {"start": 2, "end": 5, "label": "event"}
    file = lines(
        tmp_path / "in.jsonl",
        {"text": TEXT, "spans": [span, span | {"label": "new"}]},
        {"text": 7},
        {"text": TEXT},
        {"text": ""},
    )
    (tmp_path / "plain.txt").write_bytes(
        "caf\u00e9 and d\u00e9j\u00e0 vu, said the owner of it".encode("cp1252")
    )
    found = run("import", sample, file, tmp_path / "plain.txt", "--json")
    assert found.code == 1
    report = found.json
    assert set(report) == {
        "articles", "spans", "relations", "duplicates", "skipped", "cleaned", "empty", "guessed", "formats", "mapped", "found", "columns", "similar",
        "repeated",
    }  # fmt: skip
    assert (report["articles"], report["spans"]) == (3, 1)
    assert [(set(row), row["position"]) for row in report["empty"]] == [({"file", "position"}, "line 4")]
    assert [(set(row), row["position"]) for row in report["duplicates"]] == [
        ({"file", "position", "of"}, "line 3")
    ]
    assert {row["position"] for row in report["skipped"]} == {"line 1", "line 2"}
    assert all(set(row) == {"file", "position", "reason"} for row in report["skipped"])
    assert report["cleaned"] == [{"file": str(file), "what": "line ends", "count": 4}]
    assert [row["file"] for row in report["guessed"]] == [str(tmp_path / "plain.txt")]
    assert found.err.count("skipped: ") == 2


def test_import_without_a_fault_ends_with_0(run: Any, sample: Path, tmp_path: Path) -> None:
    file = lines(
        tmp_path / "in.jsonl", {"text": TEXT, "spans": [{"start": 0, "end": 1, "label": "new 100 %"}]}
    )
    assert run("import", sample, file, "--dry-run").code == 1
    dry = run("import", sample, file, "--unknown", "add", "--dry-run")
    assert dry.code == 0
    assert dry.out.startswith("Would import 1 article, 1 label, ")
    assert run("info", sample, "--json").json["articles"] == 5
    assert run("import", sample, file, "--unknown", "add", "--annotator", "ب 🚀").code == 0
    assert run("info", sample, "--json").json["annotators"] == ["reference", "ب 🚀"]


def test_export_and_back(run: Any, sample: Path, tmp_path: Path) -> None:
    found = run("export", sample, tmp_path / "out", "--format", "jsonl", "--json")
    assert (found.code, found.err) == (0, "")
    row = found.json["formats"][0]
    assert set(row) >= {
        "format",
        "folder",
        "articles",
        "spans_in",
        "spans_out",
        "left_out",
        "changed",
        "verified",
    }
    assert (row["articles"], row["spans_in"], row["spans_out"], row["verified"]) == (5, 722, 722, True)
    assert (tmp_path / "out" / "jsonl" / "articles.jsonl").read_bytes() == REFERENCE.read_bytes()
    again = tmp_path / "again.tagline"
    assert run("new", again).code == 0
    assert run("import", again, tmp_path / "out", "--json").json["relations"] == 773
    assert run("export", again, tmp_path / "out2", "--format", "jsonl").code == 0
    assert (tmp_path / "out2" / "jsonl" / "articles.jsonl").read_bytes() == REFERENCE.read_bytes()


def test_check(run: Any, sample: Path) -> None:
    found = run("check", sample, "--json")
    assert found.code == 0
    assert found.json["ok"] is True
    assert all(
        set(row) == {"kind", "severity", "article", "span", "message"} for row in found.json["problems"]
    )
    connection = sqlite3.connect(sample)
    connection.execute(
        'UPDATE span SET start = start + 1, "end" = "end" + 1, fragments = \'[[1,5]]\' WHERE key = 1'
    )
    connection.commit()
    connection.close()
    broken = run("check", sample, "--json")
    assert broken.code == 1
    assert broken.json["ok"] is False
    errors = {
        (row["kind"].partition(".")[0], row["span"])
        for row in broken.json["problems"]
        if row["severity"] == "error"
    }
    assert {span for _, span in errors} == {"l1", ""}
    assert "table span holds rows that were changed outside Tagline" in str(broken.json["problems"])
    assert "There are errors." in run("check", sample).out
    assert run("check", sample, "--repair", "--json").json["repaired"]
    assert run("check", sample).code == 0


def test_an_index_that_lies_is_made_anew(run: Any, sample: Path) -> None:
    """Rows changed while SQLite did not know of the index, as a fault of the disk leaves it."""
    hide = "DELETE FROM sqlite_schema WHERE name = 'span_label'"
    with closing(sqlite3.connect(sample, isolation_level=None)) as connection:
        row = connection.execute("SELECT * FROM sqlite_schema WHERE name = 'span_label'").fetchone()
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(hide)
    with closing(sqlite3.connect(sample, isolation_level=None)) as connection:
        connection.execute("UPDATE span SET label = 'claim' WHERE key IN (1, 2)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", row)
    assert "span_label" in str(run("check", sample, "--json").json["problems"])
    assert "the indexes were made anew" in str(run("check", sample, "--repair", "--json").json["repaired"])
    assert run("check", sample).code == 0


def test_check_of_files_that_are_no_project(run: Any, tmp_path: Path) -> None:
    (tmp_path / "text.tagline").write_text("قال")
    for name, kind in (("text.tagline", "file.not_ours"), ("missing.tagline", "file.unreadable")):
        found = run("check", tmp_path / name, "--json")
        assert found.code == 1
        assert [row["kind"] for row in found.json["problems"]] == [kind]


@pytest.mark.parametrize("command", ["info", "check", "import", "export"])
def test_a_project_that_does_not_exist(run: Any, tmp_path: Path, command: str) -> None:
    more = {"import": [REFERENCE], "export": [tmp_path / "out", "--format", "jsonl"]}.get(command, [])
    found = run(command, tmp_path / "missing.tagline", *more)
    assert found.code == 1
    assert "there is no such project" in found.err + found.out
    assert list(tmp_path.iterdir()) == []


def test_the_error_as_json(run: Any, tmp_path: Path) -> None:
    found = run("info", tmp_path / "missing.tagline", "--json")
    assert set(found.json) == {"error"}
    assert set(found.json["error"]) == {"message", "file", "position", "hint"}
    assert found.json["error"]["file"] == str(tmp_path / "missing.tagline")
    failed(found, "there is no such project")


def test_paths_to_import_that_hold_nothing(run: Any, sample: Path, tmp_path: Path) -> None:
    before = sample.read_bytes()
    (tmp_path / "empty folder").mkdir()
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)))
    (tmp_path / "data.xyz").write_text("x")
    for name, words in (
        ("missing.txt", "there is no such file or folder"),
        ("empty folder", "there are no articles in this folder"),
        ("binary.txt", "this is not a text file"),
        ("data.xyz", "no format reads .xyz files"),
        ("x" * 300, "File name too long"),
    ):
        found = run("import", sample, tmp_path / name)
        assert found.code == 1
        assert words in found.err
        assert found.err.count("\n") == 1
        assert found.err.startswith(f"tagline: {tmp_path / name}")
    assert sample.read_bytes() == before


def test_spans_that_are_wrong(run: Any, sample: Path, tmp_path: Path) -> None:
    good = {"start": 2, "end": 5, "label": "event", "text": "قال"}
    bad = [good | {"end": 99}, good | {"end": 2}, good | {"text": "said"}, good | {"label": "nothing"}]
    file = lines(tmp_path / "in.jsonl", {"id": "x", "text": TEXT, "spans": [*bad, good]})
    found = run("import", sample, file)
    assert found.code == 1
    assert "Imported 1 article, 1 label, " in found.out
    for number, words in enumerate(
        ("outside the text", "has no length", "is said to read", "is not in the scheme")
    ):
        line = found.err.splitlines()[number]
        assert words in line
        assert f"{file}, line 1" in line


def test_export_folders_that_are_no_good(run: Any, sample: Path, tmp_path: Path) -> None:
    full, file = tmp_path / "full", tmp_path / "file"
    full.mkdir()
    (full / "mine.txt").write_text("keep")
    file.write_text("keep")
    for folder in (full, file, file / "inside"):
        failed(run("export", sample, folder, "--format", "jsonl"), str(folder))
    assert [p.name for p in full.iterdir()] == ["mine.txt"]
    assert file.read_text() == "keep"


def test_wrong_usage_ends_with_2(run: Any, sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for arguments in (
        [], ["nonsense"], ["info"], ["import", sample], ["export", sample, out],
        ["import", sample, REFERENCE, "--format", "docx"], ["export", sample, out, "--format", "jsonl", "--seed", "x"],
    ):  # fmt: skip
        assert run(*arguments).code == 2
    for more in (["--format", "docx"], ["--format", "plain"], ["--format", "jsonl", "--layer", "nobody"],
                 ["--format", "jsonl", "--split", "train=x"]):  # fmt: skip
        failed(run("export", sample, out, *more), "", 2)
    for name in ("", "  ", "\udcff", "x" * 10_000, "two\nlines"):
        failed(run("import", sample, REFERENCE, "--annotator", name), "annotator", 2)
    failed(run("tour", out), "window", 2)
    assert not out.exists()


def test_two_layers_must_be_told_apart(run: Any, sample: Path, tmp_path: Path) -> None:
    assert run("import", sample, ROOT / "tests" / "data" / "second.jsonl").code == 0
    failed(run("export", sample, tmp_path / "out", "--format", "conll"), "reference, second", 2)
    assert run("export", sample, tmp_path / "out", "--format", "jsonl").code == 0


def test_schemes_that_are_none(run: Any, tmp_path: Path) -> None:
    for content, words in (
        ("", "not valid JSON"), ("[]", "not a scheme"), ('{"scheme": "x", "labels": []}', "no label"), ("\ud800", ""),
    ):  # fmt: skip
        file = tmp_path / "scheme.json"
        file.write_bytes(content.encode("utf-8", "surrogatepass"))
        failed(run("new", tmp_path / "p.tagline", "--scheme", file), words)
    failed(run("new", tmp_path / "p.tagline", "--scheme", tmp_path / "missing.json"), "No such file")
    assert not (tmp_path / "p.tagline").exists()


def test_a_sample_whose_labels_the_scheme_lacks_is_not_dropped_in_silence(run: Any, tmp_path: Path) -> None:
    scheme = json.loads((ROOT / "resources" / "schemes" / "conflict-news.json").read_text("utf-8"))
    scheme["labels"] = scheme["labels"][:1]
    file = tmp_path / "scheme.json"
    file.write_text(json.dumps(scheme))
    found = run("new", tmp_path / "p.tagline", "--scheme", file, "--sample", "--json")
    assert found.code == 1
    assert found.json["skipped"]
    assert "is not in the scheme" in found.err


def test_a_project_in_use_is_refused(sample: Path) -> None:
    connection = sqlite3.connect(sample, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    failed(process("info", sample), "open in another window or program")
    connection.close()


def test_as_a_process_of_its_own(sample: Path, tmp_path: Path) -> None:
    version = process("--version")
    assert version.out.startswith("tagline ")
    info = process("info", sample, "--json")
    assert (info.code, info.err, info.json["spans"]) == (0, "", 722)
    failed(process("info", tmp_path), "a folder, not a project")


@pytest.mark.parametrize(
    "environment", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "cp1252"}]
)
def test_terminals_that_know_little(sample: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    file = lines(tmp_path / "قال.jsonl", {"text": TEXT}, {"text": 7})
    found = process("import", sample, file, "--json", **environment)
    assert found.code == 1
    assert found.json["skipped"][0]["file"] == str(file)
    plain = process("import", sample, file, **environment)
    assert "Imported 0 articles" in plain.out
    assert "Traceback" not in plain.err


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names themselves")
def test_file_names_that_are_no_characters(sample: Path, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    for name in (b"bad\xff.txt", b"empty\xfe.html"):
        (folder / os.fsdecode(name)).write_text("" if b"empty" in name else "  \nMenu\n")
    found = process("import", sample, folder, "--json")
    assert (found.code, found.json["articles"], len(found.json["skipped"])) == (1, 1, 1)
    assert process("import", sample, folder / os.fsdecode(b"bad\xff.txt")).code == 0
    assert process("new", folder / os.fsdecode(b"p\xff.tagline")).code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_a_reader_that_has_read_enough(sample: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "desktop", "info", str(sample)]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_without_a_home(sample: Path) -> None:
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-m", "desktop", "info", str(sample)], env=env, capture_output=True, check=False
    )
    assert result.returncode == 0, result.stderr
