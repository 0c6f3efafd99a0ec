"""A 2-2-1 network as a picture with numbers on it, and the steps in which they come about, forward and backward."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib.concepts.backpropagation import FEEDS, LOSSES, PARAMETERS, Network, backward, forward, route, slopes

# A picture of 480 x 376: middle and radius of each circle; places of the labels, with room for a derivative below.
CIRCLES = {
    "x1": (34, 94, 31), "x2": (34, 282, 31), "h1": (208, 94, 45), "h2": (208, 282, 45), "p": (352, 188, 45),
    "L": (446, 188, 31),
}  # fmt: skip
EDGES = {
    "w11": ("x1", "h1"), "w12": ("x1", "h2"), "w21": ("x2", "h1"), "w22": ("x2", "h2"), "v1": ("h1", "p"),
    "v2": ("h2", "p"), "p": ("p", "L"),
}  # fmt: skip
LABELS = {
    "w11": (112, 68), "w12": (92, 138), "w21": (92, 218), "w22": (112, 302), "v1": (292, 116), "v2": (296, 258),
    "b1": (208, 18), "b2": (208, 350), "c": (362, 112),
    "x1": (34, 99), "x2": (34, 287), "z1": (208, 75), "h1": (208, 109), "z2": (208, 263), "h2": (208, 297),
    "z": (352, 169), "p": (352, 203), "L": (446, 193), "target": (446, 246),
}  # fmt: skip
_FORWARD = ("z1", "h1", "z2", "h2", "z", "p", "L")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
# The circle in or at which each of these stands.
_INSIDE = {"z1": "h1", "z2": "h2", "z": "p", "b1": "h1", "b2": "h2", "c": "p"}


def pretty(name: str) -> str:
    """A name as a person writes it.

    >>> pretty("w12"), pretty("target")
    ('w₁₂', 'y')
    """
    return "y" if name == "target" else name.translate(_SUBSCRIPTS)


def short(value: float) -> str:
    """A number with three digits.

    >>> short(-0.03593), short(0.0), short(12345.0)
    ('-0.0359', '0', '1.23e+04')
    """
    return f"{value + 0.0:.3g}"


def factor(value: float) -> str:
    """A number in a product: in brackets if negative.

    >>> factor(-0.5)
    '(-0.5)'
    """
    return f"({short(value)})" if value < 0 else short(value)


def network_picture(net: Network) -> dict[str, Any]:
    """What the browser draws.

    Returns:
        `circles`, `edges` and `labels` with their places; a label's `when` is the number of the step that finds it, 0
        for what is given. `steps` from 1 on, each with its `title`, `sum` (the formula with its numbers) and `lights`,
        the names of circles and edges that take part. `forward` is the number of the last forward step.
    """
    values = forward(net)
    known = {name: getattr(net, name) for name in ("x1", "x2", "target", *PARAMETERS)}
    steps = [*_forward_steps(net, values), *_backward_steps(net, values)]
    labels = [_label(name, f"{pretty(name)} {short(value)}", 0) for name, value in known.items()]
    labels += [_label(name, f"{pretty(name)} {short(values[name])}", 1 + place) for place, name in enumerate(_FORWARD)]
    gradients = backward(net, values)
    for place, name in enumerate(FEEDS, start=1 + len(_FORWARD)):
        labels.append(_label(name, f"∂ {short(gradients[name])}", place) | {"gradient": True})
    return {
        "circles": [{"name": name, "x": x, "y": y, "r": r} for name, (x, y, r) in CIRCLES.items()],
        "edges": [{"name": name, "from": CIRCLES[a][:2], "to": CIRCLES[b][:2]} for name, (a, b) in EDGES.items()],
        "labels": labels,
        "steps": steps,
        "forward": len(_FORWARD),
        "label": describe_network(net),
    }


def _label(name: str, text: str, when: int) -> dict[str, Any]:
    x, y = LABELS[name]
    return {"name": name, "x": x, "y": y, "text": text, "when": when, "gradient": False}


def _forward_steps(net: Network, values: Mapping[str, float]) -> list[dict[str, Any]]:
    bend, y = ("tanh", "σ")[net.activation == "sigmoid"], net.target
    p = factor(values["p"])
    if net.loss == "squared_error":
        last, loss = f"p = z = {short(values['p'])}", f"L = (p - y)² = ({p} - {factor(y)})²"
    else:
        last = f"p = σ(z) = σ({short(values['z'])}) = {short(values['p'])}"
        loss = f"L = -y ln p - (1 - y) ln(1 - p) = -{short(y)} · ln {p} - {short(1 - y)} · ln(1 - {p})"
    sums = {
        "z1": _weighted("z1", [("w11", "x1"), ("w21", "x2")], "b1", net, values),
        "h1": f"h₁ = {bend}(z₁) = {bend}({short(values['z1'])}) = {short(values['h1'])}",
        "z2": _weighted("z2", [("w12", "x1"), ("w22", "x2")], "b2", net, values),
        "h2": f"h₂ = {bend}(z₂) = {bend}({short(values['z2'])}) = {short(values['h2'])}",
        "z": _weighted("z", [("v1", "h1"), ("v2", "h2")], "c", net, values),
        "p": last,
        "L": f"{loss} = {short(values['L'])}",
    }
    into = {"z1": ["w11", "w21", "x1", "x2", "h1"], "z2": ["w12", "w22", "x1", "x2", "h2"],
            "z": ["v1", "v2", "h1", "h2", "p"]}  # fmt: skip
    return [
        {"title": f"forward: {pretty(name)}", "sum": sums[name], "lights": into.get(name, [name])} for name in _FORWARD
    ]


def _weighted(name: str, pairs: list[tuple[str, str]], bias: str, net: Network, values: Mapping[str, float]) -> str:
    """A weighted sum, first with names and then with numbers."""
    number = {name: getattr(net, name) for name in ("x1", "x2", *PARAMETERS)} | dict(values)
    named = " + ".join(f"{pretty(weight)}·{pretty(value)}" for weight, value in pairs)
    filled = " + ".join(f"{factor(number[weight])}·{factor(number[value])}" for weight, value in pairs)
    end = f"{factor(number[bias])} = {short(values[name])}"
    return f"{pretty(name)} = {named} + {pretty(bias)} = {filled} + {end}"


def _backward_steps(net: Network, values: Mapping[str, float]) -> list[dict[str, Any]]:
    slope, gradients = slopes(net, values), backward(net, values)
    steps = []
    for name, after in FEEDS.items():
        by = f"∂L/∂{pretty(name)}"
        rule = local_rule(name, net)
        if after == "L":
            text = f"{by} = {rule} = {short(gradients[name])}"
        else:
            text = (
                f"{by} = ∂L/∂{pretty(after)} · ∂{pretty(after)}/∂{pretty(name)} = ∂L/∂{pretty(after)} · {rule} = "
                f"{factor(gradients[after])} · {factor(slope[name])} = {short(gradients[name])}"
            )
        lights = [name, _INSIDE.get(name, name), _INSIDE.get(after, after)]
        steps.append({"title": f"backward: {by}", "sum": text, "lights": lights})
    return steps


def local_rule(name: str, net: Network) -> str:
    """The slope of the next number by this one, in symbols.

    >>> local_rule("w12", Network()), local_rule("z2", Network())
    ('x₁', '(1 - h₂²)')
    """
    tanh, squared = net.activation == "tanh", net.loss == "squared_error"
    rules = {
        "p": "2 (p - y)" if squared else "(p - y) / (p (1 - p))",
        "z": "1" if squared else "p (1 - p)",
        "v1": "h1", "v2": "h2", "c": "1", "h1": "v1", "h2": "v2", "b1": "1", "b2": "1",
        "z1": "(1 - h1²)" if tanh else "h1 (1 - h1)", "z2": "(1 - h2²)" if tanh else "h2 (1 - h2)",
        "w11": "x1", "w12": "x1", "w21": "x2", "w22": "x2",
    }  # fmt: skip
    rule = rules[name]
    for known in ("h1", "h2", "v1", "v2", "x1", "x2"):
        rule = rule.replace(known, pretty(known))
    return rule


def chain_latex(net: Network, name: str) -> str:
    """The whole chain rule for one parameter in LaTeX, every factor with its number below it."""
    slope = slopes(net, forward(net))
    way = route(name)
    pairs = zip(["L", *way], way, strict=False)
    factors = [
        rf"\underbrace{{\frac{{\partial {_latex(after)}}}{{\partial {_latex(each)}}}}}_{{{short(slope[each])}}}"
        for after, each in pairs
    ]
    total = short(backward(net, forward(net))[name])
    first = rf"\frac{{\partial L}}{{\partial {_latex(name)}}} &= " + r" \cdot ".join(factors)
    return rf"\begin{{aligned}}{first} \\[4pt] &= {total}\end{{aligned}}"


def _latex(name: str) -> str:
    return f"{name[0]}_{{{name[1:]}}}" if name[1:] else name


def describe_network(net: Network) -> str:
    """The alt text: what goes in, what comes out, and where the loss is steepest."""
    values = forward(net)
    gradients = backward(net, values)
    steepest = max(PARAMETERS, key=lambda name: abs(gradients[name]))
    return (
        f"Network with two inputs, two {net.activation} units and one output: from inputs {short(net.x1)} and "
        f"{short(net.x2)} to prediction {short(values['p'])}; target {short(net.target)}, {LOSSES[net.loss]} "
        f"{short(values['L'])}. The largest derivative is that by {steepest}, {short(gradients[steepest])}."
    )
