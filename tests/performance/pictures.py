"""Pictures of cost against size: lines over a grid, as SVG that needs nothing but itself to be legible.

Each line is named at its right end, in its own colour, so that nobody has to match a legend.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from typing import Final

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 74, 190, 56, 58
COLOURS: Final = ("#0b5fa5", "#c2410c", "#2e7d32", "#7b1fa2", "#5d4037", "#00838f", "#ad1457", "#616161")
LINE_APART: Final = 16
"""Names of lines that end close together are moved so far from each other."""
STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
ABOUT_SO_MANY_STEPS: Final = 5

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Chart:
    """Named lines. ``name`` is the file's, ``x`` and ``y`` say what is measured and in which unit. A logarithmic axis
    needs values above zero; one that is not begins at zero."""

    name: str
    title: str
    x: str
    y: str
    lines: Mapping[str, Points]
    log_x: bool = True
    log_y: bool = False


@dataclass(frozen=True, slots=True)
class _Axis:
    """From values to places between ``start`` and ``end``."""

    low: float
    high: float
    start: float
    end: float
    log: bool
    ticks: Sequence[float]

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float, *, log: bool) -> _Axis:
        ticks = list(_decades(min(values), max(values)) if log else _steps(max(values)))
        return cls(ticks[0], ticks[-1], start, end, log, ticks)

    def place(self, value: float) -> float:
        low, high, value = (log10(each) if self.log else each for each in (self.low, self.high, value))
        return self.start + (self.end - self.start) * (value - low) / (high - low)


def _decades(low: float, high: float) -> Iterator[float]:
    first, last = floor(log10(low) + 1e-9), ceil(log10(high) - 1e-9)
    for exponent in range(first, max(last, first + 1) + 1):
        yield 10.0**exponent


def _steps(high: float) -> Iterator[float]:
    rough = (high or 1) / ABOUT_SO_MANY_STEPS
    unit = 10 ** floor(log10(rough))
    step = next(unit * each for each in STEPS if unit * each >= rough * 0.999)
    for count in range(ceil((high or 1) / step - 1e-9) + 1):
        yield count * step


def drawn(chart: Chart) -> str:
    """The chart as a whole SVG document."""
    points = [point for line in chart.lines.values() for point in line]
    across = _Axis.over([x for x, _ in points], LEFT, WIDTH - RIGHT, log=chart.log_x)
    up = _Axis.over([y for _, y in points], HEIGHT - BOTTOM, TOP, log=chart.log_y)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"',
        ' font-family="system-ui, Helvetica, Arial, sans-serif" font-size="13" fill="#222">\n',
        f'<title>{escape(chart.title)}</title>\n<rect width="100%" height="100%" fill="#fff"/>\n',
        _text(LEFT, 28, chart.title, 'font-size="16" font-weight="600"'),
        *_grid(across, up),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, chart.x, 'text-anchor="middle"'),
        _text(LEFT, TOP - 12, chart.y, 'fill="#555"'),
        *_lines(chart.lines, across, up),
        "</svg>\n",
    ]
    return "".join(parts)


def _grid(across: _Axis, up: _Axis) -> Iterator[str]:
    for tick in up.ticks:
        y = up.place(tick)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>\n'
        yield _text(LEFT - 8, y + 4.5, _number(tick), 'text-anchor="end"')
    for tick in across.ticks:
        x = across.place(tick)
        yield f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#eee"/>\n'
        yield _text(x, HEIGHT - BOTTOM + 20, _number(tick), 'text-anchor="middle"')
    yield f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}" fill="none" stroke="#222"/>\n'


def _lines(lines: Mapping[str, Points], across: _Axis, up: _Axis) -> Iterator[str]:
    ends = {name: up.place(points[-1][1]) for name, points in lines.items()}
    places = _apart(ends)
    for number, (name, points) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        dots = [(across.place(x), up.place(y)) for x, y in points]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in dots)
        yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>\n'
        for x, y in dots:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>\n'
        yield _text(dots[-1][0] + 10, places[name] + 4.5, name, f'style="fill:{colour}"')


def _apart(ends: Mapping[str, float]) -> dict[str, float]:
    """The same places, from the top, none closer to the one above than a line of text is high, and all on the picture."""
    places: dict[str, float] = {}
    above = -float(LINE_APART)
    for name, place in sorted(ends.items(), key=lambda end: end[1]):
        above = places[name] = max(place, above + LINE_APART)
    below = float(HEIGHT - BOTTOM + LINE_APART)
    for name in reversed(places):
        below = places[name] = min(places[name], below - LINE_APART)
    return places


def _text(x: float, y: float, text: str, attributes: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {attributes}>{escape(text)}</text>\n'


def _number(value: float) -> str:
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"
