import os
import sys

for i in range(5):
    print("out", i)
    print("err", i, file=sys.stderr)
os.write(1, b"fd 1\n")
print("unflushed", end="")
sys.stderr.write("tail")
