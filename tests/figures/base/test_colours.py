from pathlib import Path

from lib.figures.base.colours import INK, rgb

STYLE = Path(__file__).parents[3] / "lib" / "ui" / "app" / "style.css"


def test_the_style_sheet_knows_the_ink_as_a_browser_writes_it():
    written = "rgb({}, {}, {})".format(*rgb(INK))
    text = STYLE.read_text()
    assert f'[style*="fill: {written}"]' in text
    assert f'[style*="stroke: {written}"]' in text
