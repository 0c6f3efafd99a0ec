"""The part of a notebook that gets the very samples of a run: training, validation and test part, as LayerLab cut them.

Small bundled files travel inside the notebook, so that it needs no network and no LayerLab. The large one, and the full
size, come from `keras.datasets`.
"""

from __future__ import annotations

import base64

from lib.data import parts, text
from lib.data.bundled.bundle import COLUMNS, DATA_FOLDER, SHEET, read_checked
from lib.data.loading import TABLE_TEST_SHARE
from lib.data.preparing import SPLIT_SEED
from lib.export.data_code import drawn_points, number_lines, spoiling_functions, spoiling_lines
from lib.export.fold_code import cut_lines, fold_lines
from lib.export.sources import source_lines
from lib.specs.run import RunSpec

MOST_EMBEDDED_BYTES = 5_000_000
BUNDLED_SEED = 20_170_831
"""With this seed `tools/build_datasets.py` has chosen the bundled samples from the published ones."""
PARTS = ("train", "val", "test")


def way_of(run: RunSpec) -> str:
    """How the notebook comes by the samples: "embedded", "published", "reviews", "points" or "own"."""
    if run.dataset.own:
        return "own"
    if run.data.kind == "points":
        return "points"
    full = run.data.size == "full"
    if run.data.kind == "text":
        return "reviews" if full else "embedded"
    size = (DATA_FOLDER / run.dataset.file).stat().st_size
    return "published" if (full and run.data.kind == "images") or size > MOST_EMBEDDED_BYTES else "embedded"


def packed_line(run: RunSpec) -> str:
    """The bundled file as a line of Python.

    Raises:
        DataError: the file is missing or damaged.
    """
    content = read_checked(DATA_FOLDER / run.dataset.file, run.dataset.title, run.dataset.sha256)
    return f'PACKED = "{base64.b64encode(content).decode()}"'


def sample_lines(run: RunSpec) -> list[str]:
    """Lines that make `x_train`, `y_train`, `x_val`, `y_val`, `x_test` and `y_test`, before any scaling.

    They expect keras, numpy as `np`, and `PACKED` where the way is "embedded".
    """
    kind = run.data.kind
    if kind == "points":
        return _points(run)
    lines = [*source_lines(parts, "stratified"), "", ""]
    if run.data.spoiling:
        lines = [*lines, *spoiling_functions(run)]
    if run.dataset.own:
        return [*lines, *_own(), *_split(run)]
    if kind == "text":
        return [*lines, *(_reviews(run) if run.data.size == "full" else _sentences(run))]
    if kind == "table":
        return [*lines, *_table(), *_split(run)]
    return [*lines, *(_pictures(run) if way_of(run) == "embedded" else _published(run)), *_split(run)]


def preprocessing_lines(run: RunSpec) -> list[str]:
    """Lines that make a network's numbers of the samples; the labels stay in `true` as they were."""
    return ["true = y_test", *number_lines(run, [part for part in PARTS if part != "val" or validated(run)])]


def validated(run: RunSpec) -> bool:
    """Whether the run has a validation part of its own; points without folds are validated with their test points."""
    return bool(run.data.folds) or (bool(run.training.validation_split) and not run.data.validates_on_test)


def _pictures(run: RunSpec) -> list[str]:
    height, width, channels = run.dataset.input_shape
    tiles = f"(-1, {height}, {COLUMNS}, {width}, {channels})"
    return [
        "archive = zipfile.ZipFile(io.BytesIO(base64.b64decode(PACKED)))",
        "labels = json.loads(archive.read('labels.json'))",
        "",
        "",
        "def pictures(part):",
        f"    # {SHEET:,} images lie on a sheet, {COLUMNS} in a row.",
        "    found = []",
        f"    for number in range(-(-len(labels[part]) // {SHEET})):",
        "        sheet = Image.open(io.BytesIO(archive.read(f'{part}-{number}.webp'))).convert('RGB')",
        f"        tiles = np.asarray(sheet)[..., :{channels}].reshape{tiles}.transpose(0, 2, 1, 3, 4)",
        f"        found.append(tiles.reshape(-1, {height}, {width}, {channels}))",
        "    return np.concatenate(found)[: len(labels[part])]",
        "",
        "",
        "x, y = pictures('train'), np.array(labels['train'], np.uint8)",
        "x_test, y_test = pictures('test'), np.array(labels['test'], np.uint8)",
    ]


def _published(run: RunSpec) -> list[str]:
    """Images from Keras; of the bundled ones the positions are chosen as they were when they were bundled."""
    facts = run.dataset
    shape = ", ".join(map(str, facts.input_shape))
    lines = [
        f"(x, y), (x_test, y_test) = keras.datasets.{run.data.dataset}.load_data()",
        f"x, x_test = x.reshape(-1, {shape}), x_test.reshape(-1, {shape})",
        "y, y_test = y.ravel().astype(np.uint8), y_test.ravel().astype(np.uint8)",
    ]
    if run.data.size == "full":
        return lines
    return [
        *lines,
        f"bundled = stratified(y, {facts.bundled_train}, {BUNDLED_SEED})",
        "x, y = x[bundled], y[bundled]",
        f"bundled = stratified(y_test, {facts.bundled_test}, {BUNDLED_SEED})",
        "x_test, y_test = x_test[bundled], y_test[bundled]",
    ]


