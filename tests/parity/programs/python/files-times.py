import os
import zipfile

open("a", "w").write("x")
os.utime("a", ns=(1_000_000_000_123_456_000, 1_700_000_000_987_654_000))
info = os.stat("a")
print(info.st_atime_ns, info.st_mtime_ns, info.st_nlink, info.st_mtime)
os.symlink("a", "b")
print(os.stat("b").st_nlink, os.path.samefile("a", "b"))
with zipfile.ZipFile("z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr(zipfile.ZipInfo("n.txt", (2020, 1, 1, 0, 0, 0)), "zipped" * 100)
with zipfile.ZipFile("z.zip") as archive:
    print(archive.namelist(), archive.read("n.txt")[:12], os.path.getsize("z.zip"))
