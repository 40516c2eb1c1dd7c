"""The shape of the program: who imports whom, who touches files or the clock, and what can change while it runs."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from broadsheet import patterns

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "broadsheet"

# A module (or package) imports only from rows above its own. Nouns first, then what is made of them, pages and files of
# the site, the plan and its rendering, and at the end the engine that joins them.
LAYERS = {
    0: "apart frozen patterns",
    1: "errors digest history jsonwriter lazily planes postings stopwords svg themeplace xmlwriter",
    2: "asking blobs buildnotes manifests nearnames codec request settings shown sourcetext stretches model"
    " pixels policy terms urls walking work yamlnodes",
    3: "bundles columns files kept locale state",
    4: "adoption config contexts copies frontmatter interface journal looking markdown manifestfiles photonotes staging"
    " related rows scanning sources store table templates",
    5: "basis bodies contents grouping naming output ranks stands feedbody feeds images ranking schemas sitefolder"
    " sitemaps statics structured teasers toolchain",
    6: "catalog clusters contradictions months quick rehearsal single",
    7: "articles executors groups links reweighing timeline translations",
    8: "advice heads holdings newstory pictured settled unfit weblinks",
    9: "archive newsite picturecache survey views",
    10: "marks memo rails times",
    11: "archives ledger pages vanished",
    12: "keyed listings places reach redirects saving sitemapping",
    13: "chronicle documents",
    14: "plan render",
    15: "closures making",
    16: "carried groundwork past",
    17: "building causes",
    18: "engine inspection reasons",
    19: "dryrun hindsight verification",
    20: "explain",
    21: "deploy preview",
    22: "commands",
    23: "cli",
}
LAYER = {name: number for number, names in LAYERS.items() for name in names.split()}

# Which modules beside `files` may name functions of `os` that look at or change the file system, and which ones: none
# of them reads or writes what a source or a page holds.
MAY_TOUCH_FILES = {
    "files": None,  # anything
    "walking": {"islink", "open", "realpath", "scandir", "stat"},  # it opens folders
    "apart": {"realpath", "expanduser"},  # where a folder lies
    "staging": {"isdir", "islink", "lexists", "listdir"},  # where things lie
    "manifestfiles": {"lexists", "realpath"},  # likewise
    "output": {"isdir", "islink", "lexists", "realpath", "walk"},  # where things lie
    "adoption": {"islink", "walk"},  # likewise
    "state": {"makedirs", "unlink"},  # SQLite opens its file itself
    "toolchain": {"abspath"},  # where the package lies
    "groundwork": {"realpath"},
    "building": {"realpath"},
    "engine": {"realpath", "abspath", "exists", "isdir", "expanduser"},
    "quick": {"realpath", "abspath"},
    "rehearsal": {"open", "exists", "getsize", "lexists", "isdir"},  # a lock and a state that are only looked at
    "sitefolder": {"realpath"},
    "themeplace": {"isdir", "abspath"},  # where the packaged theme lies
    "preview": {"abspath"},  # where its script lies
    "commands": {"isdir"},
    "cli": {"open"},  # /dev/null
    # Where the site, the target and keys lie; what a program complains of, which must not fill a pipe.
    "deploy": {"TemporaryFile", "abspath", "exists", "expanduser", "isdir", "lexists", "realpath"},
}
FILE_CALLS = {
    *(
        "open",
        "fdopen",
        "read_text",
        "read_bytes",
        "write_text",
        "write_bytes",
        "unlink",
        "remove",
        "rename",
        "replace",
    ),
    *("mkdir", "makedirs", "rmdir", "listdir", "scandir", "walk", "stat", "lstat", "symlink", "link", "chmod", "utime"),
    *("exists", "lexists", "isdir", "isfile", "islink", "getsize", "getmtime", "realpath", "abspath", "expanduser"),
    *("TemporaryFile", "NamedTemporaryFile", "TemporaryDirectory", "mkstemp", "mkdtemp", "rmtree", "copyfile", "copy2"),
    *("copytree", "glob", "iglob", "fsync", "access", "truncate", "getcwd", "chdir", "mkfifo"),
}
FILE_MODULES = {"os", "os.path", "shutil", "tempfile", "pathlib", "glob", "io", "builtins", "Path", "posix", "fcntl"}


def modules() -> Iterator[tuple[str, Path]]:
    """(module or package, file) for every source file of Broadsheet."""
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if name != "__init__":
            yield name, file


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imports_of(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The modules of Broadsheet that a tree imports, those inside functions included, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import hides its layer"
            if node.module == "broadsheet":
                yield from ((alias.name, node.lineno) for alias in node.names if alias.name != "__version__")
            elif node.module and node.module.startswith("broadsheet."):
                yield node.module.split(".")[1], node.lineno
        elif isinstance(node, ast.Import):
            yield from (
                (alias.name.split(".")[1], node.lineno) for alias in node.names if alias.name.startswith("broadsheet.")
            )


def test_every_module_stands_in_a_layer_and_every_layer_names_modules_that_exist() -> None:
    assert {name for name, _ in modules()} == set(LAYER)


def test_a_module_imports_only_from_layers_below_its_own() -> None:
    upward = [
        f"{file.relative_to(ROOT)}:{line}: {name} (layer {LAYER[name]}) imports {other} (layer {LAYER.get(other)})"
        for name, file in modules()
        for other, line in imports_of(parsed(file))
        if other != name and LAYER.get(other, 99) >= LAYER[name]
    ]
    assert not upward, "\n".join(upward)


def test_an_import_inside_a_function_is_seen() -> None:
    tree = ast.parse("def f():\n    from broadsheet import engine\n    import broadsheet.plan.x\n")
    assert list(imports_of(tree)) == [("engine", 2), ("plan", 3)]


# --- files ---------------------------------------------------------------------------------------------------------


def file_calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Calls that look at or change the file system: by the name called, where it is `open` or a function of a module
    that deals with files."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in FILE_MODULES:
            yield from ((alias.name, node.lineno) for alias in node.names if alias.name in FILE_CALLS)
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id == "open":
            yield "open", node.lineno
        elif isinstance(called, ast.Attribute) and called.attr in FILE_CALLS:
            owner = called.value
            if ast.unparse(owner) in FILE_MODULES or (isinstance(owner, ast.Call) and "Path" in ast.unparse(owner)):
                yield called.attr, node.lineno


def test_only_files_touches_the_file_system() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{line}: {call}"
        for name, file in modules()
        for call, line in file_calls(parsed(file))
        if MAY_TOUCH_FILES.get(name, set()) is not None and call not in (MAY_TOUCH_FILES.get(name) or set())
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("code", ["open('x')", "os.path.exists(a)", "os.unlink(b)", "Path(c).read_text()"])
def test_a_call_that_touches_files_is_seen(code: str) -> None:
    assert list(file_calls(ast.parse(code)))


# --- the clock, and state ------------------------------------------------------------------------------------------


def test_only_the_command_line_reads_the_clock() -> None:
    """`time.perf_counter` measures durations for the report; it is no clock. `Files.now` tells how fresh a stamp is,
    and nothing of the site."""
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}"
        for name, file in modules()
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime"}
        and ast.unparse(node.value) in {"datetime", "datetime.datetime", "date", "datetime.date", "time"}
        and name != "commands"
        and not (name == "files" and node.attr == "time_ns")
    ]
    assert not found, "\n".join(found)


def test_nothing_is_random() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {word}"
        for _, file in modules()
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for word in [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
        if word in {"random", "secrets", "uuid"}
    ]
    assert not found, "\n".join(found)


def test_every_pattern_that_is_compiled_late_is_sound() -> None:
    found = 0
    for _, file in modules():
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, patterns._Pattern):
                assert value.pattern == value._text, name
                found += 1
    assert found > 40


# Filled while modules are imported and never after, or a memo of a pure function: no build can see another.
DOCUMENTED_STATE = {("frozen", "_SETTERS"), ("frozen", "_SHAPES")}
CHANGERS = {
    *("append", "add", "update", "setdefault", "pop", "popitem", "clear", "extend", "insert", "remove", "discard"),
    *("appendleft", "popleft", "sort", "reverse"),
}


def module_names(tree: ast.Module) -> set[str]:
    """The names that a module binds to values."""
    names = set()
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if _annotated(node) else []
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def _annotated(node: ast.stmt) -> bool:
    return isinstance(node, ast.AnnAssign)


def changes(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Places inside functions where a value of the module is changed or bound anew."""
    known = module_names(tree)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
        own = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        own |= {argument.arg for argument in ast.walk(function) if isinstance(argument, ast.arg)}
        for node in ast.walk(function):
            if isinstance(node, ast.Global):
                yield from ((name, node.lineno) for name in node.names)
            elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
                if isinstance(node.value, ast.Name) and node.value.id in known - own:
                    yield node.value.id, node.lineno
            elif (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in CHANGERS
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in known - own
            ):
                yield node.func.value.id, node.lineno


def test_no_module_holds_state_that_changes() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{line}: {changed}"
        for name, file in modules()
        for changed, line in changes(parsed(file))
        if (name, changed) not in DOCUMENTED_STATE
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "code", ["X = {}\ndef f():\n    X[1] = 2", "X = []\ndef f():\n    X.append(1)", "X = 0\ndef f():\n    global X"]
)
def test_a_change_of_a_modules_value_is_seen(code: str) -> None:
    assert [name for name, _ in changes(ast.parse(code))] == ["X"]


def test_memos_are_bounded() -> None:
    """`functools.cache` would keep every value of a long-running preview."""
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for _, file in modules()
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.FunctionDef)
        and node.args.args
        and any(
            ast.unparse(decorator) in {"cache", "functools.cache", "lru_cache(maxsize=None)", "lru_cache(None)"}
            for decorator in node.decorator_list
        )
    ]
    assert not found, "\n".join(found)


def test_the_program_at_the_top_only_calls_the_command_line() -> None:
    tree = parsed(ROOT / "build.py")
    assert [other for other, _ in imports_of(tree)] == ["cli"]
    assert sum(1 for _ in ast.walk(tree)) < 40
