"""Two runs beside each other, in plain words: what they were made from, the first day that differs, and in what."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ..engine.calendar import trading_dates
from ..engine.legible import legible
from ..history.open_run import Run
from ..history.sinks import Tables
from ..scenarios.addresses import address
from ..scenarios.errors import shown
from .answer_text import Section
from .no_effect import why_nothing_moved
from .payment_words import event_words, payment_words, summed
from .run_tables import need_said, tables_of
from .table_differences import are_comparable, parted
from .wording import dollars, signed_percent, spoken_date

SHOWN_MAX = 12
"""Lines of one kind that are told."""
EVENT = ["day", "kind", "agent", "counterparty", "cents", "detail"]


def differences(a: Run, b: Run) -> list[Section]:
    """What tells run A and run B apart, in the order in which a reader asks."""
    made_from = list(_made_from(a.manifest, b.manifest))
    sections = [Section("What they were made from", tuple(made_from) or ("The same scenario, seed and versions.",))]
    day, said = first_day(a.manifest, b.manifest)
    last, longest = sorted(int(need_said(run.manifest, ("days",))["days"]) for run in (a, b))
    if day is None:
        lines = parted(a, b, (0, last), daily_only=last < longest)
        sections.append(Section("Where they part", (said, *_no_effect(a, b, last))))
        if lines and a.manifest.get("digest") == b.manifest.get("digest"):
            lines.append("Their manifests say that they have one history: a table is not what was written.")
        is_told = lines and are_comparable(a, b, "events")
        alone = _events(tables_of(a), tables_of(b), last) if is_told else []
        sections += [Section("Tables that differ, and where first", tuple(lines))] if lines else []
        return sections + ([Section("Events that only one of them has", tuple(alone))] if alone else [])
    sections.append(Section("Where they part", (said,)))
    one, two = tables_of(a), tables_of(b)
    first = parted(a, b, day, daily_only=True)
    sections += [Section(f"Tables that differ on day {day}, and where first", tuple(first))] if first else []
    found: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
        (f"Paid on day {day}", "journal", lambda: _payments(one, two, day, day)),
        (f"Worth on day {last}", "firms", lambda: _values(one, two, last)),
        (f"Paid from day {day} to day {last}", "journal", lambda: _payments(one, two, day, last)),
        ("Announcements that only one of them has", "announcements", lambda: _announcements(one, two, last)),
        ("Events that only one of them has", "events", lambda: _events(one, two, last)),
    )
    told = {title: tell() for title, table, tell in found if are_comparable(a, b, table)}
    return sections + [Section(title, tuple(lines)) for title, lines in told.items() if lines]


def first_day(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[int | None, str]:
    """The first day whose links differ, None if none does, of two manifests; and the same in words."""
    one, two = list(a.get("chain", [])), list(b.get("chain", []))
    day = next((i for i, (x, y) in enumerate(zip(one, two, strict=False)) if x != y), None)
    if day is not None:
        before = f"Days 0 to {day - 1} are the same. " if day else ""
        return day, f"{before}The first day that differs is day {day}{_date_of(a, day)}."
    if a.get("digest") == b.get("digest"):
        return None, f"Nowhere: both have the history {str(a.get('digest'))[:16]}."
    if len(one) != len(two):
        name, more, less = ("A", one, two) if len(one) > len(two) else ("B", two, one)
        return None, f"Nowhere: both are the same to day {len(less) - 1}, and {name} goes on to day {len(more) - 1}."
    return None, "Payments and prices of all days are the same; what else differs is told below."


def _no_effect(a: Run, b: Run, last: int) -> Iterator[str]:
    """That what is changed in only one of two runs has moved nothing, and why, where payments are kept of both."""
    dated = _dated_alone(_scenario(a.manifest), _scenario(b.manifest))
    alone = [(who, entry) for who, _, entry in dated if isinstance(entry, dict)]
    if are_comparable(a, b, "journal"):
        yield from why_nothing_moved(alone, {"A": tables_of(a), "B": tables_of(b)}, last)


def _date_of(manifest: Mapping[str, Any], day: int) -> str:
    """A day's date in brackets, as far as the manifest tells it."""
    try:
        scenario = json.loads(manifest["scenario_text"])
        return (
            f" ({spoken_date(trading_dates(date.fromisoformat(scenario['start_date']), int(scenario['days']))[day])})"
        )
    except (KeyError, ValueError, TypeError, IndexError):
        return ""


