"""Pictures in the sizes that a browser chooses from. Renditions that are missing are made here, so ask before a transaction."""

from collections.abc import Iterable

from wagtail.images import get_image_model

from broadsheet.newsroom.galley import Picture

WIDTHS = (480, 960, 1440)
SPECS = tuple(f"width-{width}|format-webp" for width in WIDTHS)


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
