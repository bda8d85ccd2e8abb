"""Reading, staging, setting aside, small whole files and the sweep, on a plain folder."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.shared_files import Altered, Missing, Resting, SharedFiles, StoredFile

DAY_AND_MORE = timedelta(hours=25)
A_FILE = StoredFile("0" * 32, 1, "0" * 64)


def stored(store: SharedFiles, data: bytes = b"a letter") -> StoredFile:
    with store.begin(limit=1000) as writer:
        writer.write(data)
        return writer.finish()


def path_of(tmp_path: Path, file: StoredFile, room: str = "kept") -> Path:
    return tmp_path / "shared" / room / file.name[:2] / file.name


def test_reads_from_anywhere(store: SharedFiles) -> None:
    reader = store.open(stored(store, b"0123456789"))

    assert reader.size == 10
    assert (reader.read(3), reader.tell()) == (b"012", 3)
    assert (reader.seek(-2, os.SEEK_END), reader.read()) == (8, b"89")
    assert (reader.seek(5), reader.seek(1, os.SEEK_CUR), reader.read(2)) == (5, 6, b"67")
    assert (reader.seek(50), reader.read(2)) == (50, b"")
    with pytest.raises(ValueError, match="beginning"):
        reader.seek(-1)
    reader.close()
    with pytest.raises(ValueError, match="closed"):
        reader.read(1)


def test_a_file_that_is_gone_is_missing(store: SharedFiles, tmp_path: Path) -> None:
    file = stored(store)
    path_of(tmp_path, file).unlink()

    for never in (file, A_FILE):
        with pytest.raises(Missing, match="damaged"):
            store.open(never)


@pytest.mark.parametrize("data", [b"A letter", b"a lette", b"a letter!", b""])
def test_a_file_that_was_altered_is_not_shown(
    store: SharedFiles, tmp_path: Path, data: bytes
) -> None:
    file = stored(store)
    path_of(tmp_path, file).write_bytes(data)

    with pytest.raises(Altered):
        store.open_intact(file)


def test_a_link_in_place_of_a_file_is_not_followed(store: SharedFiles, tmp_path: Path) -> None:
    file = stored(store)
    secret = tmp_path / "secret"
    secret.write_bytes(b"a letter")
    path_of(tmp_path, file).unlink()
    path_of(tmp_path, file).symlink_to(secret)

    with pytest.raises(Exception, match="couldn't reach"):
        store.open(file)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "0" * 31, "G" * 32, f"{'0' * 32}\n", "/"])
def test_only_its_own_names_reach_the_disk(store: SharedFiles, name: str) -> None:
    for use in (store.remove, lambda name: store.open(StoredFile(name, 1, ""))):
        with pytest.raises(ValueError, match="name of a stored file"):
            use(name)


def test_a_rejected_file_is_set_aside_once(store: SharedFiles) -> None:
    file = stored(store)
    for _ in range(2):
        store.set_aside(file)

    with pytest.raises(Missing):
        store.open(file)
    assert store.open_aside(file).read() == b"a letter"
    assert [found.name for found in store.aside()] == [file.name]
    assert list(store.kept()) == []
    with pytest.raises(Missing):
        store.set_aside(A_FILE)


def test_removes_it_wherever_it_is(store: SharedFiles) -> None:
    kept, aside = stored(store), stored(store)
    store.set_aside(aside)
    for _ in range(2):
        store.remove(kept.name)
        store.remove(aside.name)

    assert [*store.kept(), *store.aside()] == []


def test_a_form_sent_again_finds_its_files(store: SharedFiles, tmp_path: Path) -> None:
    first, second = stored(store), stored(store, b"another")
    label = {"name": "../👩‍⚕️\n.pdf", "ordinal": 2}
    store.stage("a key", second, label)
    store.stage("a key", first, {})
    store.stage("another/../key", first, {})

    found = SharedFiles(tmp_path / "shared").staged("a key")

    assert [(each.stored, each.label) for each in found] == [(second, label), (first, {})]
    assert len(store.staged("another/../key")) == 1
    assert store.staged("no such key") == []


def test_forgets_what_came_with_a_key_and_leaves_the_files(store: SharedFiles) -> None:
    first, second = stored(store), stored(store)
    for file in (first, second):
        store.stage("key", file, {})
    for _ in range(2):
        store.unstage("key", first.name)
    assert [each.stored for each in store.staged("key")] == [second]
    for _ in range(2):
        store.forget("key")

    assert store.staged("key") == []
    assert store.open(first)


def test_a_file_is_offered_again_only_while_no_sweep_may_take_it(
    store: SharedFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.STAGED_FOR + timedelta(hours=1) < store.ABANDONED_AFTER
    store.stage("key", stored(store), {})
    monkeypatch.setattr(SharedFiles, "STAGED_FOR", timedelta(0))

    assert store.staged("key") == []


def test_the_sweep_removes_unfinished_files_and_nothing_else(
    store: SharedFiles, tmp_path: Path
) -> None:
    file = stored(store)
    store.stage("key", file, {})
    store.put("pictures/a", b"picture")
    unfinished = store.begin(limit=10**6)
    unfinished.write(b"x" * 500_000)
    now = datetime.now(UTC)

    assert store.sweep_unfinished(now) == 0
    assert store.sweep_unfinished(now + DAY_AND_MORE) == 2
    assert store.staged("key") == []
    assert list((tmp_path / "shared" / "staged").iterdir()) == []
    assert [(found.name, found.size) for found in store.kept()] == [(file.name, 8)]
    assert store.get("pictures/a") == b"picture"


def test_small_files_are_replaced_whole(store: SharedFiles, tmp_path: Path) -> None:
    store.put("downtime/north/clinic.json", b"1")
    store.put("downtime/north/clinic.json", b"2")
    store.put("downtime/north/another", b"")

    assert store.get("downtime/north/clinic.json") == b"2"
    assert store.names("downtime/north") == ["downtime/north/another", "downtime/north/clinic.json"]
    assert store.names("downtime/south") == []
    for _ in range(2):
        store.discard("downtime/north/clinic.json")
    with pytest.raises(Missing):
        store.get("downtime/north/clinic.json")
    assert not list((tmp_path / "shared").rglob("*.part"))


@pytest.mark.parametrize(
    "name",
    ["a", "a/../b", "/a/b", "a//b", "a/b/c/d/e", "A/b", "a/b\n", "a/.hidden", f"a/{'b' * 101}"],
)
def test_small_files_have_plain_names(store: SharedFiles, name: str) -> None:
    for use in (store.get, store.discard, lambda name: store.put(name, b"")):
        with pytest.raises(ValueError, match="name"):
            use(name)


def test_a_directory_that_nobody_prepared_is_not_written_to(tmp_path: Path) -> None:
    store = SharedFiles(tmp_path)
    uses: list[Callable[[], object]] = [
        store.begin(limit=10).finish,
        lambda: store.put("a/b", b""),
        lambda: store.stage("key", A_FILE, {}),
        lambda: store.staged("key"),
        lambda: store.open(A_FILE),
        lambda: store.get("a/b"),
        lambda: store.names("a/b"),
        lambda: list(store.kept()),
    ]

    for use in uses:
        with pytest.raises(Resting):  # Vanished, unless the watchdog knows it already
            use()
    assert list(tmp_path.iterdir()) == []
    store.close()
