"""Pictures in the sizes that a browser chooses from. Renditions that are missing are made here, so ask before a transaction."""

from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings
from wagtail.images import get_image_model

from broadsheet.newsroom.galley import Picture

WIDTHS = (480, 960, 1440)
SPECS = tuple(f"width-{width}|format-webp" for width in WIDTHS)

IN_MAIL = "width-1200|format-jpeg|jpegquality-75"  # mail programs that know no WebP show this, at half its width


def pictures_of(image_ids: Iterable[int]) -> dict[int, Picture]:
    """By the image's number; `alt` is the image's own description, caption and credit are the article's to say."""
    ids = set(image_ids)
    if not ids:
        return {}
    images = get_image_model().objects.filter(pk__in=ids).prefetch_renditions(*SPECS)
    return {image.pk: _picture(image) for image in images}


def _picture(image: object) -> Picture:
    renditions = image.get_renditions(*SPECS)  # type: ignore[attr-defined]
    sizes = {rendition.width: rendition for rendition in renditions.values()}
    shown = sizes[sorted(sizes)[min(1, len(sizes) - 1)]]
    return Picture(
        src=shown.url,
        alt=image.default_alt_text,  # type: ignore[attr-defined]
        width=shown.width,
        height=shown.height,
        srcset=", ".join(f"{rendition.url} {width}w" for width, rendition in sorted(sizes.items())) if len(sizes) > 1 else "",
    )


def in_mail(picture: Picture) -> Picture:
    """As a JPEG; as it is, where its source is none of our sizes."""
    image = get_image_model().objects.filter(renditions__file=_name(picture.src)).first()
    if image is None:
        return picture
    jpeg = image.get_rendition(IN_MAIL)  # type: ignore[attr-defined]
    return replace(picture, src=jpeg.url, width=jpeg.width, height=jpeg.height, srcset="")


def shown_as(path: str) -> list[str]:
    """The files whose showing gives the right to this one: of a JPEG for mail, the sizes of the same picture on the web."""
    renditions = get_image_model().get_rendition_model().objects
    jpeg = renditions.filter(file=_name(path), filter_spec=IN_MAIL).first()
    if jpeg is None:
        return [path]
    return [one.url for one in renditions.filter(image=jpeg.image_id, filter_spec__in=SPECS)]


def _name(path: str) -> str:
    return path.removeprefix(settings.MEDIA_URL)
