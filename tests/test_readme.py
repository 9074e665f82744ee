"""What the README tells people to run is run."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import environments
import pytest

from desktop.cli import main

ROOT = Path(__file__).parents[1]
TRAIN = "Train on it"
# So long may a training take on a machine with much else to do.
MOST_SECONDS = 900
# What a training run gets, put after the README's lines.
SHOWN = """
import json
pieces = [tokenizer.encode(article["tokens"], is_pretokenized=True).word_ids for article in data]
print(json.dumps([[row["labels"], words] for row, words in zip(rows, pieces)]))
"""
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str, section: str = "") -> list[str]:
    """The code of a language in the README, or in the section under one heading."""
    text = README.split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0] if section else README
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [code for name, code in fenced if name == language]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the README's two `tagline` lines were run."""
    folder = tmp_path_factory.mktemp("readme")
    lines = [
        line.split()[1:]
        for line in "".join(blocks("")).splitlines()
        if line.startswith(("tagline new ", "tagline export "))
    ]
    assert [line[0] for line in lines] == ["new", "export"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for line in lines:
            assert main(line) == 0
    return folder


@pytest.mark.filterwarnings("ignore")  # those of other people's libraries
@pytest.mark.parametrize("code", blocks("python", "Export, and load the result"))
def test_the_code_runs(
    code: str, dataset: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(dataset)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_CACHE", str(dataset / "cache"))
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    if "doc" in names:
        assert len(names["doc"].spans["sc"]) == 105  # type: ignore[attr-defined]
    else:
        assert capsys.readouterr().out.startswith("0 4 location Iraq\n")


def test_ci_runs_the_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    command = next(block for block in blocks("") if "pytest" in block).strip()
    for part in command.split(" && "):
        assert part in script


def test_what_the_readme_shows_is_there() -> None:
    for path in re.findall(r"\]\(([^:)]+)\)", README):
        assert (ROOT / path).exists(), path


def gold(label: str) -> dict[str, set[tuple[int, int]]]:
    """Where the spans of a label are in each article, from the file that the sample is made of."""
    lines = (ROOT / "seeds" / "reference.jsonl").read_text(encoding="utf-8").strip().split("\n")
    articles = [json.loads(line) for line in lines]
    return {a["id"]: {(s["start"], s["end"]) for s in a["spans"] if s["label"] == label} for a in articles}


def outermost(places: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those that a flat layer holds where no two cross."""
    return {p for p in places if not any(o != p and o[0] <= p[0] and p[1] <= o[1] for o in places)}


def code_with(library: str, language: str = "python") -> str:
    """The one block under "Train on it" that uses a library."""
    (found,) = [code for code in blocks(language, TRAIN) if library in code]
    return found


def test_the_dataset_card_says_how_to_train_in_the_same_words(dataset: Path) -> None:
    card = (dataset / "dataset" / "README.md").read_text(encoding="utf-8")
    lessons = [*blocks("", TRAIN), *blocks("python", TRAIN)]
    assert len(lessons) == 3
    for code in lessons:
        assert code in card


@pytest.mark.slow
@pytest.mark.timeout(MOST_SECONDS)
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("label", ["actor", "location", "event"])
def test_spacy_learns_the_labels_in_200_steps(label: str, dataset: Path) -> None:
    import spacy

    enter, train = code_with("spacy", "").replace("actor", label).strip().split("\n")
    folder = dataset / "dataset" / enter.removeprefix("cd ")
    command = shlex.split(train)
    assert (command[0], command[-2:]) == ("python", ["--training.max_steps", "200"])
    subprocess.run([sys.executable, *command[1:]], cwd=folder, check=True, timeout=MOST_SECONDS)
    model = spacy.load(folder / "model" / "model-best")
    right = found = there = 0
    for line in (dataset / "dataset/jsonl/articles.jsonl").open(encoding="utf-8", newline="\n"):
        article = json.loads(line)
        entities = {(e.start_char, e.end_char) for e in model(article["text"]).ents if e.label_ == label}
        wanted = outermost(gold(label)[article["id"]])
        right, found, there = right + len(entities & wanted), found + len(entities), there + len(wanted)
    assert 2 * right / (found + there) > 0.9


@pytest.mark.slow
@pytest.mark.timeout(MOST_SECONDS)
@pytest.mark.filterwarnings("ignore")
def test_spacy_learns_nested_spans_in_200_steps(dataset: Path) -> None:
    import spacy

    folder = dataset / "dataset" / "spacy" / "spans"
    _, train = code_with("spacy", "").strip().split("\n")
    subprocess.run([sys.executable, *shlex.split(train)[1:]], cwd=folder, check=True, timeout=MOST_SECONDS)
    model = spacy.load(folder / "model" / "model-best")
    right = found = there = 0
    for line in (dataset / "dataset/jsonl/articles.jsonl").open(encoding="utf-8", newline="\n"):
        article = json.loads(line)
        doc = model(article["text"])  # of which its groups know only while it is there
        spans = {(s.label_, s.start_char, s.end_char) for s in doc.spans["short"]}
        wanted = {(s["label"], s["start"], s["end"]) for s in article["spans"] if s["label"] != "claim"}
        right, found, there = right + len(spans & wanted), found + len(spans), there + len(wanted)
    assert 2 * right / (found + there) > 0.9


@pytest.mark.parametrize("label", ["actor", "location", "event"])
def test_a_random_field_learns_the_labels(
    label: str, dataset: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(dataset / "dataset")
    names: dict[str, Any] = {}
    exec(compile(code_with("pycrfsuite").replace("actor", label), "README.md", "exec"), names)
    assert names["score"] > 0.9
    tags = [tag for _, tags in names["tested"] for tag in tags]
    assert tags.count(f"B-{label}") == sum(len(outermost(places)) for places in gold(label).values())
    assert capsys.readouterr().out == f"F1 on train: {names['score']:.2f}\n"


def check_aligned(dataset: Path, shown: str) -> None:
    """From the tags of the pieces the very spans are found again, but for those that a flat layer cannot hold."""
    from seqeval.metrics.sequence_labeling import get_entities

    names, line = shown.strip().split("\n")
    assert names.startswith("['O', 'B-actor', 'I-actor'] [")
    file = (dataset / "dataset/huggingface/data/train.jsonl").open(encoding="utf-8", newline="\n")
    with file:
        articles = [json.loads(row) for row in file]
    for article, (labels, words) in zip(articles, json.loads(line), strict=True):
        tags = {word: label for word, label in zip(words, labels, strict=True) if label != -100}
        assert sorted(tags) == list(range(len(article["tokens"])))
        spelled = [("O", "B-actor", "I-actor")[tags[word]] for word in sorted(tags)]
        places = {
            (article["token_start"][first], article["token_end"][last])
            for _, first, last in get_entities(spelled)
        }
        assert places == outermost(gold("actor")[article["id"]])


@pytest.mark.filterwarnings("ignore")
def test_word_pieces_keep_their_tags(
    dataset: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(dataset / "dataset")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_CACHE", str(dataset / "cache"))
    exec(compile(code_with("tokenizers") + SHOWN, "README.md", "exec"), {})
    check_aligned(dataset, capsys.readouterr().out)


@pytest.mark.outside("environment:datasets-3.6")
@pytest.mark.timeout(MOST_SECONDS)  # a fresh environment reads its libraries slowly
def test_word_pieces_keep_their_tags_in_an_older_version(dataset: Path) -> None:
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_DATASETS_CACHE": str(dataset / "older")}
    shown = subprocess.run(
        [*environments.python("datasets-3.6"), "-c", code_with("tokenizers") + SHOWN],
        cwd=dataset / "dataset", env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    check_aligned(dataset, shown.stdout)
