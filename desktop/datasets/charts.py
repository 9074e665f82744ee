"""The statistics as pictures: SVG written by hand, in whole numbers, so that the same data gives the same bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from desktop.datasets.statistics import Statistics, median
from desktop.model import Label, Scheme

_WIDTH = 760
_TEXT, _MUTED, _LINE, _PAGE = "#16181d", "#5c6370", "#d9dce1", "#ffffff"
_FONT = "font-family=\"Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif\""
# How strongly a label's colour is laid on: one strength for each split, the first the full colour.
_STRENGTH = {"train": 100, "validation": 62, "test": 34}
_LEFT, _RIGHT = 150, 60
# The upper bounds of the classes of lengths, in words; what is longer is in a last one.
_CLASSES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 40)


def pictures(found: Statistics, scheme: Scheme) -> dict[str, str]:
    """File name and SVG of each picture; those for which there is nothing to show are left out."""
    labels = [label for label in scheme.labels if found.total("spans", label.name)]
    if not labels:
        return {}
    made = {"labels.svg": _labels(found, labels), "lengths.svg": _lengths(found, labels)}
    if found.pairs("nested"):
        made["nesting.svg"] = _nesting(found, labels)
    return made


def _labels(found: Statistics, labels: Sequence[Label]) -> str:
    """Spans of each label, one bar a split."""
    splits = found.splits()
    counts = {(label.name, s): found.total("spans", label.name, s) for label in labels for s in splits}
    most = max(counts.values())
    parts: list[str] = []
    y = 58
    for label in labels:
        top = y
        for split in splits:
            count = counts[label.name, split]
            width = _scaled(count, most, _WIDTH - _LEFT - _RIGHT)
            parts.append(_bar(_LEFT, y, width, 14, _colour(label), _STRENGTH[split]))
            parts.append(_text(_LEFT + width + 6, y + 11, str(count), _MUTED, 11))
            y += 18
        parts.append(_text(_LEFT - 12, (top + y) // 2 + 2, _cut(label.name), _TEXT, 13, anchor="end"))
        y += 12
    legend = _legend(splits) if len(splits) > 1 else []
    title = "Spans of each label" + (" and split" if len(splits) > 1 else "")
    return _svg(y + 8, title, [*legend, *parts])


def _legend(splits: Sequence[str]) -> Iterator[str]:
    x = _LEFT
    for split in splits:
        yield _bar(x, 36, 12, 12, _TEXT, _STRENGTH[split])
        yield _text(x + 18, 46, split, _MUTED, 11)
        x += 110


def _lengths(found: Statistics, labels: Sequence[Label]) -> str:
    """How long the spans of each label are: a row of bars each, on one scale of lengths and each on its own of counts."""
    names = [*_class_names()]
    step = (_WIDTH - _LEFT - _RIGHT) // len(names)
    parts: list[str] = []
    y = 112
    for label in labels:
        lengths = found.values_of("words", label.name)
        classes = _classes(lengths)
        most = max(classes)
        for place, count in enumerate(classes):
            height = _scaled(count, most, 48)
            x = _LEFT + place * step
            parts.append(_bar(x, y - height, step - 6, height, _colour(label), 100))
            if count:
                parts.append(
                    _text(x + (step - 6) // 2, y - height - 4, str(count), _MUTED, 10, anchor="middle")
                )
        parts.append(_rule(y))
        parts.append(_text(_LEFT - 12, y - 18, _cut(label.name), _TEXT, 13, anchor="end"))
        said = f"median {median(lengths)}, most {max(lengths)}"
        parts.append(_text(_LEFT - 12, y - 3, said, _MUTED, 10, anchor="end"))
        y += 82
    scale = y - 64
    for place, name in enumerate(names):
        parts.append(_text(_LEFT + place * step + (step - 6) // 2, scale, name, _MUTED, 10, anchor="middle"))
    return _svg(scale + 18, "Length of the spans, in words", parts)


def _class_names() -> Iterator[str]:
    low = 1
    for high in _CLASSES:
        yield str(high) if low == high else f"{low}–{high}"
        low = high + 1
    yield f"{low}+"


def _classes(lengths: Counter[int]) -> list[int]:
    made = [0] * (len(_CLASSES) + 1)
    for length, count in lengths.items():
        made[next((i for i, high in enumerate(_CLASSES) if length <= high), len(_CLASSES))] += count
    return made


def _nesting(found: Statistics, labels: Sequence[Label]) -> str:
    """Which label lies inside which: a square for each pair, the darker the more."""
    pairs = found.pairs("nested")
    most = max(pairs.values())
    labels = [label for label in labels if any(label.name in pair for pair in pairs)]
    side = max(34, min(96, (_WIDTH - _LEFT - _RIGHT) // len(labels)))
    width = max(_WIDTH, _LEFT + side * len(labels) + _RIGHT)
    parts: list[str] = []
    for column, inner in enumerate(labels):
        x = _LEFT + column * side + side // 2
        parts.append(_text(x, 52, _cut(inner.name, max(4, side // 8)), _MUTED, 11, anchor="middle"))
    for row, outer in enumerate(labels):
        y = 62 + row * 44
        parts.append(_text(_LEFT - 12, y + 26, f"in {_cut(outer.name)}", _TEXT, 13, anchor="end"))
        for column, inner in enumerate(labels):
            count = pairs[outer.name, inner.name]
            x = _LEFT + column * side
            strength = 8 + _scaled(count, most, 92) if count else 0
            parts.append(_cell(x, y, side - 4, _colour(outer), strength, count))
    return _svg(62 + len(labels) * 44 + 8, "Spans inside spans", parts, width)


def _cell(x: int, y: int, side: int, colour: str, strength: int, count: int) -> str:
    ink = _PAGE if strength > 55 else _TEXT
    square = _bar(x, y, side, 40, colour, strength) if count else _frame(x, y, side, 40)
    return square + (_text(x + side // 2, y + 25, str(count), ink, 12, anchor="middle") if count else "")


def _colour(label: Label) -> str:
    return label.colours.light.line


def _scaled(count: int, most: int, room: int) -> int:
    """`count` as a length; a count above 0 is never so short that it cannot be seen."""
    return max(2, count * room // most) if count else 0


def _cut(name: str, most: int = 17) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


def _bar(x: int, y: int, width: int, height: int, colour: str, strength: int) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="2" fill="{escape(colour, _QUOTES)}" '
        f'fill-opacity="{strength // 100}.{strength % 100:02}"/>\n'
    )


def _frame(x: int, y: int, width: int, height: int) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="2" fill="none" stroke="{_LINE}"/>\n'


def _rule(y: int) -> str:
    return f'<line x1="{_LEFT}" y1="{y}" x2="{_WIDTH - _RIGHT}" y2="{y}" stroke="{_LINE}"/>\n'


def _text(x: int, y: int, text: str, colour: str, size: int, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" fill="{colour}" font-size="{size}" text-anchor="{anchor}">{escape(text)}</text>\n'


_QUOTES: Mapping[str, str] = {'"': "&quot;"}


def _svg(height: int, title: str, parts: Iterable[str], width: int = _WIDTH) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'{_FONT} role="img" aria-label="{escape(title, _QUOTES)}">\n'
        f'<rect width="{width}" height="{height}" fill="{_PAGE}"/>\n'
        f'<text x="16" y="26" fill="{_TEXT}" font-size="15" font-weight="600">{escape(title)}</text>\n'
        f"{''.join(parts)}</svg>\n"
    )
