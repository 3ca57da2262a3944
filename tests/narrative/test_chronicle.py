"""The chronicle: what happened today, what is announced for tomorrow, and how it was received."""

from __future__ import annotations

from types import SimpleNamespace

from carousel.narrative.announcements import Draft, Instrument
from carousel.narrative.chronicle import Chronicle, Event, FirstDay, Happening


def test_an_event_says_when_what_who_and_how_much():
    clock = SimpleNamespace(day=7)
    chronicle = Chronicle(clock)
    chronicle.note(Happening.LATE, agent="lab", counterparty="cloud", cents=5, detail="a bill")
    chronicle.note(Happening.DEFAULT, agent="lab")
    assert chronicle.events == [
        Event(7, Happening.LATE, "lab", "cloud", 5, "a bill"),
        Event(7, Happening.DEFAULT, "lab", "", 0, ""),
    ]
    chronicle.turn_page()
    assert chronicle.events == []


def test_what_is_decided_today_is_public_tomorrow():
    clock = SimpleNamespace(day=3)
    chronicle = Chronicle(clock)
    item = chronicle.announce_tomorrow(Draft("lab", Instrument.ORDER, "an order"))
    assert (item.day, item.number, chronicle.release()) == (4, 0, [])
    clock.day = 4
    assert chronicle.release() == chronicle.released_today == [item]


def test_how_an_announcement_was_received_is_kept_by_its_number():
    chronicle = Chronicle(SimpleNamespace(day=1))
    move = FirstDay(100, 0.1, 0.08)
    chronicle.remember_first_day(2, move)
    assert chronicle.first_days == {2: move}
