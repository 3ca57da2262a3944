"""Which of two prices, and who gets the odd share: the auction's formulas by hand."""

import pytest
from carousel.market.auction_rules import advantage_of_lower, executed_up_to


@pytest.mark.parametrize(
    ("supplied", "demanded", "surplus", "shortage", "sign"),
    [(9, 5, 9, 0, 1), (5, 9, 0, 9, -1), (7, 7, 1, 4, 1), (7, 7, 4, 1, -1), (7, 7, 2, 2, 0)],
)
def test_volume_decides_then_the_imbalance(supplied, demanded, surplus, shortage, sign):
    advantage = advantage_of_lower(supplied, demanded, surplus, shortage)
    assert (advantage > 0) - (advantage < 0) == sign


def test_an_odd_share_goes_where_the_start_says():
    assert [executed_up_to(1, 1, 2, start) for start in (0, 1)] == [0, 1]
    assert [executed_up_to(2, 1, 2, start) for start in (0, 1)] == [1, 1]
