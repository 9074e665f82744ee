"""Prodigy JSONL both ways (https://prodi.gy/docs/api-interfaces, `spans_manual` and `relations`).

Offsets are code points; `token_start` and `token_end` are numbers of `tokens`, the last one included, and a relation ties
the last tokens of its spans. Out, tokens are parted where a span begins or ends inside one, so that every span keeps its
edges. In, only examples answered `accept` bring their labels.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import regex
from pydantic import BaseModel, ConfigDict

from desktop.bundle import STATES, Bundle, RawArticle, RawRelation, RawSpan, Record, Report
from desktop.errors import UserError
from desktop.formats import counting, own, stretches
from desktop.formats.base import Placed, Plan, ReadOptions
from desktop.formats.objects import first_object, records, valid
from desktop.formats.receipt import Receipt
from desktop.formats.tokens import tokenize, tokenizer_name
from desktop.text import Bounds

ACCEPT, IGNORE = "accept", "ignore"
_MARKS = ("_input_hash", "_task_hash", "_session_id", "_annotator_id", "_view_id")
_ITS_OWN = (
    *_MARKS,
    "_timestamp",
    "_is_binary",
    "tokens",
    "answer",
    "config",
    "html",
    "options",
    "score",
    "priority",
)
# What Prodigy calls a session that nobody named.
_UNNAMED = regex.compile(r"(?:.*-)?\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d")


def write(folder: Path, bundle: Bundle, plan: Plan) -> Receipt:
    """`<split>.jsonl` in `folder`; spans with gaps are written as one stretch. Articles nobody began are to `ignore`."""
    receipt = Receipt("prodigy", notes={"tokenizer": {}, "tokens_parted": 0, "relations_left_out": 0})
    with ExitStack() as stack:
        files = {
            split: stack.enter_context((folder / f"{split}.jsonl").open("w", encoding="utf-8", newline="\n"))
            for split in plan.names
        }
        for record in bundle:
            line = json.dumps(_task(record, receipt), ensure_ascii=False) + "\n"
            files[plan.split(record.article.id)].write(line)
            receipt.articles += 1
            receipt.spans_in += len(record.spans)
    return receipt


def _task(record: Record, receipt: Receipt) -> dict[str, Any]:
    language = record.article.language
    words = tokenize(record.text, language)
    receipt.notes["tokenizer"].setdefault(language or "", tokenizer_name(language))
    starts = {span.start for span in record.spans}
    ends = {span.end for span in record.spans}
    edges = sorted(starts | ends)
    receipt.notes["tokens_parted"] += sum(bisect_right(edges, a) < bisect_left(edges, b) for a, b in words)
    tokens = list(_tokens(record.text, words, starts, ends))
    first = {token["start"]: token["id"] for token in tokens}
    last = {token["end"]: token["id"] for token in tokens}
    spans: dict[str, dict[str, Any]] = {}
    for span, start, end in stretches.whole(record, receipt):
        spans[span.id] = {
            "start": start, "end": end, "token_start": first[start], "token_end": last[end], "label": span.label,
            "id": span.id, **({"attributes": span.attributes} if span.attributes else {}),
            **({"note": span.note} if span.note else {}),
        }  # fmt: skip
    relations = [
        {
            "head": spans[relation.head]["token_end"], "child": spans[relation.tail]["token_end"], "label": relation.type,
            "head_span": _place(spans[relation.head]), "child_span": _place(spans[relation.tail]), "id": relation.id,
            **({"attributes": relation.attributes} if relation.attributes else {}),
            **({"note": relation.note} if relation.note else {}),
        }
        for relation in record.relations if relation.head in spans and relation.tail in spans
    ]  # fmt: skip
    receipt.notes["relations_left_out"] += len(record.relations) - len(relations)
    state = next(iter((record.status or {}).values()), "todo")
    return {
        "text": record.text, "tokens": tokens, "spans": list(spans.values()), "relations": relations,
        "answer": ACCEPT if spans or state == "done" else IGNORE, "status": state, **own.article_keys(record),
    }  # fmt: skip


def _place(span: Mapping[str, Any]) -> dict[str, Any]:
    return {key: span[key] for key in ("start", "end", "token_start", "token_end", "label", "id")}


def _tokens(text: str, words: list[Bounds], starts: set[int], ends: set[int]) -> Iterator[dict[str, Any]]:
    """Tokens that make up the whole text: `ws` tells of one blank after a token, other blanks are tokens themselves."""
    edges = sorted({0, len(text)} | starts | ends | {edge for word in words for edge in word})
    made: dict[str, Any] | None = None
    number = 0
    for start, end in pairwise(edges):
        if made and text[start:end] == " " and not made["ws"] and start not in starts and end not in ends:
            made["ws"] = True
            continue
        if made:
            yield made
        made = {"text": text[start:end], "start": start, "end": end, "id": number, "ws": False}
        number += 1
    if made:
        yield made


def read_back(folder: Path, bundle: Bundle, plan: Plan) -> Iterator[tuple[str, Counter[Placed]]]:
    """What a consumer finds: each span is where its tokens are, and the tokens make up the text."""
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                given = json.loads(line)
                tokens = given["tokens"]
                if "".join(token["text"] + " " * token["ws"] for token in tokens) != given["text"]:
                    raise UserError(
                        f"the tokens of {given['article_id']!r} do not make up its text", "export again"
                    )
                placed: Counter[Placed] = Counter()
                for span in given["spans"]:
                    place = tokens[span["token_start"]]["start"], tokens[span["token_end"]]["end"]
                    if place == (span["start"], span["end"]):
                        placed[span["label"], (place,)] += 1
                yield given["article_id"], placed


class _Token(BaseModel):
    model_config = ConfigDict(strict=True)

    text: str
    start: int
    end: int
    id: int


class _Span(BaseModel):
    model_config = ConfigDict(strict=True)

    start: int
    end: int
    label: str
    text: str | None = None
    id: str | None = None
    attributes: dict[str, Any] = {}
    note: str = ""


class _End(BaseModel):
    start: int
    end: int
    id: str | None = None


class _Relation(BaseModel):
    model_config = ConfigDict(strict=True)

    head: int
    child: int
    label: str
    head_span: _End | None = None
    child_span: _End | None = None
    id: str | None = None
    attributes: dict[str, Any] = {}
    note: str = ""


def sniff(path: Path, head: bytes) -> bool:
    given = first_object(path, head)
    if not isinstance(given.get("text"), str):
        return False
    tokens = given.get("tokens")
    listed = (
        isinstance(tokens, list) and bool(tokens) and isinstance(tokens[0], dict) and "start" in tokens[0]
    )
    return listed or any(mark in given for mark in (*_MARKS, "answer"))


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The articles of a file that `prodigy db-out` wrote, or `db-in` reads."""
    return records(path, options, report, _reader(str(path), options))


