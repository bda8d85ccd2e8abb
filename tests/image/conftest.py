"""The image for all tests that need it, made once by the role and then booted."""

import os
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.image import stand_ins
from tests.image.amazon import Amazon, amazon_around, emulated_endpoint
from tests.image.certificates import Certificates, certificates_for
from tests.image.debian import make_root, sources
from tests.image.machine import Machine, booted, wait_until
from tests.image.namespaces import folder_in_memory
from tests.image.network import AMAZON, CIDR, Vpc, a_vpc
from tests.image.release import pack_release, wheelhouse
from tests.image.role import Image, apply
from tests.image.telling import step


@pytest.fixture(scope="session")
def workshop() -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.exit("Making and booting an image needs root's rights: sudo make image-test", 1)
    with folder_in_memory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        yield folder


@pytest.fixture(scope="session")
def certificates(workshop: Path) -> Certificates:
    return certificates_for(AMAZON, workshop)


@pytest.fixture(scope="session")
def variables(workshop: Path, certificates: Certificates) -> dict[str, Any]:
    """The variables that bake.yml gives to the role. Amazon's packages are stand-ins."""
    packages = {name: stand_ins.build(name, workshop) for name in stand_ins.FILES}
    signer = stand_ins.a_signer(workshop)
    agent = packages["amazon-cloudwatch-agent"]
    checked = {
        name: {"source": str(packages[name]), "checksum": stand_ins.checksum(packages[name])}
        for name in ("amazon-ssm-agent", "amazon-efs-utils")
    }
    return {
        "portal_image_release": "rehearsal",
        "portal_image_release_archive": str(pack_release(workshop)),
        "portal_image_vpc_cidr": CIDR,
        "portal_image_archive_scheme": urlsplit(sources()[0][0]).scheme,
        "portal_image_wheelhouse": str(wheelhouse()),
        "portal_image_cloudwatch_agent": {
            "source": str(agent),
            "signature": str(signer.sign(agent)),
            "signing_key": str(signer.key()),
            "fingerprint": signer.fingerprint,
        },
        "portal_image_ssm_agent": checked["amazon-ssm-agent"],
        "portal_image_efs_utils": checked["amazon-efs-utils"],
        "portal_image_database_authorities": {
            "source": str(certificates.authority),
            "checksum": stand_ins.checksum(certificates.authority),
        },
    }


@pytest.fixture(scope="session")
def debian(workshop: Path) -> Path:
    root = workshop / "root"
    with step("Making a Debian 12"):
        make_root(root)
    return root


@pytest.fixture(scope="session")
def image(debian: Path, variables: dict[str, Any]) -> Image:
    print(
        "\nAmazon's packages are STAND-INS here: agent, SSM agent and EFS helper are not Amazon's."
    )
    runs = []
    for which in ("first", "second"):
        with step(f"Applying the role for the {which} time"):
            runs.append(apply(debian, variables))
        assert runs[-1].status == 0, runs[-1].output
    return Image(debian, variables, (runs[0], runs[1]))


@pytest.fixture(scope="session")
def vpc() -> Iterator[Vpc]:
    with a_vpc() as vpc:
        yield vpc


@pytest.fixture(scope="session")
def amazon(vpc: Vpc, certificates: Certificates) -> Iterator[Amazon]:
    with step("Starting MariaDB and an emulated AWS"), amazon_around(vpc, certificates) as amazon:
        yield amazon


@pytest.fixture(scope="session")
def machine(image: Image, amazon: Amazon, vpc: Vpc, workshop: Path) -> Iterator[Machine]:
    emulated_endpoint(image.root)
    with booted(image.root, vpc, workshop / "console.log") as machine:
        with step("Booting the image"):
            for name in ("portal-proxy", "portal", "portal-worker", "portal-files"):
                wait_until(partial(_is_active, machine, f"{name}.service"))
        yield machine


def _is_active(machine: Machine, unit: str) -> bool:
    return machine.state(unit) == "active"


@pytest.fixture(scope="session")
def portal(machine: Machine, amazon: Amazon) -> Machine:
    """The machine with a database that the release's program has prepared."""
    settings = [f"{name}={value}" for name, value in amazon.for_the_database.items()]
    with step("Preparing the database from inside the image"):
        machine.run("env", *settings, "/opt/medicare-hub/bin/prepare-database")
    return machine


@pytest.fixture
def beside_the_instance(vpc: Vpc, portal: Machine) -> Iterator[None]:
    """The test runs in the network of the load balancer."""
    with vpc.among_amazons():
        yield
