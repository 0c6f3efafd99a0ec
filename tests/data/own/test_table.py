import random
import time
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_iris

from lib.data.own import table as own_table
from lib.data.own.delimited import TableLimits, number
from lib.data.own.table import read_csv
from lib.data.parts import split_validation
from lib.data.scaling import fit_scaling
from lib.errors import DataError

HEADER = "length,width,kind"
ROWS = [f"{n},{n * n + 0.5},{'cat' if n % 2 else 'dog'}" for n in range(1, 13)]


def table(*more, header=HEADER, rows=ROWS):
    return "\n".join([header, *rows, *more]).encode()


def test_numbers_become_columns_and_the_last_column_the_classes():
    own = read_csv(table())
    assert (own.label, own.header, own.notes) == ("kind", ("length", "width", "kind"), ())
    assert (own.table.columns, own.table.class_names) == (("length", "width"), ("cat", "dog"))
    assert own.table.part.x.dtype == np.float32
    assert own.table.part.x.tolist() == [[n, n * n + 0.5] for n in range(1, 13)]
    assert own.table.part.y.tolist() == [0, 1] * 6


def test_a_real_table_arrives_as_it_is_and_can_be_split_and_scaled():
    iris = load_iris()
    lines = [",".join([*map(str, row), iris.target_names[y]]) for row, y in zip(iris.data, iris.target, strict=True)]
    random.Random(0).shuffle(lines)
    part = read_csv(table(header="a,b,c,d,species", rows=lines)).table.part
    order = np.lexsort(part.x.T)
    np.testing.assert_allclose(part.x[order], iris.data[np.lexsort(iris.data.astype(np.float32).T)], rtol=1e-6)
    train, test = split_validation(part, 0.2, seed=0)
    assert np.bincount(test.y).tolist() == [10, 10, 10]
    np.testing.assert_allclose(fit_scaling("standard", train).apply(train.x).std(axis=0), 1, atol=1e-5)


def test_any_column_can_be_the_classes_and_whole_numbers_are_ordered_by_size():
    rows = [f"{n % 3 * 5},{n},{n * 2}" for n in range(12)]
    own = read_csv(table(header="group,a,b", rows=rows), label="group")
    assert (own.table.columns, own.table.class_names) == (("a", "b"), ("0", "5", "10"))
    assert own.table.part.y.tolist() == [0, 1, 2] * 4


def test_an_unknown_class_column_is_answered_with_those_there_are():
    with pytest.raises(DataError, match=r"no column “species”\. Choose one of “length”, “width”, “kind”"):
        read_csv(table(), label="species")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_line_ends_and_encodings_are_told_from_the_file(separator, line_end, encoding):
    text = table().decode().replace(",", separator).replace("\n", line_end).replace("kind", "Größe 大")
    own = read_csv(text.encode(encoding))
    assert own.label == "Größe 大"
    np.testing.assert_array_equal(own.table.part.x, read_csv(table()).table.part.x)
    assert own.notes == ()


def test_a_windows_file_is_read_with_a_word_about_its_accents():
    own = read_csv(table().decode().replace("cat", "Bär").encode("cp1252"))
    assert own.table.class_names == ("Bär", "dog")
    assert "read as Windows text (cp1252)" in own.notes[0]


def test_decimal_commas_are_read_where_the_separator_is_a_semicolon():
    rows = [f"{n},5;{n};{'ab'[n % 2]}" for n in range(12)]
    own = read_csv(table(header="x;y;z", rows=rows))
    assert own.table.part.x[:, 0].tolist() == [n + 0.5 for n in range(12)]
    assert own.notes == ("Commas in column “x” were read as decimal points.",)


def test_commas_for_thousands_are_not_taken_for_decimal_ones():
    rows = [f"1,{n:03},000.5;{n};{'ab'[n % 2]}" for n in range(12)]
    own = read_csv(table(header="x;y;z", rows=rows))
    assert own.table.columns == ("y",)
    assert "“1,000,000.5” in row 2" in own.notes[0]


def test_quotes_hold_separators_line_breaks_and_quotes():
    rows = [f'"{n}",{n * 2},"a, ""{n % 2}""\nb"' for n in range(12)]
    own = read_csv(table(rows=rows))
    assert own.table.class_names == ('a, "0" b', 'a, "1" b')
    assert own.table.part.x[:, 0].tolist() == list(range(12))


def test_a_file_without_names_gets_some_and_keeps_its_first_row():
    own = read_csv("\n".join(ROWS).encode())
    assert own.header == ("column 1", "column 2", "column 3")
    assert len(own.table.part) == 12
    assert "first row holds numbers" in own.notes[0]


