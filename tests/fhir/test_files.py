"""Which files are read, and what is said about those that can't be read."""

import json
import os
from pathlib import Path

import pytest

from portal.fhir.foreign import ForeignBundle
from portal.fhir.reading import bundle_files, parsed_file
from tests.fhir.samples import BUNDLES


def test_a_folder_gives_its_json_files_at_any_depth_each_once(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("z.json", "a/b/deep.JSON", "a/notes.txt"):
        (tmp_path / name).write_text("{}")

    found = list(bundle_files([tmp_path, tmp_path / "z.json", tmp_path / "a"]))

    assert [(file.name, fault) for file, fault in found] == [
        ("deep.JSON", None),
        ("z.json", None),
    ]


def test_a_folder_without_json_files_is_told(tmp_path: Path) -> None:
    ((path, fault),) = bundle_files([tmp_path])

    assert path == tmp_path
    assert str(fault) == "there is no *.json file in this folder"


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    file = tmp_path / "bundle.json"
    file.write_bytes(b"\xef\xbb\xbf" + (BUNDLES / "record.json").read_bytes())

    parsed = parsed_file(file)

    assert isinstance(parsed, dict)
    assert parsed["type"] == "transaction"


def test_resources_that_are_not_read_leave_only_their_kind(tmp_path: Path) -> None:
    file = tmp_path / "bundle.json"
    observation = {"resourceType": "Observation", "id": "1", "note": [{"text": "long"}]}
    file.write_text(json.dumps({"resourceType": "Bundle", "entry": [{"resource": observation}]}))

    assert parsed_file(file) == {
        "resourceType": "Bundle",
        "entry": [{"resource": {"resourceType": "Observation", "id": "1"}}],
    }


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n\t", "the file is empty"),
        (b"{'a': 1}", "it is not JSON (line 1, column 2: Expecting property name"),
        (b'{"a": [1,\n 2', "it is not JSON (line 2, column 3: Expecting ',' delimiter"),
        (b"<Bundle/>", "it is not JSON (line 1, column 1: Expecting value"),
        ("{}".encode("utf-16"), "it is not UTF-8 (byte 1)"),
        (b'{"a": "\xe9"}', "it is not UTF-8 (byte 8)"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b"9" * 5000, "it holds a number that is too long"),
    ],
)
def test_what_is_not_json_is_told(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "bundle.json"
    file.write_bytes(content)

    with pytest.raises(ForeignBundle) as refusal:
        parsed_file(file)

    assert str(refusal.value).startswith(reason)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ForeignBundle, match=r"it can't be read \(No such file or directory\)"):
        parsed_file(tmp_path / "nothing.json")


def test_a_file_whose_reading_is_refused_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root can read every file, so the refusal is simulated.
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    file = tmp_path / "bundle.json"
    file.write_text("{}")
    monkeypatch.setattr(Path, "read_bytes", refuse)

    with pytest.raises(ForeignBundle, match=r"it can't be read \(Permission denied\)"):
        parsed_file(file)


def test_a_pipe_is_told_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)

    with pytest.raises(ForeignBundle, match="it is not a regular file"):
        parsed_file(pipe)


def test_a_file_beyond_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    file = tmp_path / "huge.json"
    with file.open("wb") as sparse:
        sparse.truncate(513 * 1024 * 1024)

    with pytest.raises(ForeignBundle, match="it is larger than 512 MB"):
        parsed_file(file)
