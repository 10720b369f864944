/** Programs that leave something behind wherever a program can, each for a reset to undo; some end by an error. */
export const DIRTY: readonly { code: string; error?: string }[] = [
  {
    code: `
import builtins, sys, os, types, json, math, random, warnings, locale, decimal, codecs, gc, signal, atexit, threading
import weakref, collections, time, string, re, logging, linecache, copyreg, abc, contextvars, datetime
left = {"behind": [1, 2, 3]}
builtins.evil = builtins.len
math.pi = 3
json.dumps = None
collections.UserDict.left = 1
string.ascii_letters = "abc"
sys.modules["fake"] = types.ModuleType("fake")
del sys.modules["csv"]
sys.path.append("/nowhere")
sys.path_hooks.clear()
sys.meta_path.append(object())
sys.dont_write_bytecode = False
sys.displayhook = sys.excepthook = print
sys.setrecursionlimit(300)
sys.setswitchinterval(1)
sys.set_int_max_str_digits(0)
sys.ps1 = "evil> "
os.environ["LEFT"] = "behind"
os.putenv("LEFT_TOO", "behind")
os.getcwd = None
os.chdir("/tmp")
os.umask(0o77)
warnings.filterwarnings("error")
warnings.showwarning = print
decimal.getcontext().prec = 3
decimal.DefaultContext.prec = 4
locale.setlocale(locale.LC_ALL, "C")
codecs.register(lambda name: None)
codecs.register_error("left", lambda error: ("", error.end))
copyreg.pickle(complex, None.__class__)
gc.disable(); gc.set_threshold(1, 1, 1); gc.callbacks.append(print)
signal.signal(signal.SIGINT, signal.SIG_IGN)
random.seed(1)
threading.local().left = 1
threading.current_thread().name = "left"
logging.basicConfig(level=1); logging.getLogger("left").setLevel(1)
re.purge(); re.compile("left")
variable = contextvars.ContextVar("left"); variable.set("behind")
class Kept:
    def __del__(self): print("the end of what was left")
kept = Kept()
watch = weakref.ref(kept, lambda _: print("told of the end"))
cycle = [kept]; cycle.append(cycle)
time.sleep = len
sys.unraisablehook = lambda error: None
sys.addaudithook(lambda *_: None)
builtins.len = lambda value: 42
`,
  },
  {
    code: `
import os, sys, io
files = [open(f"/tmp/left-{n}", "w") for n in range(20)]
for file in files: file.write("unflushed")
os.dup2(files[0].fileno(), 2)
pipe = os.pipe(); os.write(pipe[1], b"left")
descriptor = os.open("/lib/python314.zip", os.O_RDONLY)
sys.stdout = sys.__stdout__ = io.StringIO()
sys.stdin = None
os.close(0)
for path in ("/lib/python3.14/site-packages/left.py", "/usr/lib/left", "/left", "/lib/python314.zip"):
    try: open(path, "w").close()
    except OSError: pass
`,
  },
  {
    code: `
import asyncio, sys
async def forever():
    while True: await asyncio.sleep(3600)
loop = asyncio.new_event_loop(); asyncio.set_event_loop(loop)
task = loop.create_task(forever())
loop.run_until_complete(asyncio.sleep(0))
asyncio.get_event_loop_policy()._loop_factory = None
generator = (x for x in range(10)); next(generator)
async def agen(): yield 1
asyncs = agen()
def trace(*_): return trace
sys.settrace(trace); sys.setprofile(lambda *_: None)
sys.monitoring.use_tool_id(3, "left")
`,
  },
  { code: "big = [object()] * 50_000_000" },
  { code: "text = ['x' * 100 for _ in range(200_000)]; del text[::2]\n1 / 0", error: "ZeroDivisionError" },
  {
    code: "import sqlite3; db = sqlite3.connect(':memory:'); db.execute('create table t (a)'); cursor = db.execute('select 1')",
  },
  { code: "def deep(n): return deep(n + 1)\ndeep(0)", error: "RecursionError" },
  { code: "raise SystemExit(3)" },
  { code: "import xml.dom.minidom, html.entities, wave, colorsys" },
];

/** Leaves a function of ours behind in the interpreter's table, which JavaScript holds on to. */
export const DIRTY_FOR_GOOD = "import ctypes; callback = ctypes.CFUNCTYPE(None)(print)";

/** Prints what a program can see of the state of its interpreter. */
export const PROBE = `
import builtins, sys, os, json, math, random, warnings, locale, decimal, codecs, gc, signal, atexit, threading, time
import collections, string, logging, re, asyncio, contextvars, io, csv, hashlib, linecache
print(sorted(globals()))
print(len([1]), hasattr(builtins, "evil"), math.pi, json.dumps([1]), hasattr(collections.UserDict, "left"))
print(string.ascii_letters, "fake" in sys.modules, len(sys.modules), hashlib.sha1(" ".join(sorted(sys.modules)).encode()).hexdigest())
print(sys.path, len(sys.path_hooks), sys.meta_path, sys.dont_write_bytecode, sys.displayhook is sys.__displayhook__)
print(sys.getrecursionlimit(), sys.getswitchinterval(), sys.get_int_max_str_digits(), hasattr(sys, "ps1"))
print(sorted(os.environ.items()), os.getenv("LEFT_TOO"), os.getcwd(), oct(os.umask(0o22)))
print(warnings.filters, decimal.getcontext(), decimal.DefaultContext.prec, locale.setlocale(locale.LC_ALL))
try: codecs.lookup_error("left")
except LookupError as error: print(error)
print(gc.isenabled(), gc.get_threshold(), len(gc.callbacks), signal.getsignal(signal.SIGINT), atexit._ncallbacks())
print(random.random(), random.getrandbits(64), hash("text"), threading.current_thread().name, threading.active_count())
print(logging.root.level, logging.root.handlers, list(logging.root.manager.loggerDict))
print(sys.gettrace(), sys.getprofile(), sys.monitoring.get_tool(3), len(contextvars.copy_context()))
print(sys.stdout.fileno(), sys.stdin.fileno(), sys.stdout is sys.__stdout__, sys.stdout.encoding)
print(len(asyncio.all_tasks(asyncio.get_event_loop())), asyncio.get_event_loop_policy()._loop_factory)
descriptors = []
for descriptor in range(64):
    try: os.fstat(descriptor)
    except OSError: continue
    descriptors.append(descriptor)
print(descriptors, os.path.exists("/left"), os.path.exists("/lib/python3.14/site-packages/left.py"))
print(time.sleep.__module__, sorted(linecache.cache), list(csv.reader(["a,b"])), time.time(), id(object()) == id(object()))
import zipfile
print(zipfile.ZipFile("/lib/python314.zip").testzip(), sys.exc_info())
`;
