"""Loops over households, row by row: who looks, what they order, what a pay day brings.

Every draw is keyed by the row, every split is exact, and every sum is of integers, so any chunking of the rows gives
the same bits.
"""

from __future__ import annotations

import numpy as np

from ..engine.chance import Decision, mix, stream_key, unit, word
from ..engine.exact_split import share_up_to, start_of
from ..engine.kernels import njit
from ..engine.row_blocks import BLOCK, DRAWS, list_marked, scratch, top_bits
from ..ledger.owner_kernels import keyed_change
from .household_rules import affordable_buy, desired_share, story_tilt, wanted_shares

Column = np.ndarray
Ints = np.ndarray

ATTENTION = int(Decision.HOLDER_ATTENTION)
LIMIT = int(Decision.HOLDER_LIMIT)
SAVING = int(Decision.HOLDER_SAVING)


@njit(cache=True, inline="always")
def list_attentive(chances: Column, key: np.uint64, start: int, space: tuple) -> int:
    """Write to the rows of `space` who of a block, counted from its row `start`, looks today: unit(word) < chance;
    returns how many.

    Both sides are taken times 2**53; a loop as small as this, without a branch, the compiler can vectorise.
    """
    marks, groups, rows = space
    marks[chances.size :] = 0
    for i in range(chances.size):
        marks[i] = float(top_bits(word(key, start + i))) < float(chances[i]) * DRAWS
    return list_marked(marks, chances.size, groups, rows)


@njit(cache=True, inline="always")
def gather_wants(
    money: tuple, beliefs: tuple, start: int, count: int, pull: float, tilts: tuple, looking: tuple
) -> None:
    """Cash, shares and the desired share of `count` rows that look: gathered in a loop of its own, so short that the
    waits for memory of many rows overlap. `looking` are the rows counted from `start`, and what is gathered of them."""
    cash_cents, etf_shares, _ = money
    state, base_share, extrapolation, _ = beliefs
    rows, cash_of, shares_of, desired_of = looking
    for i in range(count):
        row = start + rows[i]
        cash_of[i], shares_of[i] = cash_cents[row], etf_shares[row]
        tilt = story_tilt(state[row], tilts[0], tilts[1])
        desired_of[i] = desired_share(base_share[row], tilt, extrapolation[row], pull)


@njit(cache=True, nogil=True)
def decide_rows(
    money: tuple, beliefs: tuple, rows: tuple, today: tuple, demand: tuple, hists: tuple, orders: tuple
) -> tuple:
    """Orders of some rows for the day; adds them to the histograms by limit price.

    A row looks at its account with its attention probability. It then orders `wanted_shares` at a limit up to
    `limit_tolerance` beyond the reference price, within its means.

    `money` begins with cash_cents and etf_shares, `beliefs` are state, desired_share, extrapolation and attention,
    `rows` the first and the one after the last, `today` seed, day, reference price in cents and pull of past returns,
    `demand` enthusiasm_tilt, tired_tilt, trade_gap_share and limit_tolerance, `hists` the lowest limit, buys and sells
    int64[levels], `orders` the columns order_shares and order_limit_cents, 0 in these rows before, and a list
    int32[rows + 1] of those that order.

    Returns how many they are, the number of attentive rows, shares to buy, shares to sell, and cents reserved behind
    the buys.
    """
    seed, day, reference_cents, pull = today
    _, _, gap_share, limit_tolerance = demand
    low_cents, buy_hist, sell_hist = hists
    order_shares, order_limit_cents, ordering = orders
    attention_key, limit_key = stream_key(seed, ATTENTION, day), stream_key(seed, LIMIT, day)
    reach_cents = limit_tolerance * reference_cents
    space = scratch()
    looking = space[2], np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64), np.empty(BLOCK)
    ordered = attentive = buys = sells = reserved_cents = np.int64(0)
    for start in range(rows[0], rows[1], BLOCK):
        stop = min(start + BLOCK, rows[1])
        count = list_attentive(beliefs[3][start:stop], attention_key, start, space)
        attentive += count
        gather_wants(money, beliefs, start, count, pull, demand[:2], looking)
        for i in range(count):
            row = start + looking[0][i]
            bits = word(limit_key, row)
            premium_cents = np.int64(reach_cents * unit(bits))
            cash, shares = looking[1][i], looking[2][i]
            wanted = wanted_shares(cash, shares, looking[3][i], reference_cents, gap_share, unit(mix(bits)))
            if wanted > 0:
                limit = reference_cents + premium_cents
                wanted = affordable_buy(wanted, limit, cash, shares)
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
                ordering[ordered] = row
                ordered += 1
    return ordered, attentive, buys, sells, reserved_cents


@njit(cache=True, nogil=True)
def decide_chunks(beliefs: tuple, columns: tuple, chunks: tuple, today: tuple, demand: tuple, hists: tuple) -> tuple:
    """`decide_rows` for whole chunks of rows, after taking back the orders of the day before.

    `columns` are money, orders and listing as in `market.crowd_kernels`, `chunks` the first and the one after the last.
    Chunk c lists its rows that order from place c x chunk of the listing on. Few rows order, so a list is shorter than
    a look at all, and most of it is never touched. Returns the sums over the chunks of (attentive, buys, sells,
    reserved cents).
    """
    money, (order_shares, order_limit_cents), (chunk, ordering, ordering_counts) = columns
    attentive = buys = sells = reserved_cents = np.int64(0)
    for c in range(chunks[0], chunks[1]):
        first, last = c * chunk, min((c + 1) * chunk, order_shares.size)
        listed = ordering[first:last]
        for k in range(ordering_counts[c]):
            order_shares[listed[k]] = 0
            order_limit_cents[listed[k]] = 0
        orders = order_shares, order_limit_cents, listed
        done = decide_rows(money, beliefs, (first, last), today, demand, hists, orders)
        ordering_counts[c] = done[0]
        attentive, buys = attentive + done[1], buys + done[2]
        sells, reserved_cents = sells + done[3], reserved_cents + done[4]
    return attentive, buys, sells, reserved_cents


@njit(cache=True)
def list_orders(order_shares: Column, chunk: int, ordering: Ints, ordering_counts: Ints) -> None:
    """Fill `ordering` and `ordering_counts` of `decide_chunks` from the column itself: needed once, after a load."""
    ordering_counts[:] = 0
    for row in range(order_shares.size):
        if order_shares[row] != 0:
            c = row // chunk
            ordering[c * chunk + ordering_counts[c]] = row
            ordering_counts[c] += 1


@njit(cache=True)
def pay_rows(
    cash_cents: Column, seal: Ints, saving_weight: Column, total_cents: int, whole: int, seed: int, day: int
) -> None:
    """Add to the cash of all rows a total split by their weights (sum: `whole`), rounded from a keyed start."""
    start = start_of(stream_key(seed, SAVING, day), whole)
    weight, given = np.int64(0), np.int64(0)
    for row in range(cash_cents.size):
        weight += saving_weight[row]
        up_to = share_up_to(total_cents, weight, whole, start)
        cash_cents[row] += up_to - given
        seal[0] += keyed_change(row, up_to - given, 0)
        given = up_to


@njit(cache=True)
def column_sum(column: Column) -> np.int64:
    """Exact sum of an integer column, int64."""
    total = np.int64(0)
    for row in range(column.size):
        total += column[row]
    return total
