"""What any gate is measured against: the same server and the same bytes, looked up by path and sent, with nothing decided."""

import os
import sqlite3
from typing import Any

CUT = os.environ["BENCH_CUT"]  # full_cut or previews
_column = "full_cut" if CUT == "full" else "json_extract(previews, '$.register')"
_database = sqlite3.connect(os.environ["BROADSHEET_DATABASE_URL"].removeprefix("sqlite:///"))
_rows = _database.execute(f"SELECT path, brotli FROM press_slip JOIN press_snapshot ON digest = {_column}")
READY = {path: [brotli] for path, brotli in _rows}
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "br")]
_database.close()


def application(environ: dict[str, Any], start: Any) -> list[bytes]:
    start("200 OK", HEADERS)
    body: list[bytes] = READY[environ["PATH_INFO"]]
    return body
