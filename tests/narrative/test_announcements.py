"""The announcement board: everything comes out once, on its day, and is accounted for to the cent."""

from __future__ import annotations

import pytest
from carousel.narrative.announcements import AnnouncementBoard, BoardError, Draft, Instrument
from hypothesis import given, settings
from hypothesis import strategies as st


def contract(**changes) -> Draft:
    """A cloud's contract, as it may be announced."""
    return Draft(**({"firm": "cloud", "instrument": Instrument.CONTRACT, "text": "contract"} | changes))


def board_with(*days: int) -> AnnouncementBoard:
    """A board with one contract of 100 USD scheduled on each day."""
    board = AnnouncementBoard()
    for day in days:
        board.schedule(day, contract(announced_cents=10_000))
    return board


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), max_size=20), st.lists(st.integers(0, 40), unique=True))
def test_every_announcement_comes_out_once_and_never_early(days, stops):
    board = board_with(*days)
    seen = []
    for today in [*sorted(stops), 41]:
        released = board.release(today)
        assert all(a.day <= today for a in released)
        seen += [a.number for a in released]
    assert seen == sorted(range(len(days)), key=lambda number: (days[number], number))


def test_announced_committed_and_paid_are_kept_apart():
    board = board_with(0)
    board.release(0)
    board.commit(0, 6_000)
    board.pay(0, 2_000)
    board.pay(0, 500)
    assert (board[0].committed_cents, board[0].paid_cents) == (6_000, 2_500)


@pytest.mark.parametrize("account", ["commit", "pay"])
def test_an_account_below_zero_is_refused_and_unchanged(account):
    board = board_with(0)
    getattr(board, account)(0, 100)
    with pytest.raises(BoardError) as caught:
        getattr(board, account)(0, -101)
    assert (caught.value.number, caught.value.came) == (0, -1)
    assert board[0].committed_cents + board[0].paid_cents == 100


@pytest.mark.parametrize("cents", [1.0, True, "1"])
def test_only_whole_cents_are_accounted(cents):
    with pytest.raises(BoardError, match="whole cents"):
        board_with(0).pay(0, cents)


@pytest.mark.parametrize(
    ("field", "value"), [("announced_cents", -1), ("announced_cents", 1.5), ("direction", 2), ("day", 3)]
)
def test_an_impossible_announcement_is_refused(field, value):
    board = AnnouncementBoard()
    board.release(3)
    day, changes = (value, {}) if field == "day" else (4, {field: value})
    with pytest.raises(BoardError) as caught:
        board.schedule(day, contract(**changes))
    assert (caught.value.field, caught.value.came) == (field, value)
    assert len(board) == 0


def test_a_scheduled_announcement_says_what_its_draft_said():
    draft = contract(
        counterparty="lab", announced_cents=7, direction=-1, commitment=3, endorsed="lab", prior_similar_90d=2
    )
    item = AnnouncementBoard().schedule(5, draft)
    assert (item.number, item.day, item.released, item.committed_cents, item.paid_cents) == (0, 5, False, 0, 0)
    assert (item.firm, item.instrument, item.text, item.counterparty) == ("cloud", "contract", "contract", "lab")
    assert (item.announced_cents, item.direction, item.commitment) == (7, -1, 3)
    assert (item.endorsed, item.prior_similar_90d) == ("lab", 2)


def test_a_draft_is_of_good_news_without_a_sum_about_no_commitment_unless_it_says_so():
    draft = contract()
    assert (draft.counterparty, draft.announced_cents, draft.direction, draft.commitment) == ("", 0, 1, -1)
    assert (draft.endorsed, draft.prior_similar_90d) == ("", 0)


def test_a_day_is_released_only_once():
    board = board_with(1)
    board.release(1)
    with pytest.raises(BoardError) as caught:
        board.release(1)
    assert caught.value.field == "day"


@pytest.mark.parametrize("number", [-1, 1])
def test_an_unknown_announcement_is_refused(number):
    with pytest.raises(BoardError) as caught:
        board_with(0)[number]
    assert caught.value.came == number


def test_similar_announcements_are_earlier_ones_of_the_same_kind_and_direction_own_and_others():
    board = board_with(0, 2, 4)
    board.schedule(1, contract(firm="chips"))
    board.schedule(1, contract(instrument=Instrument.GUIDANCE))
    board.schedule(1, contract(direction=-1))
    board.schedule(12, contract())
    board.release(9)
    assert board.similar_days(board[2]) == ([0, 2], [1])


@pytest.mark.parametrize("number", [-1, 1.5, True])
@pytest.mark.parametrize("field", ["prior_similar_90d", "prior_others_90d"])
def test_only_a_whole_number_of_earlier_announcements_is_scheduled(field, number):
    with pytest.raises(BoardError) as caught:
        AnnouncementBoard().schedule(1, contract(**{field: number}))
    assert caught.value.field == field
