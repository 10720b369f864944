import { type Errno, VfsError } from "../../vfs/errors.ts";
import type { FileSystem, Ino, Stat } from "../../vfs/filesystem.ts";
import {
  type EmscriptenFs,
  type EmscriptenModule,
  ERRNO,
  type FsAttributes,
  type FsMount,
  type FsNode,
  type FsType,
  MODE,
  type NodeOps,
  type StreamOps,
} from "./emscripten.ts";

/** A node of ours: it says which inode it stands for and holds nothing else, so nothing can go stale. */
interface VfsNode extends FsNode {
  ino: Ino;
  /** Set between `mknod` and the `chmod` that Emscripten's `open` sends after it. */
  isFresh?: boolean;
}

const BLOCK_BYTES = 4096;

/**
 * The sandbox's filesystem as an Emscripten filesystem type: mount it with `{ path }` to see that directory.
 * `umask` is applied here, because Emscripten's `open` and `mkdir` forget it. Emscripten caches nodes by name; ours are made anew at every lookup, because the host and other runtimes write too.
 */
export function createVfsType(
  module: EmscriptenModule,
  vfs: FileSystem,
  fileBytes: number,
  umask: () => number,
): FsType {
  const { FS } = module;

  const makeNode = (parent: FsNode | null, name: string, ino: Ino, stat = vfs.stat(ino)): VfsNode => {
    const node = new FS.FSNode(parent, name, modeOf(stat), 0) as VfsNode;
    node.ino = ino;
    node.node_ops = stat.type === "directory" ? directoryOps : stat.type === "symlink" ? linkOps : fileOps;
    node.stream_ops = streamOps;
    return node;
  };
  const inoOf = (node: FsNode): Ino => (node as VfsNode).ino;
  const guard = <T>(operation: () => T): T => translateErrors(FS, operation);

  const fileOps: Partial<NodeOps> = {
    getattr: (node) => guard(() => attributesOf(vfs.stat(inoOf(node)))),
    setattr: (node, change) =>
      guard(() => {
        const own = node as VfsNode;
        if (change.mode !== undefined) {
          vfs.setMode(own.ino, change.mode & 0o7777 & ~(own.isFresh ? umask() : 0));
          own.isFresh = false;
          node.mode = (node.mode & MODE.typeMask) | (change.mode & 0o7777);
        }
        if (change.size !== undefined) vfs.truncate(own.ino, change.size);
        if (change.atimeNs !== undefined || change.mtimeNs !== undefined) {
          vfs.setTimes(own.ino, { atimeNs: change.atimeNs, mtimeNs: change.mtimeNs });
        }
      }),
  };
  const linkOps: Partial<NodeOps> = {
    ...fileOps,
    readlink: (node) => guard(() => vfs.readlink(inoOf(node))),
  };
  const directoryOps: Partial<NodeOps> = {
    ...fileOps,
    lookup: (parent, name) => guard(() => makeNode(parent, name, vfs.lookup(inoOf(parent), name))),
    mknod: (parent, name, mode) =>
      guard(() => {
        const permissions = mode & 0o7777 & ~umask();
        const type = mode & MODE.typeMask;
        if (type === MODE.directory) {
          return makeNode(parent, name, vfs.mkdirAt(inoOf(parent), name, permissions));
        }
        if (type !== MODE.file) throw new FS.ErrnoError(ERRNO.EPERM);
        const node = makeNode(parent, name, vfs.create(inoOf(parent), name, permissions));
        node.isFresh = true;
        return node;
      }),
    symlink: (parent, name, target) =>
      guard(() => makeNode(parent, name, vfs.symlinkAt(inoOf(parent), name, target))),
    unlink: (parent, name) => guard(() => vfs.unlinkAt(inoOf(parent), name)),
    rmdir: (parent, name) => guard(() => vfs.rmdirAt(inoOf(parent), name)),
    rename: (node, toParent, toName) =>
      guard(() => vfs.renameAt(inoOf(node.parent), node.name, inoOf(toParent), toName)),
    readdir: (node) => guard(() => [".", "..", ...vfs.readdir(inoOf(node)).map((entry) => entry.name)]),
    statfs: () => {
      const usage = vfs.usage();
      const free = Math.max(0, Math.floor((fileBytes - usage.bytes) / BLOCK_BYTES));
      const blocks = Math.ceil(fileBytes / BLOCK_BYTES);
      return { blocks, bfree: free, bavail: free, files: usage.inodes + free, ffree: free };
    },
  };

  const streamOps: Partial<StreamOps> = {
    open: (stream) => guard(() => vfs.retain(inoOf(stream.node))),
    dup: (stream) => guard(() => vfs.retain(inoOf(stream.node))),
    close: (stream) => guard(() => vfs.release(inoOf(stream.node))),
    read: (stream, heap, offset, length, position) =>
      guard(() => vfs.read(inoOf(stream.node), position, bytesAt(heap, offset, length))),
    write: (stream, heap, offset, length, position) =>
      guard(() => vfs.write(inoOf(stream.node), position, bytesAt(heap, offset, length))),
    llseek: (stream, offset, whence) =>
      guard(() => {
        const base = whence === 1 ? stream.position : whence === 2 ? vfs.stat(inoOf(stream.node)).size : 0;
        if (base + offset < 0) throw new FS.ErrnoError(ERRNO.EINVAL);
        return base + offset;
      }),
    mmap: (stream, length, position) =>
      guard(() => {
        const ino = inoOf(stream.node);
        if (vfs.stat(ino).type !== "file") throw new FS.ErrnoError(ERRNO.ENODEV);
        const ptr = module.mmapAlloc(length);
        if (ptr === 0) throw new FS.ErrnoError(ERRNO.ENOMEM);
        vfs.read(ino, position, module.HEAPU8.subarray(ptr, ptr + length));
        return { ptr, allocated: true };
      }),
    msync: (stream, bytes, offset, length) =>
      guard(() => {
        const ino = inoOf(stream.node);
        // A mapping reaches to the end of its page; what is behind the file's end is not written (POSIX mmap).
        const room = Math.max(0, Math.min(length, vfs.stat(ino).size - offset));
        vfs.write(ino, offset, bytes.subarray(0, room));
        return 0;
      }),
  };

  const type: FsType = {
    mount: (mount: FsMount) => {
      const { path } = mount.opts as { path: string };
      return guard(() => makeNode(null, "/", vfs.resolve(path)));
    },
  };
  // `rename` puts the moved node into Emscripten's name table; ours must never be found there.
  const hashAddNode = FS.hashAddNode.bind(FS);
  FS.hashAddNode = (node) => {
    if (node.mount?.type !== type) hashAddNode(node);
  };
  return type;
}

