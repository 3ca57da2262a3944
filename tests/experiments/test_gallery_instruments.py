"""Every scenario of the gallery of instruments runs, and its instrument pays in it."""

from __future__ import annotations

import pytest
from carousel.docs import gallery_instruments as gallery


def test_every_file_is_shown_and_every_line_has_its_file():
    assert {path.stem for path in gallery.FOLDER.glob("*.toml")} == {shown.kind for shown in gallery.SHOWN}


@pytest.mark.parametrize("shown", gallery.SHOWN, ids=lambda shown: shown.kind)
def test_its_instrument_pays(shown):
    seen = gallery.see(shown, gallery.worlds(shown)[0])
    assert seen.has_acted


@pytest.mark.parametrize("shown", gallery.SHOWN, ids=lambda shown: shown.kind)
def test_the_page_shows_it_as_it_stands_in_about_ten_lines(shown):
    text = gallery.text_of(shown)
    assert text in gallery.PAGE.read_text(encoding="utf-8")
    assert 6 <= len(text.splitlines()) <= 13


def test_without_its_instrument_a_world_is_the_bundled_one_in_its_list():
    shown = gallery.SHOWN[0]
    world, bare = gallery.worlds(shown)
    assert len(world.equity_ticket) == len(bare.equity_ticket) + 1
