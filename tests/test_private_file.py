"""A file of the person's own is written whole or not at all."""

import stat

import pytest

from monitor.app.private_file import write_private


def test_a_file_is_replaced_whole_and_for_its_owner_only(tmp_path):
    path = tmp_path / "new" / "settings.toml"
    for text in ("first", "second"):
        write_private(path, text)

    assert path.read_text(encoding="utf-8") == "second"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_failure_leaves_nothing_behind(tmp_path):
    (tmp_path / "settings.toml" / "in the way").mkdir(parents=True)

    with pytest.raises(OSError, match=r"settings\.toml"):
        write_private(tmp_path / "settings.toml", "text")

    assert [one.name for one in tmp_path.iterdir()] == ["settings.toml"]
