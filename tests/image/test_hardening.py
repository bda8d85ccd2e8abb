"""What is reachable on an instance, from inside and from a neighbour."""

import re
from pathlib import Path

import pytest

from tests.image.machine import Machine
from tests.image.network import AMAZON, BALANCER, INSTANCE, OUTSIDER, Vpc
from tests.image.role import Image
from tests.image.visitor import PORT, can_connect, listening_at, open_sockets

WORST_EXPOSURE = 2.5

NOT_IN_A_CONTAINER = {
    "auditd.service",  # needs the kernel's audit of the first namespace
    "run-rpc_pipefs.mount",  # needs a kernel with NFS
}

NOT_IN_EVERY_KERNEL = {"kernel.kexec_load_disabled", "kernel.sysrq", "kernel.yama.ptrace_scope"}
"""Debian's own kernels have them."""

AS_PORTAL = ("setpriv", "--reuid=portal", "--regid=portal", "--init-groups")


def test_everything_that_a_container_can_start_has_started(machine: Machine) -> None:
    failed = machine.run("systemctl", "list-units", "--failed", "--plain", "--no-legend")
    names = {line.split()[0] for line in failed.splitlines()}
    assert names <= NOT_IN_A_CONTAINER


@pytest.mark.parametrize(
    "unit", ["portal-proxy", "portal", "portal-worker", "portal-settings", "portal-certificate"]
)
def test_a_unit_is_sandboxed(machine: Machine, unit: str) -> None:
    verdict = machine.run("systemd-analyze", "security", "--no-pager", f"{unit}.service")
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", verdict)
    assert found, verdict
    print(f"\n{unit}: exposure {found[1]}")
    assert float(found[1]) <= WORST_EXPOSURE, verdict


def test_there_is_no_ssh(machine: Machine) -> None:
    assert not list(machine.root.glob("usr/sbin/sshd"))
    assert "sshd" not in machine.run("systemctl", "list-unit-files", "--no-legend")


def test_the_instance_has_an_identity_of_its_own(image: Image, machine: Machine) -> None:
    assert re.fullmatch("[0-9a-f]{32}", machine.run("cat", "/etc/machine-id").strip())
    assert not (image.root / "etc/ssh").exists()


def test_only_the_portal_listens_to_others(vpc: Vpc, machine: Machine) -> None:
    with vpc.on_the_instance():
        found = open_sockets()
    assert {one for one in found if " 127.0.0.1:" not in one} == {f"tcp *:{PORT}"}


def test_only_nginx_reaches_the_portal_itself(machine: Machine) -> None:
    found = machine.run("stat", "--format=%U %G %a", "/run/portal/portal.sock").strip()
    assert found == "root www-data 660"


def test_nginx_reaches_no_network(machine: Machine) -> None:
    """It only answers on the socket that systemd opened for it."""
    main = f"/proc/{machine.main_pid('portal-proxy.service')}"
    lines = machine.run("cat", f"{main}/net/dev").splitlines()[2:]
    assert [line.split(":")[0].strip() for line in lines] == ["lo"]
    assert machine.run("stat", "--format=%U", main).strip() == "www-data"


def test_debians_own_nginx_does_not_run(machine: Machine) -> None:
    assert machine.unit("nginx.service", "LoadState", "ActiveState") == ["masked", "inactive"]


def test_the_balancer_reaches_the_portal_and_nobody_from_outside(
    vpc: Vpc, machine: Machine
) -> None:
    with vpc.among_amazons():
        assert can_connect((INSTANCE, PORT), source=BALANCER)
        assert not can_connect((INSTANCE, PORT), source=OUTSIDER)


def test_another_port_is_closed_even_where_something_listens(vpc: Vpc, machine: Machine) -> None:
    with vpc.on_the_instance(), listening_at((INSTANCE, 8080)):
        assert can_connect((INSTANCE, 8080))
        with vpc.among_amazons():
            assert not can_connect((INSTANCE, 8080), source=BALANCER)


def test_connections_that_are_not_needed_are_blocked(vpc: Vpc, machine: Machine) -> None:
    with vpc.among_amazons(), listening_at((AMAZON, 8080)):
        assert can_connect((AMAZON, 8080))
        with vpc.on_the_instance():
            assert not can_connect((AMAZON, 8080))
            assert can_connect((AMAZON, 3306))


def test_the_portal_can_change_nothing_that_it_runs(machine: Machine) -> None:
    places = ("/opt", "/etc", "/usr", "/srv", "/var/lib/dpkg")
    looked_for = ("-writable", "-not", "-type", "l")
    found = machine.run(*AS_PORTAL, "find", *places, *looked_for, check=False)
    assert found.split() == ["/srv/portal/files"]


@pytest.mark.parametrize("secret", ["/run/medicare-hub/portal.env", "/etc/shadow"])
def test_the_portals_account_reads_no_secret_file(machine: Machine, secret: str) -> None:
    assert machine.run("cat", secret)
    assert not machine.run(*AS_PORTAL, "cat", secret, check=False)


def test_nobody_can_sign_in_with_a_password(machine: Machine) -> None:
    shadow = machine.run("cat", "/etc/shadow").splitlines()
    assert not [line for line in shadow if line.split(":")[1][:1] not in ("!", "*")]


def test_no_process_leaves_a_core_dump(machine: Machine) -> None:
    limits = machine.run("cat", f"/proc/{machine.main_pid('portal.service')}/limits")
    assert re.search(r"Max core file size +0 +0 ", limits)


def test_kernel_settings_have_names_that_kernels_know(machine: Machine) -> None:
    """A container can't set them. At boot, a wrong name would be ignored without a message."""
    text = (machine.root / "etc/sysctl.d/60-medicare-hub.conf").read_text()
    names = re.findall(r"^([a-z0-9_.]+) =", text, re.MULTILINE)
    unknown = [name for name in names if not Path("/proc/sys", *name.split(".")).exists()]
    assert len(names) > 30
    assert set(unknown) <= NOT_IN_EVERY_KERNEL


def test_audit_rules_are_one_sealed_set(machine: Machine) -> None:
    """A container can't load them. This test only checks that they compile."""
    machine.run("augenrules")
    rules = machine.run("grep", "-v", "^#", "/etc/audit/audit.rules").split("\n")
    rules = [rule for rule in rules if rule]
    assert rules[0] == "-D"
    assert rules[-1] == "-e 2"


def test_only_security_updates_come_by_themselves(machine: Machine) -> None:
    settings = machine.run("apt-config", "dump", "Unattended-Upgrade")
    origins = re.findall(r'Origins-Pattern:: "(.*)";', settings)
    assert origins
    assert all("label=Debian-Security" in origin for origin in origins)
    assert 'Automatic-Reboot "false"' in settings
    assert "enabled" in machine.run("systemctl", "is-enabled", "apt-daily-upgrade.timer")
