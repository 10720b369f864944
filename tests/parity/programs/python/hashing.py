import base64
import binascii
import hashlib
import hmac
import uuid
import zlib

data = bytes(range(256)) * 100
for name in ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b", "blake2s"):
    print(name, hashlib.new(name, data).hexdigest())
print(hashlib.shake_128(data).hexdigest(20))
print(hmac.new(b"key", data, "sha256").hexdigest(), zlib.crc32(data), zlib.adler32(data), binascii.crc_hqx(data, 0))
print(base64.b64encode(data[:30]), base64.b85encode(data[:10]), base64.urlsafe_b64encode(b"\xff\xfe"))
print(uuid.uuid5(uuid.NAMESPACE_DNS, "example.org"), hash(12345), hash(1.5), hash((1, 2, 3)), hash(2**61))
