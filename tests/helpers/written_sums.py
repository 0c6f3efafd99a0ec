"""The sums that a page under AppTest has written out."""

import html
import re


def written_sums(page):
    """The lines of each, as they are read."""
    bodies = [each.proto.body for each in page.get("html")]
    return [html.unescape(found) for body in bodies for found in re.findall(r"<pre [^>]*>(.*?)</pre>", body, re.DOTALL)]
