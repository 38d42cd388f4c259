"""The network, which a process gives up before it works on what strangers wrote.

Two walls, neither of which takes a privilege. A *network namespace* of its own has no interface to the world. A *system call
filter* refuses new sockets of every kind, so that not even a resolver on this machine is asked for a name; it holds where
containers deny namespaces. What is open stays open: the connection to the serving process, the files of a store on disk.

A worker that may pass sub-queries on keeps a socket to itself alone: the only address in its namespace is one at which the
serving process listens, and that decides what becomes of each request.

Sources: seccomp(2), user_namespaces(7) and network_namespaces(7), https://man7.org/linux/man-pages/.
"""

import ctypes
import fcntl
import os
import platform
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from alpine_kg.errors import StoreError

_SET_FILTER, _NO_NEW_PRIVILEGES = 22, 38  # prctl(2)
_FILTER_MODE: Final = 2
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # unshare(2)
_SET_FLAGS, _UP_AND_RUNNING = 0x8914, 0x41  # netdevice(7)
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # the latter as EPERM
_CALL, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # places in struct seccomp_data
_OTHER_ABI: Final = 0x40000000
"""From this number on x86_64 has the calls of its other ABI, which would lead around the filter."""


@dataclass(frozen=True)
class _Machine:
    """An architecture's audit number, and its numbers of the calls that give a process a connection."""

    audit: int
    socket: int
    connect: int
    io_uring_setup: int = 425
    pidfd_getfd: int = 438


_MACHINES: Final = {"x86_64": _Machine(0xC000003E, 41, 42), "aarch64": _Machine(0xC00000B7, 198, 203)}
_POINTER: Final = 8
_Step = tuple[int, int, int, int]
"""An instruction of the filter: what to do, how many to skip if so and if not, and with what."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def isolate(*, listening: bool = False) -> socket.socket | None:
    """Cut this process off from the network for good.

    With `listening`, return a listener at the only address that is left to it. Raises StoreError when the system grants neither
    wall, or not the one that a listener needs.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    alone = libc.unshare(_NEW_USER | _NEW_NET) == 0
    if listening and not alone:
        raise StoreError(
            "This system grants no network namespaces, without which no query can be kept to the allowed endpoints.",
            "Permit user namespaces, or unset ALPINE_KG_SERVICE_ALLOW.",
        )
    listener = _listen_alone() if listening else None
    if not seal(except_own=listening) and not alone:
        raise StoreError(
            "This system grants neither network namespaces nor system call filters to keep queries off the network.",
            "Permit user namespaces, or run on Linux for x86_64 or aarch64.",
        )
    return listener


def seal(*, except_own: bool = False) -> bool:
    """Refuse new sockets to this process and all that it forks; return whether the system could be told so.

    `except_own` leaves it those of IPv4, which lead nowhere from a network namespace of its own.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None or struct.calcsize("P") != _POINTER:
        return False
    steps = list(_filter(machine, except_own=except_own))
    held = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = _Program(len(steps), ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return bool(libc.prctl(_SET_FILTER, _FILTER_MODE, ctypes.byref(program), 0, 0) == 0)


def can_isolate() -> bool:
    """Tell whether this system lets a process listen in a network namespace of its own."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            isolate(listening=True)
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(pid, 0)[1] == 0


def _filter(machine: _Machine, *, except_own: bool) -> Iterator[_Step]:
    """Yield the filter's instructions, the last two of which are the verdicts."""
    refused = [machine.io_uring_setup, machine.pidfd_getfd]
    if not except_own:
        refused += [machine.socket, machine.connect]
    ending = 3 if except_own else 0
    # Each jump to the last instruction skips the other calls, what is asked of a socket, and the verdict before it.
    yield _LOAD, 0, 0, _ARCHITECTURE
    yield _IF_EQUAL, 0, len(refused) + ending + 3, machine.audit
    yield _LOAD, 0, 0, _CALL
    yield _IF_AT_LEAST, len(refused) + ending + 1, 0, _OTHER_ABI
    for left, call in zip(range(len(refused), 0, -1), refused, strict=True):
        yield _IF_EQUAL, left + ending, 0, call
    if except_own:
        yield _IF_EQUAL, 0, 2, machine.socket
        yield _LOAD, 0, 0, _FIRST_ARGUMENT
        yield _IF_EQUAL, 0, 1, socket.AF_INET
    yield _RETURN, 0, 0, _ALLOW
    yield _RETURN, 0, 0, _REFUSE


def _listen_alone() -> socket.socket:
    """Return a listener on the loopback interface of a new network namespace, after switching that on."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    fcntl.ioctl(listener, _SET_FLAGS, struct.pack("16sH14s", b"lo", _UP_AND_RUNNING, b""))
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener
