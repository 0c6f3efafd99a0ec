from lib.ui.app import ahead


def test_each_script_that_is_read_ahead_is_one_of_this_streamlit():
    found = ahead._files()
    assert [name.split(".")[0] for name in found] == list(ahead.WANTED)
    assert all((ahead.SCRIPTS / name).is_file() for name in found)


def test_a_streamlit_whose_files_have_other_names_reads_nothing_ahead(monkeypatch, tmp_path):
    monkeypatch.setattr(ahead, "SCRIPTS", tmp_path)
    assert ahead._files.__wrapped__() == []
