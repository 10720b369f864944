// One kind of work, so many times, timed by itself: `wasi-work KIND COUNT` prints the nanoseconds to stderr.
// What the work needs (a file to read, a directory to list) is made before the clock starts. Builds for WASI and natively.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CHUNK_BYTES 65536

static char chunk[CHUNK_BYTES];

static void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(1);
}

static long long now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (long long)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int must_open(const char *path, int flags) {
  int fd = open(path, flags, 0644);
  if (fd < 0) fail(path);
  return fd;
}

static void must_write(int fd, size_t bytes) {
  for (size_t done = 0; done < bytes;) {
    ssize_t wrote = write(fd, chunk + done, bytes - done);
    if (wrote <= 0) fail("write");
    done += (size_t)wrote;
  }
}

static void write_all(int fd, long count, size_t bytes) {
  for (long index = 0; index < count; index++) must_write(fd, bytes);
}

static long read_all(int fd) {
  long bytes = 0;
  for (;;) {
    ssize_t got = read(fd, chunk, CHUNK_BYTES);
    if (got < 0) fail("read");
    if (got == 0) return bytes;
    bytes += got;
  }
}

static void create_files(long count) {
  char path[64];
  if (mkdir("many", 0755) != 0) fail("mkdir");
  for (long index = 0; index < count; index++) {
    snprintf(path, sizeof path, "many/file-%ld.txt", index);
    int fd = must_open(path, O_CREAT | O_EXCL | O_WRONLY);
    must_write(fd, 100);
    close(fd);
  }
}

static void list_files(long count) {
  DIR *directory = opendir("many");
  long found = 0;
  if (directory == NULL) fail("opendir");
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) found += entry->d_name[0] == 'f';
  closedir(directory);
  if (found != count) fail("the listing is not whole");
}

static void open_and_close(long count) {
  for (long index = 0; index < count; index++) close(must_open("file", O_RDONLY));
}

static void stat_file(long count) {
  struct stat stat_;
  for (long index = 0; index < count; index++)
    if (stat("file", &stat_) != 0) fail("stat");
}

static long work(const char *kind, long count) {
  const char *last;
  if (strcmp(kind, "hello") == 0) return puts("hello");
  // Reads the last of each, so that both must have arrived whole.
  if (strcmp(kind, "environment") == 0) return (last = getenv("NAME_999")) != NULL ? puts(last) : 0;
  if (strcmp(kind, "stdout") == 0) return write_all(1, count, 10), 0;
  if (strcmp(kind, "write") == 0) return write_all(must_open("file", O_CREAT | O_TRUNC | O_WRONLY), count, 10), 0;
  if (strcmp(kind, "append") == 0) return write_all(must_open("file", O_CREAT | O_APPEND | O_WRONLY), count, 100), 0;
  if (strcmp(kind, "write-chunks") == 0)
    return write_all(must_open("file", O_CREAT | O_TRUNC | O_WRONLY), count, CHUNK_BYTES), 0;
  if (strcmp(kind, "read-chunks") == 0) return read_all(must_open("file", O_RDONLY));
  if (strcmp(kind, "open-close") == 0) return open_and_close(count), 0;
  if (strcmp(kind, "stat") == 0) return stat_file(count), 0;
  if (strcmp(kind, "create") == 0) return create_files(count), 0;
  if (strcmp(kind, "list") == 0) return list_files(count), 0;
  fprintf(stderr, "unknown kind of work: %s\n", kind);
  exit(2);
}

int main(int argc, char **argv) {
  if (argc < 3) return fputs("usage: wasi-work KIND COUNT\n", stderr), 2;
  const char *kind = argv[1];
  long count = atol(argv[2]);
  // A program that only says hello touches no more memory than it must.
  if (strcmp(kind, "hello") != 0 && strcmp(kind, "environment") != 0) memset(chunk, 'x', sizeof chunk);
  if (strcmp(kind, "read-chunks") == 0) write_all(must_open("file", O_CREAT | O_WRONLY), count, CHUNK_BYTES);
  if (strcmp(kind, "open-close") == 0 || strcmp(kind, "stat") == 0) close(must_open("file", O_CREAT | O_WRONLY));
  if (strcmp(kind, "list") == 0) create_files(count);

  long long start = now_ns();
  work(kind, count);
  fprintf(stderr, "%lld\n", now_ns() - start);
  return 0;
}
