import difflib
import fnmatch
import re
import shlex
import textwrap

text = "Order #42 from ann@example.org on 2024-02-29, total €1.234,50 👍"
print(re.findall(r"\d+", text), re.search(r"(?P<user>\w+)@(?P<host>[\w.]+)", text).groupdict())
print(re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\3.\2.\1", text), re.split(r"[\s,]+", text)[:4])
print(re.fullmatch(r"(?i)straße", "STRASSE"), re.findall(r"\w+", "naïve Ελλάδα שלום 日本"), re.findall(r"(?a:\w+)", "naïve"))
print(re.sub(r"(?<=a)b(?!c)", "X", "ab abc ab"), re.compile(r"(a+)+$").match("a" * 20) is not None)
try:
    re.compile("(unclosed")
except re.error as error:
    print(error)
print("\n".join(difflib.unified_diff("a b c".split(), "a x c d".split(), lineterm="")))
print(textwrap.fill("The quick brown fox jumps over the lazy dog. " * 2, 30), textwrap.dedent("   a\n    b"))
print(shlex.split("a 'b c' \"d\\\"e\""), fnmatch.filter(["a.py", "b.txt"], "*.py"))
