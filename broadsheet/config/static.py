"""Static files under hashed names, compressed once; collected only when something in them can have changed."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

import broadsheet

PAGES_NEED = ("css/", "js/", "fonts/")  # what readers' pages ask for; the rest is the desk's
BROUGHT_BY = ("django", "wagtail", "django-allauth", "whitenoise")
OURS = ("*/static/**/*", "design/css/**/*", "design/bundle.py")


class AllCompressed(CompressedManifestStaticFilesStorage):
    """A publication's."""


class PagesCompressed(CompressedManifestStaticFilesStorage):
    """The demo's, seen from the machine it runs on: packing the desk's megabytes would take longer than all else it does."""

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        yield from super().compress_files([path for path in paths if path.startswith(PAGES_NEED)])


def collect_static() -> None:
    stamp = Path(settings.STATIC_ROOT) / "collected"
    now = sources_digest()
    if stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(now)


def sources_digest() -> str:
    """Names all that static files come from: ours by their contents, others' by their versions."""
    package = Path(broadsheet.__file__).parent
    digest = blake2b(digest_size=16)
    for name in BROUGHT_BY:
        digest.update(f"{name} {version(name)}\n".encode())
    for file in sorted(file for pattern in OURS for file in package.glob(pattern) if file.is_file()):
        digest.update(f"{file.relative_to(package)}\n".encode() + file.read_bytes())
    return digest.hexdigest()
