"""Do the examples of the documents run, and print what stands below them?"""

import re
import warnings
from pathlib import Path

import cells

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "python.md"
# A block of code, with the block of text behind it that it prints, if there is one.
CODE = re.compile(r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<text>.*?)^```\n)?", re.MULTILINE | re.DOTALL)


def test_the_examples_run_and_print_what_stands_below_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page, space = PAGE.read_text(encoding="utf-8"), {}

    def shown(block):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            printed, _ = cells.run(block["code"], space, PAGE.name)
        assert bool(printed) == (block["text"] is not None), block["code"]
        return block[0] if block["text"] is None else f"```python\n{block['code']}```\n\n```text\n{printed}```\n"

    fresh = CODE.sub(shown, page)
    assert len(CODE.findall(page)) >= 4
    if cells.WRITES:
        PAGE.write_text(fresh, encoding="utf-8")
        return
    assert fresh == page
    for name in ("README.md", "README.ja.md"):
        (block,) = CODE.finditer((ROOT / name).read_text(encoding="utf-8"))
        # Its names are those of the page.
        cells.run(block["code"], space, name)
