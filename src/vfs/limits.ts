/** Caps that hold for every filesystem, whatever its quota. Each cites the system a program would know it from. */

/** One name, in UTF-8 bytes: NAME_MAX of Linux (limits.h). */
export const MAX_NAME_BYTES = 255;
/** One path or symlink target, in UTF-8 bytes: PATH_MAX of Linux (limits.h). Holds for stored paths too, see `InodeTable`. */
export const MAX_PATH_BYTES = 4096;
/** Symlinks followed in one walk: MAXSYMLINKS of Linux (namei.h). */
export const MAX_SYMLINKS = 40;
/** Names of one file: EXT4_LINK_MAX. Bounds what is copied when a mark is followed by a change to such a file. */
export const MAX_LINKS = 65_000;
/** Largest file: typed arrays hold 2^31 - 1 bytes in every engine we meet, wasm32 guests read no more at once. */
export const MAX_FILE_BYTES = 2 ** 31 - 1;
/** Files, directories and symlinks together: at the measured cost below, 60 MB of real memory. */
export const DEFAULT_MAX_INODES = 100_000;
/** Marks alive at once. The host makes them, never the guest: reaching this is a leak in our own code. */
export const MAX_MARKS = 256;

/**
 * Counted for each inode beside its content: its record, times, map slot and buffer. With its name an empty file takes
 * 240 bytes of V8's heap (Node 20, 100,000 in one directory), one of a byte 350 more; 640 + the name's length are counted.
 */
export const INODE_COST_BYTES = 512;
/** Counted for each directory entry beside the bytes of its name: map slot and string header. */
export const NAME_COST_BYTES = 128;
/**
 * Inodes and names are free up to this many bytes, so that the initial tree fits any quota and one file may be exactly
 * as long as the quota says.
 */
export const FREE_OVERHEAD_BYTES = 64 * 2 ** 10;
