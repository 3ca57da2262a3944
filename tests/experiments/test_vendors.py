"""What is said of vendors: claims from worlds made by hand, the months of a run, a page that is what its data say."""

from __future__ import annotations

import json

import pytest
from carousel.docs import vendors_page
from carousel.experiments.validation.checks import Verdict
from carousel.experiments.validation.circle_worlds import world
from carousel.experiments.validation.vendor_checks import claims_of
from carousel.experiments.validation.vendor_worlds import (
    SCENARIO,
    Fall,
    Month,
    draws_around,
    fall_of,
    first_cut,
    vendor_of,
)  # fmt: skip

NOTHING = dict.fromkeys(Month._fields, 0.0)


def made(trough: float = 20.0, bottom: int = 40, failed: int = 9, after: float = 3.0, cut: bool = True) -> list[Month]:
    """Five years: a price of 60 that peaks at 100 in month 10 and is `trough` in month `bottom`; draws of 1 a month,
    and `after` in the months that follow a cut in month 14; purchases that rise and fall with earnings."""
    months = []
    for month in range(60):
        price = 100.0 if month == 10 else trough if month == bottom else 60.0
        up = float(min(month, 60 - month))
        drawn = after if 14 < month <= 17 else 1.0
        facts = {"price_usd": price, "drawn": drawn, "cut": 5.0 if cut and month == 14 else 0.0, "bought": up}
        lagged = sum(min(m, 60 - m) for m in range(max(0, month - 11), month + 1))
        months.append(Month(**(NOTHING | facts | {"failed": failed, "earnings": float(lagged)})))
    return months


def verdicts(worlds) -> dict[str, Verdict]:
    return {check.key.removeprefix("vendors."): check.verdict for check in claims_of(worlds)}


def test_worlds_as_they_should_be_hold_every_claim():
    assert verdicts([made(), made(trough=30.0)]) == dict.fromkeys(
        ("falls", "slowly", "run", "cut", "follows"), Verdict.HOLDS
    )


@pytest.mark.parametrize(
    ("missed", "changed"),
    [
        ("falls", {"trough": 51.0}),
        ("falls", {"failed": 7}),
        ("slowly", {"bottom": 21}),
        ("run", {"after": 1.0}),
        ("cut", {"cut": False}),
    ],
)
def test_each_claim_misses_where_it_is_wrong(missed, changed):
    assert verdicts([made(**changed)] * 2)[missed] is Verdict.MISSES


def test_earnings_that_do_not_follow_are_told():
    assert verdicts([[month._replace(earnings=-month.earnings) for month in made()]])["follows"] is Verdict.MISSES


def test_a_fall_is_the_largest_from_a_peak_to_a_later_trough():
    assert fall_of([3.0, 4.0, 2.0, 8.0, 6.0, 2.0, 9.0]) == Fall(3, 5, 0.75)
    assert Fall(3, 5, 0.75).months == 2
    assert fall_of([1.0, 2.0]) == Fall(0, 0, 0.0)


def test_draws_are_those_of_the_quarter_that_ends_with_the_cut_and_of_the_next():
    months = made()
    assert first_cut(months) == 14
    assert draws_around(months, 14) == (3.0, 9.0)
    assert first_cut(made(cut=False)) is None


def test_the_months_of_a_run_are_what_its_customers_bought_and_drew():
    """A twelfth of 12 bn grown by a fifth a year for a month; of it two fifths drawn."""
    first = Month(*vendor_of([], 3, days=882)["months"][0])
    grown = 1.2 ** (21 / 252)
    assert first.bought == pytest.approx(grown, rel=1e-4)
    assert first.drawn == pytest.approx(0.4 * grown, rel=1e-4)
    assert first.owed == first.drawn
    assert first.lines == pytest.approx(12 * 1.4 + 8 + 5.6 + 3.6, rel=1e-9)
    assert (first.cut, first.failed) == (0, 0)


def test_every_world_of_the_page_is_a_scenario():
    for _, asked in vendors_page.WORLDS.values():
        assert world(
            tuple(asked["changes"]), days=1260, without=tuple(asked.get("without", ())), scenario_name=SCENARIO
        )


def test_the_page_of_vendors_is_what_its_data_say():
    """After a change: `python docs/vendors_page.py measure`."""
    assert vendors_page.PAGE.read_text(encoding="utf-8") == vendors_page.page(vendors_page.load())
    for line in vendors_page.DATA.read_text(encoding="utf-8").splitlines():
        assert json.loads(line)["world"] in vendors_page.WORLDS
