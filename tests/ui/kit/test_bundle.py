"""A component's files become one script, in the order of their imports; what does not fit together is refused."""

import pytest

from lib.ui.kit.bundle import bundle, modules_for, read_module

MAIN = "export default function () {}\n"


@pytest.fixture
def written(tmp_path):
    """Write files, by name, into a folder; the folder."""

    def write(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.js").write_text(text)
        return tmp_path

    return write


def test_a_file_comes_after_what_it_imports_and_only_once(written):
    folder = written(
        main='import { a } from "./left.js";\nimport { b } from "./right.js";\n' + MAIN,
        left='import { c } from "./base.js";\nexport const a = c;\n',
        right='import { c } from "./base.js";\nexport const b = c;\n',
        base="export const c = 1;\n",
        other="export const d = 1;\n",
    )
    assert [module.name for module in modules_for("main", folder)] == ["base", "left", "right", "main"]


def test_imports_may_stand_in_several_lines(written):
    folder = written(main='import {\n  one, two,\n  three,\n} from "./base.js";\n' + MAIN)
    assert read_module(folder / "main.js").imports == (("base", ("one", "two", "three")),)


def test_functions_classes_and_constants_are_exported_and_other_names_stay_private(written):
    folder = written(
        base="export function f() {}\nexport class C {}\nexport const X = 1;\nfunction g() {}\nconst Y = 2;\n",
    )
    module = read_module(folder / "base.js")
    assert module.exports == ("f", "C", "X")
    assert "export" not in module.body


def test_the_script_has_no_import_left_and_one_export(written):
    folder = written(main='import { a } from "./base.js";\n' + MAIN, base="export const a = 1;\n")
    script, _ = bundle("main", folder)
    assert "import" not in script
    assert script.count("export") == 1


def test_style_sheets_follow_their_scripts_the_main_one_last(written):
    folder = written(main='import { a } from "./base.js";\n' + MAIN, base="export const a = 1;\n", other="")
    for name in ("main", "base", "other"):
        (folder / f"{name}.css").write_text(f".{name} {{}}\n")
    assert bundle("main", folder)[1] == ".base {}\n.main {}\n"


def test_a_component_without_a_style_sheet_has_none(written):
    assert bundle("main", written(main=MAIN))[1] == ""


def test_an_unknown_file_is_refused(written):
    with pytest.raises(ValueError, match=r"there is no nothing\.js"):
        bundle("nothing", written())
    with pytest.raises(ValueError, match=r"there is no base\.js"):
        bundle("main", written(main='import { a } from "./base.js";\n' + MAIN))


def test_a_name_that_is_not_exported_is_refused(written):
    folder = written(main='import { a, b } from "./base.js";\n' + MAIN, base="export const a = 1;\nconst b = 2;\n")
    with pytest.raises(ValueError, match=r"main\.js imports b, which base\.js does not export"):
        bundle("main", folder)


def test_a_circle_is_refused(written):
    folder = written(
        main='import { a } from "./left.js";\n' + MAIN,
        left='import { b } from "./right.js";\nexport const a = b;\n',
        right='import { a } from "./left.js";\nexport const b = a;\n',
    )
    with pytest.raises(ValueError, match="a circle of imports: main <- left <- right <- left"):
        bundle("main", folder)


@pytest.mark.parametrize(
    "text",
    [
        'import { a } from "./base.js";\nimport { a } from "./other.js";\n',
        'import { a } from "./base.js";\nfunction a() {}\n',
        'import { a } from "./base.js";\nexport class a {}\n',
        "const a = 1;\nlet a = 2;\n",
    ],
)
def test_two_things_of_one_name_in_a_file_are_refused(written, text):
    with pytest.raises(ValueError, match=r"main\.js has two things named a$"):
        bundle("main", written(main=text + MAIN, base="export const a = 1;\n", other="export const a = 2;\n"))


@pytest.mark.parametrize(
    "line",
    [
        'import * as base from "./base.js";',
        'import base from "./base.js";',
        'import { a as b } from "./base.js";',
        'import { a } from "https://example.org/base.js";',
        'import "./base.js";',
        "export { a };",
        "export let a = 1;",
        'export * from "./base.js";',
    ],
)
def test_other_forms_of_import_and_export_are_refused(written, line):
    with pytest.raises(ValueError, match="only named imports and exports are read"):
        bundle("main", written(main=f"{line}\n{MAIN}", base="export const a = 1;\n"))


@pytest.mark.parametrize(
    ("main", "base"),
    [
        ("const a = 1;\n", None),
        (MAIN + MAIN, None),
        ('import { a } from "./base.js";\n' + MAIN, "export const a = 1;\nexport default a;\n"),
    ],
    ids=["none", "two", "in another file"],
)
def test_the_main_file_alone_has_one_default_export(written, main, base):
    with pytest.raises(ValueError, match=r"main\.js alone must have an `export default`"):
        bundle("main", written(main=main, **({"base": base} if base else {})))
