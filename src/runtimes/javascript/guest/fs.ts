/** `node:fs` and `node:fs/promises` over the sandbox's filesystem. Every call is one request to the host. */
export const FS = `
const pathText = (value, name = "path") => {
  if (typeof value === "string") return value;
  if (isUint8Array(value)) return utf8Decode(value);
  if (isObject(value) && isInstance(value, globalThis.URL) && value.protocol === "file:") return decodeURIComponent(value.pathname);
  throw codedError(NativeTypeError, "ERR_INVALID_ARG_TYPE",
    'The "' + name + '" argument must be of type string or an instance of Buffer or URL. Received ' + receivedText(value));
};
const encodingOf = (options) => (typeof options === "string" ? options : isObject(options) ? options.encoding : undefined);
const dataBytes = (data, options) => {
  if (typeof data === "string") return encodeText(data, encodingOf(options));
  if (isView(data) || isArrayBuffer(data)) return new NativeUint8Array(exactBuffer(data));
  throw codedError(NativeTypeError, "ERR_INVALID_ARG_TYPE",
    'The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received ' + receivedText(data));
};
const KIND_BITS = { __proto__: null, file: 0o100000, directory: 0o040000, symlink: 0o120000, character: 0o020000 };
class Kind {
  #type;
  constructor(type) {
    this.#type = type;
  }
  isFile() {
    return this.#type === "file";
  }
  isDirectory() {
    return this.#type === "directory";
  }
  isSymbolicLink() {
    return this.#type === "symlink";
  }
  isCharacterDevice() {
    return this.#type === "character";
  }
  isBlockDevice() {
    return false;
  }
  isFIFO() {
    return false;
  }
  isSocket() {
    return false;
  }
}
class Stats extends Kind {
  constructor(stat) {
    super(stat.type);
    this.dev = 1;
    this.mode = KIND_BITS[stat.type] | stat.mode;
    this.nlink = stat.nlink;
    this.uid = 0;
    this.gid = 0;
    this.rdev = 0;
    this.blksize = 4096;
    this.ino = stat.ino;
    this.size = stat.size;
    this.blocks = NativeMathCeil(stat.size / 512);
    this.atimeMs = stat.atimeMs;
    this.mtimeMs = stat.mtimeMs;
    this.ctimeMs = stat.ctimeMs;
    this.birthtimeMs = stat.ctimeMs;
    this.atime = new NativeDate(stat.atimeMs);
    this.mtime = new NativeDate(stat.mtimeMs);
    this.ctime = new NativeDate(stat.ctimeMs);
    this.birthtime = new NativeDate(stat.ctimeMs);
  }
}
class Dirent extends Kind {
  constructor(entry) {
    super(entry.type);
    this.name = entry.name;
    this.parentPath = entry.parent;
    this.path = entry.parent;
  }
}
const NativeMathCeil = Math.ceil;
const toSeconds = (time) => (isDate(time) ? dateGetTime(time) / 1000 : typeof time === "string" ? +time : time);
const modeOf = (options, fallback) => {
  const mode = isObject(options) ? options.mode : typeof options === "number" ? options : undefined;
  return typeof mode === "string" ? nativeParseInt(mode, 8) : mode ?? fallback;
};
const constants = {
  F_OK: 0, X_OK: 1, W_OK: 2, R_OK: 4, O_RDONLY: 0, O_WRONLY: 1, O_RDWR: 2, O_CREAT: 64, O_EXCL: 128, O_TRUNC: 512, O_APPEND: 1024,
  COPYFILE_EXCL: 1, S_IFMT: 0o170000, S_IFREG: 0o100000, S_IFDIR: 0o040000, S_IFLNK: 0o120000,
};
const readBytes = (target) => {
  if (target === 0 || target === "/dev/stdin") return readStdinNow();
  return new NativeUint8Array(typeof target === "number" ? host("fs.readAllFd", target) : host("fs.readFile", pathText(target)));
};
const sync = {
  readFile(target, options) {
    const bytes = readBytes(target), encoding = encodingOf(options);
    return encoding === undefined || encoding === null || encoding === "buffer" ? toBuffer(typedBuffer(bytes)) : decodeBytes(bytes, encoding);
  },
  writeFile(target, data, options) {
    const bytes = dataBytes(data, options), flag = isObject(options) ? options.flag : undefined;
    if (target === 1 || target === 2) return void hostBytes("out.bytes", exactBuffer(bytes), target - 1);
    if (typeof target === "number") return void hostBytes("fs.writeFd", exactBuffer(bytes), target, null);
    hostBytes("fs.writeFile", exactBuffer(bytes), pathText(target), flag ?? "w", modeOf(options, 0o666));
  },
  appendFile(target, data, options) {
    sync.writeFile(target, data, { encoding: encodingOf(options), mode: modeOf(options, 0o666), flag: "a" });
  },
  exists: (target) => {
    try {
      return host("fs.exists", pathText(target));
    } catch {
      return false;
    }
  },
  access: (target) => {
    host("fs.stat", pathText(target), true, "access");
  },
  stat: (target, options) => statOf("stat", target, true, options),
  lstat: (target, options) => statOf("lstat", target, false, options),
  fstat: (fd) => new Stats(host("fs.fstat", fd)),
  readdir(target, options) {
    const withTypes = isObject(options) && options.withFileTypes === true;
    const found = host("fs.readdir", pathText(target), isObject(options) && options.recursive === true), result = [];
    for (let i = 0; i < found.length; i++) result[i] = withTypes ? new Dirent(found[i]) : found[i].relative;
    return result;
  },
  mkdir: (target, options) =>
    host("fs.mkdir", pathText(target), isObject(options) && options.recursive === true, modeOf(options, 0o777)) ?? undefined,
  mkdtemp: (prefix) => host("fs.mkdtemp", pathText(prefix, "prefix")),
  rm: (target, options) => {
    host("fs.rm", pathText(target), isObject(options) && options.recursive === true, isObject(options) && options.force === true);
  },
  rmdir: (target, options) => {
    if (isObject(options) && options.recursive === true) return sync.rm(target, { recursive: true });
    host("fs.rmdir", pathText(target));
  },
  unlink: (target) => {
    host("fs.unlink", pathText(target));
  },
  rename: (from, to) => {
    host("fs.rename", pathText(from, "oldPath"), pathText(to, "newPath"));
  },
  copyFile: (from, to, mode) => {
    host("fs.copyFile", pathText(from, "src"), pathText(to, "dest"), mode ?? 0);
  },
  cp: (from, to, options) => {
    host("fs.cp", pathText(from, "src"), pathText(to, "dest"), isObject(options) && options.recursive === true);
  },
  symlink: (target, at) => {
    host("fs.symlink", pathText(target, "target"), pathText(at));
  },
  link: (from, to) => {
    host("fs.link", pathText(from, "existingPath"), pathText(to, "newPath"));
  },
  readlink: (target) => host("fs.readlink", pathText(target)),
  realpath: (target) => host("fs.realpath", pathText(target)),
  truncate: (target, length = 0) => {
    host("fs.truncate", pathText(target), length);
  },
  ftruncate: (fd, length = 0) => {
    host("fs.ftruncate", fd, length);
  },
  chmod: (target, mode) => {
    host("fs.chmod", pathText(target), typeof mode === "string" ? nativeParseInt(mode, 8) : mode);
  },
  chown: () => {},
  utimes: (target, atime, mtime) => {
    host("fs.utimes", pathText(target), toSeconds(atime), toSeconds(mtime));
  },
  open: (target, flags = "r", mode) => host("fs.open", pathText(target), flags, modeOf(mode, 0o666)),
  close: (fd) => {
    host("fs.close", fd);
  },
  fsync: () => {},
};
const statOf = (call, target, follow, options) => {
  try {
    return new Stats(host("fs.stat", pathText(target), follow, call));
  } catch (error) {
    if (isObject(options) && options.throwIfNoEntry === false && error.code === "ENOENT") return undefined;
    throw error;
  }
};
const readSync = (fd, buffer, offset, length, position) => {
  if (isObject(offset)) ({ offset, length, position } = offset);
  offset ??= 0;
  length ??= buffer.byteLength - offset;
  const bytes = new NativeUint8Array(fd === 0 ? host("stdin.readNow", length) : host("fs.readFd", fd, length, position ?? null));
  typedSet(new NativeUint8Array(typedBuffer(buffer), typedOffset(buffer), typedByteLength(buffer)), bytes, offset);
  return typedLength(bytes);
};
const writeSync = (fd, data, offset, length, position) => {
  let bytes;
  if (typeof data === "string") {
    bytes = encodeText(data, typeof length === "string" ? length : "utf8");
    position = offset;
  } else {
    if (isObject(offset)) ({ offset, length, position } = offset);
    const all = new NativeUint8Array(exactBuffer(data));
    bytes = typedSubarray(all, offset ?? 0, length === undefined || length === null ? undefined : (offset ?? 0) + length);
  }
  if (fd === 1 || fd === 2) {
    hostBytes("out.bytes", exactBuffer(bytes), fd - 1);
    return typedLength(bytes);
  }
  return hostBytes("fs.writeFd", exactBuffer(bytes), fd, typeof position === "number" ? position : null);
};
const fs = { constants, Stats, Dirent, readSync, writeSync };
const promises = { constants };
/** Each call three times: with Sync, with a callback, as a promise. */
for (const name of objectKeys(sync)) {
  const call = sync[name];
  fs[name + "Sync"] = hide(call, "name", name + "Sync") && call;
  fs[name] = (...args) => {
    const callback = args[args.length - 1];
    requireFunction(callback);
    args.length--;
    let error = null, value;
    try {
      value = call(...args);
    } catch (thrown) {
      error = thrown;
    }
    startTimer("immediate", () => {
      if (name === "exists") callback(value);
      else if (error !== null) callback(error);
      else callback(null, value);
    }, 0, []);
  };
  if (name !== "exists" && name[0] !== "f" && name !== "open" && name !== "close") {
    promises[name] = async (target, ...args) => {
      if ((name === "readFile") && (target === "/dev/stdin")) {
        const bytes = await readStdinLater(), encoding = encodingOf(args[0]);
        return encoding === undefined || encoding === null ? toBuffer(typedBuffer(bytes)) : decodeBytes(bytes, encoding);
      }
      return call(target, ...args);
    };
  }
}
fs.realpathSync.native = fs.realpathSync;
const readStdinLater = async () => {
  const parts = [];
  for (;;) {
    const bytes = await hostLater("stdin.next", 65536);
    if (bufferLength(bytes) === 0) return Buffer.concat(parts);
    parts[parts.length] = new NativeUint8Array(bytes);
  }
};
class FileHandle {
  constructor(fd) {
    this.fd = fd;
  }
  async read(buffer, offset, length, position) {
    return { bytesRead: readSync(this.fd, buffer, offset, length, position), buffer };
  }
  async write(data, offset, length, position) {
    return { bytesWritten: writeSync(this.fd, data, offset, length, position), buffer: data };
  }
  async readFile(options) {
    return sync.readFile(this.fd, options);
  }
  async writeFile(data, options) {
    sync.writeFile(this.fd, data, options);
  }
  async appendFile(data, options) {
    sync.writeFile(this.fd, data, options);
  }
  async stat() {
    return sync.fstat(this.fd);
  }
  async truncate(length) {
    sync.ftruncate(this.fd, length);
  }
  async close() {
    sync.close(this.fd);
  }
}
promises.open = async (...args) => new FileHandle(sync.open(...args));
fs.promises = promises;
`;
