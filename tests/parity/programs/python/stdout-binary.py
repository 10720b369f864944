import os
import sys

sys.stdout.buffer.write(bytes(range(256)))
sys.stdout.flush()
os.write(1, b"\xff\xfe raw \x00\n")
sys.stderr.buffer.write(b"\x80err\n")
sys.stdout.write("no newline at the end")
