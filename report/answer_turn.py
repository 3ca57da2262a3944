"""Did it turn: the regime of a run, its deepest fall, and the chain of events on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from . import measures_market as market
from . import measures_promises as promises
from . import measures_turn as turn
from .answer_text import ROWS_MAX, AnswerTable, Context, Part, Section
from .wording import CHIPS, NOTHING, cut, dollars, label, percent, spoken_date


def did_it_turn(context: Context) -> Part:
    """Regime, peak, trough, drawdown, and the chain of events."""
    events, commitments = context.tables["events"], context.tables["commitments"]
    values = market.circle_value(context.tables["daily"], context.tables["firms"])
    if not len(values):
        return Part(Section("Did it turn?", ("There is no market here.",)))
    days = values["day"].to_numpy()
    fall = market.peak_and_trough(days, values["circle_cents"].to_numpy())
    relative = market.peak_and_trough(days, values["relative"].to_numpy())
    contracted, delivered = promises.capacity(commitments)
    planned = context.planned_mw
    share = delivered / planned if planned else None
    verdict = turn.regime(events, share, has_promises=len(commitments) > 0)
    turned = verdict.name in turn.TURNED
    last = int(events.loc[events["kind"].isin(turn.BREAKS), "day"].max()) if turned else int(days[-1])
    chain = turn.turning_chain(events, 0, last)
    date_of = {int(day): spoken_date(on) for day, on in zip(values["day"], values["date"], strict=True)}
    went = f"{dollars(values['circle_cents'].iloc[0])} to {dollars(values['circle_cents'].iloc[-1])}"
    rows = (
        ("Regime", str(verdict.name)),
        ("Because", "; ".join(verdict.reasons)),
        ("Circle's market value, start to end", went),
        *_fall_rows(fall, relative, date_of),
        (
            "Compute in service" if context.cast == CHIPS else "Capacity in service",
            f"{delivered:,} MW of {contracted:,} contracted" + (f", {planned:,.0f} planned by now" if planned else ""),
        ),
    )
    tables = [AnswerTable("The run in a few lines", ("", ""), rows, 2)]
    if chain:
        tables.append(_chain_table(chain, turned))
    measures = {
        "regime": str(verdict.name),
        "regime_reasons": list(verdict.reasons),
        "peak_and_trough": asdict(fall) | {"drawdown": fall.drawdown, "days": fall.days},
        "peak_and_trough_relative": asdict(relative) | {"drawdown": relative.drawdown, "days": relative.days},
        "drawdown": fall.drawdown,
        "delivered_mw": delivered,
        "contracted_mw": contracted,
        "planned_mw": planned,
        "turning_chain": [asdict(link) for link in chain],
    }
    headline = (
        f"Did it turn? {label(verdict.name)}: {'; '.join(verdict.reasons[:3])}. Market value of the circle went "
        f"from {went}; its deepest fall was {percent(fall.drawdown)}, "
        f"from {date_of[fall.peak_day]} to {date_of[fall.trough_day]}."
    )
    return Part(Section("Did it turn?", (), tuple(tables)), [headline], measures)


def _fall_rows(fall: market.Fall, relative: market.Fall, date_of: Mapping[int, str]) -> tuple[tuple[str, str], ...]:
    """The deepest fall of the circle by itself, and of what it is worth against the rest."""
    return (
        (
            "Deepest fall",
            f"{percent(fall.drawdown, 1)}: {dollars(fall.peak)} on {date_of[fall.peak_day]}, "
            f"{dollars(fall.trough)} on {date_of[fall.trough_day]} ({fall.days} trading days later)",
        ),
        (
            "Against the rest of the index",
            f"{percent(relative.drawdown, 1)}, {date_of[relative.peak_day]} to {date_of[relative.trough_day]}",
        ),
    )


def _chain_table(chain: list[turn.ChainLink], turned: bool) -> AnswerTable:
    grave = [link for link in chain if link.kind in turn.DEFAULTS]
    others = [link for link in chain if link.kind not in turn.DEFAULTS]
    shown = sorted([*grave, *others[: max(0, ROWS_MAX - len(grave))]], key=lambda link: link.day)
    rows = tuple(
        (
            spoken_date(link.date),
            label(link.kind) + (f" ({link.times} times)" if link.times > 1 else ""),
            link.agent + (f" – {link.counterparty}" if link.counterparty else ""),
            cut(link.detail.replace("_", " "), 50),
            dollars(link.cents) if link.cents else NOTHING,
        )
        for link in shown
    )
    title = "The chain of events that turned it" if turned else "Strains on the way"
    note = f"{len(chain) - len(shown)} more in events.parquet." if len(chain) > len(shown) else ""
    return AnswerTable(title, ("Date", "What", "Who", "In words", "Largest amount"), rows, 4, note)
