"""A replay is one file that asks for nothing: its script, its style and its run are in it, by their digests."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from pathlib import Path

from carousel.cli.endings import run_command
from carousel.model import CarouselModel, run
from carousel.visual.house import MODULES
from carousel.visual.play import Teller
from carousel.visual.replay import Film, _file, _script


def replayed() -> tuple[str, list[dict[str, object]]]:
    model = CarouselModel("joke", rng=0)
    film, teller = Film(model), Teller(model)
    model.observers += [film, teller]
    run(model)
    return film.html("python run.py simulate joke </script>"), teller.take()


def test_the_frames_in_the_file_are_those_of_the_run() -> None:
    html, told = replayed()
    stored = re.search(r'id="stored">([A-Za-z0-9+/=]+)</script>', html)
    assert stored is not None
    whole = json.loads(zlib.decompress(base64.b64decode(stored[1])))
    assert whole["frames"] == told
    assert whole["head"]["scenario"] == "joke"


def test_only_its_own_script_and_style_may_run_and_nothing_is_asked_for() -> None:
    html, _ = replayed()
    for tag, kind in (('script type="module"', "script-src"), ("style", "style-src")):
        text = re.search(rf"<{tag}>(.*?)</{tag.split()[0]}>", html, re.DOTALL)
        assert text is not None
        digest = base64.b64encode(hashlib.sha256(text[1].encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in html
    assert "default-src 'none'" in html
    markup = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", html, flags=re.DOTALL)
    assert not re.search(r'\s(?:src|href)="(?!data:)', markup)
    assert "</script>" not in _script()


def test_no_two_modules_have_a_name_in_common_and_every_import_is_in_order() -> None:
    seen: dict[str, str] = {}
    for module in MODULES:
        text = _file(f"{module}.js")
        for name in re.findall(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", text, re.MULTILINE):
            assert name not in seen, f"{name} is in {seen.get(name)} and {module}"
            seen[name] = module
        for names, source in re.findall(r'^import \{ (.*) \} from "\./(\w+)\.js";$', text, re.MULTILINE):
            assert MODULES.index(source) < MODULES.index(module)
            assert all(seen[name] == source for name in names.split(", "))
    assert not re.search(r"^import|^export", _script(), re.MULTILINE)
    ahead = re.findall(r'rel="modulepreload" href="(\w+)\.js"', _file("index.html"))
    assert (*ahead, "main") == MODULES, "what the page loads ahead, so that no module waits for another"


def test_a_run_that_goes_on_has_its_page_beside_it(tmp_path: Path) -> None:
    assert run_command(["simulate", "joke", "--quiet", "--out", str(tmp_path / "run")]) == 0
    assert run_command(["extend", str(tmp_path / "run"), "--days", "1", "--quiet", "--out", str(tmp_path / "on")]) == 0
    bare = ["extend", str(tmp_path / "run"), "--days", "1", "--quiet", "--no-figures", "--out", str(tmp_path / "bare")]
    assert run_command(bare) == 0
    has = {name: (tmp_path / name / "page.html").exists() for name in ("run", "on", "bare")}
    assert has == {"run": True, "on": True, "bare": False}
