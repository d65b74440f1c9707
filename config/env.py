"""Strict readers for the environment: a value is understood or the start fails, never guessed."""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"", "0", "false", "no", "off"})
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def switch(value: str) -> bool:
    """Read 1/true/yes/on or 0/false/no/off; django-environ's own bool takes every typing error as False."""
    word = value.strip().lower()
    if word not in TRUE | FALSE:
        raise ImproperlyConfigured(f"expected 1 or 0, found {value!r}")
    return word in TRUE


def count(value: str) -> int:
    """Read a whole number of at least one."""
    if not (value.strip().isascii() and value.strip().isdigit() and int(value) > 0):
        raise ImproperlyConfigured(f"expected a whole number of at least 1, found {value!r}")
    return int(value)


def number(value: str) -> int:
    """Read a whole number, 0 included."""
    return 0 if value.strip() == "0" else count(value)


def names(value: str) -> list[str]:
    """Read host names divided by commas."""
    found = [name.strip() for name in value.split(",") if name.strip()]
    for name in found:
        if "/" in name or " " in name:
            raise ImproperlyConfigured(f"expected host names divided by commas, found {name!r}")
    return found


def origins(value: str) -> list[str]:
    """Read origins such as https://kaoping.example, divided by commas."""
    found = [origin.strip() for origin in value.split(",") if origin.strip()]
    for origin in found:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
            raise ImproperlyConfigured(f"expected scheme://host[:port], found {origin!r}")
    return found


def level(value: str) -> str:
    """Read the name of a logging level."""
    word = value.strip().upper()
    if word not in LEVELS:
        raise ImproperlyConfigured(f"expected one of {', '.join(LEVELS)}, found {value!r}")
    return word


def mail_server(value: str) -> dict[str, Any]:
    """Read smtp://user:password@host:port, smtp+tls:// or smtp+ssl:// as Django's settings; empty: no mail server."""
    if not value.strip():
        return {}
    parts = urlsplit(value.strip())
    if parts.scheme not in MAIL_PORTS or not parts.hostname or parts.path.strip("/"):
        raise ImproperlyConfigured("EMAIL_URL: expected smtp+tls://user:password@host:port, smtp:// or smtp+ssl://")
    found = environ.Env.email_url_config(value.strip())
    return found | {"EMAIL_PORT": found["EMAIL_PORT"] or MAIL_PORTS[parts.scheme]}


def kept_secret(path: Path) -> str:
    """Return the random key kept in ``path``, making it on first use, readable by its owner only.

    Two processes that start together agree on one key: the file appears whole, and the first one stays.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass  # another process was first; its key is the one to use
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
