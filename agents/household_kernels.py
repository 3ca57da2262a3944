"""What households compute, row by row: what they are endowed with, what they order, what a fill or a pay day brings.

Every draw is keyed by the row, every split is exact, and every sum is of integers, so any chunking of the rows gives
the same bits.
"""

from __future__ import annotations

import math

import numpy as np
from numba import int64, uint64

from ..engine.chance import Decision, mix, normal_of, stream_key, unit, word
from ..engine.kernels import njit
from ..narrative.contagion import BLOCK, DRAWS, ENTHUSIASTIC, SUSCEPTIBLE, TIRED, list_marked

INT32_MAX = 2**31 - 1
EXACT_MAX = 2**53 - 1

WEIGHT_UNIT = 2.0**20
"""Integer weight of a holder of median wealth."""
SAVING_UNIT = 2.0**8
"""Integer saving weight of a holder of median wealth."""

ENDOWMENT = int(Decision.HOLDER_ENDOWMENT)
TRAITS = int(Decision.HOLDER_TRAITS)
ATTENTION = int(Decision.HOLDER_ATTENTION)
LIMIT = int(Decision.HOLDER_LIMIT)
SAVING = int(Decision.HOLDER_SAVING)

# traits are drawn once: the day of their key is their number
TILT_TRAIT, EXTRAPOLATION_TRAIT, ATTENTION_TRAIT, BLOCK_TRAIT, STATE_TRAIT = 0, 1, 2, 3, 4


@njit(cache=True, inline="always")
def share_up_to(total, weight, whole, start):  # type: ignore[no-untyped-def]
    """floor((total x weight + start) / whole) for 0 <= weight <= whole < 2**53, total < 2**53, 0 <= start < whole.

    Exact. Differences of it along cumulative weights are a split that sums to the total: cumulative rounding. The float
    quotient is a few units off at most; the remainder, right in wrap-around arithmetic, corrects it.
    """
    quotient = int64(float(total) * float(weight) / float(whole))  # type: ignore[call-overload]
    remainder = total * weight - quotient * whole + start
    while remainder < 0:
        quotient -= 1
        remainder += whole
    while remainder >= whole:
        quotient += 1
        remainder -= whole
    return quotient


@njit(cache=True, inline="always")
def start_of(key, whole):  # type: ignore[no-untyped-def]
    """A keyed start in [0, whole) for cumulative rounding: nobody is always the one who gets the odd cent."""
    return int64(word(key, 0) % uint64(whole))


@njit(cache=True)
def endowment_weights(wealth_key, tilt_key, row, sigma):  # type: ignore[no-untyped-def]
    """Integer weights (cash, shares, saving) of a row: log-normal wealth, its ETF part leaning by up to a half."""
    wealth = math.exp(sigma * normal_of(wealth_key, row))
    lean = unit(word(tilt_key, row))
    saving = min(wealth * SAVING_UNIT, 2147483646.0)
    return (
        int64(wealth * WEIGHT_UNIT * (1.5 - lean)) + 1,
        int64(wealth * WEIGHT_UNIT * (0.5 + lean)) + 1,
        int64(saving) + 1,  # type: ignore[call-overload]
    )


@njit(cache=True)
def endow_money(cash_cents, etf_shares, saving_weight, total_cash_cents, total_etf_shares, sigma, seed):  # type: ignore[no-untyped-def]
    """Split both totals over the rows.

    Returns -1, or the first row whose shares do not fit into 32 bits, or -2 if the weights are too many to be exact.
    The draws are repeated in the second pass rather than kept: no scratch memory per holder.
    """
    wealth_key = stream_key(seed, ENDOWMENT, 0)
    tilt_key = stream_key(seed, TRAITS, TILT_TRAIT)
    whole_cash, whole_shares = int64(0), int64(0)
    for row in range(cash_cents.size):
        for_cash, for_shares, saving = endowment_weights(wealth_key, tilt_key, row, sigma)
        whole_cash += for_cash
        whole_shares += for_shares
        saving_weight[row] = saving
        if max(whole_cash, whole_shares) > EXACT_MAX:
            return -2
    start_cash = start_of(stream_key(seed, ENDOWMENT, 1), whole_cash)
    start_shares = start_of(stream_key(seed, ENDOWMENT, 2), whole_shares)
    weight_cash, weight_shares, given_cash, given_shares = int64(0), int64(0), int64(0), int64(0)
    for row in range(cash_cents.size):
        for_cash, for_shares, _ = endowment_weights(wealth_key, tilt_key, row, sigma)
        weight_cash += for_cash
        weight_shares += for_shares
        up_to_cash = share_up_to(total_cash_cents, weight_cash, whole_cash, start_cash)
        up_to_shares = share_up_to(total_etf_shares, weight_shares, whole_shares, start_shares)
        if up_to_shares - given_shares > INT32_MAX:
            return row
        cash_cents[row] = up_to_cash - given_cash
        etf_shares[row] = up_to_shares - given_shares
        given_cash, given_shares = up_to_cash, up_to_shares
    return -1


