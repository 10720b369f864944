import type { PythonCase } from "../python.testkit.ts";

/** Files: all of POSIX that Python's `os` reaches here, on the filesystem every runtime shares. */
export const FILE_CASES: readonly PythonCase[] = [
  {
    title: "text and bytes are written, appended, read and truncated",
    runs: [
      {
        code: `
with open("t.txt", "w") as f: f.write("h\\u00e9llo\\nworld\\n")
with open("t.txt", "a") as f: f.write("more\\n")
print(open("t.txt").read(), open("t.txt", "rb").read(3))
with open("t.txt", "r+b") as f:
    f.seek(2); f.write(b"??"); f.seek(0, 2); print(f.tell()); f.truncate(6)
print(open("t.txt", "rb").read())
a = open("log", "a"); b = open("log", "a")
a.write("1"); a.flush(); b.write("2"); b.flush(); a.write("3"); a.close(); b.close()
print(open("log").read())
import os
fd = os.open("sparse", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
os.pwrite(fd, b"end", 5); print(os.pread(fd, 10, 0), os.fstat(fd).st_size, oct(os.fstat(fd).st_mode)); os.close(fd)
try: open("t.txt", "x")
except FileExistsError as e: print(e)`,
        expect: {
          stdout:
            "h\u00e9llo\nworld\nmore\n b'h\\xc3\\xa9'\n18\nb'h\\xc3??lo'\n123\nb'\\x00\\x00\\x00\\x00\\x00end' 8 0o100600\n[Errno 20] File exists: 't.txt'\n",
        },
      },
    ],
  },
  {
    title: "directories are made, listed, walked and removed",
    runs: [
      {
        code: `
import os, shutil, pathlib, glob
os.makedirs("a/b/c"); pathlib.Path("a/b/f.txt").write_text("x")
print(sorted(os.listdir("a/b")), [(e.name, e.is_dir()) for e in sorted(os.scandir("a/b"), key=lambda e: e.name)])
print(sorted(os.walk("a")), glob.glob("**/*.txt", recursive=True))
shutil.copytree("a", "copy"); os.rename("copy/b/f.txt", "copy/moved.txt"); print(sorted(str(p) for p in pathlib.Path("copy").rglob("*")))
for call in (lambda: os.rmdir("a"), lambda: os.mkdir("a"), lambda: os.listdir("none"), lambda: os.rename("a", "a/b/x"), lambda: os.unlink("a"), lambda: open("a"), lambda: open("a/b/f.txt/x")):
    try: call()
    except OSError as e: print(type(e).__name__, e.strerror)
shutil.rmtree("a"); print(os.path.exists("a"))
os.chdir("copy"); print(os.getcwd(), os.path.exists("moved.txt"))`,
        expect: {
          stdout:
            "['c', 'f.txt'] [('c', True), ('f.txt', False)]\n" +
            "[('a', ['b'], []), ('a/b', ['c'], ['f.txt']), ('a/b/c', [], [])] ['a/b/f.txt']\n" +
            "['copy/b', 'copy/b/c', 'copy/moved.txt']\n" +
            "OSError Directory not empty\nFileExistsError File exists\nFileNotFoundError No such file or directory\n" +
            "OSError Invalid argument\nIsADirectoryError Is a directory\nIsADirectoryError Is a directory\nNotADirectoryError Not a directory\n" +
            "False\n/workspace/copy True\n",
        },
      },
      { code: "import os; print(os.getcwd())", expect: { stdout: "/workspace\n" } },
    ],
  },
  {
    title: "symlinks, modes and times are kept",
    runs: [
      {
        code: `
import os, stat
open("f", "w").write("data")
os.symlink("f", "link"); os.symlink("/workspace/none", "dangling"); os.symlink("loop", "loop")
print(os.readlink("link"), open("link").read(), os.path.islink("link"), os.lstat("link").st_size, os.path.exists("dangling"))
try: open("loop")
except OSError as e: print(e.strerror)
print(oct(os.stat("f").st_mode)); os.chmod("f", 0o600); print(stat.filemode(os.stat("f").st_mode))
os.utime("f", (1, 1700000000.25)); print(os.stat("f").st_mtime_ns, os.stat("f").st_atime_ns, os.stat("f").st_nlink)
os.umask(0o077); os.mkdir("private"); print(oct(os.stat("private").st_mode), oct(os.umask(0o022)))
print(os.path.getmtime("private"), os.access("f", os.R_OK), os.path.samefile("f", "link"))`,
        expect: {
          stdout:
            "f data True 1 False\nSymbolic link loop\n0o100644\n-rw-------\n1700000000250000000 1000000000 1\n0o40700 0o77\n" +
            "1767323045.678 True True\n",
        },
      },
    ],
  },
  {
    title: "an open file outlives its name, and a mapped file is written back",
    runs: [
      {
        code: `
import os, mmap, tempfile
f = open("gone", "w+"); os.unlink("gone"); f.write("still here"); f.seek(0)
print(f.read(), os.path.exists("gone"), os.fstat(f.fileno()).st_nlink); f.close()
with open("mapped", "w+b") as f:
    f.write(b"0123456789"); f.flush()
    with mmap.mmap(f.fileno(), 0) as m: print(m[2:4], m.find(b"7")); m[0:2] = b"ab"
print(open("mapped").read())
with tempfile.TemporaryDirectory() as d: print(d.startswith("/tmp/"), os.path.isdir(d))
fd = os.open("dup", os.O_CREAT | os.O_WRONLY); other = os.dup(fd); os.close(fd); os.write(other, b"x"); os.close(other); print(open("dup").read())`,
        expect: { stdout: "still here False 0\nb'23' 7\nab23456789\nTrue True\nx\n" },
      },
    ],
  },
  {
    title: "what the host writes between runs is seen, and what it replaces",
    runs: [
      {
        hostFiles: { "/workspace/in.csv": "a,b\n1,2\n", "/data/sub/x.txt": "mounted" },
        code: "import csv\nprint(list(csv.reader(open('in.csv'))), open('/data/sub/x.txt').read())\nf = open('in.csv')",
        expect: { stdout: "[['a', 'b'], ['1', '2']] mounted\n" },
      },
      {
        hostFiles: { "/workspace/in.csv": "changed", "/other/y": "2" },
        code: "import os\nprint(open('in.csv').read(), open('/other/y').read(), os.path.isdir('/data'))",
        expect: { stdout: "changed 2 True\n" },
      },
    ],
  },
  {
    title: "nothing outside the sandbox's filesystem can be written",
    runs: [
      {
        code: `
import os, shutil, tempfile, sys
def attempt(name, call):
    try: call(); print(name, "WRITTEN")
    except OSError as e: print(name, e.strerror)
lib = "/lib/python3.14/site-packages"
attempt("root", lambda: open("/x", "w"))
attempt("root dir", lambda: os.mkdir("/d"))
attempt("lib", lambda: os.open("/lib/x", os.O_CREAT | os.O_WRONLY))
attempt("site", lambda: open(lib + "/evil.py", "w"))
attempt("runner", lambda: open(lib + "/_sandglass.py", "w"))
attempt("runner append", lambda: os.write(os.open(lib + "/_sandglass.py", os.O_WRONLY | os.O_APPEND), b"x"))
attempt("runner r+", lambda: os.write(os.open(lib + "/_sandglass.py", os.O_RDWR), b"x"))
attempt("zip", lambda: os.truncate("/lib/python314.zip", 0))
attempt("unlink", lambda: os.unlink("/lib/python314.zip"))
attempt("rename", lambda: os.rename("/lib", "/lib2"))
attempt("rename in", lambda: (open("/workspace/f", "w").close(), os.rename("/workspace/f", "/lib/f")))
attempt("symlink", lambda: os.symlink("a", "/lib/link"))
attempt("chmod", lambda: os.chmod("/lib", 0o777))
attempt("utime", lambda: os.utime("/lib", (1, 1)))
attempt("dev", lambda: open("/dev/x", "w"))
attempt("shm", lambda: open("/dev/shm/x", "w"))
attempt("proc", lambda: open("/proc/x", "w"))
attempt("through a link", lambda: (os.symlink("/lib", "/workspace/l"), open("/workspace/l/x", "w")))
attempt("rmdir", lambda: os.rmdir("/workspace"))
attempt("fchmod", lambda: os.fchmod(os.open("/lib/python314.zip", os.O_RDONLY), 0o777))
def fill():
    r, w = os.pipe()
    for _ in range(1000): os.write(w, bytes(4096))
attempt("pipe", fill)
print(open("/dev/null", "w").write("x"), len(open("/dev/urandom", "rb").read(4)))`,
        expect: {
          stdout:
            [
              ...[
                "root",
                "root dir",
                "lib",
                "site",
                "runner",
                "runner append",
                "runner r+",
                "zip",
                "unlink",
                "rename",
              ],
            ]
              .map((name) => `${name} Read-only file system\n`)
              .join("") +
            "rename in Cross-device link\n" +
            ["symlink", "chmod", "utime", "dev", "shm", "proc", "through a link"]
              .map((name) => `${name} Read-only file system\n`)
              .join("") +
            "rmdir Resource busy\nfchmod Read-only file system\npipe Resource temporarily unavailable\n1 4\n",
        },
      },
    ],
  },
  {
    title: "the file quota is ENOSPC, and the old content stays",
    limits: { fileBytes: 2 ** 20 },
    runs: [
      {
        code: `
import os, errno, shutil
open("kept", "wb").write(b"k" * 1000)
try:
    with open("big", "wb", buffering=0) as f:
        for _ in range(100): f.write(bytes(65536))
except OSError as e: print(e.errno == errno.ENOSPC, e.strerror)
print(os.path.getsize("kept"), shutil.disk_usage("/workspace").total, os.path.getsize("big") < 2**20)
os.unlink("big"); open("big", "wb").write(bytes(65536)); print(os.path.getsize("big"))`,
        expect: { stdout: "True No space left on device\n1000 1048576 True\n65536\n" },
      },
    ],
  },
];
