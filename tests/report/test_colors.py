"""Colours: one class, one colour; and colour-blind readers tell those of one picture apart."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from carousel.history.kinds import FirmKind, Group
from carousel.ledger.causes import OriginClass
from carousel.report.figure_colors import OF_CLASS, OF_GROUP, OF_KIND, color_of_class, look_of_firms
from carousel.report.figure_style import GREY
from matplotlib import colors

APART = 14.0
"""Smallest distance in CIELAB (1976); about 2 is just seen side by side."""
SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
"""Machado, Oliveira & Fernandes (2009), table 1, severity 1.0, on linear RGB."""
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def seen(color, sight):
    """CIELAB of a colour, as somebody sees it."""
    rgb = np.array(colors.to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = XYZ @ np.clip(SIGHT[sight] @ linear, 0, 1) / WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def nearest(palette, sight):
    """The least distance between two of some colours, and which."""
    return min((float(np.linalg.norm(seen(a, sight) - seen(b, sight))), a, b) for a, b in combinations(palette, 2))


def test_white_and_black_are_a_hundred_apart_and_red_and_green_near_for_who_sees_neither():
    assert nearest(["#ffffff", "#000000"], "normal")[0] == pytest.approx(100, abs=0.1)
    assert nearest(["#aa6600", "#778800"], "deuteranopia")[0] < APART < nearest(["#aa6600", "#778800"], "normal")[0]


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("palette", [OF_CLASS, OF_KIND, OF_GROUP], ids=["money", "firms", "holders"])
def test_colours_of_one_picture_are_told_apart(palette, sight):
    assert nearest(sorted(set(palette.values())), sight)[0] > APART


def test_each_class_of_money_has_a_colour_of_its_own_and_its_holders_have_it_too():
    assert set(OF_CLASS) == set(OriginClass)
    assert len(set(OF_CLASS.values())) == len(OF_CLASS)
    assert not set(OF_KIND.values()) & set(OF_CLASS.values())
    assert color_of_class(Group.BANKS) == color_of_class(OriginClass.BANK_CREDIT)
    assert color_of_class("private credit") == color_of_class(Group.PRIVATE_CREDIT)
    assert color_of_class("the tax office") == GREY


def test_firms_of_one_kind_share_a_colour_and_differ_in_their_dashes():
    looks = look_of_firms([("A", FirmKind.CLOUD), ("B", FirmKind.LAB), ("C", FirmKind.CLOUD)])
    assert looks["A"]["color"] == looks["C"]["color"] != looks["B"]["color"]
    assert looks["A"]["linestyle"] == looks["B"]["linestyle"] != looks["C"]["linestyle"]
