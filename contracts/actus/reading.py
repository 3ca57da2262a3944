"""Terms and observations in the standard's own words, a mapping of text, read into typed terms; bad ones name
themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from .axes import Dates, second_of
from .cycles import Cycle, cycle_of
from .terms import Cover, Cyclic, Early, Fee, Market, Reset, Scaling, Seen, Terms
from .words import (
    Base,
    ContractType,
    DayCount,
    EventType,
    Exposure,
    FeeBasis,
    Holidays,
    MonthEnd,
    Penalty,
    Performance,
    Prepayment,
    Role,
    Shift,
)

Kind = TypeVar("Kind", bound=StrEnum)
Value = TypeVar("Value")
OTHER_WORDS = {
    "NoCalendar": "NC", "MondayToFriday": "MF", "NULL": "NOS", "A/AISDA": "AA", "A/360": "A360", "A/365": "A365",
    "30E/360": "30E360", "30E/360ISDA": "30E360ISDA", "28E/336": "28E336", "B/252": "B252", "BUS252": "B252", "D": "DF",
}  # fmt: skip
"""What some say for what others say."""


class TermsError(ValueError):
    """A term that cannot be read: which, what came, what is allowed."""

    def __init__(self, *, term: str, came: object, allowed: str) -> None:
        self.term, self.came, self.allowed = term, came, allowed
        super().__init__(f"{term}: came {came!r}, allowed: {allowed}")


def time_of(words: str) -> int:
    """A moment in ISO 8601, to the minute or the second, as a time of the axis of dates. Raises: ValueError."""
    return second_of(datetime.fromisoformat(words.strip()))


class Words:
    """Terms by their name in the standard's dictionary."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = {name: came for name, came in given.items() if came not in (None, "")}

    def read(self, name: str, how: Callable[[str], Value], allowed: str) -> Value | None:
        """A term, None if it is not there. Raises: TermsError."""
        if name not in self.given:
            return None
        came = str(self.given[name]).strip()
        try:
            return how(came)
        except (ValueError, OverflowError):
            raise TermsError(term=name, came=self.given[name], allowed=allowed) from None

    def number(self, name: str) -> float | None:
        """A number."""
        return self.read(name, _finite, "a finite number")

    def time(self, name: str) -> int | None:
        """A date."""
        return self.read(name, time_of, "a date as in 2013-01-31 or 2013-01-31T00:00:00")

    def cycle(self, name: str) -> Cycle | None:
        """A cycle."""
        return self.read(name, _lasting, "a cycle as in P1ML0")

    def period(self, name: str) -> Cycle | None:
        """A period."""
        return self.read(name, cycle_of, "a period as in P30D")

    def one_of(self, name: str, kinds: type[Kind], default: Kind) -> Kind:
        """A word of a list."""
        allowed = "one of " + ", ".join(kinds)
        return self.read(name, lambda came: kinds(OTHER_WORDS.get(came, came)), allowed) or default

    def cyclic(self, anchor: str, cycle: str) -> Cyclic:
        """An anchor and a cycle, of the standard's names with these ends."""
        return Cyclic(self.time(f"cycleAnchorDateOf{anchor}"), self.cycle(f"cycleOf{cycle}"))

    def text(self, name: str) -> str:
        """A name; empty if it is not there."""
        return str(self.given.get(name, ""))


def _finite(came: str) -> float:
    number = float(came)
    if not abs(number) < float("inf"):
        raise ValueError(came)
    return number


def _lasting(came: str) -> Cycle:
    cycle = cycle_of(came)
    if cycle.number == 0:
        raise ValueError(came)
    return cycle


def terms_of(given: Mapping[str, Any]) -> Terms:
    """Terms by the standard's dictionary. Raises: TermsError."""
    words = Words(given)
    needed = [name for name in ("contractType", "contractRole", "statusDate") if name not in words.given]
    if needed:
        raise TermsError(term=needed[0], came=None, allowed="a value: no contract is without")
    maturity, status = words.time("maturityDate"), words.time("statusDate")
    terms = Terms(
        kind=words.one_of("contractType", ContractType, ContractType.PAM),
        name=words.text("contractID"),
        role=words.one_of("contractRole", Role, Role.RPA),
        axis=_axis(words, maturity),
        status_time=status or 0,
        initial_exchange=words.time("initialExchangeDate"),
        maturity=maturity,
        amortization_end=words.time("amortizationDate"),
        purchase=words.time("purchaseDate"),
        purchase_price=words.number("priceAtPurchaseDate") or 0.0,
        termination=words.time("terminationDate"),
        termination_price=words.number("priceAtTerminationDate") or 0.0,
        capitalization_end=words.time("capitalizationEndDate"),
        notional=words.number("notionalPrincipal"),
        rate_per_year=words.number("nominalInterestRate"),
        accrued=words.number("accruedInterest"),
        discount=words.number("premiumDiscountAtIED") or 0.0,
        payment=words.number("nextPrincipalRedemptionPayment"),
        base=words.one_of("interestCalculationBase", Base, Base.NOTIONAL),
        base_amount=words.number("interestCalculationBaseAmount"),
        reset=_reset(words),
        scaling=_scaling(words),
        fee=_fee(words),
        early=_early(words),
        cover=_cover(words),
        next_dividend=words.number("nextDividendPaymentAmount"),
        dividend_market=words.text("marketObjectCodeOfDividends") or f"{words.text('contractID')}-DV",
        notice=words.period("xDayNotice"),
        settlement_period=words.period("settlementPeriod"),
    )
    return replace(
        terms,
        interest=words.cyclic("InterestPayment", "InterestPayment"),
        redemption=words.cyclic("PrincipalRedemption", "PrincipalRedemption"),
        base_fixing=words.cyclic("InterestCalculationBase", "InterestCalculationBase"),
        rate_reset=words.cyclic("RateReset", "RateReset"),
        scaling_index=words.cyclic("ScalingIndex", "ScalingIndex"),
        fee_payment=words.cyclic("Fee", "Fee"),
        option=words.cyclic("Optionality", "Optionality"),
        dividend=words.cyclic("DividendPayment", "DividendPayment"),
    )


