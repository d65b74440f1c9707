"""Checks on the project itself: what no linter looks for and no one should have to remember."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import tinycss2
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.txt", "requirements-dev.txt", "package-lock.json"]


def tracked(*patterns):
    """The files under git, or about to be, that match one of the patterns."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def texts(*patterns):
    """Yield (path from the root, text) of each such file that is text."""
    for path in tracked(*patterns):
        content = path.read_bytes()
        if b"\0" not in content:
            yield path.relative_to(ROOT).as_posix(), content.decode()


def hits(pattern, *files):
    """Say where the pattern stands in the files, as path:line: match."""
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()!r}"
        for name, text in texts(*files)
        for match in re.finditer(pattern, text)
    ]


# --- The repository ---------------------------------------------------------------------------------------------------


def test_no_file_names_a_registry_or_the_workplace():
    # put together here, so that this file does not name them either
    registries = [
        "pypi" + r"\.org",
        "python" + r"hosted\.org",
        "npm" + r"js\.org",
        "npm" + "mirror",
        "deb" + r"\.debian",
    ]
    mirrors = ["mirrors?" + r"\.[\w-]+\.[a-z]", "tuna" + r"\.tsinghua", "index" + "-url", "--" + "registry"]
    workplace = r"(?<![\w.\-])" + "/" + "work/"
    assert hits("|".join([*registries, *mirrors, workplace])) == []


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_hashes_and_no_addresses(name):
    text = (ROOT / name).read_text()
    if name == "package-lock.json":
        packages = {key: value for key, value in json.loads(text)["packages"].items() if key}
        assert all("resolved" not in package for package in packages.values())
        assert all(package["integrity"].startswith("sha512-") for package in packages.values())
        assert "git+" not in text
    else:
        assert "://" not in text
        assert " @ " not in text
        pins = re.findall(r"^[a-z][\w.-]*==", text, re.MULTILINE)
        hashed = re.findall(r"^[a-z][^\n]* \\\n {4}--hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
        assert len(hashed) == len(pins) > 0


@pytest.mark.parametrize(("lock", "groups"), [("requirements.txt", []), ("requirements-dev.txt", ["dev"])])
def test_each_dependency_is_pinned_at_or_above_its_floor(lock, groups):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = list(project["project"]["dependencies"])
    for group in groups:
        asked += project["dependency-groups"][group]
    pins = dict(re.findall(r"^([a-z0-9][\w.-]*)==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE))
    wanting = [
        line
        for line in map(Requirement, asked)
        if not line.specifier.contains(pins.get(canonicalize_name(line.name), "0"), prereleases=True)
    ]
    assert wanting == [], "compile the locks again, as CONTRIBUTING.md says"


def test_the_other_postgresql_driver_is_absent():
    # Django would silently take psycopg 3 instead of the pinned psycopg2
    assert not re.search(r"^psycopg(-binary|-c)?==", (ROOT / "requirements-dev.txt").read_text(), re.MULTILINE)


# --- What the browser gets --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        # data blocks (type="application/json") are not run and the policy lets them be
        ("script", r"<script(?![^>]*\bsrc=)(?![^>]*type=[\"']application/json)[^>]*>"),
        ("style", r"<style\b"),
        ("style attribute", r"<[^>{}]*\sstyle\s*="),
        ("event attribute", r"<[a-zA-Z][^>{}]*\son[a-z]+\s*="),
        ("script address", r"javascript:"),
    ],
)
def test_templates_carry_nothing_inline(what, pattern):
    assert hits(pattern, "templates") == [], f"the policy forbids an inline {what}"


def test_nothing_points_at_another_host():
    addresses = r"https?://(?!www\.w3\.org/)[^\s\"'<>)]+"  # names of XML vocabularies are no addresses
    bare = r"(?:src|href|action)\s*=\s*[\"']//|url\(\s*[\"']?//"
    assert hits(f"{addresses}|{bare}", "templates", "static") == []


# Office browsers stand still at Chrome 78. What it does not know, by the name that a reader would search for.
NEW_SCRIPT = {
    "optional chaining": r"\?\.(?!\d)",
    "nullish coalescing": r"\?\?",
    "logical assignment": r"\|\|=|&&=",
    "replaceAll": r"\.replaceAll\(",
    "at()": r"\.at\(",
    "hasOwn": r"\bObject\.hasOwn\(",
    "findLast": r"\.findLast(?:Index)?\(",
    "structuredClone": r"\bstructuredClone\(",
    "randomUUID": r"\.randomUUID\(",
    "Promise.any": r"\bPromise\.any\(",
    "replaceChildren": r"\.replaceChildren\(",
    "AbortSignal.timeout": r"\bAbortSignal\.(?:timeout|any)\(",
    "static block": r"\bstatic\s*\{",
    "group()": r"\b(?:Object|Map)\.groupBy\(",
    "toSorted": r"\.to(?:Sorted|Reversed|Spliced)\(",
}
NEW_SELECTORS = r":(?:is|where|has)\(|:not\([^)]*,"
NEW_VALUES = r"(?<![\w-])(?:clamp|min|max|color-mix|oklch|oklab|lch)\(|\b\d*\.?\d+(?:[dsl]v[hw]|cq[wh])\b"
NEW_PROPERTIES = re.compile(r"aspect-ratio|inset(?:-.*)?|translate|rotate|scale|overflow-clip-margin")
NEW_AT_RULES = {"layer", "container", "scope", "starting-style"}
GAPS = {"gap", "row-gap", "column-gap"}


def without_comments(script):
    return re.sub(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", "", script, flags=re.DOTALL)


def new_in_script(script):
    """Name what Chrome 78 cannot run in the script."""
    return [name for name, pattern in NEW_SCRIPT.items() if re.search(pattern, without_comments(script))]


def new_in_style(style):
    """Name what Chrome 78 cannot apply in the stylesheet."""
    return list(new_in_rules(tinycss2.parse_stylesheet(style, skip_comments=True, skip_whitespace=True)))


def new_in_rules(rules):
    for rule in rules:
        if rule.type == "error":
            yield f"line {rule.source_line}: {rule.message}"
        elif rule.type == "at-rule":
            if rule.lower_at_keyword in NEW_AT_RULES:
                yield f"line {rule.source_line}: @{rule.lower_at_keyword}"
            elif rule.content and rule.lower_at_keyword in {"media", "supports"}:
                content = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                yield from new_in_rules(content)
        else:
            selector = tinycss2.serialize(rule.prelude)
            if re.search(NEW_SELECTORS, selector):
                yield f"line {rule.source_line}: {selector.strip()}"
            yield from new_in_block(rule.content)


def new_in_block(content):
    parts = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    declared = {part.lower_name: tinycss2.serialize(part.value).strip() for part in parts if part.type == "declaration"}
    # a grid has known gaps for long, columns the one between them; in a flex box they came later
    grid = "grid" in declared.get("display", "") or any(name.startswith("grid-") for name in declared)
    columns = any(name in declared for name in ("columns", "column-count", "column-width"))
    gaps = set() if grid else GAPS - {"column-gap"} if columns else GAPS
    for part in parts:
        if part.type != "declaration":
            yield f"line {part.source_line}: nested rule"
        elif NEW_PROPERTIES.fullmatch(part.lower_name) or re.search(NEW_VALUES, declared[part.lower_name]):
            yield f"line {part.source_line}: {part.lower_name}: {declared[part.lower_name]}"
        elif part.lower_name in gaps:
            yield f"line {part.source_line}: {part.lower_name} outside a grid"


def test_scripts_run_in_chrome_78():
    found = {name: new_in_script(text) for name, text in texts("static/*.js", "static/**/*.js")}
    assert {name: news for name, news in found.items() if news} == {}


def test_styles_apply_in_chrome_78():
    found = {name: new_in_style(text) for name, text in texts("static/*.css", "static/**/*.css")}
    assert {name: news for name, news in found.items() if news} == {}


@pytest.mark.parametrize(
    "script", ["a?.b", "a ?? b", "s.replaceAll('a', 'b')", "a ||= 1", "list.at(-1)", "/* fine */ a?.[0]"]
)
def test_new_script_is_recognised(script):
    assert new_in_script(script) != []


@pytest.mark.parametrize("script", ["a ? .5 : 1", "// a?.b", "/* a ?? b */ f()", "a.replace(/b/g, 'c')", "a || b"])
def test_old_script_passes(script):
    assert new_in_script(script) == []


@pytest.mark.parametrize(
    "style",
    [
        "p { width: min(10px, 5%) }",
        "p { font-size: clamp(1rem, 2vw, 2rem) }",
        "p { display: flex; gap: 1rem }",
        "p { gap: 1rem }",
        "@media print { p { inset: 0 } }",
        "p:is(.a, .b) { color: red }",
        "p { aspect-ratio: 1 }",
        "p { color: red; &:hover { color: blue } }",
        "@layer base { p { color: red } }",
        "p { height: 100dvh }",
    ],
)
def test_new_style_is_recognised(style):
    assert new_in_style(style) != []


@pytest.mark.parametrize(
    "style",
    [
        "p { display: grid; gap: 1rem }",
        "p { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)) }",
        "p { width: calc(100% - 1rem); max-width: 80rem }",
        "p { columns: 2; column-gap: 1rem }",
        "@page { size: A4; margin: 10mm; @bottom-center { content: counter(page) } }",
        "p:not(.a) { color: red }",
    ],
)
def test_old_style_passes(style):
    assert new_in_style(style) == []


# --- The settings, as another process sees them -----------------------------------------------------------------------

PRODUCTION = {
    "HTTPS": "1",
    "SECRET_KEY": "5f!kq0Zr8-Lw2vX7m^TgN4pJ6sYb9dHc1eQu3aRiOxWzKtEy-0Zr8Lw2vX7m",
    "ALLOWED_HOSTS": "kaoping.example",
    "CSRF_TRUSTED_ORIGINS": "https://kaoping.example",
}


def manage(*arguments, **environment):
    """Run manage.py with this environment and no other."""
    command = [sys.executable, "manage.py", *arguments]
    environment |= {"PATH": os.environ["PATH"]}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_settings_work_with_nothing_set():
    done = manage("check", "--fail-level", "WARNING")
    assert (done.returncode, done.stderr) == (0, "")


def test_production_settings_give_no_warning(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", DATA_DIR=str(tmp_path), **PRODUCTION)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"DEBUG": "maybe"}, "expected 1 or 0"),
        ({"HTTPS": "1"}, "HTTPS=1 needs SECRET_KEY"),
        (PRODUCTION | {"SECRET_KEY": "short"}, "at least 50"),
        (PRODUCTION | {"DEBUG": "1"}, "unset one of them"),
        ({"ALLOWED_HOSTS": "https://kaoping.example"}, "expected host names"),
        ({"CSRF_TRUSTED_ORIGINS": "kaoping.example"}, "expected scheme://host"),
        ({"LOG_LEVEL": "loud"}, "expected one of DEBUG"),
        ({"DATABASE_URL": "oracle"}, ""),
    ],
)
def test_a_setting_that_is_not_understood_stops_the_start(tmp_path, environment, complaint):
    done = manage("check", DATA_DIR=str(tmp_path), **environment)
    assert done.returncode != 0
    assert complaint in done.stderr
