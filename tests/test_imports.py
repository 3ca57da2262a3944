"""Imports point one way: from who runs, down to whose money it was. All measures of the house: test_house.py."""

from __future__ import annotations

from carousel.tests.house.arrows import upward
from carousel.tests.house.source import House


def test_imports_point_down_only():
    assert upward(House.on_disk(), for_types=False) == []
