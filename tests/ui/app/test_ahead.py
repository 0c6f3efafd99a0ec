import re

from streamlit.testing.v1 import AppTest

from lib.ui.app import ahead


def test_each_script_that_is_read_ahead_is_one_of_this_streamlit():
    found = ahead._files()
    assert [name.split(".")[0] for name in found] == list(ahead.WANTED)
    assert all((ahead.SCRIPTS / name).is_file() for name in found)


def test_a_streamlit_whose_files_have_other_names_reads_nothing_ahead(monkeypatch, tmp_path):
    monkeypatch.setattr(ahead, "SCRIPTS", tmp_path)
    assert ahead._files.__wrapped__() == []


def _rehearsal():
    from lib.ui.app import ahead

    ahead._rehearse()


def test_one_element_of_each_kind_that_is_read_ahead_is_rehearsed_and_nothing_else():
    at = AppTest.from_function(_rehearsal).run()
    assert not at.exception
    others = {"rehype-katex": "markdown", "StreamlitSyntaxHighlighter": "code"}
    wanted = {others.get(name, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()) for name in ahead.WANTED}
    # A page that is run alone has a button in the place of a link.
    drawn = {"page_link" if element.type == "link_button" else element.type for element in _elements(at.main)}
    assert drawn == wanted


def _elements(block):
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from _elements(child)
        else:
            yield child
