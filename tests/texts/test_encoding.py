"""Values as one line shows them, whatever they are."""

from monitor.texts.encoding import shortened


def test_a_value_is_one_short_line_whatever_it_is():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    shown = [shortened(value) for value in (16**5000, [16**5000], deep, "x" * 1000, "a\nb", None)]

    assert [len(text) <= 70 and text.isprintable() for text in shown] == [True] * len(shown)
    assert shown[-1] == "None"
