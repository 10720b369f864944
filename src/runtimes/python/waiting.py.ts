/**
 * Where Python meets the world outside: the control device, the standard streams, and everything that waits (sleep and
 * the event loop).
 */
export const WAITING_SOURCE = `
import asyncio
import io
import os
import selectors
import struct
import sys
import time

_CONTROL = "/dev/sandglass"
_control_fd = -1
# Pyodide has put a function of its own over this one.
_original_sleep = getattr(time.sleep, "__wrapped__", time.sleep)


def write_control(command):
    global _control_fd
    try:
        if _control_fd >= 0:
            return os.write(_control_fd, command)
    except OSError:
        pass
    _control_fd = os.open(_CONTROL, os.O_RDWR)
    return os.write(_control_fd, command)


def sleep(seconds, /):
    """Suspends execution for the given number of seconds, which may be a fraction."""
    try:
        rest = float(seconds) if isinstance(seconds, (int, float)) else -1.0
    except OverflowError:
        rest = -1.0
    if not 0 < rest < 2**33:
        return _original_sleep(seconds)
    flush()
    until = time.monotonic() + rest
    while rest > 0:
        write_control(b"S" + struct.pack("<d", rest))
        os.read(_control_fd, 1)
        rest = until - time.monotonic()

sleep.__module__ = "time"
sleep.__qualname__ = "sleep"


def flush():
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        try:
            stream.flush()
        except Exception:
            pass


def prepare():
    """Puts our sleep and our event loop in place of Pyodide's; called again after a restore."""
    global _control_fd
    _control_fd = -1
    time.sleep = sleep
    # Pyodide's own loop counts as running from its start; ours runs only while it is run.
    asyncio._set_running_loop(None)
    asyncio.events._event_loop_policy = _Policy()
    asyncio.run = asyncio.runners.run


# -- the standard streams ---------------------------------------------------------------------------------------------

class _NoInput(io.TextIOBase):
    """Standard input in an engine that cannot suspend Python while a person types."""

    def _refuse(self, *_args):
        raise RuntimeError("interactive input needs a browser or server with JavaScript Promise Integration (JSPI)")

    read = readline = readlines = __next__ = fileno = _refuse

    def readable(self):
        return True


def open_streams(can_wait):
    """Fresh standard streams on descriptors 0, 1 and 2, whatever an earlier run did to its own."""
    def fresh(stream, fd, mode, errors):
        try:
            if not stream.closed and stream.fileno() == fd:
                return stream
        except Exception:
            pass
        return open(fd, mode, encoding="utf-8", errors=errors, closefd=False)
    # Made anew: what an earlier run left unread in the buffer is not this run's input.
    sys.__stdin__ = sys.stdin = open(0, "r", encoding="utf-8", errors="surrogateescape", closefd=False)
    if not can_wait:
        sys.stdin = _NoInput()
    sys.__stdout__ = sys.stdout = fresh(sys.__stdout__, 1, "w", "surrogateescape")
    sys.__stderr__ = sys.stderr = fresh(sys.__stderr__, 2, "w", "backslashreplace")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)


# -- the event loop: CPython's own, whose selector waits by sleeping --------------------------------------------------

class _Selector(selectors.BaseSelector):
    def register(self, fileobj, events, data=None):
        raise NotImplementedError("there are no sockets or pipes to wait for in this sandbox")

    def unregister(self, fileobj):
        raise KeyError(fileobj)

    def select(self, timeout=None):
        if timeout is None:
            # Nothing can wake this loop any more; CPython would wait forever.
            timeout = 3600.0
        if timeout > 0:
            sleep(timeout)
        return []

    def get_map(self):
        return {}


class SandboxEventLoop(asyncio.base_events.BaseEventLoop):
    """An asyncio loop for one thread without sockets: tasks, timers, futures, locks and queues."""

    def __init__(self):
        super().__init__()
        self._selector = _Selector()
        self._clock_resolution = 1e-6

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        pass

    def run_in_executor(self, executor, func, *args):
        future = self.create_future()
        def call():
            if future.cancelled():
                return
            try:
                future.set_result(func(*args))
            except BaseException as error:
                if isinstance(error, (KeyboardInterrupt, SystemExit)):
                    raise
                future.set_exception(error)
        self.call_soon(call)
        return future


class _Policy(asyncio.events._BaseDefaultEventLoopPolicy):
    _loop_factory = SandboxEventLoop


_loop = None

def set_loop():
    """One loop lasts from run to run, and get_event_loop() finds it, as in a notebook."""
    global _loop
    if _loop is None or _loop.is_closed():
        _loop = SandboxEventLoop()
    asyncio.set_event_loop(_loop)


def run_coroutine(main):
    try:
        return _loop.run_until_complete(main)
    finally:
        # What is still running when the code has ended is cancelled, as asyncio.run does.
        try:
            rest = asyncio.all_tasks(_loop)
            for task in rest:
                task.cancel()
            if rest:
                _loop.run_until_complete(asyncio.gather(*rest, return_exceptions=True))
        except RuntimeError:
            pass
`.trimStart();
