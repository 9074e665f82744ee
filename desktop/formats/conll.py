"""CoNLL columns: `<split>.<label>.conll`, one flat IOB2 layer a label, `token -X- _ TAG`.

A blank line ends a sentence, `-DOCSTART- -X- O O` begins an article (the layout of CoNLL-2003, Tjong Kim Sang & De Meulder
2003, as `spacy convert -c conll` reads it). `<split>.articles.json` lists the ids of the articles in their order.
All files of a split have the same tokens and sentences, so their columns can be laid side by side.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from desktop.bundle import Bundle, Record
from desktop.errors import UserError
from desktop.formats import iob
from desktop.formats.base import Placed, Plan
from desktop.formats.names import slugs, word_slug
from desktop.formats.receipt import Receipt
from desktop.formats.tokens import sentence_starts, tokenize, tokenizer_name
from desktop.model import Scheme
from desktop.text import Bounds

_DOCUMENT = "-DOCSTART-"
_START = f"{_DOCUMENT} -X- O O\n\n"
_TAGS = {"O": iob.OUTSIDE, "B": iob.BEGIN, "I": iob.INSIDE}
Lines = list[tuple[str, str]]


def write(folder: Path, bundle: Bundle, plan: Plan) -> Receipt:
    """Files of every label and split in `folder`; the receipt names each span that a flat layer cannot hold."""
    slug_of = label_slugs(plan.scheme)
    receipt = Receipt("conll", notes={"tags": slug_of, "tokenizer": {}, "relations_left_out": 0})
    articles: dict[str, list[str]] = {name: [] for name in plan.names}
    with ExitStack() as stack:
        files = {
            (split, label): stack.enter_context(
                (folder / f"{split}.{slug}.conll").open("w", encoding="utf-8", newline="\n")
            )
            for split in plan.names
            for label, slug in slug_of.items()
        }
        for record in bundle:
            split = plan.split(record.article.id)
            articles[split].append(record.article.id)
            _write_record(record, {label: files[split, label] for label in slug_of}, slug_of, receipt)
    for split, ids in articles.items():
        content = json.dumps(ids, ensure_ascii=False, indent=0) + "\n"
        (folder / f"{split}.articles.json").write_text(content, encoding="utf-8", newline="\n")
    return receipt


def label_slugs(scheme: Scheme) -> dict[str, str]:
    """The tag of each label: a column file holds no blank in it, and no two differ in case alone."""
    return slugs((label.name for label in scheme.labels), word_slug)


def _write_record(
    record: Record, files: Mapping[str, TextIO], slug_of: Mapping[str, str], receipt: Receipt
) -> None:
    article = record.article
    tokens = list(_pieces(record.text, tokenize(record.text, article.language)))
    columns = {label: iob.column([s for s in record.spans if s.label == label], tokens) for label in slug_of}
    starts = sentence_starts(record.text, tokens, (run for made in columns.values() for run in made.runs))
    for label, made in columns.items():
        found = iob.tags(made.runs, len(tokens))
        names = ("O", f"B-{slug_of[label]}", f"I-{slug_of[label]}")
        files[label].write(_START + _sentences(record.text, tokens, starts, [names[tag] for tag in found]))
        for span, reason in made.left_out:
            receipt.leave_out(article.id, span, reason)
        for span, reason, fragments in made.changed:
            receipt.change(article.id, span, reason, fragments)
    receipt.articles += 1
    receipt.spans_in += len(record.spans)
    receipt.notes["relations_left_out"] += len(record.relations)
    receipt.notes["tokenizer"].setdefault(article.language or "", tokenizer_name(article.language))


def _pieces(text: str, tokens: Sequence[Bounds]) -> Iterator[Bounds]:
    for start, end in tokens:
        # Readers take a line that begins so for a new article; parted, it is two harmless tokens.
        if text.startswith(_DOCUMENT, start, end):
            yield start, start + 1
            start += 1  # noqa: PLW2901
        yield start, end


def _sentences(text: str, tokens: Sequence[Bounds], starts: Sequence[int], names: Sequence[str]) -> str:
    lines = [f"{text[s:e]} -X- _ {name}\n" for (s, e), name in zip(tokens, names, strict=True)]
    ends = [*starts[1:], len(tokens)]
    return "".join("".join(lines[s:e]) + "\n" for s, e in zip(starts, ends, strict=True))


def read_back(folder: Path, bundle: Bundle, plan: Plan) -> Iterator[tuple[str, Counter[Placed]]]:
    """What a consumer finds: columns parsed anew, tokens looked up in the articles' texts one after the other."""
    label_of = {slug: label for label, slug in label_slugs(plan.scheme).items()}
    for path in sorted(folder.glob("*.articles.json")):
        split = path.name.removesuffix(".articles.json")
        ids = iter(json.loads(path.read_text(encoding="utf-8")))
        with ExitStack() as stack:
            layers = [
                _documents(stack.enter_context(file.open(encoding="utf-8", newline="\n")))
                for file in sorted(folder.glob(f"{split}.*.conll"))
            ]
            for record in bundle:
                if plan.split(record.article.id) == split:
                    placed: Counter[Placed] = Counter()
                    for layer in layers:
                        placed.update(_spans(next(layer, []), record, label_of))
                    yield next(ids, ""), placed


def _documents(file: TextIO) -> Iterator[Lines]:
    """The (token, tag) pairs of one article after the other."""
    lines: Lines = []
    first = True
    for line in file:
        if line == _START[:-1]:
            if not first:
                yield lines
            lines, first = [], False
        elif line.strip():
            columns = line.split()
            lines.append((columns[0], columns[-1]))
    if not first:
        yield lines


def _spans(lines: Lines, record: Record, label_of: Mapping[str, str]) -> Iterator[Placed]:
    text, position, tokens = record.text, 0, []
    for token, _ in lines:
        while position < len(text) and text[position].isspace():
            position += 1
        if not text.startswith(token, position):
            raise UserError(f"the token {token!r} does not stand in article {record.article.id!r} at character {position}",
                            "export again into a new folder")  # fmt: skip
        tokens.append((position, position := position + len(token)))
    label = next((label_of.get(tag[2:], tag[2:]) for _, tag in lines if tag != "O"), "")
    for first, last in iob.runs([_TAGS[tag[0]] for _, tag in lines]):
        yield label, ((tokens[first][0], tokens[last - 1][1]),)
