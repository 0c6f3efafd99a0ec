"""Train every recipe to its end through the engine and print what each reached, as the README's table.

The last row is what the sentence recipes are to be held against: counted words and logistic regression.

`python -m benchmarks.recipes`; some minutes on 2 cores.
"""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from lib.data.bundled.sentences import labels, load_sentences
from lib.data.text import tokenise
from lib.engine.api import Engine, open_engine
from lib.engine.runs.snapshot import RunSnapshot
from lib.settings import Settings
from lib.specs.recipes import RECIPES, Recipe


@contextmanager
def passing_engine() -> Iterator[Engine]:
    """An engine with one worker and a store that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'runs.sqlite3'}"
        engine = open_engine(
            dataclasses.replace(Settings.from_environment(), home=Path(folder), database_url=url, workers=1)
        )
        try:
            yield engine
        finally:
            engine.close()


def reached(engine: Engine, recipe: Recipe) -> RunSnapshot:
    run_id = engine.submit(recipe.run, recipe.name)
    while engine.snapshot(run_id).changing:
        time.sleep(0.2)
    return engine.snapshot(run_id)


def row(recipe: Recipe, now: RunSnapshot) -> str:
    if now.status != "done" or now.evaluation is None:
        raise SystemExit(f"{recipe.title} ended as {now.status}: {now.message}")
    last, seconds = now.epoch_points[-1], sum(point.seconds for point in now.epoch_points)
    validation = "-" if last.val_accuracy is None else f"{last.val_accuracy:.4f}"
    cells = [
        recipe.title, f"{recipe.parameters:,}", recipe.published, f"{now.spec.training_samples():,}", f"{last.epoch}",
        validation, f"{now.evaluation.accuracy:.4f}", f"{now.evaluation.loss:.4f}", f"{seconds:.0f} s",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def bag_of_words() -> str:
    """Scikit-learn's TF-IDF of the words and logistic regression, on the very sentences of the sentence recipes."""
    sentences = load_sentences()
    labelled = {name: labels(getattr(sentences, name).ratings) for name in ("train", "test")}
    texts = {name: [getattr(sentences, name).texts[place] for place in labelled[name][0]] for name in labelled}
    began_at = time.perf_counter()
    vectorizer = TfidfVectorizer(tokenizer=tokenise, token_pattern=None, lowercase=False)
    model = LogisticRegression(max_iter=1_000).fit(vectorizer.fit_transform(texts["train"]), labelled["train"][1])
    seconds = time.perf_counter() - began_at
    probabilities = model.predict_proba(vectorizer.transform(texts["test"]))
    accuracy = float((probabilities.argmax(axis=1) == labelled["test"][1]).mean())
    cells = [
        "Baseline: words counted (TF-IDF), logistic regression", f"{model.coef_.size + 1:,}", "-",
        f"{len(texts['train']):,}", "-", "-", f"{accuracy:.4f}", f"{log_loss(labelled['test'][1], probabilities):.4f}",
        f"{seconds:.0f} s",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def main() -> None:
    print("| recipe | parameters | published | trained on | epochs | validation | test | test loss | time |")
    print("|---|---|---|---|---|---|---|---|---|")
    with passing_engine() as engine:
        for recipe in RECIPES.values():
            print(row(recipe, reached(engine, recipe)), flush=True)
        print(bag_of_words())


if __name__ == "__main__":
    main()