def _made_from(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[str]:
    """What differs in seed, rule, versions and choice, then the keys of the scenario."""
    for name in ("scenario", "seed", "tracing", "versions", "commit", "kept"):
        one, two = a.get(name), b.get(name)
        if name == "kept" and isinstance(one, dict) and isinstance(two, dict):
            for key in dict.fromkeys([*one, *two]):
                if (was := one.get(key)) != (now := two.get(key)):
                    yield f"kept: {key} = {_listed(was)} in A, {_listed(now)} in B."
        elif isinstance(one, dict) and isinstance(two, dict):
            yield from (f"{name}: {line}" for line in _keys(one, two))
        elif one != two:
            yield f"{name}: {_said(one)} in A, {_said(two)} in B."
    one, two = _scenario(a), _scenario(b)
    yield from _dated(one, two)
    keys = list(_keys(one, two))
    yield from (f"scenario: {line}" for line in keys[:SHOWN_MAX])
    if len(keys) > SHOWN_MAX:
        yield f"... and {len(keys) - SHOWN_MAX} keys of the scenario more."


def _dated(a: dict[str, Any], b: dict[str, Any]) -> Iterator[str]:
    """Dated changes that only one of two scenarios has, each on a line; they are taken out of both."""
    for name, kind, entry in _dated_alone(a, b):
        told = [f"{key} = {_said(value)}" for key, value in _flat(entry, "") if _says(key, value)]
        yield f"scenario: only {name} has [[{kind}]] {', '.join(told)}."


def _dated_alone(a: dict[str, Any], b: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(A or B, `on` or `stop`, entry) of dated changes that only one of two scenarios has; they are taken out of
    both."""
    for kind in ("on", "stop"):
        one, two = (list(data.pop(kind, None) or ()) for data in (a, b))
        for name, own, others in (("A", one, two), ("B", two, one)):
            yield from ((name, kind, entry) for entry in own if entry not in others)


def _says(key: str, value: Any) -> bool:
    """Whether a key of a dated entry says anything: not what an announcement has no word of."""
    return not (value is None or value == {} or (key.startswith("announce.") and value == 0))


def _scenario(manifest: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = json.loads(manifest.get("scenario_text", "{}"))
    except ValueError:
        return {}
    return {key: value for key, value in found.items() if key != "sources"} if isinstance(found, dict) else {}


def _keys(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[str]:
    one, two = dict(_flat(a, "")), dict(_flat(b, ""))
    for key in dict.fromkeys([*one, *two]):
        if key not in one:
            yield f"{key} = {_said(two[key])} only in B."
        elif key not in two:
            yield f"{key} = {_said(one[key])} only in A."
        elif one[key] != two[key]:
            yield f"{key} = {_said(one[key])} in A, {_said(two[key])} in B."


def _said(value: Any) -> str:
    """A value in a sentence: texts without quotation marks."""
    return "nothing" if value is None else value if isinstance(value, str) and len(value) <= 60 else shown(value)


def _listed(value: Any) -> str:
    """A value, or the names in a list."""
    return (", ".join(map(str, value)) or "nothing") if isinstance(value, (list, tuple)) else _said(value)


def _flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every value at its key path; entries of lists by name where they have one."""
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from _flat(each, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value:
        for i, each in enumerate(value):
            yield from _flat(each, f"{path}.{address(each, i) if isinstance(each, dict) else i + 1}")
    else:
        yield path, value


def _values(a: Tables, b: Tables, day: int) -> list[str]:
    """What firms are worth in A and in B, the largest difference first."""
    both = pd.concat([_worth(a, day), _worth(b, day)], axis=1, keys=["a", "b"]).dropna()
    both["gap"] = both["b"] - both["a"]
    both = both[both["gap"] != 0]
    order = both["gap"].abs().sort_values(ascending=False, kind="stable").index[:SHOWN_MAX]
    lines = []
    for name in order:
        one, two = float(both.at[name, "a"]), float(both.at[name, "b"])
        if dollars(one) == dollars(two):
            continue
        part = signed_percent(two / one - 1) if one else "new"
        lines.append(legible(f"{name}: {dollars(one)} in A, {dollars(two)} in B ({part})."))
    return lines


def _worth(tables: Tables, day: int) -> pd.Series:
    firms = tables["firms"]
    rows = firms[firms["day"] == day]
    return pd.Series(rows["valuation_cents"].to_numpy(float), index=rows["firm"].to_numpy(object))


def _payments(a: Tables, b: Tables, first: int, last: int) -> list[str]:
    """Who paid more or less to whom, and for what, the largest difference first."""
    sums = []
    for tables in (a, b):
        journal = tables["journal"]
        sums.append(summed(journal[(journal["day"] >= first) & (journal["day"] <= last)]))
    both = pd.concat(sums, axis=1, keys=["a", "b"]).fillna(0)
    gap = (both["b"] - both["a"]).abs()
    order = gap[gap > 0].sort_values(ascending=False, kind="stable").index[:SHOWN_MAX]
    lines = []
    for payer, payee, cause in order:
        one, two = both.loc[(payer, payee, cause)]
        if dollars(one) == dollars(two):
            continue
        if one and two:
            lines.append(f"{payment_words(payer, payee, one, cause)} in A, {dollars(two)} in B.")
        else:
            lines.append(f"{payment_words(payer, payee, one or two, cause)} in {'A' if one else 'B'} only.")
    return lines


def _announcements(a: Tables, b: Tables, last: int) -> list[str]:
    """What was said in only one of the two, by day."""
    said = []
    for tables in (a, b):
        rows = tables["announcements"]
        said.append(list(rows.loc[rows["day"] <= last, ["day", "firm", "text"]].itertuples(index=False, name=None)))
    alone = sorted(
        [(*item, "A") for item in said[0] if item not in said[1]]
        + [(*item, "B") for item in said[1] if item not in said[0]]
    )
    lines = [legible(f"Day {day}, only in {who}: {firm}: {text}.") for day, firm, text, who in alone[:SHOWN_MAX]]
    return [*lines, f"... and {len(alone) - SHOWN_MAX} more."] if len(alone) > SHOWN_MAX else lines


def _events(a: Tables, b: Tables, last: int) -> list[str]:
    """The first events that only one of the two has, by day."""
    rows = []
    for tables in (a, b):
        events = tables["events"]
        rows.append(events.loc[events["day"] <= last, EVENT])
    # the same thing twice on a day is told apart by its number
    counted = [frame.assign(nth=frame.groupby(EVENT).cumcount()) for frame in rows]
    merged = counted[0].merge(counted[1], how="outer", on=[*EVENT, "nth"], indicator="who")
    alone = merged[merged["who"] != "both"].sort_values(["day", "who", "kind", "agent"], kind="stable")
    lines = []
    for row in alone.head(SHOWN_MAX).itertuples():
        name = "A" if row.who == "left_only" else "B"
        said = event_words(row.kind, row.agent, row.counterparty, int(np.int64(row.cents)), row.detail)
        lines.append(f"Day {row.day}, only in {name}: {said}.")
    if len(alone) > SHOWN_MAX:
        lines.append(f"... and {len(alone) - SHOWN_MAX} more.")
    return lines
