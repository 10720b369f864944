# Data nested deeper than the C stack ends the interpreter; what was printed and written before stays.
import json

print(len(json.dumps(json.loads("[" * 1000 + "]" * 1000))))
open("kept.txt", "w").write("kept")
json.loads("[" * 100_000)
print("never")
