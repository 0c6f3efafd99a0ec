"""What the other tests rely on: axe's faults are found in both themes."""

import pytest
from helpers.axe import AXE_SCRIPT, READ_ONCE, faults

# A page as small as can be, with the one element of Streamlit's that tells the theme.
PAGE = """<!doctype html><html lang="en"><title>Pale</title><style>
  [data-testid=stApp] {{ background: #ffffff; color: #111111 }}
  i {{ color: {light} }}
  @media (prefers-color-scheme: dark) {{
    [data-testid=stApp] {{ background: #101418; color: #eeeeee }}
    i {{ color: {dark} }}
  }}
</style><main data-testid="stApp"><h1>Pale</h1><p>Some words are <i>hard to read</i>.</p></main></html>"""
COLOURS = ["rgb(35, 48, 58)", "rgba(0, 0, 0, 0.5)", "#abc", "white", "transparent", "hsl(120deg 50% 50%)",
           "color(srgb 0.5 1.2 -0.1 / 0.3)"]  # fmt: skip


@pytest.mark.parametrize(("light", "dark", "found"), [("#111", "#eee", 0), ("#ccc", "#eee", 1), ("#111", "#333", 1)])
def test_pale_text_is_found_in_each_theme(visitor, light, dark, found):
    page = visitor()
    page.set_content(PAGE.format(light=light, dark=dark))
    lines = faults(page)
    assert len(lines) == found
    assert all(line.startswith("color-contrast: i:") for line in lines)


def test_a_colour_that_is_remembered_is_the_one_that_axe_reads(visitor):
    page = visitor()
    page.evaluate(AXE_SCRIPT)
    read = "texts => texts.map(text => new axe.commons.color.Color().parseString(text).toJSON())"
    first = page.evaluate(read, COLOURS)
    page.evaluate(READ_ONCE)
    assert page.evaluate(read, COLOURS) == first
    assert page.evaluate(read, COLOURS) == first
    assert page.evaluate("() => { try { new axe.commons.color.Color().parseString('none'); } catch { return true; } }")
