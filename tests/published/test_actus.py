"""Contracts of the ACTUS standard pay what its published vectors say: every date and kind, every amount to the cent."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from carousel.contracts.actus.axes import RUN_DAYS, Dates, moment_of, second_of
from carousel.contracts.actus.cases import cases_of, differences
from carousel.contracts.actus.course import course
from carousel.contracts.actus.cycles import cycle_of
from carousel.contracts.actus.day_counts import year_fraction
from carousel.contracts.actus.reading import TermsError, market_of, terms_of
from carousel.contracts.actus.words import ContractType, DayCount, EventType, Holidays, MonthEnd, Shift

FOLDER = Path(__file__).with_name("actus")
CASES = [case for file in sorted(FOLDER.glob("*.json")) for case in cases_of(file.read_text())]
LOAN = {
    "contractType": "PAM", "contractRole": "RPA", "contractID": "Loan", "statusDate": "2012-12-30",
    "initialExchangeDate": "2013-01-01", "maturityDate": "2014-01-01", "notionalPrincipal": "1200",
    "nominalInterestRate": "0.1", "cycleAnchorDateOfInterestPayment": "2013-02-01", "cycleOfInterestPayment": "P1ML1",
    "dayCountConvention": "30E360",
}  # fmt: skip
"""Ten a month, and 1,200 at the end."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_contract_pays_what_its_vector_says(case):
    assert case.expected
    assert list(differences(case.events(), case.expected)) == []


def test_the_vectors_cover_seven_types_and_what_their_collection_has_of_them():
    assert {case.terms.kind for case in CASES} == set(ContractType) - {ContractType.NAM, ContractType.CSH}
    assert len(CASES) == 68


def test_a_cent_a_date_and_an_event_too_many_are_seen():
    case = next(case for case in CASES if case.name == "pam01")
    events = case.events()
    dearer = [one._replace(amounts=dict(one.amounts, payoff=one.amounts["payoff"] + 0.011)) for one in case.expected]
    assert len(list(differences(events, dearer))) == len(events)
    later = [one._replace(time=one.time + 86_400) for one in case.expected]
    assert list(differences(events, later)) == [
        "event 1: came IED on 2013-01-01 00:00:00, expected IED on 2013-01-02 00:00:00"
    ]
    assert list(differences(events[:-1], case.expected)) == [
        "event 15: came nothing, expected MD on 2014-01-01 00:00:00"
    ]


def paid(changes=(), seen=(), data=None, until=None):
    """(date, kind, cents paid) of the loan with other terms."""
    terms = terms_of(LOAN | dict(changes))
    events = course(terms, market_of(data or {}, seen), until and second_of(datetime.fromisoformat(until)))
    return [(str(moment_of(e.time).date())[2:], e.kind.value, round(100 * e.payoff)) for e in events]


def test_a_bullet_loan_by_hand():
    months = [(f"13-{month:02}-01", "IP", 1000) for month in range(2, 13)]
    end = [("14-01-01", "IP", 1000), ("14-01-01", "MD", 120_000)]
    assert paid() == [("13-01-01", "IED", -120_000), *months, *end]


def test_a_fee_on_what_is_owed_and_a_fee_that_is_the_same_each_time():
    """1 % a year on 1,200, twice a year: 6 each; or 5 each time."""
    fee = {"feeRate": "0.01", "cycleAnchorDateOfFee": "2013-07-01", "cycleOfFee": "P6ML1", "feeBasis": "N"}
    assert [p for p in paid(fee) if p[1] == "FP"] == [("13-07-01", "FP", 600), ("14-01-01", "FP", 600)]
    same = fee | {"feeRate": "5", "feeBasis": "A"}
    assert [p for p in paid(same) if p[1] == "FP"] == [("13-07-01", "FP", 500), ("14-01-01", "FP", 500)]


def test_what_is_prepaid_bears_no_interest_and_costs_a_penalty():
    """Half is paid back in July: a penalty of 7, interest of 5 a month from then on, 600 at the end."""
    early = {"prepaymentEffect": "A", "penaltyType": "A", "penaltyRate": "7"}
    came = paid(early, [{"time": "2013-07-01", "type": "PP", "value": 600}])
    assert ("13-07-01", "PP", 60_000) in came
    assert ("13-07-01", "PY", 700) in came
    assert [p for p in came if p[0] >= "13-08" and p[1] == "IP"] == [
        *((f"13-{month:02}-01", "IP", 500) for month in range(8, 13)), ("14-01-01", "IP", 500),
    ]  # fmt: skip
    assert came[-1] == ("14-01-01", "MD", 60_000)


