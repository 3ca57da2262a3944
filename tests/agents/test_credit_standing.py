"""Who has no earnings of its own is rated by what it has over what it owes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from carousel.agents.credit_standing import plain_spread
from carousel.scenarios.behaviour import Behaviour


def party(cash_cents: int, owed_cents: int, coverage_when_even: float = 2.0) -> Any:
    """What is seen of a party that pays on time."""
    return SimpleNamespace(
        rules=Behaviour(coverage_when_even=coverage_when_even),
        late_cents=lambda _: 0,
        is_in_default=lambda _: False,
        owed_cents=lambda _: owed_cents,
        loans_owed_cents=lambda _: 0,
        cash_cents=lambda _: cash_cents,
    )


@pytest.mark.parametrize(
    ("cash", "owed", "even", "spread"),
    [
        (100, 100, 2.0, 0.0221),  # coverage 2.0: BB
        (100, 100, 1.9, 0.0361),  # coverage 1.9: B
        (125, 100, 2.0, 0.0147),  # coverage 2.5: BBB
        (0, 100, 2.0, 0.2000),  # nothing: D
        (0, 0, 2.0, 0.0059),  # nothing owed: AAA
    ],
)
def test_a_party_is_rated_by_its_cash_over_what_it_owes(cash, owed, even, spread):
    assert plain_spread(0, party(cash, owed, even)) == spread
