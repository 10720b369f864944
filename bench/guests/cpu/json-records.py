# Records to text and back.
import json
import time

start = time.perf_counter()
records = [
    {"id": i, "name": f"name {i % 97}", "tags": ["a", "b", f"t{i % 7}"], "at": {"x": i * 3, "y": [i, i + 1]}}
    for i in range(2000)
]
total = 0
for _ in range(20):
    text = json.dumps(records, separators=(",", ":"))
    total += len(text)
    records = json.loads(text)
answer = f"{total}/{sum(record['at']['x'] for record in records)}"
print(f"{(time.perf_counter() - start) * 1000} {answer}")
