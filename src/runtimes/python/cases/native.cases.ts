import type { PythonCase } from "../python.testkit.ts";

/**
 * A C extension of 1 KB, built with clang 14 (`--target=wasm32-unknown-emscripten -fPIC`) and wasm-ld 14
 * (`--experimental-pic -shared`): `twice(n)` by PyLong, `err(_)` by a variable of the interpreter, `root(n)` by libc.
 */
const EXTENSION = [
  "AGFzbQEAAAAAEAhkeWxpbmsuMAEFoAEEAwABHQZgAn9/AX9gAX8Bf2ABfAF8YAF8AX9gAABgAAF/Au4BCwNlbnYGbWVtb3J5AgAB",
  "A2VudhlfX2luZGlyZWN0X2Z1bmN0aW9uX3RhYmxlAXAAAwNlbnYNX19tZW1vcnlfYmFzZQN/AANlbnYMX190YWJsZV9iYXNlA38A",
  "A2VudhBQeU1vZHVsZV9DcmVhdGUyAAADZW52DVB5TG9uZ19Bc0xvbmcAAQNlbnYPUHlMb25nX0Zyb21Mb25nAAEDZW52DFB5T2Jq",
  "ZWN0X1N0cgABA2VudgRjYnJ0AAIDZW52ElB5RmxvYXRfRnJvbURvdWJsZQADB0dPVC5tZW0QUHlFeGNfVmFsdWVFcnJvcgN/AQMH",
  "BgQEBQAAAAcjAhFfX3dhc21fY2FsbF9jdG9ycwAGC1B5SW5pdF90aW55AAgIAQcJCQEAIwELAwkKCwrQAQYEABAHC3IAIwBBNGoj",
  "AEEAajYCACMAQcAAaiMAQeAAajYCACMAQeAAaiMAQQ5qNgIAIwBB5ABqIwFBAGo2AgAjAEHwAGojAEEKajYCACMAQfQAaiMBQQFq",
  "NgIAIwBBgAFqIwBBBWo2AgAjAEGEAWojAUECajYCAAsYACOAgICAAEGggICAAGpB9QcQgICAgAALEwAgARCBgICAAEEBdBCCgICA",
  "AAsRACOCgICAACgCABCDgICAAAsXACABEIGAgIAAtxCEgICAABCFgICAAAsLpwEBACMAC6ABdGlueQByb290AGVycgB0d2ljZQAA",
  "AAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/////2AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "DgAAAAAAAAAIAAAAAAAAAAoAAAABAAAACAAAAAAAAAAFAAAAAgAAAAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADrAQRuYW1lAacB",
  "DAAQUHlNb2R1bGVfQ3JlYXRlMgENUHlMb25nX0FzTG9uZwIPUHlMb25nX0Zyb21Mb25nAwxQeU9iamVjdF9TdHIEBGNicnQFElB5",
  "RmxvYXRfRnJvbURvdWJsZQYRX193YXNtX2NhbGxfY3RvcnMHGF9fd2FzbV9hcHBseV9kYXRhX3JlbG9jcwgLUHlJbml0X3RpbnkJ",
  "BXR3aWNlCgNlcnILBHJvb3QHMAMADV9fbWVtb3J5X2Jhc2UBDF9fdGFibGVfYmFzZQIQUHlFeGNfVmFsdWVFcnJvcgkIAQAFLmRh",
  "dGEALQlwcm9kdWNlcnMBDHByb2Nlc3NlZC1ieQEMRGViaWFuIGNsYW5nBjE0LjAuNgAiD3RhcmdldF9mZWF0dXJlcwErD211dGFi",
  "bGUtZ2xvYmFscw==",
].join("");

/** Native code finds the interpreter's functions by name, though few of them are exports. */
export const NATIVE_CASES: readonly PythonCase[] = [
  {
    title: "a native module finds the interpreter's functions and variables",
    runs: [
      {
        code: `import base64, importlib.machinery, importlib.util
with open("/tmp/tiny.so", "wb") as file: file.write(base64.b64decode("${EXTENSION}"))
loader = importlib.machinery.ExtensionFileLoader("tiny", "/tmp/tiny.so")
tiny = importlib.util.module_from_spec(importlib.util.spec_from_file_location("tiny", "/tmp/tiny.so", loader=loader))
loader.exec_module(tiny)
print(tiny.twice(21), tiny.err(1), tiny.root(27))`,
        expect: { stdout: "42 <class 'ValueError'> 3.0\n" },
      },
    ],
  },
  {
    title: "ctypes finds the interpreter's and the C library's functions",
    runs: [
      {
        code: `import ctypes
ctypes.pythonapi.PyLong_FromLong.restype = ctypes.py_object
print(ctypes.pythonapi.PyLong_FromLong(7), ctypes.CDLL(None).abs(-3))
try: ctypes.CDLL(None).no_such_function
except AttributeError: print("none")`,
        expect: { stdout: "7 3\nnone\n" },
      },
    ],
  },
];