def _reader(file: str, options: ReadOptions) -> Callable[[dict[str, Any], str, Report], RawArticle]:
    def make(given: dict[str, Any], place: str, report: Report) -> RawArticle:
        text = given.pop("text", None)
        if not isinstance(text, str):
            raise UserError("there is no text", 'give it as "text"')
        annotator = _annotator(given, options)
        answer = given.get("answer", ACCEPT)
        state = given.pop("status", None)
        tokens = valid(_Token, given.get("tokens"), "token", file, place, report)
        found = valid(_Span, given.pop("spans", None), "span", file, place, report)
        ties = valid(_Relation, given.pop("relations", None), "relation", file, place, report)
        for name in set(_ITS_OWN) & set(given):
            del given[name]
        if answer != ACCEPT:
            if found:
                report.clean(file, f"labels of examples answered {answer!r} left out", len(found))
            found, ties = [], []
        spans = _spans(text, [one for _, one in tokens], found, annotator, file, report)
        by_token = {token.id: (token.start, token.end) for _, token in tokens}
        relations = [
            RawRelation(
                tie.label, _end(tie.head_span, tie.head, by_token, spans), _end(tie.child_span, tie.child, by_token, spans),
                where, tie.id, tie.attributes, annotator, tie.note,
            )
            for where, tie in ties
        ]  # fmt: skip
        status = {annotator: state if state in STATES else "done" if answer == ACCEPT else "todo"}
        return own.take_article(
            given, text, file, place, report, spans=spans, relations=relations, status=status
        )

    return make


def _annotator(given: Mapping[str, Any], options: ReadOptions) -> str:
    name = given.get("_annotator_id") or given.get("_session_id")
    return options.annotator if not isinstance(name, str) or _UNNAMED.fullmatch(name) else name


def _spans(
    text: str, tokens: list[_Token], found: list[tuple[str, _Span]], annotator: str, file: str, report: Report
) -> list[RawSpan]:
    places = [(((token.start, token.end),), token.text) for token in tokens]
    places += [(((span.start, span.end),), span.text) for _, span in found if span.text is not None]
    unit, move = counting.counting(text, places)
    if unit != counting.CODE_POINTS:
        report.guess(file, unit, "offsets")
    return [
        RawSpan(span.label, (move((span.start, span.end)),), where, span.id or f"s{number}", span.text,
                span.attributes, annotator, span.note)
        for number, (where, span) in enumerate(found, 1)
    ]  # fmt: skip


def _end(span: _End | None, token: int, tokens: Mapping[int, Bounds], spans: list[RawSpan]) -> str:
    """The id of the span that a relation means: the one named, else one of that extent, else the shortest over its token."""
    if span and span.id:
        return span.id
    place = (span.start, span.end) if span else tokens.get(token, (-1, -1))
    around = [one for one in spans if one.fragments[0][0] <= place[0] and place[1] <= one.fragments[-1][1]]
    nearest = min(around, key=lambda one: one.fragments[-1][1] - one.fragments[0][0], default=None)
    return (nearest.id if nearest else None) or f"over token {token}"
