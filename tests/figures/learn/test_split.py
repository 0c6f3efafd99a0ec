from lib.figures.learn.split import split_bar


def test_the_bar_has_a_piece_for_each_part_in_order():
    figure = split_bar(7_200, 800, 2_000)
    assert [(bar.name, list(bar.x)) for bar in figure.data] == [
        ("training", [7_200]), ("validation", [800]), ("test", [2_000])
    ]  # fmt: skip
    assert figure.layout.barmode == "stack"
