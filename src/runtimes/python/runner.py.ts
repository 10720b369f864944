/**
 * The Python side of the runtime: a module put beside the standard library. It compiles and runs the user's code in a
 * context of its own, shows values as Jupyter does, and prints tracebacks without the frames that are ours.
 * It speaks to us by strings alone: `run(json) -> json`, and bytes written to the control device while code runs.
 */
export const RUNNER_MODULE = "_sandglass";

/** Where frames that are not the user's come from: the standard library, this module, and frozen modules. */
export function isUserFile(path: string): boolean {
  return !path.startsWith("/lib/python3") && !path.startsWith("<frozen ");
}

export const RUNNER_SOURCE = String.raw`
import ast
import asyncio
import base64
import builtins
import gc
import importlib
import importlib.machinery
import inspect
import io
import json
import linecache
import os
import random
import selectors
import struct
import sys
import time
import traceback
import types
import weakref

_CONTROL = "/dev/sandglass"
_LIBRARY = "/lib/python3"
_MIMES = {
    "text/plain": "text", "text/html": "html", "text/markdown": "markdown", "image/svg+xml": "svg",
    "image/png": "png", "image/jpeg": "jpeg", "application/pdf": "pdf", "text/latex": "latex",
    "application/json": "json", "application/javascript": "javascript",
}
_REPR_METHODS = {
    "_repr_html_": "text/html", "_repr_markdown_": "text/markdown", "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png", "_repr_jpeg_": "image/jpeg", "_repr_pdf_": "application/pdf",
    "_repr_latex_": "text/latex", "_repr_json_": "application/json",
    "_repr_javascript_": "application/javascript",
}
_CO_COROUTINE = inspect.CO_COROUTINE
_MAX_FRAMES = 1000
_contexts = {}
_sources = weakref.WeakKeyDictionary()
_control_fd = -1
_PATH = None
# Pyodide has put a function of its own over this one.
_original_sleep = getattr(time.sleep, "__wrapped__", time.sleep)


# -- the control device -----------------------------------------------------------------------------------------------

def _write_control(command):
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
    _flush()
    until = time.monotonic() + rest
    while rest > 0:
        _write_control(b"S" + struct.pack("<d", rest))
        os.read(_control_fd, 1)
        rest = until - time.monotonic()

sleep.__module__ = "time"
sleep.__qualname__ = "sleep"
time.sleep = sleep


def _flush():
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        try:
            stream.flush()
        except Exception:
            pass


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


def _set_policy():
    asyncio.events._event_loop_policy = _Policy()


_loop = None

def _set_loop():
    """One loop lasts from run to run, and get_event_loop() finds it, as in a notebook."""
    global _loop
    if _loop is None or _loop.is_closed():
        _loop = SandboxEventLoop()
    asyncio.set_event_loop(_loop)


def _run_coroutine(main):
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


# -- values as Jupyter shows them -------------------------------------------------------------------------------------

def _as_text(data):
    if isinstance(data, (bytes, bytearray, memoryview)):
        return base64.b64encode(data).decode("ascii")
    return data if isinstance(data, str) else str(data)


def _bundle(data):
    bundle = {}
    for mime, value in data.items():
        name = _MIMES.get(mime, mime if mime in _MIMES.values() else None)
        if name is None or value is None:
            continue
        if name == "json":
            bundle[name] = json.loads(value) if isinstance(value, (str, bytes)) else value
        else:
            bundle[name] = _as_text(value)
    return bundle


def _describe(value):
    data = {}
    kind = type(value)
    if not isinstance(value, type):
        method = getattr(kind, "_repr_mimebundle_", None)
        if method is not None:
            try:
                answer = value._repr_mimebundle_(include=None, exclude=None)
                data.update(answer[0] if isinstance(answer, tuple) else answer or {})
            except NotImplementedError:
                pass
        for name, mime in _REPR_METHODS.items():
            if mime in data or getattr(kind, name, None) is None:
                continue
            try:
                answer = getattr(value, name)()
            except NotImplementedError:
                continue
            if isinstance(answer, tuple):
                answer = answer[0]
            if answer is not None:
                data[mime] = answer
    if "text/plain" not in data:
        data["text/plain"] = repr(value)
    return _bundle(data)


def _send(bundle, is_main):
    if bundle:
        _flush()
        _write_control((b"R\x01" if is_main else b"R\x00") + _to_json(bundle).encode())


def _to_json(bundle):
    try:
        return json.dumps(bundle, default=str, allow_nan=False)
    except ValueError:
        # JSON has no NaN and no infinities.
        loose = json.dumps(bundle, default=str, skipkeys=True)
        return json.dumps(json.loads(loose, parse_constant=lambda _: None))


def display(*objects, raw=False, include=None, exclude=None, metadata=None, **_ignored):
    """Shows objects as rich results. With raw=True an object is a dict of MIME types to data."""
    for value in objects:
        _send(_bundle(value) if raw else _describe(value), False)

builtins.display = display


# -- matplotlib -------------------------------------------------------------------------------------------------------

def _show_figures(*_args, **_kwargs):
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    for number in pyplot.get_fignums():
        figure = pyplot.figure(number)
        bundle = {}
        for name in ("png", "svg"):
            target = io.BytesIO()
            figure.savefig(target, format=name, bbox_inches="tight")
            bundle[name] = base64.b64encode(target.getvalue()).decode("ascii") if name == "png" else target.getvalue().decode()
        bundle["text"] = repr(figure)
        pyplot.close(figure)
        _send(bundle, False)


class _PyplotFinder:
    """Lets matplotlib.pyplot load as it is, then makes show() display its figures."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name != "matplotlib.pyplot":
            return None
        for finder in sys.meta_path:
            if finder is cls:
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                break
        else:
            return None
        load = spec.loader.exec_module
        def exec_module(module):
            load(module)
            module.show = _show_figures
        spec.loader.exec_module = exec_module
        return spec


# -- JavaScript: there is none for the guest --------------------------------------------------------------------------

class _NoJavaScript:
    _NAMES = {"js", "pyodide", "pyodide_js", "_pyodide", "_pyodide_core"}

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name.partition(".")[0] in cls._NAMES:
            raise ModuleNotFoundError(
                f"No module named {name!r}: code in this sandbox has no access to JavaScript", name=name)
        return None


# -- running ----------------------------------------------------------------------------------------------------------

class _NoInput(io.TextIOBase):
    """Standard input in an engine that cannot suspend Python while a person types."""

    def _refuse(self, *_args):
        raise RuntimeError("interactive input needs a browser or server with JavaScript Promise Integration (JSPI)")

    read = readline = readlines = __next__ = fileno = _refuse

    def readable(self):
        return True


def _open_streams(can_wait):
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


def _context(name, filename):
    module = _contexts.get(name)
    if module is None:
        module = _contexts[name] = types.ModuleType("__main__")
        module.__dict__["__builtins__"] = builtins
    if filename.startswith("/"):
        module.__file__ = filename
    else:
        module.__dict__.pop("__file__", None)
    sys.modules["__main__"] = module
    return module.__dict__


def _forget_directories():
    """Files may have come and gone since the last run. As importlib.invalidate_caches, but the library's zip stays read."""
    for path, finder in list(sys.path_importer_cache.items()):
        if finder is None:
            del sys.path_importer_cache[path]
        elif isinstance(finder, importlib.machinery.FileFinder):
            finder.invalidate_caches()


def _compile(source, filename):
    tree = compile(source, filename, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    def finish(node, mode):
        return compile(node, filename, mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    body = finish(tree, "exec") if tree.body else None
    is_quiet = source.rstrip().endswith(";")
    return body, None if last is None else finish(last, "eval"), is_quiet


async def _execute_async(body, last, scope):
    for code in (body, last):
        value = None
        if code is not None:
            value = eval(code, scope)
            if code.co_flags & _CO_COROUTINE:
                value = await value
    return value


def _execute(body, last, scope):
    if any(code is not None and code.co_flags & _CO_COROUTINE for code in (body, last)):
        return _run_coroutine(_execute_async(body, last, scope))
    if body is not None:
        exec(body, scope)
    return None if last is None else eval(last, scope)


def _run_and_show(body, last, is_quiet, scope):
    """Runs the user's code and shows its value; a stop is raised in there and nowhere else."""
    # The runtime's hook is asked at every 50th turn; it must have been asked once before the user's code begins.
    for _ in range(100):
        pass
    try:
        _write_control(b"I\x01")
        value = _execute(body, last, scope)
        if value is not None and not is_quiet:
            scope["_"] = value
            _send(_describe(value), True)
        _show_figures()
    finally:
        _write_control(b"I\x00")


def _is_ours(filename):
    return filename.startswith((_LIBRARY, "<frozen "))


def _remember(code, lines):
    """Keeps the source a piece of code came from: a later run may use the same file name for other text."""
    _sources[code] = lines
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            _remember(constant, lines)


def _trim(report, error, seen):
    """Cuts the frames that are not the user's from a traceback and all it is chained to; fills in the source lines."""
    if report is None or error is None or id(report) in seen:
        return
    seen.add(id(report))
    codes = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)][-_MAX_FRAMES:]
    for frame, code in zip(report.stack, codes):
        lines = _sources.get(code)
        if lines is not None and frame.lineno and frame.end_lineno:
            shown = lines[frame.lineno - 1:frame.end_lineno]
            frame._lines = "".join(line.rstrip() + "\n" for line in shown)
    report.stack[:] = [frame for frame in report.stack if not _is_ours(frame.filename)]
    _trim(report.__cause__, error.__cause__, seen)
    _trim(report.__context__, error.__context__, seen)
    if report.exceptions:
        for inner, inner_error in zip(report.exceptions, error.exceptions):
            _trim(inner, inner_error, seen)


def _describe_error(error):
    kind = type(error)
    try:
        value = str(error)
    except Exception:
        value = "<exception str() failed>"
    try:
        report = traceback.TracebackException(
            kind, error, error.__traceback__, limit=-_MAX_FRAMES, lookup_lines=False, compact=True)
        _trim(report, error, set())
        text = "".join(report.format())
    except BaseException:
        text = f"{kind.__name__}: {value}\n"
    return {"name": kind.__name__, "value": value, "traceback": text}


def _exit_code(error):
    code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    _flush()
    print(code, file=sys.stderr)
    return 1


def run(request):
    request = json.loads(request)
    filename = request["filename"]
    outcome = {"ended": "exited", "exitCode": 0}
    sys.setrecursionlimit(1000)
    os.environ.clear()
    os.environ.update(request["envs"])
    _open_streams(request["canWait"])
    _set_loop()
    scope = _context(request["contextId"], filename)
    sys.argv = [filename, *request["args"]]
    sys.path[:] = [os.path.dirname(filename) if filename.startswith("/") else request["cwd"], *_PATH]
    _forget_directories()
    linecache.cache.clear()
    source = request["code"]
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    try:
        body, last, is_quiet = _compile(source, filename)
        for code in (body, last):
            if code is not None:
                _remember(code, linecache.cache[filename][2])
        _run_and_show(body, last, is_quiet, scope)
    except SystemExit as error:
        outcome["exitCode"] = _exit_code(error)
    except BaseException as error:
        is_memory = isinstance(error, MemoryError)
        outcome["ended"] = "out-of-memory" if is_memory else "failed"
        outcome["exitCode"] = 137 if is_memory else 130 if isinstance(error, KeyboardInterrupt) else 1
        outcome["error"] = _describe_error(error)
    finally:
        _flush()
    return json.dumps(outcome)


def dispose_context(name):
    _contexts.pop(name, None)
    return ""


def warm(names):
    """Imports what a snapshot keeps ready."""
    for name in json.loads(names):
        importlib.import_module(name)
    _freeze()
    return ""


def _freeze():
    """What is here by now stays: it need not be looked through at every collection."""
    gc.collect()
    gc.freeze()


def prepare():
    """The last changes before the first run, once Pyodide has finished its own start."""
    global _PATH
    sys.dont_write_bytecode = True
    for finder in sys.meta_path:
        getattr(finder, "jsproxies", {}).clear()
    sys.meta_path[:] = [_NoJavaScript, _PyplotFinder, *(
        finder for finder in sys.meta_path if isinstance(finder, type) and finder.__module__ != "_pyodide._importhook")]
    # Emptied as well as dropped: Pyodide keeps references of its own, and through their names JavaScript is in reach.
    for name in list(sys.modules):
        if name.partition(".")[0] in _NoJavaScript._NAMES:
            module = sys.modules.pop(name)
            if isinstance(module, types.ModuleType):
                module.__dict__.clear()
    _PATH = [path for path in sys.path if path]
    # Pyodide's own loop counts as running from its start; ours runs only while it is run.
    asyncio._set_running_loop(None)
    _set_policy()
    asyncio.run = asyncio.runners.run
    time.sleep = sleep


def start(seed):
    """Called once per sandbox, also after a restore: nothing random or dated is shared between sandboxes."""
    global _control_fd
    _control_fd = -1
    prepare()
    if gc.get_freeze_count() == 0:
        _freeze()
    random.seed(int(seed, 16))
    if "logging" in sys.modules:
        sys.modules["logging"]._startTime = time.time_ns()
    return ""
`.trimStart();
