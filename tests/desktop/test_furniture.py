"""Page furniture: what of a text is none of the article, and the day and author that it tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.furniture import day_of, find
from desktop.text import TITLE_LENGTH

ROOT = Path(__file__).parents[2]
SEEDS = sorted((ROOT / "seeds").glob("0*.txt"))
# By hand, from the guidelines: everything in the five seeds that is not to be labelled, and nothing else.
MARKED = {
    "000": [],
    "001": [
        " date 2021-07-11 ",
        "Posted on by Elijah J Magnier\n\nBy Elijah J. Magnier:",
        "Subscribe to get access…Syria.",
    ],
    "002": ["skip to Main Content", "Back To Top"],
    "003": [],
    "004": ["The article from the source\n\n\nRelated Articles\n\nBack to top button"],
}


def outside(text: str) -> list[str]:
    return [text[start:end] for start, end in find(text).outside]


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_the_furniture_of_the_seeds(path: Path) -> None:
    found = outside(path.read_text("utf-8"))
    ends = [part.split("…") for part in MARKED[path.stem[:3]]]
    assert len(found) == len(ends)
    for stretch, (first, *last) in zip(found, ends, strict=True):
        assert (stretch.startswith(first) and stretch.endswith(last[0])) if last else stretch == first


def test_no_reference_label_lies_in_furniture() -> None:
    for line in (ROOT / "seeds" / "reference.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        for start, end in find(record["text"]).outside:
            assert not [s["text"] for s in record["spans"] if s["start"] < end and start < s["end"]]


def test_what_stands_before_the_header_stays_out() -> None:
    assert outside("Skip to content\n\ndate 2021-07-11 The headline\nThe army said so.") == [
        "Skip to content",
        "date 2021-07-11 ",
    ]


def test_day_and_author_of_the_header() -> None:
    found = find(SEEDS[1].read_text("utf-8"))
    assert (found.date, found.author) == ("2021-07-11", "Elijah J. Magnier")


@pytest.mark.parametrize(
    ("number", "title"),
    [
        (0, "Iraq, new attacks against US interests from Iran are feared. Also via Isis"),
        (1, "The Iraqi-US escalation has reached its second phase: third, wider confrontation"),
        (2, "Iraq, Esper: I suspect Iran is behind attacks on US bases"),
        (3, "Attacks on US sites have escalated in recent hours harmoniously between"),
        (4, "Drone attacks in Iraq… Distracting the efforts of the international coalition"),
    ],
)
def test_titles_of_the_seeds(number: int, title: str) -> None:
    assert find(SEEDS[number].read_text("utf-8")).title == title


def test_a_title_is_the_first_line_that_is_no_furniture() -> None:
    assert find("Skip to content\n\n Date: 2021-07-11  قال 🚀\tnow \nmore").title == "قال 🚀 now"
    assert find("Menu\nShare\n").title == ""


def test_a_long_title_is_cut_at_a_word() -> None:
    assert find("word " * 40).title == ("word " * 16).strip()
    assert len(find("x" * 300).title) == TITLE_LENGTH


PAGE = """By John Smith and Mary O’Neil
Published 3 July 2021 10:30 AM
Share

The army said so. Nobody was hurt 🚀.

Related Articles
Iran denies role in attack
Iraq PM visits the base

The attack came after the army had said so, and nobody had believed it in the capital.

3 Comments
I like it!
Me too."""


def test_links_between_paragraphs_and_comments_below() -> None:
    assert outside(PAGE) == [
        "By John Smith and Mary O’Neil\nPublished 3 July 2021 10:30 AM\nShare",
        "Related Articles\nIran denies role in attack\nIraq PM visits the base",
        "3 Comments\nI like it!\nMe too.",
    ]
    assert (find(PAGE).date, find(PAGE).author) == ("2021-07-03", "John Smith and Mary O’Neil")


@pytest.mark.parametrize(
    "line",
    [
        "Comments by the minister angered the opposition.",
        "Published on Monday, the report says that forces withdrew from the base.",
        "By the end of the week, all forces had left:",
        "Follow the money, the minister told the press on Twitter and elsewhere, and you will find the culprit.",
        "Consecutive attacks..",
        "Facade of known factions",
        "Search teams found nothing",
        "Home Secretary resigns",
        "2021 was a bad year",
        "11 July was a Sunday, and the markets of the old city were full of people.",
        "Share prices fell",
    ],
)
def test_lines_of_a_story_are_no_furniture(line: str) -> None:
    text = (
        f"Headline of the day\n\n{line}\n\nThe army said that three rockets had hit the base near the city."
    )
    assert outside(text) == []


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("date 2021-07-11", "2021-07-11"),
        ("July 4th, 2020", "2020-07-04"),
        ("Sunday, 4 Jul 2020 at 10:00", "2020-07-04"),
        ("2020/02/30", None),
        ("11/7/2021", None),
        ("2021-07-11T10:00:00+02:00", "2021-07-11"),
    ],
)
def test_days(words: str, day: str | None) -> None:
    assert day_of(words) == day


LINES = st.sampled_from(
    ["Share", "Menu", "By Ann Lee", "date 2021-07-11 Attack 🚀", "Leave a Reply", "قال محمد في بغداد", "Related Articles", "e\u0301 \u00a0x",
     "", " ", "The army said so in the morning, and nobody had believed a word of it in the capital.", "Back to top"]
)  # fmt: skip


@given(st.lists(LINES, max_size=25).map("\n".join))
def test_stretches_are_sorted_apart_and_begin_and_end_with_furniture(text: str) -> None:
    found = find(text)
    last = -1
    for start, end in found.outside:
        assert last < start < end <= len(text)
        last = end
    inside = "".join(
        text[a:b]
        for a, b in zip(
            [0, *(e for _, e in found.outside)], [*(s for s, _ in found.outside), len(text)], strict=True
        )
    )
    assert not found.outside or inside.strip()
