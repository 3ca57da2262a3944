"""Writes docs/gallery/sweeps.md from analyses of the named sweeps: `python docs/gallery_sweeps.py FOLDER`, in which
FOLDER/NAME-analysis is what `analyse` has written. Numbers stand in sentences of the analysis alone."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from carousel.experiments.sweeps.named_sweeps import named_sweep
from carousel.report.markdown import markdown_line

GALLERY = Path(__file__).with_name("gallery")
PAGE = GALLERY / "sweeps.md"
LEAD = """# Five sweeps and what they show

`python run.py sweep` lists the sweeps that come with Carousel, `python run.py sweep NAME` runs one, `python run.py
analyse runs/sweep-NAME` writes its report; each takes a few minutes on two cores. `make gallery` makes this page again.
The sentences below the pictures are those of the analyses. Runs of one seed share their luck whatever the world, so
worlds are compared pair by pair. A world has turned when a promise was broken or somebody
defaulted. All of it holds inside the model and for its assumptions: it is no forecast.
"""


class Shown(NamedTuple):
    """One sweep of the page: why it asks, its picture, findings whose sentences are quoted, and how to read it."""

    name: str
    why: str
    picture: str
    quoted: tuple[str, ...]
    reading: str


SHOWN = (
    Shown(
        "who-pays",
        "One world, sixty seeds: nothing differs but luck. If who pays were a matter of luck, one run could"
        " not be read as an answer.",
        "payers-revenue-from-the-circle-NVIDIA",
        (
            "Whose money: revenue from the circle, NVIDIA",
            "Whose money: spending, OpenAI",
            "regime: expansion by case",
        ),
        "The bars are means over all runs, traced pro rata, with their 95 % intervals, which say how well the "
        "mean is known and not how far single runs lie apart. NVIDIA's revenue from the circle is paid by Oracle, "
        "and Oracle's money for it comes from lenders: more than five dollars of six. Luck hardly moves that. AI "
        "customers, who are to pay for it all in the end, have paid less than two cents of the dollar in two years. "
        "Of what OpenAI itself spends venture investors' partners pay the largest part: AI customers did while a lab "
        "raised only when its cash ran out.",
    ),
    Shown(
        "tracing-rules",
        "A dollar that leaves an account in which several payers' money lies together is nobody's in "
        "particular. Three rules say whose it was: in proportion, first in first out, last in first out. "
        "All are read from the same runs, in three worlds.",
        "payers-revenue-from-the-circle-NVIDIA",
        ("Whose money: revenue from the circle, NVIDIA",),
        "Lenders pay, whatever the rule and whatever the world: 85 to 96 %. What the rules divide differently is "
        "the rest.",
    ),
    Shown(
        "letter-halved",
        "NVIDIA's letter of intent of 22 September 2025 promises up to ten billion dollars for each of ten "
        "gigawatts. What hangs on its size, on its date, and on whether it binds?",
        "paired-market_value.NVIDIA",
        (
            "market_value.NVIDIA against «as announced», same luck",
            "market_value.OpenAI against «as announced», same luck",
        ),
        "After two years the letter itself is worth nothing to NVIDIA's shareholders that can be told from luck: "
        "the chips that were sold would have been sold without it, and in this model nobody signs another "
        "contract because of it. Only a binding contract is worth something, because it is believed; to "
        "cut the letter once it stands costs a little, whose sign is just sure, and did not before. Of OpenAI's "
        "value the letter moves next to nothing: halved or not, it pays the same first ten billion dollars, with "
        "the first gigawatt.",
    ),
    Shown(
        "when-it-reverses",
        "The circle can run backwards if AI revenue grows too slowly for what has been promised. The search"
        " refines the line along which half of the runs turn; commitments mean promised capacity and the "
        "planned pace of building alike.",
        "map-turned",
        (
            "Map of turned",
            "Map of first_day.round_failed (happened)",
            "Map of first_day.bond_failed (happened)",
        ),
        "Each dot is eight runs of three years. At the promised size most worlds turn at a growth of 0.7 and half "
        "at about 1.3; twice the commitments need a growth of about 2.8, and three times turn in most runs at any. The "
        "band is wide because eight seeds are few and because growth is uncertain in every world.",
    ),
    Shown(
        "which-payer-breaks-it",
        "Who can leave without anybody noticing? Each class of payers stops putting new money in: on the "
        "first day, after one year, after one and a half. What it has promised and holds stays.",
        "response-day-turned",
        (
            "turned along day",
            "turned against «nobody», same luck",
        ),
        "AI customers break it in every run whenever they leave. Venture partners break it in every run if they "
        "leave at the start, in seven of twelve a year later, and no more once the lab has raised what it needs. "
        "NVIDIA is the other way round: gone before its letter, nobody had counted on it; gone "
        "later, its leaving is itself a broken promise. Bond savers, banks and household savings break it in no run "
        "that would not have turned anyway, though without new bonds most expansions become stalls. "
        "Twelve seeds a point: the intervals are wide, and a later leave has less time to show.",
    ),
)


def section(shown: Shown, analysis: Path) -> str:
    """One sweep of the page; its picture is copied beside the page."""
    told = json.loads((analysis / "report.json").read_text(encoding="utf-8"))
    picture = f"sweep-{shown.name}.png"
    shutil.copyfile(analysis / "figures" / f"{shown.picture}.png", GALLERY / picture)
    by_title = {finding["title"]: finding["sentences"] for finding in told["findings"]}
    quoted = [f"- {markdown_line(sentence)}" for title in shown.quoted for sentence in by_title[title]]
    question = named_sweep(shown.name).question
    counts = f"{told['runs']:,} runs, {told['failed']:,} failed"
    lines = [f"## `{shown.name}`: {question}", shown.why, f"![{question}]({picture})", shown.reading]
    commit = f" of commit {told['commit'][:7]}" if told["commit"] else ""
    says = f"What the analysis{commit} says ({counts}):"
    return "\n\n".join([*lines, says, "\n".join(quoted)])


def page(folder: Path) -> str:
    """The whole page."""
    return "\n\n".join([LEAD.rstrip(), *(section(shown, folder / f"{shown.name}-analysis") for shown in SHOWN)]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(Path(sys.argv[1])), encoding="utf-8")
