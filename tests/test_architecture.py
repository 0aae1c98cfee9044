"""The floors of docs/architecture.md, read from the imports themselves, and the rules that every module keeps.

Each test looks at all modules and names every one that breaks its rule.
"""

import ast
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = sorted([ROOT / "run_monitor.py", *(ROOT / "monitor").rglob("*.py"), *(ROOT / "calibration").rglob("*.py")])
TESTS = sorted((ROOT / "tests").rglob("*.py"))
OURS = ("monitor", "calibration", "run_monitor")
MAX_MODULE_LINES, MAX_FUNCTION_LINES, MAX_PARAMETERS = 300, 50, 6
MAX_FIRST_LEVEL, MAX_FIRST_LEVEL_MODULES = 18, 6

# Lowest first; a module imports its own room and what stands on lower floors.
CORE_FLOORS = (
    ("vocabulary", "errors"), ("body",), ("back", "camera"), ("posture",), ("sedentary",), ("reminders",),
    ("history", "data_dictionary"),
    ("pipeline",),
)  # fmt: skip
FLOORS = (
    *(tuple(f"monitor.core.{name}" for name in floor) for floor in CORE_FLOORS),
    ("monitor.texts", "monitor.regular_files"), ("monitor.advice",), ("monitor.ports", "monitor.config"),
    ("monitor.adapters", "monitor.testing"),
    ("monitor.reports",), ("monitor.app",), ("monitor.live",), ("monitor.run",),
    ("monitor.cohort",), ("monitor.cli",), ("monitor.web",),
    ("calibration",), ("run_monitor",),
)  # fmt: skip
# Stand beside the floors: the package itself, what runs before any library is loaded, and the door of ``python -m monitor``.
BESIDE = ("monitor", "monitor.__main__", "monitor.process_limits", "monitor.data")
# Below the composition: these know no adapter.
INNER = (
    "monitor.core",
    "monitor.texts",
    "monitor.advice",
    "monitor.ports",
    "monitor.config",
    "monitor.testing",
    "monitor.reports",
)
# In these packages each module is an adapter of its own; elsewhere in ``adapters`` each module or package is.
MANY_ADAPTERS = tuple(f"monitor.adapters.{name}" for name in ("camera", "vision", "notify", "system"))

# The core reckons; it does not look around.
CORE_MAY_IMPORT = {
    "__future__", "bisect", "collections", "dataclasses", "datetime", "difflib", "enum", "fractions", "functools", "itertools",
    "math", "numpy", "operator", "re", "statistics", "string", "types", "typing",
}  # fmt: skip
CLOCKS_FILES_DEVICES_LOGS_CHANCE = {
    "now", "utcnow", "today", "perf_counter", "monotonic", "time_ns", "sleep", "open", "print", "input", "exec", "eval", "random",
    "default_rng", "getLogger", "environ", "load", "loadtxt", "save", "savetxt", "fromfile", "tofile", "memmap",
}  # fmt: skip
# One library may come under several names.
SAME_LIBRARY = {"flatbuffers": "mediapipe", "PIL": "pystray", "Xlib": "pystray"}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "service", "process", "core", "base", "stuff"}
# The one package whose name is the floor's own.
NAMED_BY_FLOOR = {"monitor.core"}
CALIBRATION_ON_THE_CORE = ("stages", "wizard", "fit", "samples", "consistency", "files", "hints", "standing_check")
BROAD = {"everything", "Exception", "BaseException"}


def name_of(path):
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in SOURCES}
PACKAGES = {name_of(path) for path in SOURCES if path.name == "__init__.py"}


@cache
def tree_of(name):
    """A module's code; read when a test asks, as every process that shares out the tests loads this file."""
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


