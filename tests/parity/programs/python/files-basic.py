import json
import os
from pathlib import Path

Path("out/deep").mkdir(parents=True)
Path("out/deep/a.txt").write_text("α\nβ\n", encoding="utf-8")
Path("out/data.json").write_text(json.dumps({"ключ": [1, 2.5, None, True]}, ensure_ascii=False, indent=1))
with open("out/log.txt", "a") as log:
    log.write("one\n")
with open("out/log.txt", "a") as log:
    log.write("two\n")
os.rename("out/deep/a.txt", "out/renamed.txt")
os.remove("out/data.json")
Path("out/bin").write_bytes(bytes(range(256)) * 3)
with open("out/bin", "r+b") as file:
    file.seek(100)
    file.write(b"patched")
    file.truncate(500)
for root, dirs, names in os.walk("out"):
    dirs.sort()
    for name in sorted(names):
        path = os.path.join(root, name)
        print(path, os.path.getsize(path))
print(Path("out/log.txt").read_text(), sorted(p.name for p in Path("out").iterdir()))
