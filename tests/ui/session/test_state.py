"""The session's memory: what two modules share is declared in one table, and everything else belongs to one module."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TABLE, HANDLE = "lib.ui.session.state", "lib.ui.kit.key"
# Functions and classes that take a key's name, and where among their arguments; Streamlit's take it as `key=`.
TAKE_A_NAME = {
    "Key": 0,
    "Choice": 0,
    "Opened": 0,
    "Noted": 0,
    "pin": 0,
    "option": 3,
    "number_field": 3,
    "stepped_slider": 3,
}
# A container's key is a CSS class, and so is that of a chart that reports no clicks.
REMEMBER_NOTHING = ("container", "plotly_chart")


def sources() -> dict[str, str]:
    paths = [path for folder in ("lib/ui", "pages") for path in (ROOT / folder).rglob("*.py")]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text() for path in paths}


def complaints(modules: Mapping[str, str]) -> list[str]:
    """What in these modules (source by name) is against the rules, in sentences."""
    trees = {name: ast.parse(source) for name, source in modules.items()}
    users: dict[str, set[str]] = defaultdict(set)
    for module, tree in trees.items():
        for name in names_in(tree):
            users[name].add(module)
    declared = set(names_in(trees.get(TABLE, ast.Module([], []))))
    found = [
        f"{name} is declared in the table, and {module} writes its name out"
        for name in declared
        for module in users[name] - {TABLE}
    ]
    found += [
        f"{name} is used by {' and '.join(sorted(modules))}, and is not declared in the table"
        for name, modules in users.items()
        if name not in declared and len(modules) > 1
    ]
    for module, tree in trees.items():
        if module != HANDLE and any(getattr(node, "attr", "") == "session_state" for node in ast.walk(tree)):
            found.append(f"{module} reaches into st.session_state without a Key")
        if module != TABLE:
            found += [f"{module} shows its key {name} to others" for name in public_keys(tree)]
    return sorted(found)


def names_in(tree: ast.Module) -> Iterator[str]:
    """Every name of a key that a module writes out, directly or through a constant of its own."""
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        for place in places_in(node):
            value = constants.get(place.id) if isinstance(place, ast.Name) else getattr(place, "value", None)
            if isinstance(value, str):
                yield value


def places_in(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions of a node that stand where a key's name stands."""
    match node:
        case ast.Subscript(value=ast.Attribute(attr="session_state"), slice=place):
            yield place
        case ast.Compare(left=place, comparators=[ast.Attribute(attr="session_state")]):
            yield place
        case ast.Attribute(value=ast.Attribute(attr="session_state"), attr=name) if name not in dir(dict):
            yield ast.Constant(name)
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="session_state")), args=[place, *_]):
            yield place
        case ast.Call(func=function, args=args, keywords=keywords):
            called = name_of(function)
            place = TAKE_A_NAME.get(called)
            if place is not None:
                yield from args[place : place + 1]
            options = {keyword.arg: keyword.value for keyword in keywords}
            if "key" in options and (called not in REMEMBER_NOTHING or "on_select" in options):
                yield options["key"]


def name_of(function: ast.expr) -> str:
    """The last word of what is called: `Key` of `Key[int](...)`, `button` of `st.button(...)`."""
    if isinstance(function, ast.Subscript):
        return name_of(function.value)
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def public_keys(tree: ast.Module) -> Iterator[str]:
    """Module constants that are keys and do not begin with an underscore."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=targets, value=value):
                pass
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                targets = [target]
            case _:
                continue
        if any(isinstance(part, ast.Call) and name_of(part.func) == "Key" for part in ast.walk(value)):
            names = [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
            yield from (name for name in names if not name.startswith("_"))


def test_what_two_modules_share_is_declared_in_the_table():
    assert complaints(sources()) == []


def test_every_key_of_the_table_has_a_sentence_below_it():
    tree = ast.parse(sources()[TABLE])
    for name in public_keys(tree):
        places = [place for place, node in enumerate(tree.body) if ast.unparse(node).startswith(name)]
        match tree.body[places[0] + 1]:
            case ast.Expr(value=ast.Constant(value=str(text))):
                assert text.rstrip().endswith("."), name
            case _:
                pytest.fail(f"{name} has none")


def test_the_walk_finds_the_keys_that_are_there():
    users = {module: set(names_in(ast.parse(source))) for module, source in sources().items()}
    assert {"draft", "run", "steered_run", "results_run", "sample", "stride"} <= users[TABLE]
    assert {"cell_true", "confusion_numbers", "confusion"} <= users["lib.ui.results.confusion"]
    assert "pool_padding" in users["lib.ui.learn.pooling.view"]
    assert "learning_rate" in users["lib.ui.build.training_settings"]


CLEAN = {
    TABLE: 'SAMPLE = Key("sample", 0)\n"""Who writes it."""',
    HANDLE: "def get(self): return st.session_state.get(self.name)",
    "one": '_OWN: Key[str] = Key("own", "")\nst.button("Go", key="go")\nwith st.container(key="box"): SAMPLE.set(1)',
    "two": 'st.slider("x", key=SAMPLE.name)\nst.container(key="box")\nst.plotly_chart(figure, key="chart")',
    "three": 'sorted(rows, key=lambda row: row.id)\nst.plotly_chart(figure, key="chart")',
}


def test_modules_that_keep_to_the_rules_are_not_complained_of():
    assert complaints(CLEAN) == []


@pytest.mark.parametrize(
    ("module", "line", "complaint"),
    [
        ("two", 'Key[int]("own", 0)', "own is used by one and two, and is not declared in the table"),
        ("two", 'st.toggle("Go", key="go")', "go is used by one and two, and is not declared in the table"),
        ("two", 'st.plotly_chart(f, key="go", on_select=see)', "go is used by one and two"),
        ("two", '_GO = "go"\nst.toggle("Go", key=_GO)', "go is used by one and two"),
        ("two", 'pin("go", 3)', "go is used by one and two"),
        ("two", 'option("label", rule, value, "go", report)', "go is used by one and two"),
        ("two", 'Choice("go", labels, "a")', "go is used by one and two"),
        ("two", 'st.session_state["go"] = 1', "go is used by one and two"),
        ("two", 'st.session_state.pop("go", None)', "go is used by one and two"),
        ("two", 'st.session_state.setdefault("go", 1)', "go is used by one and two"),
        ("two", 'if "go" in st.session_state: pass', "go is used by one and two"),
        ("two", "print(st.session_state.go)", "go is used by one and two"),
        ("two", 'st.number_input("n", key="sample")', "sample is declared in the table, and two writes its name out"),
        ("two", 'Key("sample", 0).drop()', "sample is declared in the table, and two writes its name out"),
        ("two", "st.session_state.clear()", "two reaches into st.session_state without a Key"),
        ("two", 'SHARED = Key("shared", 0)', "two shows its key SHARED to others"),
        ("two", 'A, _B = Key("a", 0), Key("b", 0)', "two shows its key A to others"),
    ],
)
def test_a_shared_key_that_is_not_declared_is_complained_of(module, line, complaint):
    found = complaints(CLEAN | {module: f"{CLEAN[module]}\n{line}"})
    assert any(complaint in sentence for sentence in found), found
