"""axe-core on a page as it is now: what is found there, without what Streamlit itself causes."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect


@dataclass(frozen=True)
class Streamlits:
    """Something that Streamlit does and no option of ours changes.

    Attributes:
        rule: axe's name of it.
        selector: CSS that fits the elements concerned, and none of ours.
        reason: what is wrong there, and why it is not ours to mend.
    """

    rule: str
    selector: str
    reason: str


STREAMLITS = (
    Streamlits(
        "list",
        "ul[data-testid=stSidebarNavItems]",
        "the navigation's list has boxes for its sections as children, not items",
    ),
    Streamlits("listitem", "ul[data-testid=stSidebarNavItems] li", "the items of that list stand in those boxes"),
    Streamlits(
        "scrollable-region-focusable",
        ".katex-display",
        "a formula of st.latex that is wider than its column scrolls, and its box takes no tabindex; Chromium and"
        " Firefox let Tab reach a box that scrolls",
    ),
    Streamlits(
        "scrollable-region-focusable",
        "[data-testid=stVerticalBlock]",
        "a container with a height scrolls, too, and has no option for a tabindex",
    ),
    Streamlits(
        "scrollable-region-focusable",
        "[data-testid=stCode] pre",
        "st.code lets Tab reach code that scrolls, but only a moment after it was drawn",
    ),
    Streamlits("aria-dialog-name", ".stToast", "a toast names itself by an element that it does not have"),
)

# axe reads the same few colours thousands of times, a third of its work: each is read once.
READ_ONCE = """(() => {
    const { prototype } = axe.commons.color.Color, { parseString } = prototype, known = new Map();
    prototype.parseString = function (text) {
        if (!known.has(text)) {
            parseString.call(this, text);
            known.set(text, { r: this.r, g: this.g, b: this.b, alpha: this.alpha });
        }
        return Object.assign(this, known.get(text));
    };
})()"""
_RUN = """async ([known, rules]) => {
    const found = await axe.run({
        resultTypes: ["violations"], elementRef: true, preload: false,
        ...(rules && { runOnly: { type: "rule", values: rules } }),
    });
    const theirs = (rule, element) => known.some(each => each.rule === rule && element.matches(each.selector));
    return found.violations.flatMap(({ id, nodes }) => nodes
        .filter(node => !theirs(id, node.element))
        .map(node => `${id}: ${node.target.flat().join(" ")}: ${node.failureSummary} ${node.html}`));
}"""
# What depends on the theme; all else is looked at in one of the two.
_OF_THE_THEME = ["color-contrast", "link-in-text-block"]


def faults(page: Page) -> list[str]:
    """What axe finds in the page's theme, and of colours in the other one. The page keeps the other theme.

    Returns:
        A line for each element: the rule, where it is, why, and the element.
    """
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(READ_ONCE)
    known = [asdict(each) for each in STREAMLITS]
    found = page.evaluate(_RUN, [known, None])
    before = _background(page)
    page.emulate_media(color_scheme="light" if dark else "dark")
    expect(page.get_by_test_id("stApp")).not_to_have_css("background-color", before)
    return found + page.evaluate(_RUN, [known, _OF_THE_THEME])


def _background(page: Page) -> str:
    background: str = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor")
    return background
