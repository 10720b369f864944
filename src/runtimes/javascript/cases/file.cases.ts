import type { JavaScriptCase } from "./case.ts";

/** `node:fs`. */
export const FILE_CASES: readonly JavaScriptCase[] = [
  {
    title: "files are written, read and listed",
    code: "const fs = require('fs');\nfs.mkdirSync('out/deep', { recursive: true });\nfs.writeFileSync('out/a.txt', 'héllo\\n');\nfs.appendFileSync('out/a.txt', new Uint8Array([98, 0, 255]));\nconsole.log(fs.readFileSync('out/a.txt').length, fs.readFileSync('out/a.txt', 'hex'));\nconsole.log(fs.readdirSync('out', { withFileTypes: true }).map((e) => [e.name, e.isDirectory()]), fs.readdirSync('.', { recursive: true }));\nconst s = fs.statSync('out/a.txt');\nconsole.log(s.size, s.isFile(), s.mtime.toISOString(), fs.existsSync('nope'));\nfs.rmSync('out', { recursive: true });\nconsole.log(fs.existsSync('out'));",
    expected: {
      stdout:
        "10 68c3a96c6c6f0a6200ff\n[ [ 'a.txt', false ], [ 'deep', true ] ] [ 'out', 'out/a.txt', 'out/deep' ]\n10 true 2026-01-01T00:00:00.000Z false\nfalse\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "file errors carry node's code, errno, syscall and path",
    code: "const fs = require('node:fs');\nfor (const attempt of [() => fs.readFileSync('/workspace/x'), () => fs.mkdirSync('/tmp'), () => fs.rmdirSync('/workspace/../home'), () => fs.readFileSync('/tmp')]) {\n  try { attempt() } catch (e) { console.log(e.message, '|', e.code, e.errno, e.syscall, e.path) }\n}",
    expected: {
      stdout:
        "ENOENT: no such file or directory, open '/workspace/x' | ENOENT -2 open /workspace/x\nEEXIST: file already exists, mkdir '/tmp' | EEXIST -17 mkdir /tmp\nENOTEMPTY: directory not empty, rmdir '/workspace/../home' | ENOTEMPTY -39 rmdir /workspace/../home\nEISDIR: illegal operation on a directory, read | EISDIR -21 read undefined\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "promises of fs reject with the same errors",
    code: "import { readFile, writeFile } from 'node:fs/promises';\nawait writeFile('p.txt', 'promised');\nconsole.log(await readFile('p.txt', 'utf8'));\nconsole.log(await readFile('q.txt').catch((e) => e.code));",
    expected: {
      stdout: "promised\nENOENT\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "descriptors read and write at positions",
    code: "const fs = require('fs');\nconst fd = fs.openSync('f', 'w+');\nfs.writeSync(fd, 'hello');\nfs.writeSync(fd, 'J', 0);\nconst buffer = Buffer.alloc(8);\nconsole.log(fs.readSync(fd, buffer, 0, 8, 0), buffer.toString('utf8', 0, 5), fs.fstatSync(fd).size);\nfs.closeSync(fd);\ntry { fs.closeSync(fd) } catch (e) { console.log(e.message) }",
    expected: {
      stdout: "5 Jello 5\nEBADF: bad file descriptor, close\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "symlinks, renames, copies, modes and times work",
    code: "const fs = require('fs');\nfs.writeFileSync('a', 'abc');\nfs.symlinkSync('a', 'link');\nfs.copyFileSync('link', 'b');\nfs.renameSync('b', 'c');\nfs.truncateSync('c', 1);\nfs.chmodSync('c', 0o600);\nfs.utimesSync('c', 1, 2);\nconst s = fs.statSync('c');\nconsole.log(fs.readlinkSync('link'), fs.realpathSync('link'), fs.lstatSync('link').isSymbolicLink(), s.size, s.mode.toString(8), s.mtimeMs);\nfs.unlinkSync('a'); fs.unlinkSync('link'); fs.unlinkSync('c');\nconsole.log(fs.readdirSync('.'));",
    expected: {
      stdout: "a /workspace/a true 1 100600 2000\n[]\n",
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "stdin is read at once by descriptor and by name",
    stdin: "one\ntwo\n",
    code: "const fs = require('fs');\nconsole.log(JSON.stringify(fs.readFileSync(0, 'utf8')), JSON.stringify(fs.readFileSync('/dev/stdin', 'utf8')));",
    expected: {
      stdout: '"one\\ntwo\\n" ""\n',
      stderr: "",
      results: [],
      outcome: {
        ended: "exited",
        exitCode: 0,
      },
    },
  },
  {
    title: "a syntax error names file, line and column",
    code: "const a = 1;\nconst b = a +;\n",
    expected: {
      stdout: "",
      stderr:
        "/workspace/main.js:2\nconst b = a +;\n             ^\n\nSyntaxError: Unexpected token ';'\n    at /workspace/main.js:2:14\n",
      results: [],
      outcome: {
        ended: "failed",
        exitCode: 1,
        error: {
          name: "SyntaxError",
          value: "Unexpected token ';'",
          traceback:
            "/workspace/main.js:2\nconst b = a +;\n             ^\n\nSyntaxError: Unexpected token ';'\n    at /workspace/main.js:2:14",
        },
      },
    },
  },
];
