/** What the fixtures print, whole. */

export const ARGUMENTS = `5 arguments
0 [arguments.wasm] 14
1 [plain] 5
2 [] 0
3 [naïve ☃] 10
4 [𝒳 & 
] 8
4 variables
[PLAIN=1] 7
[GREETING=grüß dich] 20
[EMPTY=] 6
[MATH=a=b] 8
`;

export const WORDCOUNT = `     3      3     14 /workspace/docs/a.txt
     1      2     10 /workspace/docs/b.txt
     1      2     13 /workspace/docs/deep/er/ü.txt
     0      0      0 /workspace/docs/empty.txt
     0      1      1 more/x
     5      8     38 in 5 files
`;

export const FILES = `# creating and appending
write a.txt: 3
write a.txt: 4
write a.txt: 6
a.txt: one two three
open a.txt: EEXIST
write a.txt: 3
a.txt: ONE two three
write a.txt: 5
a.txt: short
open none.txt: ENOENT
open missing/a.txt: ENOENT
open a.txt/b: ENOTDIR
open new/: EISDIR
open("a.txt", O_RDONLY | O_DIRECTORY): ENOTDIR
open("a.txt/", O_RDONLY): ENOTDIR
open("", O_RDONLY): 6
write(append, "12345", 5): 5
lseek(append, 0, SEEK_SET): 0
write(append, "67", 2): 2
lseek(append, 0, SEEK_CUR): 7
log: 1234567
# seeking
write(fd, "0123456789", 10): 10
lseek(fd, 2, SEEK_SET): 2
lseek(fd, 3, SEEK_CUR): 5
lseek(fd, -1, SEEK_END): 9
lseek(fd, -1, SEEK_SET): EINVAL
lseek(fd, 15, SEEK_SET): 15
write(fd, "end", 3): 3
s: 0123456789\\0\\0\\0\\0\\0end
pread(fd, buffer, 3, 4): 3
[456]
pwrite(fd, "ABC", 3, 1): 3
lseek(fd, 0, SEEK_CUR): 18
pread(fd, buffer, 3, -1): EINVAL
pread(fd, buffer, 3, 100): 0
ftruncate(fd, 5): 0
s: 0ABC4
ftruncate(fd, 8): 0
s: 0ABC4\\0\\0\\0
ftruncate(fd, -1): EINVAL
posix_fallocate(fd, 4, 8): 0
s: 0ABC4\\0\\0\\0\\0\\0\\0\\0
read(fd, buffer, 3): 0
write(fd, "x", 1): EBADF
write(fd, "x", 1): EBADF
ftruncate(fd, 0): EINVAL
read(fd, buffer, 1): EBADF
lseek(1, 0, SEEK_SET): ESPIPE
# renaming and removing
write r1: 2
write r2: 2
mkdir("d", 0755): 0
mkdir("d", 0755): EEXIST
mkdir("d/", 0755): EEXIST
mkdir("missing/d", 0755): ENOENT
mkdir("slash/", 0755): 0
rename("r1", "r2"): 0
r2: r1
rename("r1", "r3"): ENOENT
rename("r2", "d"): EISDIR
rename("r2", "d/moved"): 0
rename("d", "r2"): 0
rename("d", "d/inside"): ENOENT
rename("d", "slash"): ENOENT
mkdir("d", 0755): 0
rename("slash", "d/"): 0
rename("a.txt", "b/"): ENOTDIR
rename("a.txt/", "b"): ENOTDIR
d/moved: ENOENT
rmdir("d"): 0
unlink("d"): ENOENT
rmdir("d/moved"): ENOENT
unlink("d/moved/"): ENOENT
unlink("d/moved"): ENOENT
unlink("d/moved"): ENOENT
rmdir("d/"): ENOENT
rmdir("d"): ENOENT
rmdir("."): EINVAL
write(fd, "still here", 10): 10
unlink("ghost"): 0
pread(fd, buffer, 10, 0): 10
[still here]
fstat(fd, &info): 0
links 0
# links
write t: 6
symlink("t", "sym"): 0
symlink("t", "sym"): EEXIST
sym: target
readlink("sym", target, sizeof target): 1
[t]
readlink("sym", target, 0): 0
readlink("t", target, sizeof target): EINVAL
lstat("sym", &first): 0
symlink 1, size 1
stat("sym", &first): 0
file 1, size 6
symlink("loop2", "loop1"): 0
symlink("loop1", "loop2"): 0
open("loop1", O_RDONLY): ELOOP
open("sym", O_RDONLY | O_NOFOLLOW): ELOOP
symlink("nowhere", "dangling"): 0
open("dangling", O_RDONLY): ENOENT
write dangling: 22
nowhere: made through a symlink
link("t", "hard"): 0
link("t", "hard"): EEXIST
link("t", "sym"): EEXIST
link("t", "x/"): ENOENT
link("missing", "x"): ENOENT
mkdir("ld", 0755): 0
link("ld", "x"): EPERM
stat("t", &first): 0
stat("hard", &second): 0
same file 1, links 2
write hard: 5
t: target grew
unlink("t"): 0
hard: target grew
sym: ENOENT
symlink("ld", "to-dir"): 0
mkdir("to-dir/inner", 0755): 0
stat("ld/inner", &first): 0
rmdir("to-dir"): ENOTDIR
unlink("to-dir/"): ENOTDIR
lstat("to-dir/", &first): 0
directory 1
unlink("to-dir"): 0
# times
write clock: 4
utimensat(AT_FDCWD, "clock", stamps, 0): 0
stat("clock", &info): 0
atime 1000000000.123456789
mtime 1700000000.987654321
futimens(fd, NULL): 0
fstat(fd, &info): 0
later 0 0
`;