def _or(number: float | None, default: float) -> float:
    return default if number is None else number


def _axis(words: Words, maturity: int | None) -> Dates:
    return Dates(
        words.one_of("dayCountConvention", DayCount, DayCount.A365),
        words.one_of("calendar", Holidays, Holidays.NONE),
        words.one_of("businessDayConvention", Shift, Shift.NONE),
        words.one_of("endOfMonthConvention", MonthEnd, MonthEnd.SAME_DAY),
        maturity,
    )


def _fee(words: Words) -> Fee:
    return Fee(
        rate=words.number("feeRate") or 0.0,
        basis=words.one_of("feeBasis", FeeBasis, FeeBasis.ABSOLUTE),
        accrued=words.number("feeAccrued"),
    )


def _early(words: Words) -> Early:
    return Early(
        effect=words.one_of("prepaymentEffect", Prepayment, Prepayment.NONE),
        market=words.text("objectCodeOfPrepaymentModel"),
        penalty=words.one_of("penaltyType", Penalty, Penalty.NONE),
        penalty_rate=words.number("penaltyRate") or 0.0,
    )


def _reset(words: Words) -> Reset:
    bound = float("inf")
    fall = words.number("periodFloor")
    return Reset(
        market=words.text("marketObjectCodeOfRateReset"),
        multiplier=_or(words.number("rateMultiplier"), 1.0),
        spread=words.number("rateSpread") or 0.0,
        cap=_or(words.number("lifeCap"), bound),
        floor=_or(words.number("lifeFloor"), -bound),
        rise_most=_or(words.number("periodCap"), bound),
        fall_most=-bound if fall is None else -abs(fall),
        next_rate=words.number("nextResetRate"),
    )


def _scaling(words: Words) -> Scaling:
    effect = words.text("scalingEffect")
    return Scaling(
        market=words.text("marketObjectCodeOfScalingIndex"),
        scales_interest="I" in effect,
        scales_notional="N" in effect,
        index_at_deal=_or(words.number("scalingIndexAtContractDealDate"), 1.0) or 1.0,
        interest_multiplier=_or(words.number("interestScalingMultiplier"), 1.0),
        notional_multiplier=_or(words.number("notionalScalingMultiplier"), 1.0),
    )


def _cover(words: Words) -> Cover:
    """What is covered, by name or in full."""
    structure = words.given.get("contractStructure", ())
    covered = [part["object"] for part in structure if part.get("referenceRole", "COVE") == "COVE"]
    told = [one for one in covered if "contractType" in one]
    full = tuple(terms_of(one) for one in told)
    return Cover(
        names=tuple(str(one.get("contractIdentifier", one.get("contractID", ""))) for one in covered),
        contracts=full,
        markets=tuple((str(one["contractID"]), str(one.get("marketObjectCode", one["contractID"]))) for one in told),
        share=_or(words.number("coverageOfCreditEnhancement"), 1.0),
        exposure=words.one_of("guaranteedExposure", Exposure, Exposure.NOTIONAL),
        event=words.one_of("creditEventTypeCovered", Performance, Performance.DEFAULT),
    )  # fmt: skip


def market_of(data: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> Market:
    """What is observed, by the standard's words. Raises: TermsError."""
    series = {}
    for name, one in data.items():
        points = [Words(point) for point in one["data"]]
        series[name] = tuple(sorted((point.time("timestamp") or 0, point.number("value") or 0.0) for point in points))
    seen = []
    for event in events:
        words = Words(event)
        states = Words(event.get("states", {}))
        came = states.text("contractPerformance")
        seen.append(
            Seen(
                words.time("time") or 0,
                words.one_of("type", EventType, EventType.AD),
                words.number("value") or 0.0,
                words.text("contractId"),
                states.one_of("contractPerformance", Performance, Performance.DEFAULT) if came else None,
            )
        )
    return Market(series, tuple(sorted(seen, key=lambda one: one.time)))
