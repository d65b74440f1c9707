"""The documentation says what is there: settings, states, commands, links, and the generated part of the workflow."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.utils.translation import override

from assessments.demo.build import PASSWORD, SITES, SYSTEM_ADMIN
from assessments.demo.sites import DemoStage
from assessments.management.commands import workflow_diagram
from assessments.workflow import MOVES, Action, Stage, State
from config.settings import ENVIRONMENT
from orgs.roles import Role

ROOT = Path(settings.BASE_DIR)
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
GENERATED = re.compile(r"<!-- generated: [^>]* -->\n\n(.*?)\n\n<!-- end of generated -->", re.DOTALL)
LARGEST_PICTURE = 300 * 1024


def text_of(name):
    return (ROOT / name).read_text("utf-8")


def names_in_table(text):
    """What stands in code in the first cell of a row."""
    return set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))


def test_workflow_page_shows_the_table():
    generated = GENERATED.search(text_of("docs/workflow.md")).group(1)
    parts = (workflow_diagram.diagram(), workflow_diagram.moves_table(), workflow_diagram.writers_table())
    assert generated == "\n\n".join(parts), "run manage.py workflow_diagram and put what it prints into the page"


def test_diagram_has_an_edge_for_each_move():
    edges = re.findall(r"^    (\w+) --> (\w+) : ([\w ]+?)(?: \(.+)?$", workflow_diagram.diagram(), re.MULTILINE)
    with override("en"):
        actions = {str(action.label): action.value for action in Action}
    found = {(source, actions[label], target) for source, target, label in edges}
    assert found == {(move.source.value, move.action.value, move.to.value) for move in MOVES}


def test_workflow_page_explains_every_stage_state_action_and_role():
    text = text_of("docs/workflow.md")
    assert names_in_table(text) == {*Stage.values, *State.values, *Role.values}
    assert set(re.findall(r"^- \*\*.+?\*\* \(`(\w+)`", text, re.MULTILINE)) == set(Action.values)


def test_workflow_page_uses_the_words_of_the_screen():
    text = text_of("docs/workflow.md")
    with override("zh-hans"):
        for thing in (*Stage, *State, *Role):
            assert f"| `{thing.value}` | {thing.label} |" in text
        for action in Action:
            assert f"(`{action.value}`, {action.label})" in text


def test_deployment_page_names_every_setting():
    assert names_in_table(text_of("docs/deployment.md")) == set(ENVIRONMENT)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page):
    links = LINK.findall(CODE.sub("", page.read_text("utf-8")))
    local = [link.partition("#")[0] for link in links if not link.startswith(("http://", "https://", "#"))]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_exist(page):
    text = page.read_text("utf-8")
    scripts = set(re.findall(r"(?<![\w/.-])bin/([a-z][a-z-]*)", text))
    assert {name for name in scripts if not (ROOT / "bin" / name).exists()} == set()
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) <= set(get_commands())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_named_files_exist(page):
    """Paths in code that begin with one of our folders."""
    code = re.findall(r"`([^`\s]+)`", re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL))
    ours = tuple(f"{folder.name}/" for folder in ROOT.iterdir() if folder.is_dir() and folder.name != "var")
    paths = [path for path in code if path.startswith(ours) and not set("<>*{} ") & set(path)]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_readme_names_demo_accounts_that_exist():
    text = text_of("README.md")
    people = {who.username for site in SITES for unit in site.root.walk() for who in unit.people}
    named = set(re.findall(r"^\| .+ \| `([\w-]+)` \|", text, re.MULTILINE))
    assert named
    assert named <= {*people, SYSTEM_ADMIN}
    assert PASSWORD in text
    assert all(f"`{stage.name.lower()}`" in text for stage in DemoStage)


def test_pictures_are_small():
    pictures = list((ROOT / "docs" / "images").glob("*.png"))
    assert [picture.name for picture in pictures if picture.stat().st_size > LARGEST_PICTURE] == []
