# Patterns over a log: groups, alternatives, back references, replacement.
import re
import time

start = time.perf_counter()
text = "\n".join(
    f"2026-11-{i % 28 + 1:02d} host{i % 13} GET /path/{i}/item?id={i * 7 % 1000} {200 + i % 5} aa{i % 10}aa{i % 10}"
    for i in range(4000)
)
found = 0
for _ in range(4):
    for pattern in (
        r"(\d{4})-(\d\d)-(\d\d) host(\d+)",
        r"(?:GET|POST|PUT) (/[a-z]+)+",
        r"id=(\d*7)\b",
        r"(aa\d)\1",
        r"[a-z]+\d+[^ ]* 20[1-3]",
    ):
        found += len(re.findall(pattern, text))
replaced = re.sub(r"host(\d+) (GET)", r"\2 of \1", text)
answer = f"{found}/{len(replaced)}"
print(f"{(time.perf_counter() - start) * 1000} {answer}")
