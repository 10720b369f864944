/**
 * The Python side of the runtime, put beside the standard library. This module compiles and runs the user's code in a
 * context of its own; `_sandglass_results` shows its values, `_sandglass_errors` tells its errors and
 * `_sandglass_waiting` waits for it. It speaks to us by strings alone: `run(json) -> json`, and bytes written to the
 * control device while code runs.
 */
export const RUNNER_SOURCE = String.raw`
import ast
import atexit
import builtins
import gc
import importlib
import importlib.machinery
import inspect
import json
import linecache
import os
import random
import sys
import time
import types

from _sandglass_errors import describe_error, is_ours, remember
from _sandglass_results import PyplotFinder, show_figures, show_value
from _sandglass_waiting import flush, open_streams, prepare as prepare_waiting, run_coroutine, set_loop, write_control

_CO_COROUTINE = inspect.CO_COROUTINE
_RESERVE_BYTES = 2**20
_contexts = {}
_reserve = None
_register = atexit.register
_PATH = None


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
        return run_coroutine(_execute_async(body, last, scope))
    if body is not None:
        exec(body, scope)
    return None if last is None else eval(last, scope)


def _interruptible(call, *args):
    """Calls the user's code: a stop is raised in there and nowhere else."""
    try:
        write_control(b"I\x01")
        return call(*args)
    finally:
        try:
            write_control(b"I\x00")
        except KeyboardInterrupt:
            # It came just before this was said; the next one is far off.
            write_control(b"I\x00")
            raise


def _run_and_show(body, last, is_quiet, scope):
    value = _execute(body, last, scope)
    if value is not None and not is_quiet:
        scope["_"] = value
        show_value(value)
    show_figures()


def _exit_code(error):
    code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    flush()
    print(code, file=sys.stderr)
    return 1


def _register_at_exit(func, /, *args, **kwargs):
    """Registers a function to be called when this run of the program ends."""
    # The library's own handlers close what later runs go on to use (log files, temporary directories).
    if not is_ours(sys._getframe(1).f_code.co_filename):
        _register(func, *args, **kwargs)
    return func

_register_at_exit.__module__ = "atexit"
_register_at_exit.__name__ = _register_at_exit.__qualname__ = "register"


def _run_exit_handlers():
    if atexit._ncallbacks() > 0:
        try:
            _interruptible(atexit._run_exitfuncs)
        except KeyboardInterrupt:
            pass


def run(request):
    """Runs one piece of code. Answers its outcome as JSON or, should anything fail in here, the failure in words."""
    try:
        return json.dumps(_run(json.loads(request)))
    except MemoryError:
        return "MemoryError"
    except BaseException as error:
        return f"{type(error).__name__}: {error}"


def _run(request):
    global _reserve
    if _reserve is None:
        _reserve = bytearray(_RESERVE_BYTES)
    filename = request["filename"]
    outcome = {"ended": "exited", "exitCode": 0}
    sys.setrecursionlimit(1000)
    sys.settrace(None)
    sys.setprofile(None)
    os.environ.clear()
    os.environ.update(request["envs"])
    open_streams(request["canWait"])
    set_loop()
    scope = _context(request["contextId"], filename)
    sys.argv = [filename, *request["args"]]
    sys.orig_argv = ["python", *sys.argv]
    sys.path[:] = [os.path.dirname(filename) if filename.startswith("/") else request["cwd"], *_PATH]
    _forget_directories()
    linecache.cache.clear()
    source = request["code"]
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    # The runtime's hook is asked at every 50th turn; it must have been asked once before the user's code begins.
    for _ in range(100):
        pass
    try:
        body, last, is_quiet = _compile(source, filename)
        for code in (body, last):
            if code is not None:
                remember(code, linecache.cache[filename][2])
        _interruptible(_run_and_show, body, last, is_quiet, scope)
    except SystemExit as error:
        outcome["exitCode"] = _exit_code(error)
    except BaseException as error:
        is_memory = isinstance(error, MemoryError)
        if is_memory:
            # To tell of it takes memory.
            _reserve = None
        outcome["ended"] = "out-of-memory" if is_memory else "failed"
        outcome["exitCode"] = 137 if is_memory else 130 if isinstance(error, KeyboardInterrupt) else 1
        outcome["error"] = describe_error(error)
    finally:
        _run_exit_handlers()
        flush()
    return outcome


# -- starting ---------------------------------------------------------------------------------------------------------

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


def prepare(_):
    """The last changes before the first run, once Pyodide has finished its own start. A snapshot holds them already."""
    global _PATH
    if _PATH is not None:
        return ""
    sys.dont_write_bytecode = True
    # What CPython says when it does not know.
    sys.executable = sys._base_executable = ""
    for finder in sys.meta_path:
        getattr(finder, "jsproxies", {}).clear()
    sys.meta_path[:] = [_NoJavaScript, PyplotFinder, *(
        finder for finder in sys.meta_path if isinstance(finder, type) and finder.__module__ != "_pyodide._importhook")]
    # Emptied as well as dropped: Pyodide keeps references of its own, and through their names JavaScript is in reach.
    for name in list(sys.modules):
        if name.partition(".")[0] in _NoJavaScript._NAMES:
            module = sys.modules.pop(name)
            if isinstance(module, types.ModuleType):
                module.__dict__.clear()
    _PATH = [path for path in sys.path if path]
    atexit._clear()
    atexit.register = _register_at_exit
    prepare_waiting()
    return ""


def start(seed):
    """Called once per sandbox, also after a restore: nothing random or dated is shared between sandboxes."""
    if gc.get_freeze_count() == 0:
        _freeze()
    random.seed(int(seed, 16))
    if "logging" in sys.modules:
        sys.modules["logging"]._startTime = time.time_ns()
    return ""
`.trimStart();
