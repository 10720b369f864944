# Rich results in every form, then a last expression.
import json


class Page:
    def __repr__(self):
        return "<page é>"

    def _repr_html_(self):
        return "<b>bold é</b>"

    def _repr_markdown_(self):
        return "**bold**"

    def _repr_latex_(self):
        return r"$x^2$"


class Picture:
    def _repr_svg_(self):
        return '<svg xmlns="http://www.w3.org/2000/svg"/>'

    def _repr_png_(self):
        return b"\x89PNG\r\n\x1a\n" + bytes(range(16))

    def _repr_jpeg_(self):
        return None

    def _repr_json_(self):
        return {"a": [1, None, "é"]}

    def __repr__(self):
        return "<picture>"


class Bundle:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": "bundle", "text/html": "<i>bundle</i>", "application/json": json.loads('{"k": 1}')}


display(Page(), Picture())
display("plain text", 42)
print("printed between")
Bundle()
