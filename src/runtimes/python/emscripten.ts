/**
 * The parts of Pyodide's Emscripten module that Sandglass touches, by the names they have in pyodide 314. None of this is
 * public API of Pyodide: the version is pinned, and `python.test.ts` fails when a name is gone.
 */

/** Emscripten numbers errors as WASI preview 1 does. */
export const ERRNO = {
  EACCES: 2,
  EAFNOSUPPORT: 5,
  EAGAIN: 6,
  EBADF: 8,
  EDQUOT: 19,
  EEXIST: 20,
  EFBIG: 22,
  EILSEQ: 25,
  EINTR: 27,
  EINVAL: 28,
  EIO: 29,
  EISDIR: 31,
  ELOOP: 32,
  EMFILE: 33,
  EMLINK: 34,
  ENAMETOOLONG: 37,
  ENODEV: 43,
  ENOENT: 44,
  ENOMEM: 48,
  ENOSPC: 51,
  ENOSYS: 52,
  ENOTDIR: 54,
  ENOTEMPTY: 55,
  EPERM: 63,
  EROFS: 69,
  ESPIPE: 70,
  EXDEV: 75,
} as const;

export const MODE = {
  typeMask: 0o170000,
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  character: 0o020000,
} as const;

export interface FsNode {
  parent: FsNode;
  name: string;
  mode: number;
  rdev: number;
  mount: FsMount;
  node_ops: Partial<NodeOps>;
  stream_ops: Partial<StreamOps>;
  /** On the two ends of a pipe: what lies in it. */
  pipe?: { buckets: { offset: number; roffset: number }[] | null };
}

export interface FsMount {
  type: FsType;
  opts: unknown;
  mountpoint: string;
}

export interface FsType {
  mount(mount: FsMount): FsNode;
}

/** What `stat` answers. The `…Ns` ones are ours: `SYSCALLS.writeStat` is replaced so that nanoseconds arrive. */
export interface FsAttributes {
  dev: number;
  ino: number;
  mode: number;
  nlink: number;
  uid: number;
  gid: number;
  rdev: number;
  size: number;
  blksize: number;
  blocks: number;
  atime: Date;
  mtime: Date;
  ctime: Date;
  atimeNs?: bigint;
  mtimeNs?: bigint;
  ctimeNs?: bigint;
}

/** What `chmod`, `truncate`, `utimensat` (ours) and `chown` (which sends none of these) ask for. */
export interface FsChange {
  mode?: number | undefined;
  size?: number | undefined;
  atimeNs?: bigint | undefined;
  mtimeNs?: bigint | undefined;
}

export interface NodeOps {
  getattr(node: FsNode): FsAttributes;
  setattr(node: FsNode, change: FsChange): void;
  lookup(parent: FsNode, name: string): FsNode;
  mknod(parent: FsNode, name: string, mode: number, rdev: number): FsNode;
  rename(node: FsNode, toParent: FsNode, toName: string): void;
  unlink(parent: FsNode, name: string): void;
  rmdir(parent: FsNode, name: string): void;
  readdir(node: FsNode): string[];
  symlink(parent: FsNode, name: string, target: string): FsNode;
  readlink(node: FsNode): string;
  statfs(root: unknown): { blocks: number; bfree: number; bavail: number; files: number; ffree: number };
}

export interface FsStream {
  fd: number;
  node: FsNode;
  flags: number;
  position: number;
  seekable: boolean;
  stream_ops: Partial<StreamOps>;
}

export interface StreamOps {
  open(stream: FsStream): void;
  close(stream: FsStream): void;
  dup(stream: FsStream): void;
  read(stream: FsStream, heap: Int8Array, offset: number, length: number, position: number): number;
  write(stream: FsStream, heap: Int8Array, offset: number, length: number, position: number): number;
  llseek(stream: FsStream, offset: number, whence: number): number;
  mmap(
    stream: FsStream,
    length: number,
    position: number,
    prot: number,
    flags: number,
  ): { ptr: number; allocated: boolean };
  msync(stream: FsStream, bytes: Uint8Array, offset: number, length: number, flags: number): number;
  /** Ours: bytes now, or a promise of them, or an errno. Called by our `fd_read`, which can suspend the guest. */
  pull(maxBytes: number): Uint8Array | number | Promise<Uint8Array | number>;
}

