"""What an investor thinks a share is worth: earnings, believed promises, a multiple, a story, less debt.

The boom's core error is visible here: a commitment of a few years is capitalised at a perpetual multiple.
"""

from __future__ import annotations

import math

import numpy as np

from ..engine.chance import Decision, normal_of, stream_key
from ..engine.kernels import njit

FloatArray = np.ndarray
PRIVATE_NOISE = int(Decision.FUND_PRIVATE_NOISE)


@njit(cache=True)
def value_per_share_into(  # type: ignore[no-untyped-def]
    out,
    base_earnings_usd_per_year,
    commitment_profit_usd_per_year,
    commitment_firm,
    commitment_log_odds,
    delivered_share,
    disposition,
    price_earnings,
    sensitivity,
    log_multiple,
    sentiment,
    private,
    debt_like_usd,
    shares,
):
    """`value_per_share` written into `out` float[I, F], without any allocation."""
    investors, firms = out.shape
    for k in range(commitment_firm.size):
        if commitment_firm[k] < -1 or commitment_firm[k] >= firms:
            raise ValueError("commitment_firm out of range: allowed are -1 (no listed firm) and 0 to F-1")
    for i in range(investors):
        for f in range(firms):
            out[i, f] = base_earnings_usd_per_year[f]
        for k in range(commitment_firm.size):
            f = commitment_firm[k]
            if f >= 0:
                believed = 1.0 / (1.0 + math.exp(-(commitment_log_odds[k] + disposition[i])))
                believed = delivered_share[k] + (1.0 - delivered_share[k]) * believed
                out[i, f] += believed * commitment_profit_usd_per_year[k]
        for f in range(firms):
            story = math.exp(sensitivity[i] * log_multiple[f] + sentiment[f] + private[i, f])
            equity_usd = out[i, f] * price_earnings[f] * story - debt_like_usd[f]
            out[i, f] = max(100.0 * equity_usd / shares[f], 1.0)


@njit(cache=True)
def value_per_share(  # type: ignore[no-untyped-def]
    base_earnings_usd_per_year,
    commitment_profit_usd_per_year,
    commitment_firm,
    commitment_log_odds,
    delivered_share,
    disposition,
    price_earnings,
    sensitivity,
    log_multiple,
    sentiment,
    private,
    debt_like_usd,
    shares,
):
    """Value per share of each firm to each investor, float[I, F], in cents, at least one cent.

    V = [ (E + sum_k c_ik pi_k) M exp(s_i x_f + e_f + e_if) - D ] / shares, with credibility
    c_ik = w_k + (1 - w_k) logistic(l_k + b_i): what is delivered (share w_k) is no longer a matter of belief.

    Shapes: investors I, firms F, commitments K. `commitment_firm` int64[K] names the firm that earns the full-run-rate
    profit of commitment k (-1: none that is listed; a commitment that feeds two firms is two entries). Money in USD and
    USD per year, `shares` a count, `log_multiple`, `sentiment` float[F] and `private` float[I, F] in log points.

    Raises: ValueError if a commitment names a firm that does not exist.
    """
    out = np.empty((disposition.size, shares.size))
    value_per_share_into(
        out,
        base_earnings_usd_per_year,
        commitment_profit_usd_per_year,
        commitment_firm,
        commitment_log_odds,
        delivered_share,
        disposition,
        price_earnings,
        sensitivity,
        log_multiple,
        sentiment,
        private,
        debt_like_usd,
        shares,
    )
    return out


@njit(cache=True)
def private_noise_step(private, innovation, persistence, innovation_size):  # type: ignore[no-untyped-def]
    """One day of every investor's private view, in place: e_if <- rho e_if + sigma eps_if, all float[I, F]."""
    for i in range(private.shape[0]):
        for f in range(private.shape[1]):
            private[i, f] = persistence * private[i, f] + innovation_size * innovation[i, f]


