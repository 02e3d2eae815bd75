"""All that is held of a reader, machine-readable: a ZIP with a file of JSON for each table, made at once."""

import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from broadsheet.membership import records
from broadsheet.membership.models import Reader

OWN = ("id", "email", "first_name", "last_name", "joined_at", "confirmed_at", "last_login", "is_active", "no_history_since")


def export_of(reader: Reader, *, at: datetime) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _read_me(reader, at))
        archive.writestr("account.json", _json({name: getattr(reader, name) for name in OWN}))
        for table in handed_out():
            rows: list[Mapping[str, Any]] = list(table.rows(reader).values(*table.fields()))
            archive.writestr(f"{table.name}.json", _json(rows))
    return held.getvalue()


def handed_out() -> list[records.Table]:
    return sorted((table for table in records.tables() if table.name), key=lambda table: table.name)


def held_back() -> list[str]:
    """Why there are tables that are not handed out."""
    return sorted({table.why for table in records.tables() if not table.name})


def _json(said: Any) -> str:
    return json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _read_me(reader: Reader, at: datetime) -> str:
    lines = [
        f"What {settings.PUBLICATION_NAME} holds of {reader.email}, on {at:%Y-%m-%d at %H:%M} UTC.",
        "",
        "Each file is a table, in JSON (UTF-8); moments are in UTC, sums in the smallest unit of their currency.",
        "",
        "account.json: the account itself.",
        *(f"{table.name}.json: {table.label}." for table in handed_out()),
        "",
        "Not handed out: keys and codes by which somebody could log in; and",
        *(f"- {why}" for why in held_back()),
    ]
    return "\n".join(lines) + "\n"
