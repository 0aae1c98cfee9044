"""The pages and the program say the same, in words that are plain and kind."""

import re
import tomllib
from functools import cache
from itertools import chain

from docs_tables import TABLES, renewed
from program import COMMANDS, ROOT, call, done

from monitor.app.engines import PACKAGES, PINNED
from monitor.config import Settings
from monitor.core.posture.signals import SIGNALS
from monitor.core.reminders.kinds import SETTABLE
from monitor.core.vocabulary import Engine
from monitor.texts.catalogue import known
from monitor.texts.catalogue import text as text_of

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in PAGES}
# What a person reads must judge nobody and promise nothing.
UNKIND = ("bad posture", "poor posture", "good posture", "correct posture", "wrong posture", "perfect", "lazy", "guarantee",
          "clinically", "pain-free", "proven", "AI-powered")  # fmt: skip
# A host of the network: the program names none, whatever it is for.
HOST = re.compile(r"\b[a-z0-9-]+\.(?:org|com|io|dev|net|ai)\b", re.IGNORECASE)


@cache
def told_of(command):
    return done(command, "--help")


def spans():
    """Every piece of code in the pages, with the page it stands in."""
    for name, text in TEXTS.items():
        blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
        lines = chain.from_iterable(block.splitlines() for block in blocks)
        yield from (
            (name, span) for span in chain(lines, re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))
        )


def commands_named():
    """(page, command, its options) for each command line in the pages."""
    start = re.compile(
        r"(?:^|&& )(?:posture-monitor|python run_monitor\.py)(?: (\w+))?(.*)$|^(" + "|".join(COMMANDS) + r")\b(.*)$"
    )
    for page, span in spans():
        if (match := start.search(span)) and match[1] != "COMMAND":
            command, rest = (match[3], match[4]) if match[3] else (match[1] or "run", match[2])
            yield page, command, tuple(re.findall(r"(?<!\S)\[?(--[\w-]+)", rest))


def test_the_pages_name_commands_at_all():
    assert len(set(commands_named())) >= 15
    assert {command for _, command, _ in commands_named()} >= set(COMMANDS)


def test_every_command_line_in_the_pages_is_one_that_exists():
    wrong = [(page, command, o) for page, command, options in commands_named() for o in options if o not in told_of(command)]

    assert wrong == []


def test_the_readmes_table_lists_every_command_with_options_that_it_has():
    rows = dict(re.findall(r"^\| `(\w+)[^`]*` \| (.*) \|$", TEXTS["README.md"], re.MULTILINE))

    assert set(rows) == set(COMMANDS)
    for command, text in rows.items():
        own = re.sub(r"`run [^`]*`", "", text)
        assert [option for option in re.findall(r"--[\w-]+", own) if option not in told_of(command)] == []


def test_the_first_command_of_the_readme_is_the_one_that_installs_and_shows_the_demo():
    blocks = re.findall(r"^```(\w*)\n(.*?)\n```$", TEXTS["README.md"], re.DOTALL | re.MULTILINE)

    assert [block for language, block in blocks if not language] == [
        "python -m pip install -e . && python run_monitor.py demo",
        "python -m pip install -e '.[test]' && python -m pytest",
    ]


def test_the_block_of_each_system_has_both_commands_in_its_own_quotes():
    """Command Prompt hands single quotes on; Windows PowerShell has no ``&&``."""
    blocks = re.findall(r"^```(sh|powershell|bat)\n(.*?)\n```$", TEXTS["README.md"], re.DOTALL | re.MULTILINE)
    joins = {"sh": "&&", "powershell": ";", "bat": "&&"}
    quotes = {"sh": "'", "powershell": "'", "bat": '"'}

    assert [language for language, _ in blocks] == ["sh", "sh", "powershell", "bat"]
    for language, block in blocks:
        join, quote = joins[language], quotes[language]
        assert block.splitlines()[-2:] == [
            f"python -m pip install -e . {join} python run_monitor.py demo",
            f"python -m pip install -e {quote}.[test]{quote} {join} python -m pytest",
        ]
        assert {"git clone ADDRESS posture-monitor", "cd posture-monitor"} < set(block.splitlines())
        assert "-m venv .venv" in block


