"""What every test may ask for. Imports no Django at the top: the kernel's tests run without it."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The same examples on every machine and every run, however slow the machine: a failure can be seen again.
settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("explore", settings.get_profile("ci"), derandomize=False, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
CHROMIUM_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STORIES = Path(__file__).parent / "stories"
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


def pytest_addoption(parser):
    parser.addoption("--database", action="store_true", help="only tests that need the database")


def pytest_collection_modifyitems(config, items):
    """Whoever asks for a page tells a browser story; stories run only when asked for by ``-m browser``.

    What takes longest comes first: else one of two workers would end with it while the other waits.
    """
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    for item in items:
        if {"desktop", "phone", "browser"} & set(getattr(item, "fixturenames", ())):
            if STORIES not in item.path.parents:
                raise pytest.UsageError(f"{item.nodeid} asks for a page: stories are told in tests/stories")
            item.add_marker(pytest.mark.browser)
    if "browser" in config.option.markexpr:
        return
    left_out = [
        item
        for item in items
        if item.get_closest_marker("browser") or (config.option.database and not needs_database(item))
    ]
    if left_out:
        items[:] = [item for item in items if item not in set(left_out)]
        config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish():
    """All that was imported stays to the end: looking through it for garbage again and again takes a tenth of the time.

    Rounds of the collector are rarer, too, as a test makes many objects that live as long as it does.
    """
    gc.freeze()
    gc.set_threshold(20_000, 10, 20)


def needs_database(item):
    """Whether it may find something on another database: what finds the same on any is run once, not once for each."""
    from django.test import TransactionTestCase

    if item.get_closest_marker("any_database"):
        return False
    if item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames):
        return True
    return issubclass(getattr(item, "cls", None) or object, TransactionTestCase)


@pytest.fixture(scope="session")
def django_db_use_migrations():
    """Tables straight from the models, which are quicker; bin/test compares them with the migrations and runs these."""
    return False


@pytest.fixture(scope="session", autouse=True)
def _quick_and_apart(request, tmp_path_factory):
    """Uploads go to a folder of this run; passwords, static files and background work are done the quick way."""
    if not request.config.pluginmanager.hasplugin("django"):
        yield
        return
    from django.test import override_settings

    with override_settings(
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        BACKGROUND_INLINE=True,
        PASSWORD_HASHERS=[
            "django.contrib.auth.hashers.MD5PasswordHasher",
            "config.hashers.FirstPasswordHasher",
        ],
        WHITENOISE_AUTOREFRESH=True,  # else each test client lists all static files first
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def _emptied_quickly(request):
    """After a test that commits, the few rows that it left are deleted.

    Django empties every table, for which PostgreSQL makes hundreds of files anew, and then fills its own again: half a
    second for each test.
    """
    if not request.config.pluginmanager.hasplugin("django"):
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.test.testcases.TransactionTestCase._fixture_teardown", lambda _case: _delete_rows())
        yield


KEPT = {"django_content_type", "auth_permission", "django_migrations", "django_q_schedule"}
"""What every database has from the start."""


def _delete_rows():
    from django.db import connection, transaction

    tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - KEPT)
    with transaction.atomic(), connection.cursor() as cursor:
        asked = " UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM {one})" for one in tables)  # noqa: S608
        cursor.execute(asked)
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608  # foreign keys are looked at when all are gone


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium of the system, one for the run."""
    from playwright.sync_api import sync_playwright

    found = next((path for path in (os.environ.get("CHROMIUM"), *CHROMIUM) if path and Path(path).exists()), None)
    if found is None:
        pytest.fail("no Chromium: run bin/setup test, or set CHROMIUM to its path")
    # Playwright keeps an event loop in this thread; Django would take every query beside it for a mistake.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    flags = [*CHROMIUM_FLAGS, "--no-sandbox"] if os.geteuid() == 0 else CHROMIUM_FLAGS
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=found, headless=True, args=flags)
            yield chromium
            chromium.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


def _open_page(browser, live_server, **options):
    """A page that knows the server as its base, and fails the test on a script error or a request off the server."""
    context = browser.new_context(base_url=live_server.url, locale="en-US", **options)
    context.set_default_timeout(10_000)
    troubles = []
    page = context.new_page()
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on("console", lambda message: troubles.append(f"policy: {message.text}") if _is_policy(message) else None)
    context.on(
        "request",
        lambda sent: None if sent.url.startswith((live_server.url, "data:", "blob:")) else troubles.append(sent.url),
    )
    return context, page, troubles


def _is_policy(message):
    return message.type == "error" and "Content Security Policy" in message.text


@pytest.fixture
def desktop(browser, live_server):
    """A page on the office screen, 1366x768. The browser speaks English: Chinese must come from us."""
    context, page, troubles = _open_page(browser, live_server, viewport=DESKTOP)
    yield page
    context.close()
    assert troubles == []


@pytest.fixture
def phone(browser, live_server):
    """A page on a phone, touch and all."""
    context, page, troubles = _open_page(
        browser, live_server, viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    yield page
    context.close()
    assert troubles == []
