"""Files, json, sqlite3 and zlib: reads the database another program made, adds to it, and packs a report."""
import csv, hashlib, io, json, os, pathlib, sqlite3, struct, sys, zlib

work = pathlib.Path("/workspace")
connection = sqlite3.connect(work / "library.db")
rows = connection.execute("select name, books, pages, price from shelf").fetchall()
print(rows)
with connection:
    connection.execute("create table sale (book integer, at text, sum real)")
    connection.executemany("insert into sale values (?, ?, ?)", [(n, f"2024-0{n % 9 + 1}-01", n / 4) for n in range(1, 500)])
try:
    with connection:
        connection.execute("insert into sale values (1, 'x', 1)")
        connection.execute("insert into author (name) values ('Ada Lovelace')")
except sqlite3.IntegrityError as error:
    print("rolled back:", error)
months = connection.execute("select at, count(*), sum(sum) from sale group by at order by at").fetchall()
connection.close()

settings = json.loads((work / "settings.json").read_text())
print(settings["title"], sorted(settings), json.dumps(settings["nested"], ensure_ascii=False, sort_keys=True))

report = io.StringIO()
writer = csv.writer(report)
writer.writerow(["month", "sales", "sum"])
writer.writerows(months)
packed = zlib.compress(report.getvalue().encode(), 9)
assert zlib.decompress(packed).decode() == report.getvalue()
print(len(report.getvalue()), len(packed), zlib.crc32(packed), zlib.adler32(packed))

out = work / "out" / "deep"
out.mkdir(parents=True, exist_ok=True)
(out / "report.bin").write_bytes(struct.pack("<4sI", b"PACK", len(packed)) + packed)
draft = out / "summary.draft"
with open(draft, "w", encoding="utf-8") as file:
    json.dump({"months": months, "sum": sum(row[2] for row in months), "who": sys.argv[1:]}, file, ensure_ascii=False, indent=1)
os.rename(draft, out / "summary.json")
os.symlink("deep/summary.json", work / "out" / "latest")
os.link(out / "summary.json", out / "copy.json")
with open(out / "log", "a") as log:
    for number in range(200):
        log.write(f"{number} ")
with open(out / "log", "r+") as log:
    log.seek(0, os.SEEK_END)
    log.truncate(log.tell() - 4)
print(sorted(os.listdir(out)), os.readlink(work / "out" / "latest"), os.stat(out / "copy.json").st_nlink)
print([path.name for path in sorted(work.rglob("*.json"))])
for name in ["/etc/passwd", "/workspace/../../secret", "/workspace/none"]:
    try:
        open(name)
    except OSError as error:
        print(name, type(error).__name__, error.strerror)
print(os.environ.get("GREETING"), hashlib.sha256((out / "summary.json").read_bytes()).hexdigest())
print(sys.stdin.read().split())
print(2**200 % 997, f"{0.1 + 0.2:.20f}", sorted({"ä", "b", "a"}), "ß".upper())
print("warned", file=sys.stderr)
sys.exit(7)
