# What is in /tmp and in the home folder works like any file; /tmp is never an artifact.
import os
import tempfile

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "x")
    open(path, "w").write("scratch")
    print(folder.startswith("/tmp/"), open(path).read())
open("/tmp/left-over", "w").write("x")
open(os.path.expanduser("~/note"), "w").write("home")
with tempfile.TemporaryFile() as file:
    file.write(b"abc")
    file.seek(0)
    print(file.read())
open("kept", "w").write("kept")
