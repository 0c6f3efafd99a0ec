"""What a finger touches on a page that is smaller than 32 pixels."""

from __future__ import annotations

from playwright.sync_api import Page

LEAST = 32  # pixels, in height and in width
STREAMLITS = "[data-testid=stPageLink-NavLink], [data-testid=stRadio] label, button[data-testid^=stBaseButton]"
SMALL = """([least, streamlits])  => {
    const found = [];
    const look = (root, ours) => root.querySelectorAll("*").forEach((each) => {
        if (each.shadowRoot) look(each.shadowRoot, true);
        if (!each.matches(ours ? "button, input, [tabindex='0'], label:has(input)" : streamlits)) return;
        const target = each.matches("input") && each.closest("label") || each;
        const { width, height } = target.getBoundingClientRect();
        if (width && (width < least - 0.5 || height < least - 0.5))
            found.push(`${each.tagName.toLowerCase()}.${each.className} ` +
                `${each.dataset.testid ?? ""} ${Math.round(width)}x${Math.round(height)}`);
    });
    look(document, false);
    return found;
}"""


def too_small(page: Page) -> list[str]:
    """Everything of ours, and of Streamlit's links and buttons, that is too small for a finger."""
    found: list[str] = page.evaluate(SMALL, [LEAST, STREAMLITS])
    return found
