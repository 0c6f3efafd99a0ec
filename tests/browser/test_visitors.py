"""Windows are used again by later tests: nothing of an earlier visitor may be in them."""

import urllib.request

from helpers.page_runs import script_ended
from helpers.waiting import wait_until

ITEMS = "() => [localStorage.length, sessionStorage.length, document.cookie]"
ICON = "/favicon.png"


def open_home(page, app):
    page.goto(f"{app}/home")
    script_ended(page)
    return page


def name(page):
    """Who the page's visitor is to the app, as soon as the page has made it out."""
    return page.wait_for_function("() => localStorage.getItem('layerlab-visitor')").json_value()


def connected(app):
    """How many pages are connected to the app, as it counts them itself."""
    with urllib.request.urlopen(f"{app}/_stcore/metrics?families=active_sessions") as answer:
        (count,) = [line for line in answer.read().decode().splitlines() if line.startswith("active_sessions ")]
    return float(count.split()[1])


def test_a_window_that_was_used_before_opens_for_somebody_new(app, visitors, visitor):
    first = open_home(visitor(), app)
    before, window = name(first), first.context
    assert len(before) == 32
    first.evaluate("() => { sessionStorage.setItem('mine', '1'); document.cookie = 'mine=1'; }")
    window.route(f"**{ICON}", lambda route: route.fulfill(status=418))
    visitors.leave()

    page = visitor()
    assert page.context is window
    assert window.pages == [page]
    icon = page.goto(f"{app}{ICON}")
    assert icon.status != 418
    assert page.evaluate(ITEMS) == [0, 0, ""]
    assert name(open_home(page, app)) != before


def test_two_visitors_of_one_test_are_two_people(app, visitor):
    first, second = open_home(visitor(), app), open_home(visitor(), app)
    assert first.context is not second.context
    assert name(first) != name(second)
    assert name(open_home(first, app)) == name(first)


def test_a_visitor_who_leaves_is_no_longer_connected(app, visitors, visitor):
    visitors.drop_reader()
    wait_until(lambda: connected(app) == 0)
    for _ in range(2):
        open_home(visitor(), app)
    assert connected(app) == 2
    visitors.leave()
    wait_until(lambda: connected(app) == 0, otherwise=lambda: connected(app))


def test_what_is_opened_beside_the_page_that_is_led_on_goes_with_it(visitors):
    reader = visitors.reader()
    reader.context.new_page()
    reader.close()
    assert reader.context not in visitors.reader().context.browser.contexts


def test_windows_differ_in_width_and_theme(visitor):
    dark = "() => [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]"
    assert visitor(1400, False).evaluate(dark) == [1400, False]
    assert visitor(400, True).evaluate(dark) == [400, True]
