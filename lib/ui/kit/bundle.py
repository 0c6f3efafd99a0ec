"""One script and one style sheet out of a component's files, without a build step.

The files are ES modules, as an editor and a linter know them: `export function element(...)` in one file and
`import { element } from "./dom.js";` in another. Streamlit takes one script a component. So each file that is imported
becomes a function there, which returns what the file exports; all else stays the file's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_IMPORT = re.compile(r'^import \{\s*(\w+(?:,\s+\w+)*),?\s*\} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:function|class|const) (\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_DECLARED = re.compile(r"^(?:export )?(?:function|class|const|let) (\w+)", re.MULTILINE)
_UNREAD = re.compile(r"^(?:import|export(?! default))\b.*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Module:
    """A JavaScript file, read.

    Attributes:
        name: the file's, without ".js".
        imports: pairs of another file and the names that are taken from it.
        exports: the names that other files may take.
        body: the text without imports and without the word `export`; a main file keeps its `export default`.
    """

    name: str
    imports: tuple[tuple[str, tuple[str, ...]], ...]
    exports: tuple[str, ...]
    body: str


def bundle(main: str, folder: Path) -> tuple[str, str]:
    """A component's script and its style sheet: of its main file, and of all files that this one imports.

    Args:
        main: the name of the file with the `export default`, without ".js".
        folder: where its files are. A style sheet has the name of its script.

    Returns:
        An ES module that imports nothing, and CSS; "" where no file has a style sheet.

    Raises:
        ValueError: a file is missing, the files import each other in a circle, a file imports what the other one does
            not export or has one name twice, or not the main file alone has an `export default`.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as name:
    ...     _ = Path(name, "dom.js").write_text("export const DIV = 'div';\\n")
    ...     _ = Path(name, "view.js").write_text('import { DIV } from "./dom.js";\\nexport default () => DIV;\\n')
    ...     print(bundle("view", Path(name))[0])
    const $dom = (() => {
    const DIV = 'div';
    return { DIV };
    })();
    const { DIV } = $dom;
    export default () => DIV;
    <BLANKLINE>
    """
    modules = modules_for(main, folder)
    starts = {module.name: len(_DEFAULT.findall(module.body)) for module in modules}
    if starts != {module.name: int(module.name == main) for module in modules}:
        raise ValueError(f"{main}.js alone must have an `export default`, and only one")
    sheets = [path.read_text(encoding="utf-8") for each in modules if (path := folder / f"{each.name}.css").exists()]
    return "".join(_text(module, module.name == main) for module in modules), "".join(sheets)


def modules_for(main: str, folder: Path) -> tuple[Module, ...]:
    """A main file and all that it needs, each after the files it imports from. Raises as `bundle` does."""
    read: dict[str, Module] = {}

    def take(name: str, importers: tuple[str, ...]) -> None:
        if name in importers:
            raise ValueError(f"a circle of imports: {' <- '.join((*importers, name))}")
        if name in read:
            return
        module = read_module(folder / f"{name}.js")
        for source, names in module.imports:
            take(source, (*importers, name))
            if missing := sorted(set(names) - set(read[source].exports)):
                raise ValueError(f"{name}.js imports {', '.join(missing)}, which {source}.js does not export")
        read[name] = module

    take(main, ())
    return tuple(read.values())


def read_module(path: Path) -> Module:
    """Read a file.

    Raises:
        ValueError: there is none, one of its names stands for two things, or a line begins with `import` or `export` in
            a form that is not read here.
    """
    if not path.exists():
        raise ValueError(f"there is no {path.name}")
    text = path.read_text(encoding="utf-8")
    imports = tuple((source, tuple(re.findall(r"\w+", names))) for names, source in _IMPORT.findall(text))
    known = [*(name for _, names in imports for name in names), *_DECLARED.findall(text)]
    if twice := sorted({name for name in known if known.count(name) > 1}):
        raise ValueError(f"{path.name} has two things named {', '.join(twice)}")
    body = _EXPORT.sub("", _IMPORT.sub("", text))
    if unread := _UNREAD.search(body):
        raise ValueError(f"{path.name}: only named imports and exports are read, not {unread[0]}")
    return Module(path.stem, imports, tuple(_EXPORT.findall(text)), body)


def _text(module: Module, is_main: bool) -> str:
    """A module's part of the script: a function, or the main file's own text."""
    taken = "".join(f"const {{ {', '.join(names)} }} = ${source};\n" for source, names in module.imports)
    if is_main:
        return taken + module.body
    return f"const ${module.name} = (() => {{\n{taken}{module.body}return {{ {', '.join(module.exports)} }};\n}})();\n"
