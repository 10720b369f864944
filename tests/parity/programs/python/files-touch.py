# A file written with the same bytes, one only read, one changed and one removed: what counts as an artifact.
import os

print(open("read.txt").read())
open("same.txt", "w").write("same")
open("changed.txt", "w").write("after")
os.remove("removed.txt")
open("empty.txt", "w").close()
os.mkdir("only-a-folder")