def test_a_rate_is_reset_within_its_bounds_the_first_time_to_what_is_known():
    """2 % is known; then 30 % is observed, and allowed are 12 %: two a month, then twelve."""
    data = {"M": {"data": [{"timestamp": "2013-01-01", "value": "0.3"}]}}
    reset = {
        "cycleAnchorDateOfRateReset": "2013-04-01", "cycleOfRateReset": "P3ML1", "nextResetRate": "0.02",
        "lifeCap": "0.12", "marketObjectCodeOfRateReset": "M",
    }  # fmt: skip
    came = paid(reset, data=data)
    assert [p for p in came if p[1] in ("RR", "RRF")] == [
        ("13-04-01", "RRF", 0), ("13-07-01", "RR", 0), ("13-10-01", "RR", 0),
    ]  # fmt: skip
    assert [p[2] for p in came if p[1] == "IP"] == [1000] * 3 + [200] * 3 + [1200] * 6


def test_a_negative_amortizer_pays_what_its_payment_leaves():
    """A payment of 8 does not cover interest of 10: what is owed grows by 2, then by 2.0167."""
    terms = {
        "contractType": "NAM", "nextPrincipalRedemptionPayment": "8",
        "cycleAnchorDateOfPrincipalRedemption": "2013-02-01", "cycleOfPrincipalRedemption": "P1ML1",
    }  # fmt: skip
    came = paid(terms)
    assert came[1:5] == [
        ("13-02-01", "PR", -200), ("13-02-01", "IP", 1000), ("13-03-01", "PR", -202), ("13-03-01", "IP", 1002),
    ]  # fmt: skip


def test_a_line_is_drawn_and_repaid_at_will():
    """1,000 drawn, 500 more in March, 300 back in June: a year at 12 % on what is owed is added to it."""
    line = {
        "contractType": "UMP", "notionalPrincipal": "1000", "nominalInterestRate": "0.12", "maturityDate": "",
        "cycleAnchorDateOfInterestPayment": "2013-07-01", "cycleOfInterestPayment": "P6ML1",
    }  # fmt: skip
    seen = [{"time": "2013-03-01", "type": "PI", "value": -500}, {"time": "2013-06-01", "type": "PR", "value": 300}]
    assert paid(line, seen, until="2013-12-31") == [
        ("13-01-01", "IED", -100_000), ("13-03-01", "PI", -50_000), ("13-06-01", "PR", 30_000), ("13-07-01", "IPCI", 0),
    ]  # fmt: skip
    terms = terms_of(LOAN | line)
    last = course(terms, market_of({}, seen), second_of(datetime(2013, 12, 31)))[-1]
    assert last.state.notional == pytest.approx(1200 + 1000 * 0.02 + 1500 * 0.03 + 1200 * 0.01)


def test_a_purchase_hides_what_was_before_and_a_sale_what_would_come_after():
    bought = {"purchaseDate": "2013-05-16", "priceAtPurchaseDate": "1190"}
    assert paid(bought)[0] == ("13-05-16", "PRD", -119_500)
    sold = {"terminationDate": "2013-05-16", "priceAtTerminationDate": "1190"}
    assert paid(sold)[-1] == ("13-05-16", "TD", 119_500)


@pytest.mark.parametrize(
    ("count", "start", "end", "years"),
    [
        ("AA", "2011-11-01", "2012-03-01", 61 / 365 + 60 / 366),
        ("A360", "2012-02-01", "2012-03-01", 29 / 360),
        ("A365", "2012-02-01", "2012-03-01", 29 / 365),
        ("30E360", "2011-01-31", "2011-03-31", 60 / 360),
        ("30E360", "2011-02-28", "2011-03-31", 32 / 360),
        ("30E360ISDA", "2011-02-28", "2011-03-31", 30 / 360),
        ("30E360ISDA", "2011-01-31", "2012-02-29", 389 / 360),
        ("28E336", "2011-01-30", "2011-03-31", 56 / 336),
        ("B252", "2013-03-01", "2013-03-11", 6 / 252),
    ],
)
def test_a_year_is_counted_as_its_convention_says(count, start, end, years):
    """The last of February 2012 is maturity: it stays the 29th."""
    fraction = year_fraction(DayCount(count), Holidays.WEEKENDS, date(2012, 2, 29))
    assert fraction(date.fromisoformat(start), date.fromisoformat(end)) == pytest.approx(years, abs=1e-15)