export const PATHS = `open("/etc/passwd", O_RDONLY): ENOENT
open("../secret", O_RDONLY): EPERM
open("../../../../../../etc/passwd", O_RDONLY): EPERM
open("/workspace/../secret", O_RDONLY): EPERM
open("/workspace/./inside.txt", O_RDONLY) > 2: 1
symlink("../secret", "escape"): 0
open("escape", O_RDONLY): EPERM
symlink("/secret", "absolute"): EPERM
open("absolute", O_RDONLY): ENOENT
symlink("..", "up"): 0
open("up/secret", O_RDONLY): EPERM
open("up/workspace/inside.txt", O_RDONLY): EPERM
open("up/evil", O_CREAT | O_WRONLY, 0644): EPERM
mkdir("up/evil", 0755): EPERM
rename("inside.txt", "up/inside.txt"): EPERM
link("escape", "stolen") == 0: 1
open("stolen", O_RDONLY): EPERM
fd 3 [/secret]: EPERM
fd 3 [..]: EPERM
fd 3 [../secret]: EPERM
fd 3 [sub/../../secret]: EPERM
fd 3 [sub/../inside.txt]: opened
fd 3 [./././inside.txt]: opened
fd 3 [sub//../inside.txt]: opened
fd 3 [inside.txt\\x00.png]: EINVAL
fd 3 [\\xff\\xfe]: EILSEQ
fd 3 [\\xed\\xa0\\x80]: EILSEQ
fd 3 []: ENOENT
fd 3 [.]: opened
5000 bytes: ENAMETOOLONG
300 bytes: ENAMETOOLONG
empty target: ENOENT
fd 1 [inside.txt]: ENOTDIR
fd 77 [inside.txt]: EBADF
fd -1 [inside.txt]: EBADF
`;

export const DESCRIPTORS = `# numbers
next to each other 1
open("two", O_RDONLY) == first: 1
write(second, "second", 6): 6
renumber 0
lseek(first, 0, SEEK_CUR): 6
renumber closed: EBADF
renumber to closed: EBADF
renumber to itself 0
lseek(first, 0, SEEK_CUR): 6
close(first): 0
close(first): EBADF
no more: EMFILE, highest 1023
no more: -1 EMFILE
access("never", F_OK): ENOENT
# flags and rights
fcntl(fd, F_GETFL) & O_APPEND: 0
write(fd, "abc", 3): 3
fcntl(fd, F_SETFL, O_APPEND): 0
append 1
lseek(fd, 0, SEEK_SET): 0
write(fd, "def", 3): 3
pwrite(fd, "ghi", 3, 0): 3
lseek(fd, 0, SEEK_END): 9
fdstat 0
type 4, read 1, write 1
give up writing 0
write(fd, "x", 1): EBADF
take it back: ENOTCAPABLE
bad flags: EINVAL
bad times: EINVAL
bad advice: EINVAL
advice 0
fsync(fd): 0
fdatasync(fd): 0
terminals 0 1
shutdown(1, SHUT_RD): ENOTSOCK
shutdown(99, SHUT_RD): EBADF
accept(1, NULL, NULL): ENOTSOCK
# preopens
3: 1 bytes, [.], too short: ENAMETOOLONG
4: EBADF
# listing while it changes
seen 52
same place 1
new after rewinding 50
read(fd, &byte, 1): EISDIR
write(fd, &byte, 1): EISDIR
openat(fd, "new-02", O_RDONLY) > 2: 1
openat(fd, "../one", O_RDONLY): EPERM
`;

export const CLOCKS = `clock_getres(CLOCK_REALTIME, &step): 0
realtime step 1000000 ns
clock_getres(CLOCK_MONOTONIC, &step): 0
monotonic step 100000 ns
after 2020: 1
later 1000 times of 1000
nanosleep(&nap, NULL): 0
slept 30 ms: 1, under 2 s: 1
clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL): 0
slept until: 1
clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &past, NULL): 0
usleep(1000): 0
1970-01-01T00:00:00Z
`;

export const POLL = `poll(fds, 2, 1000): 2
stdin 1, stdout 1
read(0, line, sizeof line - 1): 7
[a line
]
poll(fds, 1, 1000): 1
read(0, line, sizeof line): 0
poll(NULL, 0, 10): 0
three clocks 0
2 events: 11 12, error 0, type 0
none: EINVAL
bad clock 0
1 event, error EINVAL
bad descriptor 0
1 event, error EBADF
bad type: EINVAL
bad list: EFAULT
`;

export const RANDOM = `random_get 0
values too rare or too frequent: 0
behind the end: 0
getentropy(few, sizeof few): 0
out of range: EFAULT
`;

export const QUOTA = `15 blocks, then ENOSPC
ftruncate(fd, 1LL << 40): ENOSPC
whole blocks only: 1
ftruncate(fd, 0): 0
write(fd, block, 1000): 1000
`;

export const SNAPSHOT0 = `open 0
write 0
back by 3: 7
one before the end: 9
from the start: 4
stat 0
type 4
links 1
size 10
modified 1
behind 42
stat by path 0
size 10
poll 0
events 1
which 2
list is as before 1000000
`;

export const DESCRIPTOR_FILES: Readonly<Record<string, string>> = {
  "/workspace/flags": "abcdefghi",
  "/workspace/one": "",
  "/workspace/two": "second",
  ...Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [
      `/workspace/list/new-${String(index + 2).padStart(2, "0")}`,
      "",
    ]),
  ),
};

export const MOUNTED = `     1      1      2 fs-tests.dir/a
     1      1      2 //b
     1      1      2 //etc/c
     1      1      2 /etc/c
     4      4      8 in 4 files
`;
