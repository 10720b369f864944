import os
import sys

print(sys.argv)
print(sorted(os.environ.items()))
print(os.environ.get("GREETING"), os.environ.get("MISSING"), os.environb.get(b"UNICODE"))
os.environ["NEW"] = "1"
print(os.environ["NEW"], __name__, __file__)