@njit(cache=True)
def endow_traits(  # type: ignore[no-untyped-def]
    state, block, extrapolation, attention, enthusiastic_share, tired_share, blocks, attention_per_day, seed
):
    """Draw who believes what: story state, block, sensitivity uniform on [0, 2), attention within half of its mean."""
    by_extrapolation = stream_key(seed, TRAITS, EXTRAPOLATION_TRAIT)
    by_attention = stream_key(seed, TRAITS, ATTENTION_TRAIT)
    by_block = stream_key(seed, TRAITS, BLOCK_TRAIT)
    by_state = stream_key(seed, TRAITS, STATE_TRAIT)
    # a mean near one leaves no room above: the spread shrinks, the mean stays
    spread = min(attention_per_day, 1.0 - attention_per_day, 0.5 * attention_per_day)
    for row in range(state.size):
        u = unit(word(by_state, row))
        caught = ENTHUSIASTIC if u < enthusiastic_share else TIRED
        state[row] = caught if u < enthusiastic_share + tired_share else SUSCEPTIBLE
        block[row] = min(int64(unit(word(by_block, row)) * blocks), blocks - 1)
        extrapolation[row] = 2.0 * unit(word(by_extrapolation, row))
        attention[row] = attention_per_day + spread * (2.0 * unit(word(by_attention, row)) - 1.0)


@njit(cache=True)
def endow_desire(desired_share, cash_cents, etf_shares, state, etf_price_cents, enthusiasm_tilt):  # type: ignore[no-untyped-def]
    """Base ETF share such that every holder starts with what it wants: the opening brings no flow of its own."""
    for row in range(desired_share.size):
        held = etf_shares[row] * etf_price_cents
        wealth = cash_cents[row] + held
        actual = held / wealth if wealth > 0 else 0.0
        desired_share[row] = actual - story_tilt(state[row], enthusiasm_tilt)


@njit(cache=True, inline="always")
def story_tilt(state, enthusiasm_tilt):  # type: ignore[no-untyped-def]
    """What the story adds to the desired share: the tilt for the enthusiastic, minus half of it for the tired."""
    return enthusiasm_tilt * ((state == ENTHUSIASTIC) - 0.5 * (state == TIRED))


@njit(cache=True, inline="always")
def list_attentive(chances, key, start, marks, groups, rows):  # type: ignore[no-untyped-def]
    """Write to `rows` who of a block, counted from its row `start`, looks today: unit(word) < chance; returns how many.

    Both sides are taken times 2**53; a loop as small as this, without a branch, the compiler can vectorise.
    """
    marks[chances.size :] = 0
    for i in range(chances.size):
        marks[i] = float(int64(word(key, start + i) >> uint64(11))) < float(chances[i]) * DRAWS
    return list_marked(marks, chances.size, groups, rows)


