"""Promised, committed, paid: what was announced, what cash moved under it, and how much market value it made."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..history.kinds import PromiseKind
from ..narrative.announcements import Instrument

if TYPE_CHECKING:
    from ..scenarios.schema import Scenario

CALENDAR_DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Promises:
    """The totals over the promises of some announcements, in cents."""

    announced_cents: int
    committed_cents: int
    paid_cents: int
    value_gained_cents: int

    @property
    def value_gained_per_announced(self) -> float | None:
        """Market value gained on the day per announced dollar; None when nothing was announced."""
        return self.value_gained_cents / self.announced_cents if self.announced_cents else None

    @property
    def value_gained_per_paid(self) -> float | None:
        """Market value gained on the day per dollar of cash paid since; None when nothing was paid."""
        return self.value_gained_cents / self.paid_cents if self.paid_cents else None


def listed_moves_only(announcements: pd.DataFrame, daily: pd.DataFrame) -> pd.DataFrame:
    """The announcements with returns and gains left out where the firm has no share price."""
    rows = announcements.copy()
    unlisted = ~rows["firm"].isin(set(daily["security"])) | ~(rows["market_value_before_cents"] > 0)
    for column in ("day0_return", "day0_abnormal_return", "value_gained_cents"):
        rows[column] = rows[column].astype(float).mask(unlisted)
    return rows


def announced_committed_paid(announcements: pd.DataFrame) -> list[tuple[dict[str, Any], Promises]]:
    """Each announcement that puts a number on the table, in order of day: its facts and its account."""
    rows = announcements[(announcements["announced_cents"] > 0) | (announcements["paid_cents"] > 0)]
    return [(dict(row), promises_of([dict(row)])) for row in _dicts(rows.sort_values(["day", "number"]))]


def promises_of(rows: Sequence[dict[str, Any]]) -> Promises:
    """The totals of some announcements' accounts; the gain of an unlisted firm counts as nothing."""

    def total(name: str) -> int:
        return sum(int(row[name]) for row in rows if not _is_missing(row[name]))

    return Promises(
        total("announced_cents"), total("committed_cents"), total("paid_cents"), total("value_gained_cents")
    )


def circle_promises(announcements: pd.DataFrame) -> Promises:
    """Totals over good news with a gain measured on a listed firm: the two sides of the headline ratio."""
    return promises_of([row for row in _dicts(announcements) if is_promise_of_circle(row)])


def is_promise_of_circle(row: Mapping[str, Any]) -> bool:
    """Whether an announcement is good news of a promise, with a gain measured on a listed firm."""
    return bool(
        row["direction"] > 0
        and row["announced_cents"] > 0
        and not _is_missing(row["value_gained_cents"])
        and row["market_value_before_cents"] > 0
        and row["instrument"] in PROMISES
    )


PROMISES = (Instrument.CONTRACT, Instrument.LETTER_OF_INTENT, Instrument.ORDER)
"""Instruments that promise money to somebody; guidance and equity rounds are told apart."""
STANDING = (PromiseKind.VENDOR_LOAN, PromiseKind.GUARANTEE)
"""Promises that stand from the first day on: a line, and an answer for bonds."""
BUILDING = (PromiseKind.COMPUTE, PromiseKind.BUILD_PLAN)
"""Promises under which capacity is built."""


@dataclass(frozen=True, slots=True)
class StandingPromise:
    """A loan or guarantee that stands from the first day on: what was promised, what has been paid, how far it is
    believed."""

    name: str
    kind: str
    payer: str
    payee: str
    promised_cents: int
    paid_cents: int
    credibility: float


def standing_promises(commitments: pd.DataFrame) -> list[StandingPromise]:
    """Loans and guarantees on the last recorded day, in the scenario's order."""
    rows = commitments[commitments["kind"].isin(STANDING) & (commitments["day"] == commitments["day"].max())]
    return [
        StandingPromise(
            str(r.commitment), str(r.kind), str(r.payer), str(r.payee), int(r.announced_cents), int(r.paid_cents),
            float(r.credibility),
        )
        for r in rows.itertuples()
    ]  # fmt: skip


def value_gained_per_announced(announcements: pd.DataFrame) -> float | None:
    """Market value gained per announced dollar over all promises of the circle."""
    return circle_promises(announcements).value_gained_per_announced


def value_gained_per_paid(announcements: pd.DataFrame) -> float | None:
    """Market value gained per dollar paid so far over all promises of the circle."""
    return circle_promises(announcements).value_gained_per_paid


def day0_returns(announcements: pd.DataFrame) -> pd.DataFrame:
    """Day-0 and abnormal return of each announcement about a listed firm: number, day, date, firm, returns."""
    rows = announcements[announcements["day0_return"].notna()]
    return rows[["number", "day", "date", "firm", "text", "day0_return", "day0_abnormal_return"]].reset_index(drop=True)


def capacity(commitments: pd.DataFrame) -> tuple[int, int]:
    """(contracted, delivered) MW of all compute contracts and own building plans on the last recorded day."""
    now = commitments[commitments["kind"].isin(BUILDING) & (commitments["day"] == commitments["day"].max())]
    return int(now["contracted_mw"].sum()), int(now["delivered_mw"].sum())


def _dicts(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in rows.to_dict("records")]


def _is_missing(value: object) -> bool:
    return value is None or value != value


def planned_mw(scenario: Scenario, day: date) -> float | None:
    """MW that should be in service on a day if every cloud built at its planned rate; None before the first is due.

    A month's start is in service after the building time, not before the contract's first service; a cloud's rate is
    shared by its contracts in proportion to their capacity. Chips are taken to arrive on time.
    """
    total = 0.0
    for cloud in scenario.cloud:
        contracts = [c for c in scenario.contract if c.provider == cloud.name]
        whole = sum(c.capacity_gw for c in contracts)
        for contract in contracts:
            signed = max(scenario.start_date, contract.announced or scenario.start_date)
            building = max(0.0, (day - signed).days / CALENDAR_DAYS_PER_MONTH)
            is_open = contract.first_service is None or day >= contract.first_service
            starts = max(0, math.floor(building) - cloud.build_months + 1) if is_open else 0
            rate_gw = cloud.build_gw_per_year_max / 12 * contract.capacity_gw / whole
            total += 1000 * min(contract.capacity_gw, contract.delivered_gw + starts * rate_gw)
    return total or None
