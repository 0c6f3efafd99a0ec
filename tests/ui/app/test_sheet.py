import re

from lib.ui.app import sheet


def test_has_asks_for_a_class_or_stays_below_a_key():
    """Nearly every element has a `data-testid`: of the whole page, it is asked again for each element that comes."""
    asked = re.findall(r"([^{},]*):has\((.*?)\)", re.sub(r"/\*.*?\*/", "", sheet.SHEET.read_text(), flags=re.DOTALL))
    assert asked
    assert [(below, what) for below, what in asked if "[" in what and ".st-key-" not in below] == []
