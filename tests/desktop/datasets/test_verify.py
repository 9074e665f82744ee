"""What does not read back as promised is refused by format, article and span."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.bundle import Bundle
from desktop.datasets.verify import verify
from desktop.errors import UserError
from desktop.formats import find
from desktop.formats.base import Plan
from desktop.formats.receipt import Receipt
from desktop.model import Scheme


def written(name: str, bundle: Bundle, plan: Plan, folder: Path) -> Receipt:
    writer = find(name).write
    assert writer
    return writer(folder, bundle, plan)


def spoil(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8", newline="\n")


@pytest.mark.parametrize(
    ("name", "file", "old", "new", "says"),
    [
        ("jsonl", "articles.jsonl", '"text":"Ana"', '"text":"Ada"', "the span 'actor' at 0–3 of article 'news/2021:07' is missing"),
        ("huggingface", "data/train.jsonl", '"text":"Ana"', '"text":"Ada"', "the span 'actor' at 0–3"),
        ("huggingface", "data/train.jsonl", '"label":1,"start":0', '"label":0,"start":0', "the tags of 'actor' in article"),
        ("huggingface", "data/train.jsonl", '"spans":[', '"spans":[[', "the files cannot be read back"),
        ("brat", "train/news_2021_07.ann", "T1\tactor 0 3", "T1\tactor 0 x", "the files cannot be read back"),
        ("conll", "train.actor.conll", "Ana -X- _ B-actor", "Ana -X- _ O", "the span 'actor' at 0–3"),
        ("conll", "train.actor.conll", "said -X- _ O", "said -X- _ I-actor", "the span 'actor' at 6–10 of article 'news/2021:07' should not be"),
        ("conll", "train.articles.json", "Con", "Can", "article 'Con' is not where it should be"),
        ("brat", "train/news_2021_07.ann", "T1\tactor 0 3", "T1\tactor 0 2", "the span 'actor' at 0–3"),
        ("brat", "train/news_2021_07.ann", "T3\t", "#9\t", "the span 'location' at 22–30"),
    ],
)  # fmt: skip
def test_spoilt_files(
    name: str, file: str, old: str, new: str, says: str, tricky: Bundle, scheme: Scheme, tmp_path: Path
) -> None:
    receipt = written(name, tricky, Plan(scheme), tmp_path)
    spoil(tmp_path / file, old, new)
    with pytest.raises(UserError, match=says) as caught:
        verify(find(name), tmp_path, tricky, Plan(scheme), receipt, lambda: None)
    assert caught.value.message.startswith(f"{name}: ")
    assert not receipt.verified


def test_a_span_that_is_there_once_too_often(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    receipt = written("brat", tricky, Plan(scheme), tmp_path)
    with (tmp_path / "train" / "_Con.ann").open("a", encoding="utf-8") as file:
        file.write("T9\tevent 0 7\tNothing\n")
    with pytest.raises(
        UserError, match="the span 'event' at 0–7 of article 'Con' should not be in the files"
    ):
        verify(find("brat"), tmp_path, tricky, Plan(scheme), receipt, lambda: None)


def test_an_article_that_is_missing(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    receipt = written("jsonl", tricky, Plan(scheme), tmp_path)
    path = tmp_path / "articles.jsonl"
    path.write_text(path.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    with pytest.raises(UserError, match="article 'Con' is not where it should be"):
        verify(find("jsonl"), tmp_path, tricky, Plan(scheme), receipt, lambda: None)


def test_a_receipt_that_does_not_add_up(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    receipt = replace(written("jsonl", tricky, Plan(scheme), tmp_path), spans_in=17)
    with pytest.raises(UserError, match="16 spans were written, the receipt says 17"):
        verify(find("jsonl"), tmp_path, tricky, Plan(scheme), receipt, lambda: None)


def test_a_format_without_a_way_back(tricky: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="plain cannot be read back"):
        verify(find("plain"), tmp_path, tricky, Plan(scheme), Receipt("plain"), lambda: None)
