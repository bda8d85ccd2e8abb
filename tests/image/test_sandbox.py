"""The portal's libraries work inside the sandbox."""

import json

from tests.image.machine import Machine
from tests.image.walls import inside_the_walls

DECODING = """
import io, resource, subprocess, sys
import pillow_heif, pypdfium2
from PIL import Image

for limit in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE):
    resource.setrlimit(limit, (2**30, 2**30))
for kind in ("JPEG", "PNG", "HEIF"):
    pillow_heif.register_heif_opener()
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(file, kind)
    Image.open(file).load()
document, file = pypdfium2.PdfDocument.new(), io.BytesIO()
document.new_page(100, 100)
document.save(file)
pypdfium2.PdfDocument(file.getvalue())[0].render().to_pil()
subprocess.run([sys.executable, "-c", "import cryptography.fernet, boto3"], check=True)
print("decoded")
"""

ESCAPES = """
import json, os, pathlib, socket

def refused(deed):
    try:
        deed()
    except OSError as fault:
        return type(fault).__name__
    return "done"

print(json.dumps({
    "change the program": refused(lambda: pathlib.Path("/opt/medicare-hub/wsgi.py").open("a")),
    "read the settings": refused(lambda: pathlib.Path("/run/medicare-hub/portal.env").read_text()),
    "see another process": refused(lambda: pathlib.Path("/proc/1/cmdline").read_text()),
    "speak raw": refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)),
    "listen to packets": refused(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)),
    "become root": refused(lambda: os.setuid(0)),
    "leave the root": refused(lambda: os.chroot("/")),
}))
"""


def test_files_from_strangers_can_be_decoded(machine: Machine) -> None:
    assert "decoded" in inside_the_walls(machine, DECODING)


def test_attempts_to_leave_the_sandbox_fail(machine: Machine) -> None:
    said = inside_the_walls(machine, ESCAPES).splitlines()
    outcome = json.loads(next(line for line in said if line.startswith("{")))
    assert "done" not in outcome.values(), outcome