/** Runs a filesystem call; what it refuses becomes the errno the guest sees. */
export function translateErrors<T>(FS: EmscriptenFs, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    if (error instanceof VfsError) throw new FS.ErrnoError(ERRNO[error.errno satisfies Errno]);
    throw error;
  }
}

function modeOf(stat: Stat): number {
  return (
    stat.mode |
    (stat.type === "directory" ? MODE.directory : stat.type === "symlink" ? MODE.symlink : MODE.file)
  );
}

function attributesOf(stat: Stat): FsAttributes {
  const size = stat.type === "directory" ? BLOCK_BYTES : stat.size;
  return {
    dev: 1,
    ino: stat.ino,
    mode: modeOf(stat),
    nlink: stat.nlink,
    uid: 0,
    gid: 0,
    rdev: 0,
    size,
    blksize: BLOCK_BYTES,
    blocks: Math.ceil(size / 512),
    atime: new Date(Number(stat.atimeNs / 1_000_000n)),
    mtime: new Date(Number(stat.mtimeNs / 1_000_000n)),
    ctime: new Date(Number(stat.ctimeNs / 1_000_000n)),
    atimeNs: stat.atimeNs,
    mtimeNs: stat.mtimeNs,
    ctimeNs: stat.ctimeNs,
  };
}

/** The heap view Emscripten hands over is signed; files are bytes. */
function bytesAt(heap: Int8Array, offset: number, length: number): Uint8Array {
  return new Uint8Array(heap.buffer, heap.byteOffset + offset, length);
}
