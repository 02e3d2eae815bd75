"""The icon as PNG, for browsers and home screens that draw no SVG. It fills its square: devices cut the corners themselves."""

from functools import cache
from io import BytesIO
from math import comb

from PIL import Image, ImageDraw

from broadsheet.design.inline import ICON_GROUND, ICON_LINE, ICON_SIDE, ICON_STROKES

SIDE = 180  # pixels, which is what Apple's devices ask for
FINER = 4  # times; drawn so large and then made smaller, its edges are smooth
PARTS = 32  # of a curve

Stroke = tuple[tuple[int, int], ...]


@cache
def touch_icon() -> bytes:
    scale = SIDE * FINER / ICON_SIDE
    drawing = Image.new("RGB", (SIDE * FINER, SIDE * FINER), ICON_GROUND)
    pen = ImageDraw.Draw(drawing)
    for stroke in ICON_STROKES:
        points = [_on(stroke, part / PARTS, scale) for part in range(PARTS + 1)]
        pen.line(points, fill="white", width=round(ICON_LINE * scale), joint="curve")
    png = BytesIO()
    drawing.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(png, "PNG", optimize=True)
    return png.getvalue()


def _on(stroke: Stroke, way: float, scale: float) -> tuple[float, float]:
    """The point on this Bézier curve that is `way` along it, from 0 to 1."""
    degree = len(stroke) - 1
    weights = [comb(degree, at) * way**at * (1 - way) ** (degree - at) for at in range(degree + 1)]
    x, y = (scale * sum(weight * point[axis] for weight, point in zip(weights, stroke, strict=True)) for axis in (0, 1))
    return x, y
