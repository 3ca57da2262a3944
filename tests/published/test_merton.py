"""Merton's credit spread of a firm whose debt is half of its assets.

Source: Merton (1974), Journal of Finance 29(2), eq. 14.
"""

import math

import pytest
from carousel.market.credit import required_spread


def test_half_leverage_thirty_percent_volatility_five_years_cost_148_basis_points():
    assert round(required_spread(0.5, 0.30, 5.0) * 1e4) == 148


def test_spread_is_merton_s_equation_14_with_the_normal_distribution_integrated_numerically():
    leverage, volatility, years = 0.5, 0.30, 5.0
    width = volatility * math.sqrt(years)
    h1 = -(0.5 * width**2 - math.log(leverage)) / width
    h2 = -(0.5 * width**2 + math.log(leverage)) / width

    def normal(x, n=20_000):
        step = x / n
        inner = sum(math.exp(-0.5 * (k * step) ** 2) * (4 if k % 2 else 2) for k in range(1, n))
        return 0.5 + step / 3 * (1 + inner + math.exp(-0.5 * x * x)) / math.sqrt(2 * math.pi)

    expected = -math.log(normal(h2) + normal(h1) / leverage) / years
    assert required_spread(leverage, volatility, years) == pytest.approx(expected, rel=1e-10)


def test_safe_debt_costs_nothing_and_hopeless_debt_costs_the_missing_assets():
    assert required_spread(1e-6, 0.3, 5.0) < 1e-12
    assert required_spread(100.0, 0.3, 5.0) == pytest.approx(math.log(100.0) / 5.0, rel=1e-3)
