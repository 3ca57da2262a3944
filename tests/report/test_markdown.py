"""What others wrote shows itself in Markdown, on terminals and in figures, and does nothing else there."""

from __future__ import annotations

import html
import io
import re
import warnings

import pytest
from carousel.cli.console import answer_renderables
from carousel.engine.legible import legible
from carousel.report.answer import Answer
from carousel.report.answer_text import AnswerTable, Section
from carousel.report.figure_style import in_legend, new_figure, save, styled
from carousel.report.markdown import markdown_line, markdown_text
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console

EVIL = "T\x1b[31mRED\x1b]0;pwned\x07 | pipe\n# Fake <script>alert(1)</script> [x](http://evil) ![i](y) \u202eabc\x9b2J"


@given(st.text(max_size=80))
def test_a_legible_text_is_printable_and_one_line(text):
    shown = legible(text)
    assert shown.isprintable()
    assert legible(shown) == shown
    if text.isprintable():
        assert shown == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[2J", "a\\x1b[2J"),
        ("a\nb\tc", "a b c"),
        ("1\xa0000", "1 000"),
        ("\u202ex", "\\u202ex"),
        ("é 東 –", "é 東 –"),
    ],
)
def test_what_cannot_be_seen_is_shown_by_its_escape(text, shown):
    assert legible(text) == shown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("a | b", "a \\| b"),
        ("<b>&lt;</b>", "&lt;b&gt;&amp;lt;&lt;/b&gt;"),
        ("S&P 500", "S&P 500"),
        ("*a* `b` ~c~", "\\*a\\* \\`b\\` \\~c\\~"),
        ("_a_ b_c", "\\_a\\_ b_c"),
        ("![i](http://e)", "!\\[i\\](http\\://e)"),
        ("www.evil.com", "www\\.evil.com"),
        ("-$1.5 m, +3 %", "-$1.5 m, +3 %"),
    ],
)
def test_signs_of_markdown_and_html_mean_themselves(text, markdown):
    assert markdown_text(text) == markdown


@given(st.text(max_size=60) | st.text('_*`<>&[]()!#-+=~.|1a /:\\\\"', max_size=12))
@example("    a")
@example("1) a")
@example("___")
@example("&amp;#35;")
def test_a_reader_of_markdown_sees_the_text_itself(text):
    """Rendered, the paragraph holds the legible text and no element of its own."""
    seen = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown_line(text))
    whole = legible(text).strip()
    assert html.unescape(seen) == (f"<p>{whole}</p>\n" if whole else "")
    assert set(re.findall(r"</?(\w+)", seen)) <= {"p"}


@pytest.mark.parametrize(
    ("text", "line"), [("# a", "\\# a"), ("- a", "\\- a"), ("1. a", "1\\. a"), ("2025 was", "2025 was"), ("a", "a")]
)
def test_a_paragraph_begins_no_heading_and_no_list(text, line):
    assert markdown_line(text) == line


def evil_answer():
    table = AnswerTable(EVIL, ("a", EVIL), ((EVIL, "1"),), note=EVIL)
    return Answer(EVIL, (f"Who? {EVIL}",), (Section(EVIL, (EVIL,), (table,)),), {})


def test_an_answer_in_markdown_has_no_sign_of_its_names():
    page = evil_answer().to_markdown()
    assert "\x1b" not in page
    assert "<script" not in page
    rendered = MarkdownIt("commonmark").enable("table").render(page)
    assert not re.search(r"<(a|img|script|em|code|ul|ol|hr)\b", rendered.replace("<em>T", ""))
    assert rendered.count("<h1>") == rendered.count("<h2>") == rendered.count("<table>") == 1
    assert [line for line in page.splitlines() if line.startswith("#")] == [
        line for line in page.splitlines() if line.startswith(("# T", "## T"))
    ]
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {3}


def test_an_answer_on_a_terminal_moves_and_colours_nothing_but_itself():
    printed = io.StringIO()
    console = Console(file=printed, force_terminal=True, color_system=None, width=400)
    answer = evil_answer()
    for part in answer_renderables(answer.title, answer.headlines, answer.sections):
        console.print(part)
    text = printed.getvalue()
    assert "\x1b[31m" not in text
    assert "\x07" not in text
    assert "\x9b" not in text
    assert "\\x1b[31mRED" in text


def test_a_name_that_begins_with_an_underscore_is_in_the_legend():
    with styled():
        axes = new_figure(3).subplots()
        for name in ("_hidden", "plain"):
            axes.plot([1, 2], label=in_legend(name))
        assert [text.get_text() for text in axes.legend().get_texts()] == [" _hidden", "plain"]


def test_signs_that_the_font_lacks_warn_nobody(tmp_path):
    with styled(), warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = new_figure(3)
        figure.subplots().set_title("東京 \U0001f600 $x$ हिन्दी")
        save(figure, tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 1000
