import pytest

from broadsheet.wire.refusals import is_refused


@pytest.mark.parametrize(
    ("key", "refused"),
    [
        ("gazette.test/dam", "gazette.test"),
        ("gazette.test/dam", "gazette.test/dam"),
        ("gazette.test/2026/dam", "gazette.test/2026"),
        ("news.gazette.test/dam", "gazette.test"),
        ("gazette.test/dam?page=2", "gazette.test/dam"),
        ("gazette.test", "gazette.test"),
        ("gazette.test/story?edition=uk?id=5", "gazette.test/story?id=5"),
        ("gazette.test/story?edition=uk?id=5?page=2", "gazette.test/story?edition=uk?page=2"),
        ("gazette.test/story?edition=uk?id=5#!top", "gazette.test/story?id=5"),
    ],
)
def test_a_piece_a_folder_or_a_host_is_refused(key, refused):
    assert is_refused(key, {refused})


@pytest.mark.parametrize(
    ("key", "refused"),
    [
        ("gazette.test/damage", "gazette.test/dam"),
        ("evil-gazette.test/dam", "gazette.test"),
        ("gazette.test.example/dam", "gazette.test"),
        ("gazette.test/dam", "test"),
        ("gazette.test/dam", "news.gazette.test"),
        ("", "gazette.test"),
        ("gazette.test/story?edition=uk?id=55", "gazette.test/story?id=5"),
        ("gazette.test/story?edition=uk", "gazette.test/story?edition=uk?id=5"),
        ("gazette.test/other?edition=uk?id=5", "gazette.test/story?id=5"),
    ],
)
def test_others_are_not(key, refused):
    assert not is_refused(key, {refused})