def test_every_option_of_every_command_is_in_a_page():
    everything = "\n".join(TEXTS.values())
    options = {option for command in COMMANDS for option in re.findall(r"(--[a-z][\w-]+)", told_of(command))}

    assert sorted(option for option in options - {"--help", "--version"} if option not in everything) == []


# --- settings, signals, reminders --------------------------------------------------------------------------------


def documented_settings():
    block = re.search(r"```toml\n(.*?)```", TEXTS["settings.md"], re.DOTALL)
    return tomllib.loads(block[1])


def keys(tree, prefix=""):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from keys(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def test_the_settings_page_shows_every_key_with_its_default():
    defaults = dict(keys(Settings().model_dump()))
    shown = dict(keys(documented_settings()))

    assert sorted(shown) == sorted(defaults)
    # A key that is not set by default is shown with an example.
    assert {key: value for key, value in shown.items() if defaults[key] is not None} == {
        key: value for key, value in defaults.items() if value is not None
    }


def test_the_settings_page_can_be_copied_as_it_is(tmp_path):
    block = re.search(r"```toml\n(.*?)```", TEXTS["settings.md"], re.DOTALL)[1]
    (tmp_path / "settings.toml").write_text(block)

    assert Settings.model_validate(documented_settings())
    assert call("status", "--data", tmp_path).code == 0


def test_the_tables_of_the_pages_are_those_of_the_program():
    assert {name for name, text in TEXTS.items() if renewed(text) != text} == set()
    assert {table for table in TABLES if f"<!-- {table}: made from the rows" not in "".join(TEXTS.values())} == set()


def test_every_range_names_its_tolerance_and_every_reminder_when_it_comes():
    assert [s.name for s in SIGNALS if s.tolerance and "{" not in text_of("signals_range", s.name)] == []
    assert [s.name for s in SIGNALS if not known("signals_what", s.name)] == []
    assert [code for code in SETTABLE if not known(f"reminders.{code}", "when")] == []


# --- links, hosts, words -----------------------------------------------------------------------------------------


def test_links_lead_somewhere():
    links = {path: re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", TEXTS[path.name]) for path in PAGES}

    assert sum(map(len, links.values())) > 10
    assert [(path.name, link) for path, found in links.items() for link in found if not (path.parent / link).exists()] == []


def written():
    for pattern in ("*.md", "*.toml", "*.py", "docs/*.md", "monitor/**/*.py", "calibration/**/*.py", "tests/**/*.py", ".ci/*"):
        yield from ROOT.glob(pattern)


def test_no_file_names_a_host_on_the_network():
    # The advice names the pages that it was taken from; nothing fetches them.
    paths = [path for path in written() if path.is_file() and path.name != "advice.md"]
    found = {str(path.relative_to(ROOT)): HOST.findall(path.read_text(encoding="utf-8")) for path in paths}

    assert {name: hosts for name, hosts in found.items() if hosts} == {}


def said_to_people():
    yield from TEXTS.items()
    yield from ((f"{command} --help", told_of(command)) for command in COMMANDS)
    yield from (
        (path.name, path.read_text(encoding="utf-8"))
        for folder in ("monitor", "calibration")
        for path in (ROOT / folder).rglob("*.py")
    )


def test_nothing_said_to_people_is_unkind_or_promises():
    found = {(name, word) for name, text in said_to_people() for word in UNKIND if word.lower() in text.lower()}

    assert found == set()


def test_the_pages_say_that_this_is_no_medical_device_and_that_nothing_leaves_the_computer():
    assert "## Not a medical device" in TEXTS["README.md"]
    assert "Nothing leaves your computer" in TEXTS["README.md"]
    assert [e for e in Engine if f"{PACKAGES[e]}=={PINNED[e]}" not in TEXTS["privacy.md"]] == []
