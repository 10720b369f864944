/** How errors are told: the source lines as they were when the code ran, and only the frames that are the user's. */
export const ERRORS_SOURCE = String.raw`
import sys
import traceback
import types
import weakref

_LIBRARY = "/lib/python3"
_MAX_FRAMES = 1000
_sources = weakref.WeakKeyDictionary()


def is_ours(filename):
    return filename.startswith((_LIBRARY, "<frozen "))


def remember(code, lines):
    """Keeps the source a piece of code came from: a later run may use the same file name for other text."""
    _sources[code] = lines
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            remember(constant, lines)


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
    report.stack[:] = [frame for frame in report.stack if not is_ours(frame.filename)]
    _trim(report.__cause__, error.__cause__, seen)
    _trim(report.__context__, error.__context__, seen)
    if report.exceptions:
        for inner, inner_error in zip(report.exceptions, error.exceptions):
            _trim(inner, inner_error, seen)


def _explain_missing_package(error):
    """Says of a package what its name alone does not: that there are none here."""
    if type(error) is not ModuleNotFoundError or not error.name or getattr(error, "__notes__", None):
        return
    package = error.name.partition(".")[0]
    if package not in sys.stdlib_module_names and package not in ("js", "pyodide", "pyodide_js"):
        error.add_note("There are no packages here: Python has its standard library, and the files beside the program.")


def describe_error(error):
    """Name, words and traceback of an error, as plain data."""
    kind = type(error)
    _explain_missing_package(error)
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
`.trimStart();

/** True for a file that is not of the standard library, of the runtime itself or frozen into the interpreter. */
export function isUserFile(path: string): boolean {
  return !path.startsWith("/lib/python3") && !path.startsWith("<frozen ");
}
