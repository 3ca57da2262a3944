"""What listed firms and labs share: promises of their own, and a default after which nobody gives them credit."""

from __future__ import annotations

from .base import CarouselAgent


class Firm(CarouselAgent):
    """A firm that is party to public contracts. Abstract: firms are labs or listed."""

    @property
    def is_defaulted(self) -> bool:
        """Whether it has defaulted."""
        return self._sight.is_in_default(self.account)
