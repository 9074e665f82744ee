"""Colours as numbers: contrast, how far two look apart, what dichromats see of them, and making one readable.

Colours are "#rrggbb" in sRGB. Contrast is that of WCAG 2 (relative luminance), 1 to 21; the bar for text is 4.5.
Distances are CIEDE2000 (Sharma, Wu, Dalal 2005): about 2.3 is just noticeable. Dichromacy follows Machado, Oliveira and
Fernandes (2009), severity 1, applied to linear sRGB.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt
from typing import Literal

Vision = Literal["normal", "protanopia", "deuteranopia", "tritanopia"]
Triple = tuple[float, float, float]
# The WCAG bar for body text.
CONTRAST = 4.5
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_MACHADO: dict[Vision, tuple[Triple, Triple, Triple]] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900),
    ),
}  # fmt: skip
_WHITE = (0.95047, 1.0, 1.08883)  # D65


def is_colour(text: str) -> bool:
    """Whether it is a "#rrggbb"."""
    return _HEX.fullmatch(text) is not None


def _rgb(colour: str) -> Triple:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))  # type: ignore[return-value]


def _hex(rgb: Sequence[float]) -> str:
    return "#" + "".join(f"{round(min(1.0, max(0.0, value)) * 255):02x}" for value in rgb)


def _linear(colour: str) -> Triple:
    r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in _rgb(colour))
    return r, g, b


def _from_linear(rgb: Sequence[float]) -> str:
    clipped = (min(1.0, max(0.0, value)) for value in rgb)
    return _hex([12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055 for v in clipped])


def luminance(colour: str) -> float:
    """The relative luminance, 0 (black) to 1 (white)."""
    r, g, b = _linear(colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, vision: Vision) -> str:
    """What somebody with that vision sees of a colour."""
    if vision == "normal":
        return colour
    rgb = _linear(colour)
    return _from_linear([sum(m * v for m, v in zip(row, rgb, strict=True)) for row in _MACHADO[vision]])


def lab(colour: str) -> Triple:
    """CIE L*a*b* under D65."""
    r, g, b = _linear(colour)
    x = 0.4124564 * r + 0.3575761 * g + 0.1804375 * b
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = 0.0193339 * r + 0.1191920 * g + 0.9503041 * b
    fx, fy, fz = (_f(value / white) for value, white in zip((x, y, z), _WHITE, strict=True))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _f(t: float) -> float:
    return t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29


def distance(one: str, other: str, vision: Vision = "normal") -> float:
    """How far apart two colours look (CIEDE2000) to somebody with that vision."""
    return delta_e(lab(seen(one, vision)), lab(seen(other, vision)))


def delta_e(one: Triple, other: Triple) -> float:
    """CIEDE2000 of two L*a*b* colours, all weights 1."""
    mean = (hypot(*one[1:]) + hypot(*other[1:])) / 2
    g = 0.5 * (1 - (mean**7 / (mean**7 + 25**7)) ** 0.5)
    (l1, c1, h1), (l2, c2, h2) = (_lch(colour, g) for colour in (one, other))
    dl, dc = l2 - l1, c2 - c1
    turn = h2 - h1
    if c1 * c2 == 0:
        turn = 0.0
    elif abs(turn) > 180:
        turn -= 360 if turn > 0 else -360
    dh = 2 * (c1 * c2) ** 0.5 * sin(radians(turn / 2))
    level, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = _mean_hue(h1, h2, c1 * c2)
    sl, sc, sh, rotation = _weights(level, chroma, hue)
    a, b, c = dl / sl, dc / sc, dh / sh
    # Below zero by rounding only, where the colours are equal.
    return sqrt(max(0.0, a * a + b * b + c * c + rotation * b * c))


def _lch(colour: Triple, g: float) -> Triple:
    level, a, b = colour[0], colour[1] * (1 + g), colour[2]
    return level, hypot(a, b), degrees(atan2(b, a)) % 360 if a or b else 0.0


def _mean_hue(one: float, other: float, chroma: float) -> float:
    if chroma == 0:
        return one + other
    if abs(one - other) <= 180:
        return (one + other) / 2
    return (one + other + 360) / 2 if one + other < 360 else (one + other - 360) / 2


def _weights(level: float, chroma: float, hue: float) -> tuple[float, float, float, float]:
    t = (
        1
        - 0.17 * cos(radians(hue - 30))
        + 0.24 * cos(radians(2 * hue))
        + 0.32 * cos(radians(3 * hue + 6))
        - 0.20 * cos(radians(4 * hue - 63))
    )
    off = (level - 50) ** 2
    sl = 1 + 0.015 * off / (20 + off) ** 0.5
    rotation = (
        -sin(radians(60 * exp(-(((hue - 275) / 25) ** 2)))) * 2 * (chroma**7 / (chroma**7 + 25**7)) ** 0.5
    )
    return sl, 1 + 0.045 * chroma, 1 + 0.015 * chroma * t, rotation


def mixed(under: str, over: str, share: float) -> str:
    """`over` laid on `under` with an opacity of `share`."""
    pairs = zip(_rgb(under), _rgb(over), strict=True)
    return _hex([low + (high - low) * share for low, high in pairs])


def readable(colour: str, grounds: Sequence[str], ratio: float = CONTRAST) -> str:
    """The colour itself where it has that contrast with all grounds, else the nearest darker or lighter one that has.

    Grounds that no colour can be read on together get the better of black and white.
    """
    if _worst(colour, grounds) >= ratio:
        return colour
    found = []
    for end in ("#000000", "#ffffff"):
        share = next(
            (n / 200 for n in range(1, 201) if _worst(mixed(colour, end, n / 200), grounds) >= ratio), None
        )
        if share is not None:
            found.append(mixed(colour, end, share))
    if found:
        return min(found, key=lambda other: distance(colour, other))
    return max(("#000000", "#ffffff"), key=lambda end: _worst(end, grounds))


def _worst(colour: str, grounds: Sequence[str]) -> float:
    return min((contrast(colour, ground) for ground in grounds), default=21.0)


def text_on(background: str) -> str:
    """A colour for text on that background: near black or white, whichever can be read better."""
    best = max(("#14161a", "#ffffff"), key=lambda text: contrast(text, background))
    return best if contrast(best, background) >= CONTRAST else "#000000"
