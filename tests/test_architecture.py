"""The arrows of docs/architecture.md: outer -> adapters -> ports -> core, read from the imports themselves."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted([ROOT / "run_monitor.py", *(ROOT / "monitor").rglob("*.py"), *(ROOT / "calibration").rglob("*.py")])
TESTS = sorted((ROOT / "tests").rglob("*.py"))
OURS = ("monitor", "calibration", "run_monitor")
MAX_MODULE_LINES, MAX_FUNCTION_LINES, MAX_PARAMETERS = 300, 50, 6

# The core reckons; it does not look around.
CORE_MAY_IMPORT = {
    "__future__", "bisect", "collections", "dataclasses", "datetime", "difflib", "enum", "fractions", "functools", "itertools",
    "math", "numpy", "operator", "re", "statistics", "string", "types", "typing",
}  # fmt: skip
CLOCKS_FILES_DEVICES_LOGS_CHANCE = {
    "now", "utcnow", "today", "perf_counter", "monotonic", "time_ns", "sleep", "open", "print", "input", "exec", "eval", "random",
    "default_rng", "getLogger", "environ", "load", "loadtxt", "save", "savetxt", "fromfile", "tofile", "memmap",
}  # fmt: skip
# Below the composition.
INNER = ("monitor.core", "monitor.ports", "monitor.config", "monitor.run.loop", "monitor.testing", "monitor.reports")
# One library may come under several names.
SAME_LIBRARY = {"flatbuffers": "mediapipe", "PIL": "pystray", "Xlib": "pystray"}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "core", "common", "misc", "service", "process"}


def name_of(path):
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
PACKAGES = {name_of(path) for path in SOURCES if path.name == "__init__.py"}


def imports(name, *, at_load_only=False):
    """Every module that a module imports, by full name."""
    package = name if name in PACKAGES else name.rpartition(".")[0]
    nodes = loaded(TREES[name]) if at_load_only else ast.walk(TREES[name])
    return {found for node in nodes for found in names_in(node, package)}


def loaded(tree):
    """The nodes that run when the module is loaded: not those inside functions or for type checkers."""
    todo = [tree]
    while todo:
        node = todo.pop()
        yield node
        only_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not only_types and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            todo += ast.iter_child_nodes(node)


def names_in(node, package):
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
        module = ".".join(part for part in (base, node.module) if part)
        # ``from package import module`` reaches the module.
        yield from (f"{module}.{a.name}" if f"{module}.{a.name}" in TREES else module for a in node.names)


def ours(names):
    return {name for name in names if name.split(".")[0] in OURS}


def foreign(names):
    tops = {name.split(".")[0] for name in names} - set(OURS) - set(sys.stdlib_module_names)
    return {SAME_LIBRARY.get(top, top) for top in tops}


def in_package(name, package):
    return name == package or name.startswith(package + ".")


CORE = [name for name in TREES if in_package(name, "monitor.core")]
ADAPTERS = [name for name in TREES if in_package(name, "monitor.adapters") and name != "monitor.adapters"]
MONITOR = [name for name in TREES if in_package(name, "monitor")]


def adapter_of(name):
    """An adapter is a module or a package of its own directly below ``monitor.adapters``."""
    return ".".join(name.split(".")[:3])


def test_there_is_something_to_check():
    assert len(CORE) > 10
    assert {"monitor.ports", "monitor.core.pipeline"} <= set(TREES)


@pytest.mark.parametrize("name", CORE)
def test_the_core_imports_only_itself_numpy_and_reckoning(name):
    assert {n for n in ours(imports(name)) if not in_package(n, "monitor.core")} == set()
    assert {n.split(".")[0] for n in imports(name)} - set(OURS) - CORE_MAY_IMPORT == set()


@pytest.mark.parametrize("name", CORE)
def test_the_core_names_no_clock_file_device_log_or_chance(name):
    called = [n.func for n in ast.walk(TREES[name]) if isinstance(n, ast.Call)]
    used = {f.attr if isinstance(f, ast.Attribute) else f.id for f in called if isinstance(f, ast.Attribute | ast.Name)}

    assert used & CLOCKS_FILES_DEVICES_LOGS_CHANCE == set()


@pytest.mark.parametrize("name", [n for n in TREES if in_package(n, "monitor.advice")])
def test_the_advice_knows_the_core_and_itself_only(name):
    inner = ("monitor.core", "monitor.advice")

    assert {n for n in ours(imports(name)) if n != "monitor" and not any(in_package(n, i) for i in inner)} == set()
    assert foreign(imports(name)) == set()


def test_the_ports_know_only_the_core():
    assert {n for n in ours(imports("monitor.ports")) if not in_package(n, "monitor.core")} == set()
    assert foreign(imports("monitor.ports")) <= {"numpy"}


@pytest.mark.parametrize("name", ADAPTERS)
def test_an_adapter_knows_the_core_the_ports_and_no_other_adapter(name):
    others = {
        n for n in ours(imports(name))
        if not in_package(n, "monitor.core") and n != "monitor.ports" and adapter_of(n) != adapter_of(name)
    }  # fmt: skip

    assert others == set()


@pytest.mark.parametrize("adapter", sorted({adapter_of(name) for name in ADAPTERS}))
def test_an_adapter_imports_one_foreign_library(adapter):
    libraries = set().union(*(foreign(imports(name)) for name in ADAPTERS if adapter_of(name) == adapter)) - {"numpy"}

    assert len(libraries) <= 1, libraries


@pytest.mark.parametrize("name", [n for n in MONITOR if any(in_package(n, inner) for inner in INNER)])
def test_the_loop_the_settings_and_the_reports_know_no_adapter(name):
    assert {n for n in imports(name) if in_package(n, "monitor.adapters")} == set()


@pytest.mark.parametrize("name", MONITOR)
def test_the_monitor_never_imports_the_calibration(name):
    assert {n for n in imports(name) if in_package(n, "calibration")} == set()


@pytest.mark.parametrize("name", [n for n in TREES if n.split(".")[0] == "calibration"])
def test_the_reckoning_of_the_calibration_needs_the_core_alone(name):
    if name.split(".")[-1] in ("stages", "wizard", "fit"):
        assert {n for n in ours(imports(name)) if not in_package(n, "monitor.core") and not in_package(n, "calibration")} == set()


def test_no_module_imports_itself_in_a_circle():
    graph = {name: ours(imports(name, at_load_only=True)) & set(TREES) - {name} for name in TREES}
    while free := {name for name, needs in graph.items() if not needs & set(graph)}:
        graph = {name: needs for name, needs in graph.items() if name not in free}

    assert graph == {}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_modules_functions_and_lists_of_parameters_are_short(path):
    functions = [n for n in ast.walk(TREES[name_of(path)]) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]

    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_MODULE_LINES
    assert {f.name: length for f in functions if (length := f.end_lineno - f.lineno + 1) > MAX_FUNCTION_LINES} == {}


@pytest.mark.parametrize("name", CORE)
def test_functions_of_the_core_take_few_parameters(name):
    functions = [n for n in ast.walk(TREES[name]) if isinstance(n, ast.FunctionDef)]

    assert [f.name for f in functions if len([*f.args.args, *f.args.kwonlyargs]) > MAX_PARAMETERS] == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_has_the_name_of_what_it_owns(path):
    assert path.stem not in VAGUE


@pytest.mark.parametrize("name", TREES)
def test_no_failure_is_swallowed_and_nothing_is_global(name):
    handlers = [n for n in ast.walk(TREES[name]) if isinstance(n, ast.ExceptHandler)]
    swallowing = [h for h in handlers if not (isinstance(h.body[-1], ast.Raise) and h.body[-1].exc is None)]
    caught = {ast.unparse(n) for h in swallowing for n in ast.walk(h.type or ast.Name("everything"))}

    assert caught & {"everything", "Exception", "BaseException"} == set()
    assert not any(isinstance(n, ast.Global) for n in ast.walk(TREES[name]))


@pytest.mark.parametrize("name", TREES)
def test_public_things_say_what_they_are(name):
    public = [
        n for n in ast.walk(TREES[name])
        if isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_") and n in TREES[name].body
    ]  # fmt: skip

    assert [n.name for n in public if not ast.get_docstring(n)] == []


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_no_test_patches_our_own_modules(path):
    calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
    patched = [ast.unparse(c) for c in calls if ast.unparse(c.func).endswith(("patch", "patch.object", ".setattr"))]

    assert [call for call in patched if any(f"{name}." in call or f"{name}," in call for name in OURS)] == []