@njit(cache=True, nogil=True)
def decide_rows(  # type: ignore[no-untyped-def]
    cash_cents, etf_shares, state, desired_share, extrapolation, attention, order_shares, order_limit_cents,
    first, last, seed, day, reference_cents, pull, enthusiasm_tilt, trade_gap_share, limit_tolerance,
    low_cents, buy_hist, sell_hist, ordering,
):  # fmt: skip
    """Orders of rows first to last - 1 for the day; adds them to the histograms by limit price, int64[levels].

    A row looks at its account with its attention probability. It then wants the share clip(base + story tilt +
    extrapolation x pull, 0, 1) of its wealth at the reference price in the ETF, and orders `trade_gap_share` of the
    gap, in whole shares by unbiased random rounding, at a limit up to `limit_tolerance` beyond the reference price. It
    never orders more than its cash buys at the limit, nor sells more than it holds.

    The orders of these rows must be 0 before. The rows that order are listed in `ordering` int32[last - first + 1].
    Returns how many they are, the number of attentive rows, shares to buy, shares to sell, and cents reserved behind
    the buys.
    """
    attention_key = stream_key(seed, ATTENTION, day)
    limit_key = stream_key(seed, LIMIT, day)
    reach_cents = limit_tolerance * reference_cents
    marks = np.zeros(BLOCK, np.uint8)
    groups, looking = np.empty(BLOCK // 8 + 1, np.int64), np.empty(BLOCK + 1, np.int64)
    cash_of, shares_of, base_of = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64), np.empty(BLOCK)
    orders, attentive, buys, sells, reserved_cents = int64(0), int64(0), int64(0), int64(0), int64(0)
    for start in range(first, last, BLOCK):
        stop = min(start + BLOCK, last)
        count = list_attentive(attention[start:stop], attention_key, start, marks, groups, looking)
        attentive += count
        # gathered first: the waits for memory of many rows overlap in a loop as short as this
        for i in range(count):
            row = start + looking[i]
            cash_of[i], shares_of[i] = cash_cents[row], etf_shares[row]
            base_of[i] = desired_share[row] + story_tilt(state[row], enthusiasm_tilt) + extrapolation[row] * pull
        for i in range(count):
            row = start + looking[i]
            bits = word(limit_key, row)
            premium_cents = int64(reach_cents * unit(bits))
            cash, shares = cash_of[i], shares_of[i]
            held = shares * reference_cents
            gap_cents = min(max(base_of[i], 0.0), 1.0) * float(cash + held) - float(held)
            wanted = int64(math.floor(trade_gap_share * gap_cents / reference_cents + unit(mix(bits))))
            if wanted > 0:
                limit = reference_cents + premium_cents
                if wanted * limit > cash:
                    wanted = cash // limit
                wanted = min(wanted, INT32_MAX - shares)
                buy_hist[limit - low_cents] += wanted
                buys += wanted
                reserved_cents += wanted * limit
            else:
                limit = reference_cents - premium_cents
                wanted = max(wanted, -shares)
                sell_hist[limit - low_cents] -= wanted
                sells -= wanted
            if wanted != 0:
                order_shares[row], order_limit_cents[row] = wanted, limit
                ordering[orders] = row
                orders += 1
    return orders, attentive, buys, sells, reserved_cents


@njit(cache=True, nogil=True)
def decide_chunks(  # type: ignore[no-untyped-def]
    cash_cents, etf_shares, state, desired_share, extrapolation, attention, order_shares, order_limit_cents,
    first_chunk, last_chunk, chunk, seed, day, reference_cents, pull, enthusiasm_tilt, trade_gap_share, limit_tolerance,
    low_cents, buy_hist, sell_hist, ordering, ordering_counts,
):  # fmt: skip
    """`decide_rows` for whole chunks of rows, after taking back the orders of the day before.

    Chunk c lists its rows that order from place c x chunk of `ordering` int32[n] on, their number in
    `ordering_counts` int64[chunks]. Few rows order, so a list is shorter than a look at all, and most of `ordering`
    is never touched. Returns the sums over the chunks of (attentive, buys, sells, reserved cents).
    """
    attentive, buys, sells, reserved_cents = int64(0), int64(0), int64(0), int64(0)
    for c in range(first_chunk, last_chunk):
        first, last = c * chunk, min((c + 1) * chunk, cash_cents.size)
        listed = ordering[first:last]
        for k in range(ordering_counts[c]):
            order_shares[listed[k]] = 0
            order_limit_cents[listed[k]] = 0
        done = decide_rows(
            cash_cents, etf_shares, state, desired_share, extrapolation, attention, order_shares, order_limit_cents,
            first, last, seed, day, reference_cents, pull, enthusiasm_tilt, trade_gap_share, limit_tolerance,
            low_cents, buy_hist, sell_hist, listed,
        )  # fmt: skip
        ordering_counts[c] = done[0]
        attentive, buys = attentive + done[1], buys + done[2]
        sells, reserved_cents = sells + done[3], reserved_cents + done[4]
    return attentive, buys, sells, reserved_cents


@njit(cache=True)
def list_orders(order_shares, chunk, ordering, ordering_counts):  # type: ignore[no-untyped-def]
    """Fill `ordering` and `ordering_counts` of `decide_chunks` from the column itself: needed once, after a load."""
    ordering_counts[:] = 0
    for row in range(order_shares.size):
        if order_shares[row] != 0:
            c = row // chunk
            ordering[c * chunk + ordering_counts[c]] = row
            ordering_counts[c] += 1


@njit(cache=True)
def pay_rows(cash_cents, saving_weight, total_cents, whole, seed, day):  # type: ignore[no-untyped-def]
    """Add to the cash of all rows a total split by their weights (sum: `whole`), rounded from a keyed start."""
    start = start_of(stream_key(seed, SAVING, day), whole)
    weight, given = int64(0), int64(0)
    for row in range(cash_cents.size):
        weight += saving_weight[row]
        up_to = share_up_to(total_cents, weight, whole, start)
        cash_cents[row] += up_to - given
        given = up_to


@njit(cache=True)
def column_sum(column):  # type: ignore[no-untyped-def]
    """Exact sum of an integer column, int64."""
    total = int64(0)
    for row in range(column.size):
        total += column[row]
    return total
