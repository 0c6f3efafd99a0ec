import pytest

from lib.specs.codec import from_query
from lib.ui.session.draft import insertion_place

IMAGES = {"dataset": "mnist", "layers": "Conv2D;Flatten;Dense;Dense(units=10,activation=softmax)"}
GLOBAL = {"dataset": "mnist", "layers": "Conv2D;GlobalAveragePooling2D;Dense(units=10,activation=softmax)"}
SENTENCES = {"dataset": "movies", "layers": "Embedding;GlobalMaxPooling1D;Dense(units=1,activation=sigmoid)"}
NO_VECTOR = {"dataset": "mnist", "layers": "Conv2D"}


@pytest.mark.parametrize(
    ("query", "kind", "place"),
    [
        (IMAGES, "Conv2D", 1),
        (IMAGES, "ParallelConv2D", 1),
        (IMAGES, "MaxPooling2D", 1),
        (IMAGES, "Dense", 3),
        (IMAGES, "Dropout", 3),
        (GLOBAL, "AveragePooling2D", 1),
        (GLOBAL, "Dense", 2),
        (SENTENCES, "Conv1D", 1),
        (SENTENCES, "MaxPooling1D", 1),
        (SENTENCES, "Dense", 2),
        (NO_VECTOR, "Conv2D", 1),
        (NO_VECTOR, "Flatten", 1),
    ],
)
def test_a_new_layer_is_put_where_it_can_work(query, kind, place):
    assert insertion_place(from_query(query).model.layers, kind) == place
