import os
import stat

open("target.txt", "w").write("content")
os.symlink("target.txt", "link")
os.symlink("missing", "dangling")
os.symlink("loop-b", "loop-a")
os.symlink("loop-a", "loop-b")
os.mkdir("dir")
os.symlink("../target.txt", "dir/up")
print(os.readlink("link"), open("link").read(), open("dir/up").read(), os.path.realpath("dir/up"))
print(os.path.exists("dangling"), os.path.lexists("dangling"), stat.S_ISLNK(os.lstat("link").st_mode))
for path in ("dangling", "loop-a"):
    try:
        open(path)
    except OSError as error:
        print(path, type(error).__name__, error.errno, error.strerror)
os.chmod("target.txt", 0o640)
print(oct(os.stat("target.txt").st_mode), os.stat("link").st_size, os.lstat("link").st_size)
os.replace("target.txt", "link")
print(os.path.islink("link"), open("link").read())
