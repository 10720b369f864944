/** Values as Jupyter shows them: the last expression, `display()` and matplotlib's figures, each in all the forms it offers. */
export const RESULTS_SOURCE = String.raw`
import base64
import builtins
import io
import json
import sys

from _sandglass_errors import describe_error
from _sandglass_waiting import flush, write_control

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
            bundle[name] = json.loads(value if isinstance(value, (str, bytes)) else _to_json(value))
        else:
            bundle[name] = _as_text(value)
    return bundle


def _method(value, name):
    """A form's method, looked up as IPython does: on the object itself, unless that claims to have every attribute."""
    if isinstance(value, type):
        return None
    try:
        if getattr(value, "_ipython_canary_method_should_not_exist_", None) is not None:
            return None
        method = getattr(value, name, None)
    except Exception:
        return None
    return method if callable(method) else None


def _forms(method, mime=None, **options):
    """What one rich form gives. One that fails is reported as in IPython, and the others are still shown."""
    try:
        answer = method(**options)
        if isinstance(answer, tuple):
            # The second part is metadata.
            answer = answer[0]
        return _bundle({mime: answer} if mime else answer or {})
    except NotImplementedError:
        return {}
    except MemoryError:
        raise
    except Exception as error:
        print(describe_error(error)["traceback"], end="", file=sys.stderr)
        return {}


def _describe(value):
    bundle = {}
    method = _method(value, "_repr_mimebundle_")
    if method is not None:
        bundle.update(_forms(method, include=None, exclude=None))
    for name, mime in _REPR_METHODS.items():
        if _MIMES[mime] not in bundle and (method := _method(value, name)) is not None:
            bundle.update(_forms(method, mime))
    if "text" not in bundle:
        bundle["text"] = repr(value)
    return bundle


def _send(bundle, is_main):
    if bundle:
        flush()
        write_control((b"R\x01" if is_main else b"R\x00") + _to_json(bundle).encode())


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


def show_value(value):
    """Shows the value of a run's last expression."""
    _send(_describe(value), True)


builtins.display = display


# -- matplotlib -------------------------------------------------------------------------------------------------------

def show_figures(*_args, **_kwargs):
    """Shows and closes every open figure."""
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


class PyplotFinder:
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
            module.show = show_figures
        spec.loader.exec_module = exec_module
        return spec
`.trimStart();
