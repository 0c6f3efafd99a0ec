"""One codec for JSON and URL. Unknown keys are refused, values held to their rules, nothing is evaluated.

JSON: `{"data": {...}, "training": {...}, "layers": [{"kind": "Conv2D", "filters": 32, ...}, ...]}`;
`"start": {...}` too where the first weights come from another run.
URL: the same fields, flat, only where they differ from the defaults, and
`layers=Conv2D(filters=64,padding=same);Flatten`. It describes settings, so it says nothing of where weights come from.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lib.specs.data import DataSpec
from lib.specs.fields import Rule, SpecError, Switch, build, changed, rules
from lib.specs.layers.known import LAYERS, Layer
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.start import Start
from lib.specs.training import TrainSpec

MAX_TEXT = 8_000
_LAYER = re.compile(r"([A-Za-z0-9]{1,40})(?:\(([^()]{0,400})\))?")


def to_dict(spec: RunSpec) -> dict[str, Any]:
    """Plain data of a run spec, complete: defaults are written too."""
    tables = {
        "data": plain(spec.data),
        "training": plain(spec.training),
        "layers": _layers(spec.model),
    }
    return tables if spec.start is None else {**tables, "start": _start_plain(spec.start)}


def _start_plain(start: Start) -> dict[str, Any]:
    return {**dataclasses.asdict(start), "frozen": list(start.frozen)}


def model_to_dict(model: ModelSpec) -> dict[str, Any]:
    """Plain data of a model by itself."""
    return {"input_shape": list(model.input_shape), "layers": _layers(model)}


def model_from_dict(value: Mapping[str, Any]) -> ModelSpec:
    """Read `model_to_dict` again.

    Raises:
        SpecError: values that break their rules.
    """
    return ModelSpec(tuple(value["input_shape"]), tuple(map(layer_from_dict, value["layers"])))


def _layers(model: ModelSpec) -> list[dict[str, Any]]:
    return [{"kind": layer.kind, **plain(layer)} for layer in model.layers]


def plain(spec: Any) -> dict[str, Any]:
    """All ruled fields of a spec as a dict."""
    return {name: getattr(spec, name) for name in rules(spec)}


def from_dict(value: object) -> RunSpec:
    """Run spec from plain data; fields left out take their defaults.

    Raises:
        SpecError: wrong structure, unknown keys, or values that break their rules.
    """
    tables = _mapping("the description of a run", value)
    unknown = sorted(set(tables) - {"data", "training", "layers", "start"})
    if unknown:
        raise SpecError(f"a run has no part {unknown[0]!r:.60}; it has: data, training, layers, start")
    layers = tables.get("layers", [])
    if not isinstance(layers, Sequence) or isinstance(layers, str):
        raise SpecError(f"layers must be a list, not {layers!r:.60}")
    data = build(DataSpec, _mapping("data", tables.get("data", {})))
    training = build(TrainSpec, _mapping("training", tables.get("training", {})))
    model = ModelSpec(data.input_shape, tuple(map(layer_from_dict, layers)))
    return RunSpec(data, model, training, _start_from(tables.get("start")))


def _start_from(value: object) -> Start | None:
    if value is None:
        return None
    fields = _mapping("start", value)
    known = [field.name for field in dataclasses.fields(Start)]
    unknown = sorted(set(fields) - set(known))
    if unknown:
        raise SpecError(f"start has no option {unknown[0]!r:.60}; it has: {', '.join(known)}")
    missing = [name for name in ("run", "epoch") if name not in fields]
    if missing:
        raise SpecError(f"start must say its {missing[0]}")
    return Start(**fields)  # type: ignore[arg-type]


def layer_from_dict(value: object) -> Layer:
    """Layer from `{"kind": ..., option: value}`.

    Raises:
        SpecError: no such layer, no such option, or a value that breaks its rule.
    """
    options = dict(_mapping("a layer", value))
    kind = options.pop("kind", None)
    if not isinstance(kind, str) or kind not in LAYERS:
        raise SpecError(f"there is no layer {kind!r:.60}; there are: {', '.join(LAYERS)}")
    layer: Layer = build(LAYERS[kind], options)
    return layer


def to_json(spec: RunSpec) -> str:
    """The spec as one line of JSON, keys in a fixed order."""
    return json.dumps(to_dict(spec))


def from_json(text: str) -> RunSpec:
    """Read `to_json` again.

    Raises:
        SpecError: longer than 8,000 characters, no JSON, or no valid run.
    """
    if len(text) > MAX_TEXT:
        raise SpecError(f"the description of a run must be at most {MAX_TEXT} characters, not {len(text)}")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:  # not only what is no JSON: a number of 5,000 digits, too
        raise SpecError(f"the description of a run must be JSON, but {error}") from None
    return from_dict(value)


def to_query(spec: RunSpec) -> dict[str, str]:
    """URL parameters of a spec, readable and short: defaults are left out."""
    options = {**changed(spec.data), **changed(spec.training)}
    return {
        "dataset": spec.data.dataset,
        **{k: _value_text(v) for k, v in options.items() if k != "dataset"},
        "layers": layers_to_text(spec.model),
    }


def layers_to_text(model: ModelSpec) -> str:
    """The layers in the URL form; `layers_from_text` reads them again."""
    return ";".join(_layer_text(layer) for layer in model.layers)


def from_query(query: Mapping[str, str]) -> RunSpec:
    """Read `to_query` again; `run` and other keys that are not a spec's belong to the caller, who removes them.

    Raises:
        SpecError: an unknown key, junk in a value, or more than 8,000 characters in all.
    """
    if sum(len(k) + len(v) for k, v in query.items()) > MAX_TEXT:
        raise SpecError(f"the address must hold at most {MAX_TEXT} characters of settings")
    tables: dict[str, Any] = {"data": {}, "training": {}, "layers": layers_from_text(query.get("layers", ""))}
    for key, text in query.items():
        if key == "layers":
            continue
        for table, spec_type in (("data", DataSpec), ("training", TrainSpec)):
            if key in rules(spec_type):
                tables[table][key] = _value(key, text, rules(spec_type)[key])
                break
        else:
            raise SpecError(f"the address has a setting {key!r:.60} that LayerLab does not know")
    return from_dict(tables)


def layers_from_text(text: str) -> list[dict[str, Any]]:
    """Layers of the URL form as plain data.

    Raises:
        SpecError: text that is no layer, or an unknown layer or option.

    >>> layers_from_text("Conv2D(filters=8);Flatten")
    [{'kind': 'Conv2D', 'filters': 8}, {'kind': 'Flatten'}]
    """
    return [_layer_plain(part) for part in text.split(";")] if text else []


def _layer_plain(text: str) -> dict[str, Any]:
    match = _LAYER.fullmatch(text)
    if match is None or match[1] not in LAYERS:
        raise SpecError(f"the address has a layer {text!r:.60} that LayerLab does not know; known: {', '.join(LAYERS)}")
    table = rules(LAYERS[match[1]])
    result: dict[str, Any] = {"kind": match[1]}
    for option in match[2].split(",") if match[2] else []:
        name, _, value = option.partition("=")
        if name not in table:
            raise SpecError(f"{match[1]} has no option {name!r:.60}; it has: {', '.join(table) or 'none'}")
        result[name] = _value(f"{match[1]}.{name}", value, table[name])
    return result


def _layer_text(layer: Layer) -> str:
    options = ",".join(f"{name}={_value_text(value)}" for name, value in changed(layer).items())
    return f"{layer.kind}({options})" if options else layer.kind


def _value_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(name: str, text: str, rule: Rule) -> object:
    """The value a URL text stands for; the rule itself is applied by the spec."""
    if isinstance(rule, Switch) and text in ("true", "false"):
        return text == "true"
    if not hasattr(rule, "low"):
        return text
    try:
        number = float(text) if len(text) <= 40 else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise SpecError(f"{name} must be a number, not {text!r:.60}")
    return int(number) if number == int(number) else number


def _mapping(name: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise SpecError(f"{name} must be a table of names and values, not {value!r:.60}")
    return value