def _own() -> list[str]:
    return [
        "own = np.load('own_data.npz')",
        "x, y, x_test, y_test = (own[name] for name in ('x_train', 'y_train', 'x_test', 'y_test'))",
    ]


def _table() -> list[str]:
    return [
        "header, *rows = csv.reader(base64.b64decode(PACKED).decode().splitlines())",
        "classes = sorted({row[-1] for row in rows})",
        "x = np.array([row[:-1] for row in rows], np.float32)",
        "y = np.array([classes.index(row[-1]) for row in rows], np.uint8)",
        f"test = stratified(y, round(len(y) * {TABLE_TEST_SHARE}), 0)",
        "rest = np.setdiff1d(np.arange(len(y)), test)",
        "x, y, x_test, y_test = x[rest], y[rest], x[test], y[test]",
    ]


def _split(run: RunSpec) -> list[str]:
    """From `x` and `y` to the samples that the run used, and to its validation part."""
    lines = []
    if run.data.samples:
        lines += [f"used = stratified(y, min({run.data.samples}, len(y)), {SPLIT_SEED})", "x, y = x[used], y[used]"]
    if run.data.spoiling == "sorted":
        return [
            *lines,
            "x, y = by_class(x, y)",
            f"rest = len(y) - round(len(y) * {run.training.validation_split!r})",
            "x_train, y_train, x_val, y_val = x[:rest], y[:rest], x[rest:], y[rest:]",
        ]
    if not validated(run):
        return [*lines, "x_train, y_train = x, y", *spoiling_lines(run)]
    return [
        *lines,
        *_held_out(run),
        "x_train, y_train, x_val, y_val = x[rest], y[rest], x[held_out], y[held_out]",
        *spoiling_lines(run),
    ]


def _held_out(run: RunSpec) -> list[str]:
    """Positions `held_out` and `rest` in `x` and `y`: of the validation part, and of what is trained on."""
    if run.data.folds:
        return fold_lines(run)
    return [
        f"held_out = stratified(y, round(len(y) * {run.training.validation_split!r}), {SPLIT_SEED})",
        "rest = np.setdiff1d(np.arange(len(y)), held_out)",
    ]


def _points(run: RunSpec) -> list[str]:
    labels = "y" if run.regression else "y.astype(np.uint8)"
    share = run.data.test_share / 100
    return [
        *source_lines(parts, "stratified"),
        "",
        "",
        *drawn_points(run),
        f"test = stratified({labels}, round(len(y) * {share!r}), {run.data.points_seed})",
        "rest = np.setdiff1d(np.arange(len(y)), test)",
        "x_train, y_train, x_test, y_test = x[rest], y[rest], x[test], y[test]",
        *cut_lines(run),
    ]


def _sentences(run: RunSpec) -> list[str]:
    data = run.data
    ends = f"maxlen={data.length}, padding={data.padding!r}, truncating={data.truncating!r}"
    places = _split(run)
    places[-1] = places[-1].replace("x_", "words_")
    made = [part for part in PARTS if part != "val" or validated(run)]
    return [
        *source_lines(text, "tokenise"),
        "",
        "",
        "lines = gzip.decompress(base64.b64decode(PACKED)).decode().splitlines()",
        "rows = [line.split('\\t') for line in lines]  # part, number, rating from -4 to 4, text",
        f"rows = [row for row in rows if abs(np.float32(row[2])) >= {data.neutral!r} and float(row[2]) != 0]",
        "words = {part: np.array([tokenise(row[3]) for row in rows if row[0] == part], object)"
        " for part in ('train', 'test')}",
        "labels = {part: np.array([float(row[2]) > 0 for row in rows if row[0] == part], np.uint8)"
        " for part in ('train', 'test')}",
        "x, y, words_test, y_test = words['train'], labels['train'], words['test'], labels['test']",
        *places,
        "",
        "# The words of any other part would tell the model about its exam.",
        "counts = collections.Counter(word for sentence in words_train for word in sentence)",
        f"frequent = sorted(counts, key=lambda word: (-counts[word], word))[: {data.vocabulary - 2}]",
        "ids = {word: number for number, word in enumerate(frequent, 2)}  # 0 is padding, 1 any unknown word",
        "",
        "",
        "def numbers(sentences):",
        f"    return keras.utils.pad_sequences([[ids.get(word, 1) for word in each] for each in sentences], {ends})",
        "",
        "",
        *(f"x_{part} = numbers(words_{part})" for part in made),
    ]


def _reviews(run: RunSpec) -> list[str]:
    data = run.data
    ends = f"maxlen={data.length}, padding={data.padding!r}, truncating={data.truncating!r}"
    return [
        f"(x, y), (x_test, y_test) = keras.datasets.imdb.load_data(num_words={data.vocabulary})",
        f"x, x_test = (keras.utils.pad_sequences(rows, {ends}) for rows in (x, x_test))",
        "y, y_test = y.astype(np.uint8), y_test.astype(np.uint8)",
        *_split(run),
    ]