def test_columns_of_one_name_or_none_get_names_of_their_own():
    rows = [f"{n},{n + 1},{n * n},{n - 5},{'ab'[n % 2]}" for n in range(12)]
    own = read_csv(table(header=" a ,a,a (2),,kind", rows=rows))
    assert own.header == ("a", "a (2)", "a (2) (2)", "column 4", "kind")
    assert own.notes[0] == "Another column “a” was named “a (2)”."


@pytest.mark.parametrize(
    ("row", "note"),
    [
        ("7,8", "Row 14 was left out: it has 2 cells instead of 3."),
        ("7,8,cat,9", "Row 14 was left out: it has 4 cells instead of 3."),
        ("7,,cat", "Row 14 was left out: column “width” has nothing there, no number."),
        ("NA,8,cat", "Row 14 was left out: column “length” has “NA” there, no number."),
        ("7,eight,cat", "Row 14 was left out: column “width” has “eight” there, no number."),
        ("=1+1,8,cat", "Row 14 was left out: column “length” has “=1+1” there, no number."),
        ("1_000,8,cat", "Row 14 was left out: column “length” has “1_000” there, no number."),
        ("1e99,8,cat", "Row 14 was left out: column “length” has “1e99” there, no number."),
        ("inf,8,cat", "Row 14 was left out: column “length” has “inf” there, no number."),
        ("７,8,cat", "Row 14 was left out: column “length” has “７” there, no number."),
        ("7,8,", "Row 14 was left out: column “kind” has nothing there, no class."),
        ("7,8,?", "Row 14 was left out: column “kind” has “?” there, no class."),
        ("7,8,bird", "Class “bird” was left out: it has 1 row only, and needs 2 or more."),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_reason_and_the_others_stay(row, note):
    own = read_csv(table(row))
    assert own.notes == (note,)
    assert (len(own.table.part), own.table.class_names) == (12, ("cat", "dog"))


def test_empty_rows_are_no_news_and_rows_are_counted_as_a_spreadsheet_does():
    own = read_csv(table("", ",,", "  ", "7,x,cat"))
    assert own.notes == ("Row 17 was left out: column “width” has “x” there, no number.",)


def test_a_column_of_text_is_left_out_with_an_example():
    rows = [f"Ann {n},{row}" for n, row in enumerate(ROWS)]
    own = read_csv(table(header=f"name,{HEADER}", rows=rows))
    assert own.table.columns == ("length", "width")
    assert own.notes == ("Column “name” was left out: 12 of 12 cells hold no number, for example “Ann 0” in row 2.",)


def test_a_column_that_is_mostly_missing_is_left_out_and_its_rows_stay():
    rows = [f"{n if n < 3 else ''},{row}" for n, row in enumerate(ROWS)]
    own = read_csv(table(header=f"rare,{HEADER}", rows=rows))
    assert (own.table.columns, len(own.table.part)) == (("length", "width"), 12)
    assert own.notes == ("Column “rare” was left out: 9 of 12 cells hold no number, for example nothing in row 5.",)


def test_a_constant_column_is_left_out_also_when_it_is_constant_only_in_the_rows_that_stay():
    rows = [f"{4.5 if n else 7},{row}" for n, row in enumerate(ROWS)]
    rows[0] = rows[0].replace("cat", "")
    own = read_csv(table(header=f"same,{HEADER}", rows=rows))
    assert own.table.columns == ("length", "width")
    assert own.notes[-1] == "Column “same” was left out: it is 4.5 in every row."


@pytest.mark.parametrize("name", ["none", "-", "0", "=HYPERLINK(1)", "<b>", "猫 😀"])
def test_any_text_can_be_a_class_and_stays_text(name):
    own = read_csv(table().decode().replace("cat", name).encode())
    assert set(own.table.class_names) == {name, "dog"}


def test_a_label_with_5000_values_is_refused_with_advice():
    rows = [f"{n},{n % 7},id {n}" for n in range(5_000)]
    with pytest.raises(DataError, match=r"“kind” has 5,000 different values \(“id 0”.*at most 50.*Choose a column"):
        read_csv(table(rows=rows))
    assert read_csv(table(rows=rows), label="width").table.class_names == tuple("0123456")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf \n\n", "The file is empty"),
        (b"a,b\n1,\x002\n", "zero bytes"),
        ("a,b\n1,2\n".encode("utf-16-le"), "zero bytes"),
        (b"PK\x03\x04\x00\x00", "zero bytes"),
        (b"just\nsome\nwords\n", "one column only: no tab, semicolon, bar, comma"),
        (table(rows=[]), "0 rows that LayerLab can use. It needs at least 10"),
        (table(rows=ROWS[:1]), "0 rows that LayerLab can use. It needs at least 10. First problem: Class “cat”"),
        (table(rows=ROWS[:9]), "9 rows that LayerLab can use"),
        (table(rows=ROWS[::2] * 2), "All rows are of class “cat”. A table needs at least 2 classes"),
        (
            table(rows=[f"x,y,{'ab'[n % 2]}" for n in range(20)]),
            "No column of numbers.*“length” was left out: 20 of 20",
        ),
        (table(rows=[f"1,1,{'ab'[n % 2]}" for n in range(20)]), "No column of numbers.*it is 1 in every row"),
        (table('7,"8,cat', "9,1,dog"), r"cannot be read to its end \(unexpected end of data\).*quotation mark"),
        (table(f'7,"{"8" * 200_000}",cat'), r"cannot be read to its end \(field larger than field limit"),
        (table(rows=["1,2"] * 30), "First problem: Row 2 was left out: it has 2 cells instead of 3"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_what_is_wrong(data, message):
    with pytest.raises(DataError, match=message):
        read_csv(data)


@pytest.mark.parametrize("empty", ["\n", "\r", " \n", ",\n", '""\n', '" ", \n'])
def test_a_table_between_many_empty_lines_is_read(empty):
    own = read_csv((empty * 2_000).encode() + table() + b"\n" + (empty * 2_000).encode())
    assert (own.header, len(own.table.part)) == (("length", "width", "kind"), 12)


@pytest.mark.slow
@pytest.mark.parametrize("line", ["\n", "\r", " \n", ",\n", "1\n", "1,2\n", '"\n\n\n",a\n'])
@pytest.mark.parametrize("place", ["before", "after"])
def test_five_megabytes_of_lines_are_refused_soon(line, place):
    lines = (line * (5_000_000 // len(line))).encode()
    started = time.process_time()
    with pytest.raises(DataError, match=r"more than (100,000 lines|20,000 rows)\. Take fewer|one column only"):
        read_csv(lines + table() if place == "before" else table() + b"\n" + lines)
    assert time.process_time() - started < 2


def test_a_cell_of_more_than_100_digits_is_no_number():
    own = read_csv(table(f"{'0' * 100}7,8,cat", f"{'0' * 99}7,8,cat"))
    assert len(own.notes) == 1
    assert "Row 14 was left out" in own.notes[0]
    assert own.table.part.x[-1].tolist() == [7, 8]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("7", 7), ("7.", 7), (".5", 0.5), ("-7.5e-3", -0.0075), ("+1E2", 100), (".", None), ("e5", None), ("1.5.2", None)],
)
def test_what_a_number_is(cell, value):
    assert number(cell) == value


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (TableLimits(file_mb=1e-4), "LayerLab reads at most 0.0001 MB"),
        (TableLimits(rows=11), "more than 11 rows"),
        (TableLimits(lines=12), "more than 12 lines"),
        (TableLimits(columns=2), "3 columns. LayerLab reads at most 2"),
        (TableLimits(classes=1), "2 different values"),
    ],
)
def test_a_table_beyond_a_limit_is_refused_with_the_limit(limits, message):
    with pytest.raises(DataError, match=message):
        read_csv(table(), limits=limits)


def test_200_megabytes_are_refused_before_any_is_read():
    class Huge(bytes):
        def __len__(self):
            return 200 * 2**20

        def startswith(self, *_):
            pytest.fail("read")

    with pytest.raises(DataError, match=r"200\.0 MB. LayerLab reads at most 5 MB"):
        read_csv(Huge())


def test_thousands_of_problems_become_a_few_sentences():
    own = read_csv(table(*["1,2"] * 5_000))
    assert len(own.notes) == 21
    assert own.notes[-1] == "And 4,980 more of this kind."


def test_a_wide_table_with_50_classes_is_read():
    rows = [",".join([*(str((n * k) % 97) for k in range(1, 100)), f"c{n % 50}"]) for n in range(2_000)]
    own = read_csv(table(header=",".join(f"x{k}" for k in range(100)), rows=rows))
    assert own.table.part.x.shape == (2_000, 98)
    assert len(own.table.class_names) == 50


CELLS = st.one_of(st.floats(allow_nan=True).map(str), st.sampled_from(["", "a", '"', ",", ";", "=1", "\n", "1,5"]))


@given(st.lists(st.lists(CELLS, max_size=5), max_size=30), st.sampled_from(",;\t|"))
def test_any_cells_are_read_or_refused_with_a_sentence(rows, separator):
    data = "\n".join(separator.join(row) for row in rows).encode()
    with suppress(DataError):
        own = read_csv(data)
        assert np.isfinite(own.table.part.x).all()
        assert own.table.part.x.shape == (len(own.table.part.y), len(own.table.columns))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_with_a_sentence(data):
    with suppress(DataError):
        assert len(read_csv(data).table.part) >= own_table.MIN_ROWS
