"""Loops that endow households: both totals split over them exactly, and who believes what."""

from __future__ import annotations

import math

import numpy as np

from ..engine.chance import Decision, normal_of, stream_key, unit, word
from ..engine.exact_split import share_up_to, start_of
from ..engine.kernels import njit
from ..narrative.contagion import ENTHUSIASTIC, SUSCEPTIBLE, TIRED
from .household_rules import EXACT_MAX, INT32_MAX, attention_chance, spread_around_one, story_tilt

Column = np.ndarray

WEIGHT_UNIT = 2.0**20
"""Integer weight of a holder of median wealth."""
SAVING_UNIT = 2.0**8
"""Integer saving weight of a holder of median wealth."""

ENDOWMENT = int(Decision.HOLDER_ENDOWMENT)
TRAITS = int(Decision.HOLDER_TRAITS)

# traits are drawn once: the day of their key is their number
TILT_TRAIT, EXTRAPOLATION_TRAIT, ATTENTION_TRAIT, BLOCK_TRAIT, STATE_TRAIT = 0, 1, 2, 3, 4


@njit(cache=True)
def endowment_weights(keys: tuple, row: int, sigma: float, lean_spread: float) -> tuple[np.int64, np.int64, np.int64]:
    """Integer weights (cash, shares, saving) of a row: log-normal wealth, its cash and its ETF part leaning apart.

    `keys` are those of wealth and of the lean.
    """
    wealth = math.exp(sigma * normal_of(keys[0], row))
    lean = unit(word(keys[1], row))
    saving = min(wealth * SAVING_UNIT, 2147483646.0)
    return (
        np.int64(wealth * WEIGHT_UNIT * (1.0 + lean_spread - 2.0 * lean_spread * lean)) + 1,
        np.int64(wealth * WEIGHT_UNIT * spread_around_one(lean, lean_spread)) + 1,
        np.int64(saving) + 1,
    )


@njit(cache=True)
def endow_money(columns: tuple, totals: tuple, spreads: tuple, most_weight: int, seed: int) -> bool:
    """Split both totals, cash in cents and ETF shares, over the rows of cash_cents, etf_shares and saving_weight.

    `spreads` are the sigma of log wealth and how far its parts lean; no weight is more than `most_weight`. Returns
    False if the shares of a row do not fit into 32 bits, or the weights are too many to be exact. The draws are
    repeated in the second pass rather than kept: no scratch memory per holder.
    """
    cash_cents, etf_shares, saving_weight = columns
    total_cash_cents, total_etf_shares = totals
    sigma, lean_spread = spreads
    keys = stream_key(seed, ENDOWMENT, 0), stream_key(seed, TRAITS, TILT_TRAIT)
    whole_cash, whole_shares = np.int64(0), np.int64(0)
    for row in range(cash_cents.size):
        for_cash, for_shares, saving = endowment_weights(keys, row, sigma, lean_spread)
        whole_cash += min(for_cash, most_weight)
        whole_shares += min(for_shares, most_weight)
        saving_weight[row] = saving
        if max(whole_cash, whole_shares) > EXACT_MAX:
            return False
    start_cash = start_of(stream_key(seed, ENDOWMENT, 1), whole_cash)
    start_shares = start_of(stream_key(seed, ENDOWMENT, 2), whole_shares)
    weight_cash, weight_shares, given_cash, given_shares = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    for row in range(cash_cents.size):
        for_cash, for_shares, _ = endowment_weights(keys, row, sigma, lean_spread)
        weight_cash += min(for_cash, most_weight)
        weight_shares += min(for_shares, most_weight)
        up_to_cash = share_up_to(total_cash_cents, weight_cash, whole_cash, start_cash)
        up_to_shares = share_up_to(total_etf_shares, weight_shares, whole_shares, start_shares)
        if up_to_shares - given_shares > INT32_MAX:
            return False
        cash_cents[row] = up_to_cash - given_cash
        etf_shares[row] = up_to_shares - given_shares
        given_cash, given_shares = up_to_cash, up_to_shares
    return True


@njit(cache=True)
def endow_traits(columns: tuple, story: tuple, blocks: int, spreads: tuple, seed: int) -> None:
    """Draw who believes what, into state, block, extrapolation and attention.

    `story` are the enthusiastic and the tired share, `spreads` that of the sensitivity to past returns, the mean
    attention per day, and its spread.
    """
    state, block, extrapolation, attention = columns
    enthusiastic_share, tired_share = story
    extrapolation_spread, attention_per_day, attention_spread = spreads
    by_extrapolation = stream_key(seed, TRAITS, EXTRAPOLATION_TRAIT)
    by_attention = stream_key(seed, TRAITS, ATTENTION_TRAIT)
    by_block = stream_key(seed, TRAITS, BLOCK_TRAIT)
    by_state = stream_key(seed, TRAITS, STATE_TRAIT)
    for row in range(state.size):
        u = unit(word(by_state, row))
        caught = ENTHUSIASTIC if u < enthusiastic_share else TIRED
        state[row] = caught if u < enthusiastic_share + tired_share else SUSCEPTIBLE
        block[row] = min(np.int64(unit(word(by_block, row)) * blocks), blocks - 1)
        extrapolation[row] = spread_around_one(unit(word(by_extrapolation, row)), extrapolation_spread)
        attention[row] = attention_chance(unit(word(by_attention, row)), attention_per_day, attention_spread)


@njit(cache=True)
def endow_desire(columns: tuple, etf_price_cents: int, enthusiasm_tilt: float, tired_tilt: float) -> None:
    """Base ETF share such that every holder starts with what it wants: the opening brings no flow of its own.

    `columns` are desired_share, cash_cents, etf_shares and state.
    """
    desired, cash_cents, etf_shares, state = columns
    for row in range(desired.size):
        held = etf_shares[row] * etf_price_cents
        wealth = cash_cents[row] + held
        actual = held / wealth if wealth > 0 else 0.0
        desired[row] = actual - story_tilt(state[row], enthusiasm_tilt, tired_tilt)
