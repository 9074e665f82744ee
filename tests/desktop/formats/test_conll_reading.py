"""CoNLL in: columns and taggings found out, texts rebuilt, and Tagline's own folder put together again."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import open_bundle

from desktop.bundle import Bundle, Record, Report
from desktop.formats import conll, conll_reading, iob, of_file
from desktop.formats.base import SPLITS, Plan, ReadOptions
from desktop.model import Scheme


def read(*paths: Path, encoding: str | None = None) -> tuple[list[Record], Report]:
    report = Report()
    return list(open_bundle(paths, ReadOptions("A", encoding), report)), report


def bring(
    folder: Path, content: str | bytes, name: str = "a.conll", **options: Any
) -> tuple[list[Record], Report]:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(folder / name, **options)


def found(record: Record) -> list[tuple[str, str]]:
    return [(span.label, span.text) for span in record.spans]


def guessed(report: Report) -> dict[str, str]:
    return {key: value for row in report.guessed for key, value in row.items() if key != "file"}


SENTENCE = ("U.N.", "official", "Rolf", "Ekeus", "محمد", "😀", "Tel\u00a0Aviv", ".")
TAGGINGS = {
    "IOB1": ("I-ORG", "O", "I-PER", "I-PER", "B-PER", "O", "I-LOC", "O"),
    "IOB2": ("B-ORG", "O", "B-PER", "I-PER", "B-PER", "O", "B-LOC", "O"),
    "BIOES": ("S-ORG", "O", "B-PER", "E-PER", "S-PER", "O", "S-LOC", "O"),
    "BILOU": ("U-ORG", "O", "B-PER", "L-PER", "U-PER", "O", "U-LOC", "O"),
    "BMES": ("S-ORG", "O", "B-PER", "E-PER", "S-PER", "O", "B-LOC", "M-LOC"),
}
SPANS = [("ORG", "U.N."), ("PER", "Rolf Ekeus"), ("PER", "محمد"), ("LOC", "Tel\u00a0Aviv")]


@pytest.mark.parametrize("kind", ["IOB1", "IOB2", "BIOES", "BILOU"])
@pytest.mark.parametrize("sign", [" ", "\t", "   "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_two_columns_in_every_tagging(tmp_path: Path, kind: str, sign: str, end: str) -> None:
    rows = [f"{token}{sign}{tag}" for token, tag in zip(SENTENCE, TAGGINGS[kind], strict=True)]
    [record], report = bring(tmp_path, end.join(["-DOCSTART- O", "", *rows, "", *rows, ""]))
    assert record.text == "\n".join([" ".join(SENTENCE)] * 2)
    assert found(record) == SPANS * 2
    assert not report.skipped
    assert guessed(report) == {"tags": kind, "columns": "token 1, tags 2 of 2"}
    assert [(row["what"], row["count"]) for row in report.cleaned] == [(conll_reading.REBUILT, 1)]


def test_bmes(tmp_path: Path) -> None:
    rows = [f"{token} {tag}" for token, tag in zip(SENTENCE, TAGGINGS["BMES"], strict=True)]
    [record], report = bring(tmp_path, "\n".join(rows))
    assert found(record)[-1] == ("LOC", "Tel\u00a0Aviv .")
    assert guessed(report)["tags"] == "BMES"


def test_four_columns_as_in_the_shared_task_of_2003(tmp_path: Path) -> None:
    [first, second], report = bring(tmp_path, (
        "-DOCSTART- -X- O O\n\nEU NNP I-NP I-ORG\nrejects VBZ I-VP O\nGerman JJ I-NP I-MISC\n\nPeter NNP I-NP I-PER\n\n"
        "-DOCSTART- -X- O O\n\nBRUSSELS NNP I-NP I-LOC\nHelen NNP B-NP B-LOC\n"
    ))  # fmt: skip
    assert first.text == "EU rejects German\nPeter"
    assert found(first) == [("ORG", "EU"), ("MISC", "German"), ("PER", "Peter")]
    assert found(second) == [("LOC", "BRUSSELS"), ("LOC", "Helen")]
    assert guessed(report) == {"tags": "IOB1", "columns": "token 1, tags 4 of 4"}


def test_numbered_tokens_and_two_layers_with_comments(tmp_path: Path) -> None:
    [record], report = bring(tmp_path, (
        "# source [2009]\n1\tUniversity\tB-ORG\tO\n2\tof\tI-ORG\tO\n3\tMainz\tI-ORG\tB-LOC\n4\t#\tO\tO\n\n#\tcomment\n1\t#mainz\tO\tO\n"
    ), "a.tsv")  # fmt: skip
    assert record.text == "University of Mainz #\n#mainz"
    assert sorted(found(record)) == [("LOC", "Mainz"), ("ORG", "University of Mainz")]
    assert guessed(report)["columns"] == "token 2, tags 3, 4 of 4"
    assert ("comment lines passed over", 2) in [(row["what"], row["count"]) for row in report.cleaned]
    assert not report.skipped


def test_comments_that_begin_an_article(tmp_path: Path) -> None:
    made, _ = bring(tmp_path, "# newdoc id = one\nAna B-PER\n\n# newdoc id = two\nBo B-PER\n")
    assert [(record.article.id, record.text) for record in made] == [("one", "Ana"), ("two", "Bo")]


def test_a_long_file_without_articles_is_cut_and_says_so(tmp_path: Path) -> None:
    count = conll_reading.MOST_SENTENCES
    made, report = bring(tmp_path, "".join(f"Ana B-PER\n{number} O\n\n" for number in range(count + 1)))
    assert [record.text.count("\n") + 1 for record in made] == [count, 1]
    assert sum(len(record.spans) for record in made) == count + 1
    assert (f"cuts, one after {count} sentences", 1) in [
        (row["what"], row["count"]) for row in report.cleaned
    ]


def test_bad_lines_are_named_and_the_rest_comes(tmp_path: Path) -> None:
    rows = ["Ana B-PER", "is O", "here", "in O", "Tel B-LOC I-LOC", "Aviv I-LOC", "x Q-LOC", *["and O"] * 30]
    [record], report = bring(tmp_path, "\n".join(rows))
    assert found(record) == [("PER", "Ana"), ("LOC", "Aviv")]
    assert [row["position"] for row in report.skipped] == ["line 3", "line 5", "line 7"]


def test_bare_tags_are_of_the_label_the_file_is_named_after(tmp_path: Path) -> None:
    [record], _ = bring(tmp_path, "Ana B\nLee I\nis O\nhere O\n", "person.bio")
    assert found(record) == [("person", "Ana Lee")]


def test_other_encodings(tmp_path: Path) -> None:
    [record], _ = bring(tmp_path, "Zoë B-PER\nwarnt O\n".encode("utf-16"))
    assert found(record) == [("PER", "Zoë")]
    [record], _ = bring(tmp_path, "Zoë B-PER\nwarnt O\n".encode("cp1252"), encoding="cp1252")
    assert found(record) == [("PER", "Zoë")]
    [record], _ = bring(tmp_path, "\ufeffZoë B-PER\nwarnt O\n")
    assert record.text == "Zoë warnt"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", "Ana B-PER\nis O\nhere O\n", "conll"),
        ("eng.testa", "-DOCSTART- -X- O O\n\nEU NNP I-NP I-ORG\nrejects VBZ I-VP O\n", "conll"),
        ("a.txt", "Ana is here .\nB is O positive .\n", "plain"),
        ("a.txt", "size S\nsize M\nsize L\nsize S\n", "plain"),
        ("a.txt", "Vitamin B\nVitamin B\nVitamin B\n", "conll"),
        ("a.txt", "", "plain"),
        ("a.txt", "Ana\n", "plain"),
    ],
)
def test_columns_are_known_by_their_content(tmp_path: Path, name: str, content: str, expected: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    format = of_file(tmp_path / name)
    assert format
    assert format.id == expected


def test_a_file_of_columns_without_tags(tmp_path: Path) -> None:
    made, report = bring(tmp_path, "Ana NNP\nis VBZ\n")
    assert made == []
    assert report.skipped[0]["reason"].startswith("no column holds tags like B-actor")


PLANS = [
    {},
    {"tags": "bioes"},
    {"files": "columns"},
    {"nested": "layers"},
    {"tags": "bioes", "files": "columns", "nested": "layers"},
]


@pytest.mark.parametrize("options", PLANS)
def test_the_reference_comes_back(
    reference: Bundle, scheme: Scheme, tmp_path: Path, options: dict[str, str]
) -> None:
    receipt = conll.write(tmp_path, reference, Plan(scheme, options=options))
    made, report = read(tmp_path)
    assert not report.skipped
    assert not report.guessed
    gone = {(entry.article, entry.span) for entry in receipt.left_out}
    assert len(gone) == (0 if "nested" in options else 10)
    for record, back in zip(reference, made, strict=True):
        assert (back.article, back.text, back.status) == (record.article, record.text, record.status)
        kept = [span for span in record.spans if (record.article.id, span.id) not in gone]
        assert Counter((s.label, s.fragments) for s in back.spans) == Counter(
            (s.label, s.fragments) for s in kept
        )


@pytest.mark.parametrize("options", PLANS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_written_comes_back(
    strategies: ModuleType, scheme: Scheme, options: dict[str, str], data: st.DataObject
) -> None:
    bundle: Bundle = data.draw(strategies.bundles(scheme))
    ids = [record.article.id for record in bundle]
    splits = data.draw(st.just({}) | st.fixed_dictionaries({i: st.sampled_from(SPLITS) for i in ids}))
    with tempfile.TemporaryDirectory() as folder:
        receipt = conll.write(Path(folder), bundle, Plan(scheme, splits, options))
        made, report = read(Path(folder))
    assert not report.skipped
    gone = {(entry.article, entry.span) for entry in receipt.left_out}
    moved = {(entry.article, entry.span): entry.fragments for entry in receipt.changed}
    expected = {
        record.article.id: Counter(
            (s.label, moved.get((record.article.id, s.id), s.fragments))
            for s in record.spans if (record.article.id, s.id) not in gone
        )
        for record in bundle
    }  # fmt: skip
    assert {r.article.id: Counter((s.label, s.fragments) for s in r.spans) for r in made} == expected
    articles = {record.article.id: record.article for record in bundle}
    assert {record.article.id: record.article for record in made} == articles


def test_one_file_of_a_folder_brings_all_its_labels(
    reference: Bundle, scheme: Scheme, tmp_path: Path
) -> None:
    conll.write(tmp_path, reference, Plan(scheme))
    made, _ = read(tmp_path / "train.actor.conll")
    assert {span.label for record in made for span in record.spans} == {"event", "actor", "location", "claim"}


def test_a_changed_token_leaves_out_what_follows_in_that_file(
    reference: Bundle, scheme: Scheme, tmp_path: Path
) -> None:
    conll.write(tmp_path, reference, Plan(scheme))
    path = tmp_path / "train.actor.conll"
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[100] = "nonsense" + lines[100][lines[100].index(" ") :]
    path.write_text("\n".join(lines), encoding="utf-8")
    made, report = read(tmp_path)
    assert len(made) == 5
    [row] = report.skipped
    assert (row["file"], row["position"]) == (str(path), "line 101")
    assert row["reason"].startswith("the token 'nonsense' does not stand at character ")


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(1, 4)), max_size=5), st.booleans())
def test_tags_are_decoded_as_they_were_spelled(places: list[tuple[int, int]], bioes: bool) -> None:
    runs: list[tuple[int, int]] = []
    for start, length in sorted(places):
        if not runs or runs[-1][1] <= start:
            runs.append((start, start + length))
    tags = iob.spelled(runs, 12, "x-y", bioes=bioes)
    assert list(iob.decoded(tags)) == [("x-y", *run) for run in runs]


def test_comments_of_as_many_words_as_there_are_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text(
        "# id 1a5 domain=en\nEU _ _ B-ORG\n# _ _ O\n\n# id 2a domain=en\nPeter _ _ B-PER\nsaid _ _ O\n\n"
    )
    report = Report()
    (record,) = conll_reading.read(path, ReadOptions("A"), report)
    assert record.text == "EU #\nPeter said"
    assert [(span.label, span.text) for span in record.spans] == [("ORG", "EU"), ("PER", "Peter")]
    assert report.skipped == []


def test_a_layer_of_tagline_that_is_no_text_is_named(tmp_path: Path, tricky: Bundle) -> None:
    assert tricky.scheme
    conll.write(tmp_path, tricky, Plan(tricky.scheme))
    wrong = tmp_path / "train.actor.conll"
    wrong.write_bytes(wrong.read_bytes().replace(b"Ana", b"An\xd9"))
    report = Report()
    first = tmp_path / "train.articles.json"
    beside = tuple(path for path in tmp_path.iterdir() if path != first)
    made = list(conll_reading.read(first, ReadOptions("A", beside=beside), report))
    assert len(made) == 2
    assert {span.label for span in made[0].spans} >= {"claim", "location"}
    assert str(wrong) in {row["file"] for row in (*report.skipped, *report.guessed)}