@cache
def functions(name):
    return [n for n in ast.walk(tree_of(name)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


@cache
def imports(name):
    """Every module that a module imports, by full name, inside functions and for type checkers too."""
    return {found for node in ast.walk(tree_of(name)) for found in names_in(node, name if name in PACKAGES else parent(name))}


def names_in(node, package):
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
        module = ".".join(part for part in (base, node.module) if part)
        # ``from package import module`` reaches the module.
        yield from (f"{module}.{a.name}" if f"{module}.{a.name}" in MODULES else module for a in node.names)


def parent(name):
    return name.rpartition(".")[0]


def ours(names):
    return {name for name in names if name.split(".")[0] in OURS}


def foreign(names):
    tops = {name.split(".")[0] for name in names} - set(OURS) - set(sys.stdlib_module_names)
    return {SAME_LIBRARY.get(top, top) for top in tops}


def in_package(name, package):
    return name == package or name.startswith(package + ".")


def inside(*packages: str):
    return [name for name in MODULES if any(in_package(name, package) for package in packages)]


CORE = inside("monitor.core")
ADAPTERS = [name for name in inside("monitor.adapters") if name not in {"monitor.adapters", *MANY_ADAPTERS}]


def adapter_of(name):
    return ".".join(name.split(".")[: 4 if any(in_package(name, package) for package in MANY_ADAPTERS) else 3])


def floor_of(name):
    return next((level for level, floor in enumerate(FLOORS) if any(in_package(name, room) for room in floor)), None)


def room_of(name):
    """The package or module of the floors that a module stands in."""
    return next((room for floor in FLOORS for room in floor if in_package(name, room)), None)


def broken(rule):
    """What each module breaks of a rule, those that break nothing left out."""
    return {name: found for name in MODULES if (found := rule(name))}


def test_every_module_stands_on_a_floor():
    assert len(CORE) > 10
    assert [name for name in MODULES if floor_of(name) is None and name not in {*BESIDE, "monitor.core"}] == []


def test_imports_point_down():
    def upward(name):
        here = floor_of(name)
        return sorted(
            other for other in ours(imports(name)) & set(MODULES)
            if here is not None and floor_of(other) is not None and room_of(other) != room_of(name) and floor_of(other) >= here
        )  # fmt: skip

    assert broken(upward) == {}


def test_no_module_imports_itself_in_a_circle():
    graph = {name: (ours(imports(name)) & set(MODULES)) - {name} for name in MODULES}
    while free := {name for name, needs in graph.items() if not needs & set(graph)}:
        graph = {name: needs for name, needs in graph.items() if name not in free}

    assert graph == {}


def test_the_page_shows_every_package_and_module_of_the_core():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    picture = page.split("```")[1]
    shown = set(picture.replace("/", " ").replace(",", " ").replace(";", " ").split())
    named = {name.split(".")[-1] for name in inside("monitor") if name.count(".") <= 3 and "__" not in name}
    below = {
        name.split(".")[-1]
        for name in inside("monitor.cli", "monitor.advice", "monitor.reports", "monitor.web", "monitor.cohort")
    }
    hidden = {
        name.split(".")[-1] for name in inside("monitor.adapters.store", "monitor.adapters.desktop_state", "monitor.testing")
    }

    assert sorted(named - shown - below - hidden) == []


def test_the_first_level_stays_small():
    first = [name for name in MODULES if name.count(".") == 1 and name.startswith("monitor.")]
    modules = [name for name in first if name not in PACKAGES]

    assert len(first) <= MAX_FIRST_LEVEL
    assert len(modules) <= MAX_FIRST_LEVEL_MODULES


def test_the_core_imports_only_itself_numpy_and_reckoning():
    strange = {name: {n.split(".")[0] for n in imports(name)} - set(OURS) - CORE_MAY_IMPORT for name in CORE}

    assert {name: found for name, found in strange.items() if found} == {}


def test_the_core_names_no_clock_file_device_log_or_chance():
    called = {name: [n.func for n in ast.walk(tree_of(name)) if isinstance(n, ast.Call)] for name in CORE}
    used = {
        name: {f.attr if isinstance(f, ast.Attribute) else f.id for f in calls if isinstance(f, ast.Attribute | ast.Name)}
        for name, calls in called.items()
    }

    assert {name: found & CLOCKS_FILES_DEVICES_LOGS_CHANCE for name, found in used.items()} == {name: set() for name in CORE}


def test_the_inner_packages_know_no_adapter_and_little_else():
    assert {n: a for n in inside(*INNER) if (a := [i for i in imports(n) if in_package(i, "monitor.adapters")])} == {}
    assert {n: f for n in inside("monitor.advice", "monitor.texts") if (f := foreign(imports(n)))} == {}
    assert foreign(imports("monitor.ports")) <= {"numpy"}


def test_an_adapter_knows_the_core_the_ports_and_no_other_adapter():
    def others(name):
        return sorted(
            n for n in ours(imports(name)) - {"monitor.ports", "monitor.regular_files", "monitor.adapters"}
            if not in_package(n, "monitor.core") and adapter_of(n) != adapter_of(name)
        )  # fmt: skip

    assert {name: found for name in ADAPTERS if (found := others(name))} == {}


def test_an_adapter_imports_one_foreign_library():
    libraries = defaultdict(set)
    for name in ADAPTERS:
        libraries[adapter_of(name)] |= foreign(imports(name)) - {"numpy"}

    assert {adapter: found for adapter, found in libraries.items() if len(found) > 1} == {}


def test_the_pages_ask_the_app_and_no_adapter():
    pages = [name for name in inside("monitor.web") if name != "monitor.web.command"]

    assert {n: a for n in pages if (a := [i for i in imports(n) if in_package(i, "monitor.adapters")])} == {}


def test_the_tray_imports_no_command():
    shared = {"monitor.cli.options", "monitor.cli.output"}

    assert {name for name in imports("monitor.cli.tray") if in_package(name, "monitor.cli")} - shared == set()


def test_the_monitor_never_imports_the_calibration():
    assert {n: c for n in inside("monitor") if (c := [i for i in imports(n) if in_package(i, "calibration")])} == {}


def test_the_reckoning_of_the_calibration_needs_the_core_and_the_texts_alone():
    modules = [f"calibration.{name}" for name in CALIBRATION_ON_THE_CORE]
    rooms = ("monitor.core", "monitor.texts", "calibration")
    strange = {name: [n for n in ours(imports(name)) if not any(in_package(n, room) for room in rooms)] for name in modules}

    assert strange == {name: [] for name in modules}


def test_modules_functions_and_lists_of_parameters_are_short():
    assert {
        n: lines for p in SOURCES if (lines := p.read_text(encoding="utf-8").count("\n")) > MAX_MODULE_LINES for n in [name_of(p)]
    } == {}
    assert broken(lambda name: [f.name for f in functions(name) if f.end_lineno - f.lineno + 1 > MAX_FUNCTION_LINES]) == {}
    many = {n: [f.name for f in functions(n) if len([*f.args.args, *f.args.kwonlyargs]) > MAX_PARAMETERS] for n in CORE}
    assert {name: found for name, found in many.items() if found} == {}


def test_packages_and_modules_have_the_name_of_what_they_own():
    assert [name for name in MODULES if name.split(".")[-1] in VAGUE and name not in NAMED_BY_FLOOR] == []


def test_no_failure_is_swallowed_and_nothing_is_global():
    def swallowing(name):
        handlers = [n for n in ast.walk(tree_of(name)) if isinstance(n, ast.ExceptHandler)]
        kept = [h for h in handlers if not (isinstance(h.body[-1], ast.Raise) and h.body[-1].exc is None)]
        caught = {ast.unparse(n) for h in kept for n in ast.walk(h.type or ast.Name("everything"))}
        suppressed = {
            ast.unparse(a)
            for c in ast.walk(tree_of(name))
            if isinstance(c, ast.Call) and ast.unparse(c.func).endswith("suppress")
            for a in c.args
        }
        return sorted((caught | suppressed) & BROAD)

    assert broken(swallowing) == {}
    assert broken(lambda name: any(isinstance(n, ast.Global) for n in ast.walk(tree_of(name)))) == {}


def test_a_context_manager_that_swallows_names_the_failure():
    """``__exit__`` may answer with something true only where it asks which failure it was."""

    def blind(name):
        exits = [f for f in functions(name) if f.name in {"__exit__", "__aexit__"}]
        return [
            ast.unparse(r) for f in exits for r in ast.walk(f)
            if isinstance(r, ast.Return) and r.value is not None and not never_true(r.value) and not asks_for_a_kind(r.value)
        ]  # fmt: skip

    assert broken(blind) == {}


def never_true(value):
    return isinstance(value, ast.Constant) and not value.value


def asks_for_a_kind(value):
    asked = [c for c in ast.walk(value) if isinstance(c, ast.Call) and ast.unparse(c.func) in {"isinstance", "issubclass"}]
    return any(not {ast.unparse(n) for n in ast.walk(c.args[1])} & BROAD for c in asked)


def test_packages_of_the_program_do_not_ask_what_something_is_or_has():
    """Between rooms a port says what can be asked: no ``getattr``, no ``isinstance`` with a class of another room's adapter."""
    rooms = inside("monitor.run", "monitor.live", "monitor.app")
    asked = {
        name: [
            ast.unparse(c)
            for c in ast.walk(tree_of(name))
            if isinstance(c, ast.Call) and ast.unparse(c.func) in {"getattr", "hasattr"}
        ]
        for name in rooms
    }

    assert {name: found for name, found in asked.items() if found} == {}


def test_a_python_that_is_started_looks_for_no_module_in_the_working_folder():
    def lists(name):
        return [[ast.unparse(e) for e in n.elts[:2]] for n in ast.walk(tree_of(name)) if isinstance(n, ast.List)]

    started = {name: begun for name in MODULES if (begun := [e for e in lists(name) if "sys.executable" in e])}

    assert len(started) >= 4
    assert {name: begun for name, begun in started.items() if any(e != ["sys.executable", "'-P'"] for e in begun)} == {}


def test_public_things_say_what_they_are():
    def silent(name):
        public = [n for n in tree_of(name).body if isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_")]
        return [n.name for n in public if not ast.get_docstring(n)]

    assert broken(silent) == {}
    assert [name for name in MODULES if not ast.get_docstring(tree_of(name))] == []


def test_each_package_of_the_core_opens_with_its_theory():
    packages = [name for name in PACKAGES if name.startswith("monitor.core.")]

    assert {n: lines for n in packages if (lines := ast.get_docstring(tree_of(n)).count("\n") + 1) < 6} == {}


# --- tests -------------------------------------------------------------------------------------------------------


def our_names(tree):
    """The names under which a test file knows our modules and what is in them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OURS:
            yield from (alias.asname or alias.name for alias in node.names)
        if isinstance(node, ast.Import):
            yield from ((a.asname or a.name).split(".")[0] for a in node.names if a.name.split(".")[0] in OURS)


def patches(tree):
    """What a test file replaces: the target of each ``patch`` and ``setattr``, as text."""
    names = set(our_names(tree))
    for call in ast.walk(tree):
        if (
            isinstance(call, ast.Call)
            and call.args
            and ast.unparse(call.func).endswith(("patch", "patch.object", ".setattr", "patch.dict"))
        ):
            target = call.args[0]
            text = target.value if isinstance(target, ast.Constant) and isinstance(target.value, str) else ast.unparse(target)
            if text.split(".")[0] in names | set(OURS):
                yield ast.unparse(call)


def test_no_test_patches_our_own_modules():
    assert {path.name: found for path in TESTS if (found := list(patches(ast.parse(path.read_text(encoding="utf-8")))))} == {}


def test_the_rule_against_patching_sees_through_names():
    lines = (
        "from monitor.app import home as here",
        "monkeypatch.setattr(here, 'x', 1)",
        "patch('monitor.app.home.x')",
        "monkeypatch.setattr(os, 'x', 1)",
    )
    tree = ast.parse("\n".join(lines))

    assert len(list(patches(tree))) == 2
