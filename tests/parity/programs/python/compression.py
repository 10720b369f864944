import bz2
import gzip
import hashlib
import io
import tarfile
import zlib

data = b"".join(b"line %d of some text\n" % (i % 50) for i in range(5000))
for level in (1, 6, 9):
    packed = zlib.compress(data, level)
    print(level, len(packed), hashlib.sha256(packed).hexdigest()[:16], zlib.decompress(packed) == data)
packed = gzip.compress(data, mtime=0)
print(len(packed), hashlib.sha256(packed).hexdigest()[:16], gzip.decompress(packed) == data)
packed = bz2.compress(data)
print(len(packed), hashlib.sha256(packed).hexdigest()[:16], bz2.decompress(packed) == data)
buffer = io.BytesIO()
with tarfile.open(fileobj=buffer, mode="w") as archive:
    info = tarfile.TarInfo("a/ü.txt")
    info.size = 3
    archive.addfile(info, io.BytesIO(b"abc"))
open("t.tar", "wb").write(buffer.getvalue())
try:
    zlib.decompress(b"not zlib")
except zlib.error as error:
    print(error)
