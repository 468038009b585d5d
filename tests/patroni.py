"""A PostgreSQL cluster of the tests' own: three nodes under Patroni, with etcd, on the loopback.

Writes are confirmed by a second node before the client hears of them (`synchronous_mode`), as they must be where a
failover may lose nothing.
"""

import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.postgres import DEBIAN_FOLDER, SUPERUSER, find_binaries
from tests.programs import HOST, end, failure, find, free_port, owner, spawn, wait_until_ready

NODES = ("one", "two", "three")
HEALTHY_LIMIT_S = 120.0
LOOK_S = 0.1


class _Node:
    """One machine of the cluster: a Patroni process and the PostgreSQL that it starts."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder / name
        self.port = free_port()
        self.rest_port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def postgres_id(self) -> int | None:
        """The process id of its PostgreSQL, if there is one."""
        try:
            return int((self.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def kill_postgres(self) -> None:
        """As the kernel does when memory is short. Its children end when they notice."""
        process_id = self.postgres_id  # of the file, which outlives the process
        with suppress(ProcessLookupError):
            if process_id:
                os.kill(process_id, signal.SIGKILL)

    def ask(self, path: str, body: Mapping[str, str] | None = None) -> Any:
        """What its Patroni answers; None when it does not."""
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(f"http://{HOST}:{self.rest_port}{path}", data)
        try:
            with urllib.request.urlopen(request, timeout=HEALTHY_LIMIT_S if body else 2.0) as answer:
                text = answer.read().decode()
        except (urllib.error.URLError, OSError):
            return None
        return json.loads(text) if text.startswith("{") else text


class Cluster:
    """Healthy when made; ends, and leaves nothing behind, with `stop`."""

    def __init__(self, folder: Path, *, ttl_s: int = 20, most_connections: int = 100) -> None:
        """Logs go to `folder`. ProgramMissing where Patroni, etcd or PostgreSQL is not installed.

        Args:
            ttl_s: for how long the leader's word holds, so about how long nobody leads when its machine dies.
        """
        self._programs = {"patroni": find("patroni", "patroni"), "etcd": find("etcd", "etcd-server")}
        self._binaries = find_binaries(os.environ.get("PATH", ""), DEBIAN_FOLDER)
        self._owner = owner()
        self._logs = folder
        self._ttl_s = ttl_s
        self._most_connections = most_connections
        self._folder = Path(tempfile.mkdtemp(prefix="firstline-patroni-"))
        self._passwords = {name: secrets.token_urlsafe(24) for name in ("superuser", "replication", "rewind")}
        self._etcd: subprocess.Popen[bytes] | None = None
        self._etcd_port = free_port()
        self.nodes = {name: _Node(name, self._folder) for name in NODES}
        self._owner.give(self._folder)
        try:
            self._start_etcd()
            for node in self.nodes.values():
                self._configure(node)
                self.start_node(node)
            self.wait_until_healthy()
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def hosts(self) -> str:
        """All nodes, as they stand in an address."""
        return ",".join(f"{HOST}:{node.port}" for node in self.nodes.values())

    def address(self, database: str) -> str:
        """Whatever node takes writes, as its superuser; all nodes are named in it."""
        password = self._passwords["superuser"]
        return f"postgresql://{SUPERUSER}:{password}@{self.hosts}/{database}?target_session_attrs=read-write"

    def leader(self) -> _Node:
        """The node that takes writes just now, as the others say; TimeoutError when none does for long."""
        leaders: list[_Node] = self._until(lambda: self._with_role("leader"), "the cluster has no leader")
        return leaders[0]

    def wait_for_leader_other_than(self, node: _Node) -> None:
        self._until(lambda: any(one is not node for one in self._with_role("leader")), "no other node took the lead")

    def switch_over(self) -> None:
        """Pass the lead to the synchronous standby, in order; returns when that is done."""
        before = self.leader()
        candidate = self._until(lambda: self._with_role("sync_standby"), "no standby is synchronous")[0]
        before.ask("/switchover", {"leader": before.name, "candidate": candidate.name})
        self._until(lambda: self._with_role("leader") == [candidate], "the switchover did not come to be")

    def kill_postgres(self, node: _Node) -> None:
        """Its PostgreSQL dies, its Patroni lives; returns when another has taken its place."""
        before = node.postgres_id
        node.kill_postgres()
        self._until(lambda: node.postgres_id not in (None, before), "PostgreSQL was not started again")

    def kill_node(self, node: _Node) -> None:
        """The machine is gone: Patroni and PostgreSQL at once."""
        if node.process:
            end(node.process, signal.SIGKILL)
            node.process = None
        node.kill_postgres()

    def start_node(self, node: _Node) -> None:
        """Start it, or start it again. Its thread must live as long as the node shall."""
        command = [str(self._programs["patroni"]), "patroni.json"]
        node.process = spawn(command, self._owner, node.folder, self._log(node.name), end_by="TERM")

    def wait_until_healthy(self) -> None:
        """Until one node leads, and both others follow, one of them synchronously."""
        self._until(self._is_healthy, "the cluster is not healthy")

    def stop(self) -> None:
        """A second call does nothing."""
        for node in self.nodes.values():
            self.kill_node(node)
        if self._etcd:
            end(self._etcd, signal.SIGKILL)
            self._etcd = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start_etcd(self) -> None:
        here, peers = f"http://{HOST}:{self._etcd_port}", f"http://{HOST}:{free_port()}"
        command = [
            *(str(self._programs["etcd"]), "--data-dir=etcd", "--name=etcd", f"--initial-cluster=etcd={peers}"),
            *(f"--listen-client-urls={here}", f"--advertise-client-urls={here}"),
            *(f"--listen-peer-urls={peers}", f"--initial-advertise-peer-urls={peers}", "--unsafe-no-fsync"),
        ]
        self._etcd = spawn(command, self._owner, self._folder, self._log("etcd"), end_by="TERM")
        wait_until_ready("etcd", self._etcd, lambda: _answers(f"{here}/health"), self._log("etcd"))

    def _configure(self, node: _Node) -> None:
        node.folder.mkdir(mode=0o700)
        file = node.folder / "patroni.json"  # JSON is YAML, too
        file.touch(mode=0o600)
        file.write_text(json.dumps(self._configuration(node)), encoding="utf-8")
        self._owner.give(node.folder, file)

    def _configuration(self, node: _Node) -> dict[str, Any]:
        rest, here = f"{HOST}:{node.rest_port}", f"{HOST}:{node.port}"
        users = {"superuser": SUPERUSER, "replication": "replicator", "rewind": "rewinder"}
        return {
            "scope": "firstline",
            "name": node.name,
            "restapi": {"listen": rest, "connect_address": rest},
            "etcd3": {"hosts": f"{HOST}:{self._etcd_port}"},
            "bootstrap": {
                "dcs": {
                    "ttl": self._ttl_s,
                    "loop_wait": 1,
                    "retry_timeout": 3,
                    "synchronous_mode": True,
                    "postgresql": {
                        "use_pg_rewind": True,
                        "use_slots": True,
                        "parameters": {"max_connections": self._most_connections},
                    },
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, {"auth": "scram-sha-256"}, "data-checksums"],
            },
            "postgresql": {
                "listen": here,
                "connect_address": here,
                "data_dir": "data",
                "pgpass": str(node.folder / "pgpass"),
                "bin_dir": str(self._binaries),
                "authentication": {
                    use: {"username": user, "password": self._passwords[use]} for use, user in users.items()
                },
                "parameters": {"unix_socket_directories": ""},
                "pg_hba": [
                    f"host all all {HOST}/32 scram-sha-256",
                    f"host replication replicator {HOST}/32 scram-sha-256",
                ],
            },
            "watchdog": {"mode": "off"},
        }

    def _members(self) -> list[Any]:
        """What any node that answers says of all."""
        for node in self.nodes.values():
            answer = node.ask("/cluster")
            if answer:
                return list(answer["members"])
        return []

    def _with_role(self, role: str) -> list[_Node]:
        return [self.nodes[m["name"]] for m in self._members() if m["role"] == role and m["state"] in _RUNS]

    def _is_healthy(self) -> bool:
        members = self._members()
        roles = sorted(member["role"] for member in members if member["state"] in _RUNS)
        return roles == ["leader", "replica", "sync_standby"] and len({m.get("timeline") for m in members}) == 1

    def _until(self, find_out: Callable[[], Any], complaint: str) -> Any:
        give_up_at_s = time.monotonic() + HEALTHY_LIMIT_S
        while not (found := find_out()):
            if time.monotonic() > give_up_at_s:
                raise failure(complaint, self._log(NODES[0]))
            time.sleep(LOOK_S)
        return found

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"


_RUNS = ("running", "streaming")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2.0) as answer:
            return bool(json.loads(answer.read())["health"] == "true")
    except (urllib.error.URLError, OSError):
        return False
