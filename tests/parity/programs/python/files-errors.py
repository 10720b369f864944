import os

os.makedirs("d/e")
open("f", "w").close()


def attempt(label, action):
    try:
        print(label, "->", action())
    except OSError as error:
        print(label, "->", type(error).__name__, error.errno, error.strerror, error.filename)


attempt("missing", lambda: open("none"))
attempt("directory", lambda: open("d"))
attempt("through a file", lambda: open("f/x"))
attempt("mkdir twice", lambda: os.mkdir("d"))
attempt("rmdir full", lambda: os.rmdir("d"))
attempt("rmdir file", lambda: os.rmdir("f"))
attempt("unlink dir", lambda: os.unlink("d"))
attempt("rename over full dir", lambda: (os.mkdir("g"), os.rename("g", "d")))
attempt("rename missing", lambda: os.rename("none", "x"))
attempt("rename into itself", lambda: os.rename("d", "d/e/x"))
attempt("exclusive", lambda: open("f", "x"))
attempt("long name", lambda: open("n" * 300, "w"))
attempt("empty name", lambda: open(""))
attempt("write to read-only fd", lambda: os.write(os.open("f", os.O_RDONLY), b"x"))
attempt("closed fd", lambda: os.read(77, 1))
attempt("standard library", lambda: open(os.__file__, "w"))
attempt("dot dot", lambda: os.path.exists("/workspace/../../../etc/passwd"))
try:
    open("a\0b")
except ValueError as error:
    print("ValueError", error)
