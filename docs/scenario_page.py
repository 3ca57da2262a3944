"""Writes docs/scenario.md, every key of a scenario file, from the schema: `python docs/scenario_page.py`."""

from __future__ import annotations

from pathlib import Path

from carousel.scenarios.keys import PARAMETER_KIND, Key, keys_of, kinds
from carousel.scenarios.limits import FILE_BYTES_MAX
from carousel.scenarios.loader import ENTRIES_MAX, EXTENDS_MAX

PAGE = Path(__file__).with_name("scenario.md")
INTRODUCTION = f"""# A scenario file

Written from the schema by `docs/scenario_page.py`; `python run.py keys` prints the same, `python run.py new FILE`
writes a file to begin with, `python run.py check FILE` says everything that is wrong with one.

A scenario is data only: one [TOML](https://toml.io) file of at most {FILE_BYTES_MAX:,} bytes in UTF-8. Keys at the
top come first, then single tables (`[etf]`, `[households]`, `[behaviour]`) and lists, whose entries each begin with
their kind in double brackets, such as `[[lab]]`; at most {ENTRIES_MAX:,} entries a list. Names carry their unit last;
money is in US dollars.

- **Sources.** Any number or date may be a table, `days = {{ value = 252, source = "one year" }}`; a `source` of its
  own in an entry goes with all of its numbers that have none. `python run.py show FILE` prints them.
- **Another scenario as the base.** `extends = "ai-2025"` (or a `.toml` file beside this one; a chain of at most
  {EXTENDS_MAX}) takes everything from there; entries of the same name are changed key by key, others are added.
  `remove = ["bond.NAME", "stake.OWNER in FIRM"]` takes entries out.
- **Key paths.** `--set lab.OpenAI.revenue_share=0.1` sets one key, `--set 'contract.*.capacity_gw*=2'` doubles one in
  every entry. An entry is addressed by its name, a stake by `OWNER in FIRM`, anything without a name by its number,
  from 1.
- **Changes on a date.** `[[on]]` changes keys before anybody acts on its day: that of its `date` (or the next trading
  day), or the one with the number `day`.

  ```toml
  [[on]]
  date = 2026-06-01
  set = {{ "milestone.NVIDIA-OpenAI investment.capacity_gw" = 5.0 }}
  announce = {{ firm = "NVIDIA", text = "NVIDIA halves its letter of intent", direction = -1 }}
  [[on]]
  date = 2026-09-01
  times = {{ "lab.*.revenue_growth_per_year" = 0.5 }}
  [[stop]]
  date = 2027-01-04
  payer = "SoftBank"
  ```

  Flows, rates and habits are from then on what the changed scenario says. What has grown from a number at the start
  (revenue, demand, earnings, money promised to investors) changes in its proportion; a promise is never cut below what
  is delivered or paid, and public belief in it moves by as much as that of its kind. Nobody knows of a change before
  it shows, unless it is announced. The days before are those of the run without it, to the byte, and draws of chance
  are common after it. `[[stop]]` ends what a payer puts in: a venture investor or bond buyer neither bids nor trades, a
  listed firm walks away from its milestones, tickets and lines, savers save nothing, customers buy nothing. All
  entries are checked in the order of their days when the file is loaded, each changed scenario as a whole; the tables
  below say which keys cannot change, and why.
"""


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION]
    for kind, about in kinds().items():
        parts.append(f"## {kind}\n\n{about}\n")
        parts.append(
            "| Key | Unit | Default | Bounds | Changes on a date | Meaning |\n| --- | --- | --- | --- | --- | --- |"
        )
        parts.extend(_row(key) for key in keys_of(kind))
        parts.append("")
        if kind == PARAMETER_KIND:
            parts.append("Set as `--set NAME=VALUE`, in Python as keywords of `CarouselModel`.\n")
    return "\n".join(parts).rstrip() + "\n"


def _row(key: Key) -> str:
    cells = (key.default, key.bounds, _changes(key.fixed), key.meaning)
    return f"| `{key.name}` | {key.unit} | {' | '.join(map(_cell, cells))} |"


def _changes(fixed: str) -> str:
    return f"no: {fixed}" if fixed else "yes"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
