"""What is said of deals: each claim from worlds made by hand, the book of a run, a page that is what its data say."""

from __future__ import annotations

import json

import pytest
from carousel.docs import deals_page
from carousel.experiments.validation.checks import Verdict
from carousel.experiments.validation.circle_worlds import world
from carousel.experiments.validation.deal_checks import claims_of
from carousel.experiments.validation.deal_worlds import Book, contracted_gw, deals_of


def made(signed: int = 0, mw: int = 4500, *resets: str) -> dict:
    told = [[63, "signed", "Lab", "Cloud", 10**12, "0.50 GW at 13.0 bn USD"]] * signed
    return {"times": dict.fromkeys(resets, 1), "told": told, "books": [[0, 0, 0, mw, 0]]}


def worlds(**changed) -> dict:
    plain = {
        "deals": [made(2), made(1, 4500, "renegotiated")],
        "slow": [made(0, 4000, "renegotiated"), made(0, 4000, "cancelled")],
        "eager": [made(3, 6000), made(2, 5500)],
        "shy": [made(1, 5000), made(1, 5000)],
        "off": [made(), made()],
    }
    return plain | changed


def verdicts(runs) -> dict[str, Verdict]:
    return {check.key.removeprefix("deals."): check.verdict for check in claims_of(runs)}


def test_worlds_as_they_should_be_hold_every_claim():
    assert set(verdicts(worlds()).values()) == {Verdict.HOLDS}


@pytest.mark.parametrize(
    ("missed", "changed"),
    [
        ("made", {"deals": [made(), made(0, 4500, "renegotiated")]}),
        ("off", {"off": [made(1), made()]}),
        ("reset", {"deals": [made(1), made(1)]}),
        ("reset", {"deals": [made(1, 1, "cancelled"), made(1, 1, "milestone_cut")]}),
        ("reset_slow", {"slow": [made(), made(0, 1, "renegotiated")]}),
        ("appetite_wrong", {"eager": [made(1, 4900), made(2, 5500)]}),
        ("appetite_right", {"eager": [made(1, 5000), made(2, 5500)]}),
    ],
)
def test_each_claim_misses_where_it_is_wrong(missed, changed):
    assert verdicts(worlds(**changed))[missed] is Verdict.MISSES


def test_a_book_holds_what_the_contracts_say():
    """On the first day 300 bn are announced and committed, a quarter later nothing is paid."""
    run = deals_of([], 3, days=63)
    assert Book(*run["books"][0]) == Book(29_999_999_999_250, 29_999_999_999_250, 0, 4500, 0)
    assert contracted_gw(run) == 4.5
    assert [told[:4] for told in run["told"]] in ([], [[63, "signed", "OpenAI", "Oracle"]])


def test_every_world_of_the_page_is_a_scenario():
    for _, changes, _, many in deals_page.WORLDS.values():
        assert world(tuple(changes), days=1, scenario_name="ai-2025-deals")
        assert many >= 40


def test_the_page_of_deals_is_what_its_data_say():
    """After a change: `python docs/deals_page.py measure`."""
    assert deals_page.PAGE.read_text(encoding="utf-8") == deals_page.page(deals_page.load())
    for line in deals_page.DATA.read_text(encoding="utf-8").splitlines():
        assert json.loads(line)["world"] in deals_page.WORLDS
