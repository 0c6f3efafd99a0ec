"""What a finger touches on a phone: nothing of ours is smaller than 32 pixels, nor Streamlit's links and buttons."""

import pytest
from playwright.sync_api import expect

LEAST = 32  # pixels, in height and in width
ADDRESSES = [
    "convolution?kernel=random_filters", "pooling?picture_source=draw", "flattening?filters=4", "gradient_descent",
    "backpropagation", "sequences", "images", "images?part=scaling", "images?part=augmentation", "activations",
    "overfitting", "build?dataset=points&layers=Dense(units=8,activation=tanh);Dense(units=1,activation=sigmoid)",
]  # fmt: skip
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


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_a_finger_touches_is_large_enough(app, visitor, address):
    page = visitor(width=400)
    page.goto(f"{app}/{address}")
    expect(page.locator("h1").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    assert page.evaluate(SMALL, [LEAST, STREAMLITS]) == []
