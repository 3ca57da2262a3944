"""What every figure draws is what was recorded: lines, bars, bands, words, places and colours, without a single pixel.

`python tests/report/test_drawings.py --record` writes the drawings anew, after somebody has looked at the figures.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from carousel.report import figures
from carousel.report.figure_style import styled
from carousel.tests.report.hand_made_runs import busy_tables
from carousel.tests.report.more_runs import DRAWN, HISTORIES
from matplotlib import colors

RECORD = Path(__file__).with_name("drawings.json")


WITH_A_MARKET = ("small", "busy", "vendor")


def numbers(values):
    """Numbers with six digits."""
    flat = np.asarray(values, dtype=float).ravel()
    return " ".join(f"{v + 0.0:.6g}" for v in flat)


def color(value):
    """Any colour as eight hex digits."""
    return "none" if isinstance(value, str) and value == "none" else colors.to_hex(value, keep_alpha=True)


def line_of(line):
    style = f"{line.get_linestyle()} {line.get_linewidth():.3g} {line.get_marker()} {line.get_markersize():.3g}"
    name = "" if line.get_label().startswith("_") else line.get_label()
    return f"line {name}: {numbers(line.get_xydata())} {color(line.get_color())} {style} z{line.get_zorder():g}"


def patch_of(patch):
    shape = patch.get_patch_transform().transform(patch.get_path().vertices)
    face, edge = color(patch.get_facecolor()), color(patch.get_edgecolor())
    return f"{type(patch).__name__}: {numbers(shape)} {face} {edge} {patch.get_linewidth():.3g} z{patch.get_zorder():g}"


def text_of(text):
    how = f"{text.get_fontsize():.4g} {text.get_ha()} {text.get_va()} {text.get_fontweight()} {text._linespacing}"
    box = text.get_bbox_patch()
    frame = f" in {box_of(box)}" if box is not None else ""
    offset = getattr(text, "xyann", ())
    how += f" {text.get_fontfamily()} {color(text.get_color())} {text.get_parse_math()}"
    return f"text {text.get_text()!r} at {numbers([*text.get_position(), *offset])} {how} z{text.get_zorder():g}{frame}"


def box_of(box):
    """The frame round a text."""
    style = box.get_boxstyle()
    colours = f"{color(box.get_edgecolor())} {color(box.get_facecolor())}"
    return f"{type(style).__name__} {style.pad:g} {colours} {box.get_linewidth():.3g}"


def style_of(axes):
    """How a panel looks whatever it shows: its frame, grid and words."""
    seen = {side: spine for side, spine in axes.spines.items() if spine.get_visible()}
    spines = [f"{side} {color(spine.get_edgecolor())}" for side, spine in seen.items()]
    yield f"frame {' '.join(spines)} below {axes.get_axisbelow()}"
    pad = axes.titleOffsetTrans.transform((0, 0))[1]
    title = axes._left_title
    yield f"titles {font_of(title)} pad {pad:.4g}"
    for axis in (axes.xaxis, axes.yaxis):
        (tick, *_) = axis.get_major_ticks()
        grid = f"{tick.gridline.get_visible()} {color(tick.gridline.get_color())}"
        yield f"axis {axis.label.get_text()!r} {font_of(axis.label)} ticks {font_of(tick.label1)} grid {grid}"


def font_of(text):
    return f"{text.get_fontfamily()} {text.get_fontsize():.4g} {text.get_fontweight()} {color(text.get_color())}"


def axes_of(axes):
    """Everything in a panel, an entry each."""
    yield from style_of(axes)
    yield f"axes {axes.get_subplotspec()} x {numbers(axes.get_xlim())} y {numbers(axes.get_ylim())} on {axes.axison}"
    if axes.get_subplotspec() is None:
        yield f"place {numbers(axes.get_position().bounds)}"
    shared = [len(group.get_siblings(axes)) for group in (axes.get_shared_x_axes(), axes.get_shared_y_axes())]
    inner = [axis.get_major_ticks()[0].label1.get_visible() for axis in (axes.xaxis, axes.yaxis)]
    yield f"shared {shared} ticks said {inner}"
    yield f"grid x {axes.xaxis._major_tick_kw.get('gridOn')} y {axes.yaxis._major_tick_kw.get('gridOn')}"
    for title in (axes.title, axes._left_title):
        if title.get_text():
            yield f"title {title.get_text()!r} {title.get_fontsize():.4g}"
    for axis in (axes.xaxis, axes.yaxis):
        labels = [label.get_text() for label in axis.get_ticklabels() if label.get_text()]
        kind = type(axis.get_major_formatter()).__name__
        places = axis.get_major_locator()
        fixed = f"{labels} at {numbers(places.locs)}" if kind == "FixedFormatter" else ""
        most = sorted(set(getattr(places, "maxticks", {}).values()))
        yield f"ticks {type(places).__name__} {getattr(places, 'minticks', '')} {most} {kind} {fixed}"
        if kind == "FuncFormatter":
            yield f"said {[axis.get_major_formatter()(v, 0) for v in (0.0, 0.25, 1e13)]}"
        if kind == "_Percent":
            yield f"said {axis.get_major_formatter().format_ticks([0.0, 0.25, 1e13])}"
    yield from (line_of(line) for line in axes.lines)
    yield from (patch_of(patch) for patch in axes.patches)
    for collection in axes.collections:
        shapes = " ".join(numbers(path.vertices) for path in collection.get_paths())
        edges = " ".join(f"{width:.3g}" for width in np.atleast_1d(collection.get_linewidth()))
        faces = [color(c) for c in collection.get_facecolor()]
        yield f"band {collection.get_label()}: {shapes} {faces} edges {edges} z{collection.get_zorder():g}"
    yield from (text_of(text) for text in axes.texts)
    if legend := axes.get_legend():
        yield legend_of(legend)


def legend_of(legend):
    """Words and place of a legend, the place in shares of its panel or figure."""
    parent = legend.axes.transAxes if legend.axes else legend.get_figure().transFigure
    place = parent.inverted().transform(legend.get_bbox_to_anchor().p0)
    words = [text.get_text() for text in legend.get_texts()]
    font = font_of(legend.get_texts()[0]) if words else ""
    frame = f"{font} frame {legend.get_frame_on()}"
    how = f"{frame} columns {legend._ncols} loc {legend._loc_real} pad {legend.borderaxespad:g}"
    return f"legend {words} {how} at {numbers(place)}"


def drawing(figure):
    """Everything that a figure draws, one entry a thing."""
    layout = type(figure.get_layout_engine()).__name__
    yield f"figure {numbers(figure.get_size_inches())} {figure.get_dpi():g} layout {layout}"
    if figure._suptitle is not None:
        yield text_of(figure._suptitle)
    yield from (text_of(text) for text in figure.texts if text is not figure._suptitle)
    for axes in figure.axes:
        yield from axes_of(axes)
    yield from (legend_of(legend) for legend in figure.legends)


def drawings(tables):
    """Name -> entries of every figure of a run."""
    made = figures.every_figure(tables, rule="pro-rata")
    out = {}
    for name, draw in made.items():
        with styled():
            out[name] = list(drawing(draw()))
    return out


@pytest.mark.parametrize("history", DRAWN)
def test_every_figure_draws_what_was_recorded(history):
    recorded = json.loads(RECORD.read_text())[history]
    drawn = drawings(HISTORIES[history]())
    assert list(drawn) == list(recorded)
    for name, entries in drawn.items():
        assert entries == recorded[name], name


@pytest.mark.parametrize("history", WITH_A_MARKET)
def test_the_lines_of_the_market_are_the_values_of_the_tables(history):
    """What was recorded is right: each line is 100 at the start and ends where the tables say."""
    tables = HISTORIES[history]()
    shares = tables["daily"][tables["daily"]["kind"] == "share"]
    with styled():
        axes = figures.every_figure(tables, rule="pro-rata")["market_values"]().axes[0]
    lines = {line.get_label().split(" (")[0]: line for line in axes.lines if not line.get_label().startswith("_")}
    for firm, rows in shares.groupby("security"):
        if firm in lines:
            values = rows.sort_values("day")["market_value_cents"].to_numpy(dtype=float)
            assert np.allclose(lines[firm].get_ydata(), 100 * values / values[0])
    assert len(lines) >= 2


@pytest.mark.parametrize("worthless", ["Oracle", "Rest"])
def test_who_is_worth_nothing_on_a_day_has_no_line(worthless):
    tables = busy_tables()
    daily = tables["daily"].copy()
    daily.loc[(daily["security"] == worthless) & (daily["day"] == 42), "market_value_cents"] = 0
    with styled():
        axes = figures.every_figure(tables | {"daily": daily}, rule="pro-rata")["market_values"]().axes[0]
    names = {line.get_label().split(" (")[0] for line in axes.lines if not line.get_label().startswith("_")}
    everybody = {"Oracle", "CoreWeave", "NVIDIA", "OpenAI", "Anthropic", "Rest of the index"}
    assert everybody - names == {"Rest of the index" if worthless == "Rest" else worthless}


def main():
    """Record."""
    recorded = {name: drawings(HISTORIES[name]()) for name in DRAWN}
    if "--record" in sys.argv:
        RECORD.write_text(json.dumps(recorded, indent=0, ensure_ascii=False) + "\n")
    print(sum(len(entries) for drawn in recorded.values() for entries in drawn.values()), "things drawn")


if __name__ == "__main__":
    main()
