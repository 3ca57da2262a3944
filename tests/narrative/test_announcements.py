"""The announcement board: everything comes out once, on its day, and is accounted for to the cent."""

from __future__ import annotations

import pytest
from carousel.narrative.announcements import AnnouncementBoard, BoardError, Instrument
from hypothesis import given
from hypothesis import strategies as st


def board_with(*days: int) -> AnnouncementBoard:
    """A board with one contract of 100 USD scheduled on each day."""
    board = AnnouncementBoard()
    for day in days:
        board.schedule(day, firm="cloud", instrument=Instrument.CONTRACT, text="contract", announced_cents=10_000)
    return board


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
    assert board[0].announced_per_paid == 4.0
    assert board[0].paid_share == 0.25
    totals = board.totals()
    assert (totals.announced_cents, totals.committed_cents, totals.paid_cents) == (10_000, 6_000, 2_500)


def test_nothing_paid_has_no_ratio():
    assert board_with(0)[0].announced_per_paid is None


def test_what_is_not_yet_public_does_not_count():
    board = board_with(0, 5)
    board.release(0)
    assert board.totals().announced_cents == 10_000


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
    arguments = {"day": 4, "firm": "lab", "instrument": Instrument.ORDER, "text": "order"} | {field: value}
    with pytest.raises(BoardError) as caught:
        board.schedule(**arguments)
    assert caught.value.field == field
    assert len(board) == 0


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


def test_similar_announcements_are_earlier_of_the_same_firm_kind_and_direction():
    board = board_with(0, 2, 4)
    board.schedule(1, firm="chips", instrument=Instrument.CONTRACT, text="other firm")
    board.schedule(1, firm="cloud", instrument=Instrument.GUIDANCE, text="other kind")
    board.schedule(1, firm="cloud", instrument=Instrument.CONTRACT, text="bad news", direction=-1)
    board.release(9)
    assert board.similar_days(board[2]) == [0, 2]


def test_a_board_written_down_and_read_again_goes_on_as_before():
    board = board_with(0, 5)
    board.release(0)
    board.pay(0, 700)
    again = AnnouncementBoard.from_rows(board.rows(), board.last_day_released)
    assert again.rows() == board.rows()
    assert again.release(6) == board.release(6)
    assert again.rows() == board.rows()


@pytest.mark.parametrize("number", [-1, 1.5, True])
def test_only_a_whole_number_of_earlier_announcements_is_scheduled(number):
    with pytest.raises(BoardError) as caught:
        AnnouncementBoard().schedule(
            1, firm="cloud", instrument=Instrument.CONTRACT, text="contract", prior_similar_90d=number
        )
    assert caught.value.field == "prior_similar_90d"