export interface EmscriptenFs {
  root: FsNode;
  currentPath: string;
  streams: (FsStream | null | undefined)[];
  filesystems: Record<string, FsType>;
  ErrnoError: new (errno: number) => Error & { errno: number };
  FSNode: new (parent: FsNode | null, name: string, mode: number, rdev: number) => FsNode;
  createDevice: { major?: number };
  lookupPath(path: string, options?: { follow?: boolean; parent?: boolean }): { path: string; node: FsNode };
  hashAddNode(node: FsNode): void;
  mount(type: FsType, options: unknown, path: string): FsNode;
  unmount(path: string): void;
  mkdirTree(path: string): void;
  mkdev(path: string, mode: number, rdev: number): FsNode;
  makedev(major: number, minor: number): number;
  registerDevice(rdev: number, ops: Partial<StreamOps>): void;
  open(path: string, flags: number): FsStream;
  close(stream: FsStream): void;
  getStream(fd: number): FsStream | null | undefined;
  chdir(path: string): void;
  unlink(path: string): void;
  rmdir(path: string): void;
  readdir(path: string): string[];
  writeFile(path: string, bytes: Uint8Array, options?: { canOwn?: boolean }): void;
}

export type WasmImports = Record<string, Record<string, unknown>>;
/** Every import of the interpreter that we wrap takes and gives numbers (or 64-bit integers). */
export type WasmFunction = (...args: never[]) => unknown;

/** The module while it is being made: what we hand to the glue. */
export interface EmscriptenSettings {
  API: PyodideApi;
  noInitialRun?: boolean;
  thisProgram?: string;
  arguments: string[];
  preRun: ((module: EmscriptenModule) => void)[];
  print(text: string): void;
  printErr(text: string): void;
  onAbort(reason: unknown): void;
  onExit(code: number): void;
  locateFile(name: string): string;
  instantiateWasm(
    imports: WasmImports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
}

export interface EmscriptenModule extends EmscriptenSettings {
  FS: EmscriptenFs;
  ENV: Record<string, string>;
  HEAP8: Int8Array;
  HEAPU8: Uint8Array<ArrayBuffer>;
  HEAPU32: Uint32Array;
  HEAP64: BigInt64Array;
  HEAP32: Int32Array;
  SYSCALLS: {
    writeStat(buffer: number, attributes: FsAttributes): number;
    getStr(address: number): string;
    calculateAt(directory: number, path: string): string;
  };
  PIPEFS: { stream_ops: Pick<StreamOps, "write"> };
  MEMFS: {
    ops_table: Record<
      "dir" | "file" | "link" | "chrdev",
      { node: Partial<NodeOps>; stream: Partial<StreamOps> }
    >;
  };
  jspiSupported: boolean;
  exitCode?: number;
  mmapAlloc(size: number): number;
  growMemory(bytes: number): 1 | undefined;
  /** 0 when there is no room. */
  _malloc(bytes: number): number;
  _free(address: number): void;
  _Py_EMSCRIPTEN_SIGNAL_HANDLING: number;
  _Py_Version: number;
  _PyGC_Collect(): number;
  /** `name` and `text` are addresses of UTF-8 that a zero byte ends; results are new references. */
  _PyImport_ImportModule(name: number): PyObject;
  _PyObject_GetAttrString(object: PyObject, name: number): PyObject;
  _PyObject_CallOneArg(callee: PyObject, argument: PyObject): PyObject;
  _PyUnicode_FromStringAndSize(text: number, bytes: number): PyObject;
  /** The address of the text, whose length is written to `size`. */
  _PyUnicode_AsUTF8AndSize(object: PyObject, size: number): number;
  _Py_DecRef(object: PyObject): void;
  _PyErr_Clear(): void;
  _PyThreadState_Get(): number;
  _PyUnstable_ThreadState_SetStackProtection(thread: number, lowest: number, bytes: number): number;
  _emscripten_stack_get_base(): number;
  /** Where the end of the heap is kept. */
  _emscripten_get_sbrk_ptr(): number;
  wasmTable: WebAssembly.Table;
}

/** Address of a Python object; 0 is none. */
export type PyObject = number;

export interface PyodideApi {
  config: Record<string, unknown>;
  runtimeEnv: Record<string, boolean>;
  sitePackages?: string;
  public_api: { _api: PyodideApi };
  on_fatal?: (error: unknown) => void;
  /** Writes Python's stack, tells `on_fatal` and throws `error`. */
  fatal_error(error: unknown): void;
  /** Ours: the memory is of a Python that had finished its start; only JavaScript's part of it is left to do. */
  isStarted?: boolean;
  sys: { path: { insert(index: number, path: string): void } };
  finalizeBootstrap(values?: unknown): unknown;
  /** The JavaScript values Python holds by number, so that a later one can hold the same. */
  serializeHiwireState(): unknown;
}

export type CreateEmscriptenModule = (settings: EmscriptenSettings) => Promise<EmscriptenModule>;
