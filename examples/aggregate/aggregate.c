#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/*
 * A real, small program: sums a CSV file (region,product,amount) by region and writes summary.json.
 * Usage: aggregate IN.csv OUT.json
 */
typedef struct {
  char name[64];
  long count;
  double sum, least, most;
} Group;

static int by_name(const void *a, const void *b) { return strcmp(((const Group *)a)->name, ((const Group *)b)->name); }

static void write_string(FILE *out, const char *text) {
  putc('"', out);
  for (; *text; text++) {
    if (*text == '"' || *text == '\\') putc('\\', out);
    if ((unsigned char)*text < ' ') fprintf(out, "\\u%04x", *text);
    else putc(*text, out);
  }
  putc('"', out);
}

int main(int argc, char **argv) {
  if (argc != 3) return fprintf(stderr, "usage: aggregate IN.csv OUT.json\n"), 2;
  FILE *in = fopen(argv[1], "r");
  if (!in) return perror(argv[1]), 1;
  Group *groups = NULL;
  size_t count = 0, number = 0, skipped = 0;
  char line[512];
  while (fgets(line, sizeof line, in)) {
    line[strcspn(line, "\r\n")] = 0;
    if (number++ == 0 || !*line) continue;
    char *product = strchr(line, ',');
    char *amount = product ? strchr(product + 1, ',') : NULL;
    char *end = NULL;
    double value = amount ? strtod(amount + 1, &end) : 0;
    if (!amount || end == amount + 1 || *end) {
      fprintf(stderr, "%s:%zu: skipped\n", argv[1], number);
      skipped++;
      continue;
    }
    *product = 0;
    size_t at = 0;
    while (at < count && strcmp(groups[at].name, line)) at++;
    if (at == count) {
      groups = realloc(groups, ++count * sizeof *groups);
      if (!groups) return perror("memory"), 1;
      memset(&groups[at], 0, sizeof *groups);
      snprintf(groups[at].name, sizeof groups[at].name, "%s", line);
      groups[at].least = groups[at].most = value;
    }
    groups[at].count++;
    groups[at].sum += value;
    if (value < groups[at].least) groups[at].least = value;
    if (value > groups[at].most) groups[at].most = value;
  }
  fclose(in);
  qsort(groups, count, sizeof *groups, by_name);
  FILE *out = fopen(argv[2], "w");
  if (!out) return perror(argv[2]), 1;
  fprintf(out, "{\n  \"rows\": %zu,\n  \"skipped\": %zu,\n  \"regions\": [\n", number - 1 - skipped, skipped);
  for (size_t i = 0; i < count; i++) {
    fputs("    { \"region\": ", out);
    write_string(out, groups[i].name);
    fprintf(out, ", \"count\": %ld, \"sum\": %.2f, \"mean\": %.4f, \"min\": %g, \"max\": %g }%s\n", groups[i].count,
            groups[i].sum, groups[i].sum / (double)groups[i].count, groups[i].least, groups[i].most,
            i + 1 < count ? "," : "");
  }
  fputs("  ]\n}\n", out);
  if (fclose(out)) return perror(argv[2]), 1;
  printf("%zu regions\n", count);
  return 0;
}
