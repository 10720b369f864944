/** What `sandglass --help` prints. */
export const HELP = `Runs a program inside a WebAssembly sandbox that starts with nothing: no network, no files, no environment.

Usage: sandglass run [FILE | -] [-c CODE] [--lang LANGUAGE] [FLAGS] [--] [ARGS...]
       sandglass inspect FILE | - [--json] [--memory SIZE]

  FILE is copied to /workspace and runs there; its neighbours are not visible unless they are mounted.
  With - (or no FILE and a piped stdin) the program itself is read from stdin.
  The language follows the ending (.py .js .mjs .ts .mts .wasm) unless --lang says otherwise; -c is Python.

Flags
  -c CODE                   run this code
  --lang LANGUAGE           python, javascript, typescript or wasi
  --mount HOST:GUEST[:rw]   copy a file or folder in; read-only, unless :rw, then changes are written back
                            GUEST is absolute, or relative to /workspace; for .wasm it names a preopened folder
  --out DIR                 copy the files the program made or changed under /workspace to DIR
  --restore FILE.snap       start with the files of a snapshot; what is mounted, and the program, cover what it has there
  --save FILE.snap          write all files of the sandbox, mounted ones too, as a snapshot when the program has ended
  --env NAME=VALUE          set an environment variable (the program sees no others of yours)
  --timeout 30s             wall time (ms, s, m, h)
  --memory 512m             memory of the guest language (k, m, g)
  --output-limit 1m         stdout and stderr together
  --file-limit 256m         everything stored in the sandbox's filesystem
  --json                    print one JSON object about the run instead of its output
  --help, --version

inspect says what a WebAssembly module needs, offers and weighs, and whether it runs here, without running it.
  --json                    print one JSON object instead
  --memory 512m             the memory it would have
  Its exit code is 0 when the module runs here, 1 when not, 2 usage.

Exit codes of run: the program's own; 2 usage, or a module that does not run here (126 in the library), 124 timed out,
                   125 the sandbox failed, 130 interrupted, 134 crashed, 137 out of memory or killed, 153 output limit.
`;
