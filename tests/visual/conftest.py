"""One browser and one server for all claims about the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from carousel.tests.visual.browser import DESKTOP, Server, Tab, missing, opened


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The page's server."""
    serving = Server()
    yield serving
    serving.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A browser without any page."""
    if why := missing():
        pytest.skip(why)
    with opened() as one:
        yield one


@pytest.fixture
def visit(browser: Any, server: Server) -> Iterator[Callable[..., Tab]]:
    """Opens tabs; when the claim has been looked at, none may have erred or asked anybody else."""
    tabs: list[Tab] = []

    def another(size: tuple[int, int] = DESKTOP, **options: Any) -> Tab:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        tabs.append(Tab(context.new_page(), server.url))
        return tabs[-1]

    yield another
    for tab in tabs:
        tab.page.context.close()
        tab.blame()
