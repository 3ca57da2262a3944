"""How firms stand: values, prices, cash, debt, spreads, runway, capacity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ....history.kinds import Group
from ....scenarios.schema import Scenario
from .outcome import Kind, Labels, Needs, Outcome, Values, alone, single
from .seen import Seen
from .tracks import NOTE, Track

Course = Callable[[Seen], Mapping[str, np.ndarray]]
Now = Callable[[Seen], Values]


def listed(scenario: Scenario) -> Sequence[str]:
    """Listed firms."""
    return [firm.name for firm in scenario.listed]


def labs(scenario: Scenario) -> Sequence[str]:
    """Labs."""
    return [lab.name for lab in scenario.lab]


def clouds(scenario: Scenario) -> Sequence[str]:
    """Those who build."""
    return [cloud.name for cloud in scenario.cloud]


def valued(scenario: Scenario) -> Sequence[str]:
    """Listed firms, then labs."""
    return [*listed(scenario), *labs(scenario)]


def with_cash(scenario: Scenario) -> Sequence[str]:
    """Everybody with an account of its own inside, the households as one."""
    investors = [investor.name for investor in scenario.venture_investor]
    lenders = [buyer.name for buyer in scenario.bond_buyer]
    funds = [fund.name for fund in scenario.active_fund]
    households = [Group.HOUSEHOLDS.value] if scenario.households is not None else []
    return [*(firm.name for firm in scenario.firms), *investors, *lenders, *funds, *households]


def _columns(names: Callable[[Seen], Sequence[str]], table: Callable[[Seen], np.ndarray]) -> Course:
    return lambda seen: dict(zip(names(seen), table(seen).T, strict=True))


def _last(track: Track, names: Callable[[Seen], Sequence[str]]) -> Now:
    """Measured once, at the end."""
    return lambda seen: dict(zip(names(seen), np.asarray(NOTE[track](seen.model)).tolist(), strict=True))


def _daily(seen: Seen, track: Track, columns: int) -> np.ndarray:
    """A track as (days, columns), also where there are no columns."""
    return seen.daily(track).reshape(-1, columns) if columns else np.zeros((len(seen.daily(track)), 0))


def _market_values(seen: Seen) -> Values:
    values = [firm.market_value_cents for firm in seen.model.cast.listed]
    return dict(zip([*seen.listed, *seen.labs], [*values, *NOTE[Track.LAB_VALUES](seen.model)], strict=True))


def _cash(seen: Seen) -> Values:
    journal = seen.model.books.journal
    return dict(zip(journal.names, journal.balances[: journal.n_accounts].tolist(), strict=True))


def _listed(seen: Seen) -> Sequence[str]:
    return seen.listed


def _labs(seen: Seen) -> Sequence[str]:
    return seen.labs


def _clouds(seen: Seen) -> Sequence[str]:
    return [cloud.name for cloud in seen.model.cast.clouds]


def _names(seen: Seen) -> Sequence[str]:
    return seen.model.books.journal.names


def _level(
    pattern: str, meaning: tuple[str, str], kind: Kind, labels: Labels, names: Callable[[Seen], Sequence[str]],
    track: Track,
) -> Outcome:  # fmt: skip
    """An outcome that has a value on every day, which one track holds."""
    unit, words = meaning
    return Outcome(
        pattern=pattern,
        unit=unit,
        meaning=words,
        labels=labels,
        kind=kind,
        measure=_last(track, names),
        series=_columns(names, lambda seen: _daily(seen, track, len(names(seen)))),
        series_tracks=frozenset({track}),
    )


def _extreme(
    pattern: str, meaning: tuple[str, str], labels: Labels, track: Track, names: Callable[[Seen], Sequence[str]]
) -> Outcome:
    """The highest spread or lowest runway of the whole run, of days on which there was one."""
    unit, words = meaning

    def measure(seen: Seen) -> Values:
        columns = _daily(seen, track, len(names(seen))).T
        pick = np.max if track is Track.SPREADS else np.min
        return {n: float(pick(c[c > 0])) if (c > 0).any() else None for n, c in zip(names(seen), columns, strict=True)}

    return Outcome(
        pattern=pattern, unit=unit, meaning=words, labels=labels, measure=measure, needs=Needs.DAILY,
        tracks=frozenset({track}),
    )  # fmt: skip


VALUE_TRACKS = frozenset({Track.PRICES, Track.OUTSTANDING, Track.LAB_VALUES})
OUTCOMES = (
    Outcome(
        pattern="market_value.FIRM",
        unit="US cents",
        meaning="market value of a listed firm, marked value of a lab",
        labels=valued,
        kind=Kind.WHOLE,
        measure=_market_values,
        series=lambda seen: dict(
            zip([*seen.listed, *seen.labs], np.hstack([seen.listed_values, seen.lab_values]).T, strict=True)
        ),
        series_tracks=VALUE_TRACKS,
    ),
    _level("price.FIRM", ("US cents", "closing price of a share"), Kind.WHOLE, listed, _listed, Track.PRICES),
    _level("cash.NAME", ("US cents", "cash on an account"), Kind.WHOLE, with_cash, _names, Track.CASH),
    _level("debt.FIRM", ("US cents", "bonds outstanding at face value"), Kind.WHOLE, listed, _listed, Track.DEBTS),
    _level(
        "spread.FIRM", ("1/year", "required credit spread; 0 without debt"), Kind.NUMBER, listed, _listed,
        Track.SPREADS,
    ),
    _extreme(
        "spread_highest.FIRM", ("1/year", "highest required credit spread of the run; null without debt"), listed,
        Track.SPREADS, _listed,
    ),
    _level(
        "runway.LAB", ("months", "months until the cash is gone at the present burn, at most 120"), Kind.NUMBER, labs,
        _labs, Track.RUNWAYS,
    ),
    _extreme("runway_lowest.LAB", ("months", "lowest runway of the run"), labs, Track.RUNWAYS, _labs),
    _level(
        "capacity_mw.CLOUD", ("MW", "capacity in service under contract"), Kind.WHOLE, clouds, _clouds, Track.CAPACITY
    ),
    Outcome(
        pattern="delivered_mw",
        unit="MW",
        meaning="capacity in service under all compute contracts and building plans",
        labels=alone,
        kind=Kind.WHOLE,
        measure=single(lambda seen: seen.capacity_mw[1]),
    ),
    Outcome(
        pattern="contracted_mw",
        unit="MW",
        meaning="capacity promised under all compute contracts and building plans",
        labels=alone,
        kind=Kind.WHOLE,
        measure=single(lambda seen: seen.capacity_mw[0]),
    ),
    Outcome(
        pattern="planned_mw",
        unit="MW",
        meaning="capacity that should be in service by the plans; null before any is due",
        labels=alone,
        measure=single(lambda seen: seen.planned_mw),
    ),
    Outcome(
        pattern="built_mw_most",
        unit="MW",
        meaning="most capacity in service on any day",
        labels=alone,
        kind=Kind.WHOLE,
        needs=Needs.DAILY,
        tracks=frozenset({Track.CAPACITY}),
        measure=single(lambda seen: int(seen.daily(Track.CAPACITY).sum(axis=1).max())),
    ),
)  # fmt: skip