@njit(cache=True)
def private_views(seed, day, slots, today, usual, private, persistence, innovation_size):  # type: ignore[no-untyped-def]
    """One day of `private_noise_step` with draws keyed by `slots` int64[I, F], in place.

    Investors disagree the more, the wilder the day: draws are times the noise of a share and the market `today`
    float[F + 1] over the `usual` one. Source: Tauchen & Pitts (1983), Econometrica 51(2).
    """
    key = stream_key(seed, PRIVATE_NOISE, day)
    market = usual.size - 1
    draws = np.empty(private.shape)
    for f in range(market):
        disagreement = math.hypot(today[f], today[market]) / math.hypot(usual[f], usual[market])
        for i in range(private.shape[0]):
            draws[i, f] = normal_of(key, slots[i, f]) * disagreement
    private_noise_step(private, draws, persistence, innovation_size)


@njit(cache=True)
def value_on_the_books(  # type: ignore[no-untyped-def]
    out, base_earnings_usd_per_year, commitment_profit_usd_per_year, commitment_firm, commitment_log_odds,
    delivered_share, disposition, price_earnings, sensitivity, log_multiple, felt, private, claims_cents, balances,
    accounts, outstanding, securities,
):  # fmt: skip
    """`value_per_share_into` with debt net of cash and shares as the books have them today.

    `log_multiple` float[nodes] begins with the F firms, `felt` float[F + 1] ends with the market's sentiment,
    `claims_cents`
    int64[F] are before cash; `balances` and `outstanding` are read at the firms' `accounts` and `securities` int64[F].
    """
    firms = accounts.size
    sentiment, debt_like_usd, shares = np.empty(firms), np.empty(firms), np.empty(firms)
    for f in range(firms):
        sentiment[f] = felt[f] + felt[firms]
        debt_like_usd[f] = (claims_cents[f] - balances[accounts[f]]) / 100.0
        shares[f] = float(outstanding[securities[f]])
    value_per_share_into(
        out, base_earnings_usd_per_year, commitment_profit_usd_per_year, commitment_firm, commitment_log_odds,
        delivered_share, disposition, price_earnings, sensitivity, log_multiple, sentiment, private, debt_like_usd,
        shares,
    )  # fmt: skip


@njit(cache=True)
def common_value_into(out, benchmark, values_cents):  # type: ignore[no-untyped-def]
    """Mean value of each share, float[F], in cents, over investors' `values_cents` float[I, F] by their weights
    `benchmark` float[I]: exp(sum_i q_i log V_if), added up in the investors' order on every machine."""
    for f in range(out.size):
        total = 0.0
        for i in range(benchmark.size):
            total += benchmark[i] * math.log(values_cents[i, f])
        out[f] = math.exp(total)


def deal_multiple(own_price_earnings: float, market_price_earnings: float, reversion: float) -> float:
    """Multiple at which the profit of a new deal is capitalised: 1 / M = (1 - r) / M_own + r / M_market.

    Earnings yields drift towards each other, so a high multiple is not paid for ever, and never on everything that a
    firm adds: as the own multiple grows without limit (earnings near zero), M tends to M_market / r.

    Raises: ValueError if a multiple is not above zero or the reversion is no share.
    Source: Beaver & Morse (1978), Financial Analysts Journal 34(4): price-earnings ratios revert within years.
    """
    if not (own_price_earnings > 0 and market_price_earnings > 0 and 0 <= reversion <= 1):
        raise ValueError(
            f"multiples {own_price_earnings} and {market_price_earnings}, reversion {reversion}; "
            "allowed: above 0, above 0, 0 to 1"
        )
    return 1.0 / ((1.0 - reversion) / own_price_earnings + reversion / market_price_earnings)


def lab_value_usd(run_rate_usd_per_year: float, multiple: float, log_multiple: float) -> float:
    """Value of a private lab in USD: revenue run-rate x revenue multiple x exp(narrative log-multiple)."""
    return run_rate_usd_per_year * multiple * math.exp(log_multiple)
