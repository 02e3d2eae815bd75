"""Charts that can be read without being seen."""

from xml.etree import ElementTree as ET

import pytest

from broadsheet.newsroom.charts import Chart, Line, Scale, chart_from, figure, plain, svg

OIL = Chart(
    "Oil",
    "line",
    ("2006", "2010", "2020"),
    (Line("East", (12, 15, 23.5)), Line("West", (1, 2, -3))),
    unit="million tonnes",
    source="Ports",
)


@pytest.mark.parametrize("kind", ["line", "bar"])
def test_a_chart_is_well_formed_and_has_a_title_a_description_and_its_numbers(kind):
    chart = Chart("Oil & gas", kind, OIL.labels, OIL.lines, OIL.unit, OIL.source)
    drawing = ET.fromstring(svg(chart))

    assert drawing[0].text == "Oil & gas"
    assert "East: 12 (2006) to 23.5 (2020)" in (drawing[1].text or "")
    assert '<th scope="row">2010</th><td>15</td><td>2</td>' in figure(chart)


def test_a_chart_brings_no_look_of_its_own():
    assert "style=" not in figure(OIL)
    assert "#" not in svg(OIL)


@pytest.mark.parametrize(
    ("values", "low", "high"), [([12, 23], 0, 24), ([0, 0], 0, 1), ([-3, 23], -10, 30), ([], 0, 1), ([0.02, 0.05], 0, 0.06)]
)
def test_the_scale_holds_all_values_between_round_numbers(values, low, high):
    scale = Scale.over(values)

    assert scale.low == pytest.approx(low)
    assert scale.high >= max([0, *values])
    assert len(scale.ticks()) <= 8


def test_a_series_longer_than_its_labels_is_cut_and_a_shorter_one_drawn():
    raw = {
        "title": "T",
        "kind": "bar",
        "labels": ["a", "b"],
        "series": [{"type": "item", "value": {"name": "n", "values": [1, 2, 3]}}, {"name": "m", "values": [1]}],
    }

    assert [line.values for line in chart_from(raw).lines] == [(1, 2), (1,)]
    assert "<td></td></tr>" in figure(chart_from(raw))


def test_numbers_are_printed_as_in_print():
    assert [plain(value) for value in (24.0, 8.5, -3, 1234567)] == ["24", "8.5", "\u22123", "1,234,567"]
