"""What a scenario may say of days to come is checked when it is loaded, in order of date, each world as a whole."""

from __future__ import annotations

import pytest
from carousel.scenarios.dated import after, day_of, due
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.loader import parse, to_json
from carousel.scenarios.schema import Scenario

HEAD = 'extends = "ai-2025"\nname = "dated"\ntitle = "t"\ndays = 252\n'
CUT = '"milestone.NVIDIA-OpenAI investment.capacity_gw" = 5.0'
SAID = 'announce = { firm = "NVIDIA", text = "NVIDIA halves its letter of intent", direction = -1 }'


def dated(*entries):
    """A bundled world with entries of its own."""
    return parse(HEAD + "\n".join(entries) + "\n")


def test_a_change_takes_force_on_its_date_or_the_next_trading_day():
    (saturday,) = dated(f"[[on]]\ndate = 2025-11-29\nset = {{ {CUT} }}").on
    (monday,) = dated(f"[[on]]\ndate = 2025-12-01\nset = {{ {CUT} }}").on
    scenario = dated(f"[[on]]\ndate = 2025-12-01\nset = {{ {CUT} }}")
    assert day_of(scenario, saturday) == day_of(scenario, monday) == 58
    assert [due(scenario, day) for day in (57, 58, 59)] == [[], [monday], []]


def test_a_change_that_has_taken_force_is_in_the_values_and_no_longer_ahead():
    scenario = dated(
        f"[[on]]\nday = 40\nset = {{ {CUT} }}\n{SAID}",
        '[[on]]\nday = 60\ntimes = { "milestone.*.capacity_gw" = 0.5 }',
        '[[stop]]\nday = 50\npayer = "SoftBank"',
    )
    at_40 = after(scenario, 40)
    assert (at_40.milestone[0].capacity_gw, len(at_40.news), len(at_40.on), len(at_40.stop)) == (5.0, 1, 1, 1)
    assert at_40.news[-1].text == "NVIDIA halves its letter of intent"
    at_60 = after(after(at_40, 50), 60)
    investor = next(x for x in at_60.venture_investor if x.name == "SoftBank")
    assert at_60.milestone[0].capacity_gw == 2.5
    assert (investor.dry_powder_usd, investor.appetite, investor.sells_stakes) == (0, 0, False)
    assert (at_60.on, at_60.stop) == ((), ())


def test_dated_changes_come_back_from_json_unchanged():
    scenario = dated('[[on]]\nday = 4\nset = { "contract.*.first_service" = 2026-02-02, "behaviour.trend_days" = 20 }')
    assert Scenario.model_validate_json(to_json(scenario)) == scenario


@pytest.mark.parametrize(
    ("entry", "key_path", "told"),
    [
        (f"[[on]]\ndate = 2025-09-07\nset = {{ {CUT} }}", "on.1.date", "2025-09-10 to"),
        (f"[[on]]\ndate = 2027-09-07\nset = {{ {CUT} }}", "on.1.date", "or 1 to 252"),
        (f"[[on]]\nday = 253\nset = {{ {CUT} }}", "on.1.day", "or 1 to 252"),
        (f"[[on]]\nset = {{ {CUT} }}", "on.1", "neither date nor day"),
        (f"[[on]]\nday = 3\ndate = 2025-11-11\nset = {{ {CUT} }}", "on.1", "date and day"),
        ("[[on]]\nday = 3", "on.1", "set, times or announce"),
        ('[[on]]\nday = 3\nset = { "lab.*.revenu_share" = 1 }', "on.1.set.lab.*.revenu_share", "revenue_share"),
        ('[[on]]\nday = 3\nset = { "lab.OpenAI.name" = "Lab" }', "on.1.set.lab.OpenAI.name", "names and parties stay"),
        ('[[on]]\nday = 3\nset = { "holders" = 3 }', "on.1.set.holders", "what the whole run is"),
        ('[[on]]\nday = 3\nset = { "bond.*.face_usd" = 3 }', "on.1.set.bond.*.face_usd", "keeps its terms"),
        ('[[on]]\nday = 3\nset = { "contract.*.announced" = 2026-01-01 }', "on.1.set.contract.*.announced", "calendar"),
        (
            '[[on]]\nday = 3\nset = { "contract.*.years" = 99 }',
            "on.1.set.contract.*.years (contract.OpenAI-Oracle compute.years)",
            "50",
        ),
        (
            '[[on]]\nday = 3\nset = { "behaviour.attention_per_day" = 0.1 }',
            "on.1.set.behaviour.attention_per_day",
            "marks",
        ),
        ('[[on]]\nday = 3\nset = { "behaviour.fw_mu" = 1 }', "on.1, which makes behaviour.fw_chi", "at most 0.5 of it"),
        ('[[on]]\nday = 3\nannounce = { firm = "Nvidia", text = "x" }', "on.1.announce.firm", "nearest: NVIDIA"),
        ('[[on]]\nday = 3\nannounce = { frm = "NVIDIA", text = "x" }', "on.1.announce.frm", "nearest: firm"),
        ('[[stop]]\nday = 3\npayer = "Softbank"', "stop.1.payer", "nearest: SoftBank"),
    ],
)
def test_what_cannot_take_force_is_refused_in_one_line(entry, key_path, told):
    with pytest.raises(ScenarioError) as caught:
        dated(entry)
    assert caught.value.key_path == key_path
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_earliest_fault_is_told_whatever_the_order_of_the_file():
    halve = '[[on]]\nday = {}\ntimes = {{ "supply.*.share" = 0.5 }}'
    with pytest.raises(ScenarioError, match=r"on\.2\.times\.supply"):
        dated(halve.format(30), halve.format(20))