@pytest.mark.parametrize(
    ("shift", "saturday", "last_saturday", "first_sunday"),
    [
        ("SCF", "2013-03-11", "2013-09-02", "2013-09-02"), ("SCMF", "2013-03-11", "2013-08-30", "2013-09-02"),
        ("SCP", "2013-03-08", "2013-08-30", "2013-08-30"), ("SCMP", "2013-03-08", "2013-08-30", "2013-09-02"),
        ("NOS", "2013-03-09", "2013-08-31", "2013-09-01"),
    ],
)  # fmt: skip
def test_a_day_without_business_is_shifted_as_its_convention_says(shift, saturday, last_saturday, first_sunday):
    days = [date(2013, 3, 9), date(2013, 8, 31), date(2013, 9, 1)]
    for convention in {Shift(shift), Shift(shift.replace("SC", "CS"))}:
        axis = Dates(holidays=Holidays.WEEKENDS, shift=convention)
        times = [second_of(datetime(day.year, day.month, day.day)) for day in days]
        assert [str(moment_of(axis.shifted(t)).date()) for t in times] == [saturday, last_saturday, first_sunday]
        assert [axis.calculated(t) == t for t in times] == [convention.value[0] in "CN"] * 3


def test_a_cycle_from_a_short_months_end_stays_there_or_keeps_its_day():
    april = second_of(datetime(2013, 4, 30))
    for convention, days in ((MonthEnd.END, [30, 31, 30]), (MonthEnd.SAME_DAY, [30, 30, 30])):
        axis = Dates(month_end=convention)
        assert [moment_of(axis.later(april, cycle_of("P1M"), n)).day for n in range(3)] == days
    assert moment_of(Dates().later(april, cycle_of("P1M"), 10)).day == 28
    assert moment_of(Dates().later(april, cycle_of("P1Q"), -1)) == datetime(2013, 1, 30)


def test_a_run_has_months_of_21_days_and_all_is_done_at_their_ends():
    assert RUN_DAYS.years(21, 42) == 1 / 12
    assert [RUN_DAYS.later(42, cycle_of(cycle), 1) for cycle in ("P1D", "P1W", "P1M", "P1H", "P1Y")] == [
        43, 47, 63, 168, 294,
    ]  # fmt: skip
    assert [RUN_DAYS.shifted(day) for day in (0, 1, 21, 22)] == [0, 21, 21, 42]


@pytest.mark.parametrize(
    ("term", "came"),
    [
        ("contractType", "PAMM"), ("maturityDate", "2014"), ("notionalPrincipal", "nan"), ("cycleOfRateReset", "P0ML1"),
        ("cycleOfInterestPayment", "1M"), ("dayCountConvention", "A36"), ("statusDate", ""),
    ],
)  # fmt: skip
def test_a_term_that_cannot_be_read_names_itself(term, came):
    with pytest.raises(TermsError) as error:
        terms_of(LOAN | {term: came})
    assert error.value.term == term


def test_a_contract_without_an_end_or_without_its_market_says_so():
    endless = '{"x": {"terms": {"contractType": "PAM", "contractRole": "RPA", "statusDate": "2013-01-01"}}}'
    with pytest.raises(TermsError, match="x: came 'neither a maturity"):
        next(cases_of(endless)).events()
    with pytest.raises(TermsError, match="the file: came"):
        list(cases_of("["))
    with pytest.raises(KeyError):
        paid({"cycleAnchorDateOfRateReset": "2013-04-01", "marketObjectCodeOfRateReset": "M"})


def test_events_of_one_time_come_in_the_order_of_the_standard():
    assert list(EventType).index(EventType.PR) < list(EventType).index(EventType.IP) < list(EventType).index("MD")
