"""A run as one HTML file that plays without a server: the page's own modules and the frames, nothing from outside."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Sequence
from importlib import resources
from typing import Any

from ..model import CarouselModel
from .frames import opening
from .house import MODULES
from .play import Teller

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./[a-z]+\.js";\n', re.MULTILINE)
_SCRIPTS = re.compile(r'<script type="module" src="main.js"></script>\n|<link rel="modulepreload" href="[a-z]+\.js">\n')
_EXPORT = re.compile(r"^export (?=const |class |function |async function )", re.MULTILINE)


class Film:
    """An observer that keeps what the page would be told of a run, and makes one file of it."""

    def __init__(self, model: CarouselModel) -> None:
        """Take down the opening."""
        self._head = opening(model) | {"recipe_toml": "", "command": "", "sliders": []}
        self._teller = Teller(model)

    def __call__(self, model: CarouselModel) -> None:
        """Take down the day that has just ended."""
        self._teller(model)

    def html(self, command: str = "") -> str:
        """The file; `command` is shown as what makes the run again."""
        return replay_html(self._head | {"command": command}, self._teller.frames)


def replay_html(head: dict[str, Any], frames: Sequence[dict[str, Any]]) -> str:
    """One page that holds its style, its script and a run; only these may run in it, by their digests."""
    script, style = _script(), _file("style.css")
    told = json.dumps({"head": head, "frames": frames}, separators=(",", ":"), allow_nan=False)
    stored = base64.b64encode(zlib.compress(told.encode(), 9)).decode()
    policy = f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; img-src data: blob:"
    page = _file("index.html")
    first = '<meta charset="utf-8">'
    page = page.replace(first, f'{first}\n<meta http-equiv="Content-Security-Policy" content="{policy}">')
    page = page.replace('<link rel="stylesheet" href="style.css">', f"<style>{style}</style>")
    page = _SCRIPTS.sub("", page)
    run = f'<script type="application/octet-stream" id="stored">{stored}</script>'
    return page.replace("</body>", f'{run}\n<script type="module">{script}</script>\n</body>')


def _script() -> str:
    """All modules as one: none has a name that another has too."""
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", _file(f"{name}.js"))) for name in MODULES)


def _file(name: str) -> str:
    return (resources.files(__package__) / "page" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
