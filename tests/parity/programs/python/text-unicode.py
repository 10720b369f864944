# Astral characters, right-to-left text, combining marks, normal forms.
import unicodedata

words = ["naïve", "Ελλάδα", "שלום עולם", "مرحبا", "👩‍👩‍👧‍👦", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "e\u0301", "日本語", "\U0001f1ea\U0001f1fa"]
for word in words:
    print(word, len(word), len(word.encode()), word[::-1], [unicodedata.name(c, "?") for c in word[:2]])
print(unicodedata.normalize("NFC", "e\u0301") == "é", unicodedata.unidata_version)
print("ß".upper(), "İ".lower().encode(), "ǆ".title(), "ﬁ".casefold())
print(ascii(words[4]), repr("\u200f\u202e\x00\x7f"), "\N{GREEK SMALL LETTER FINAL SIGMA}")
print("\ud83d".encode("utf-8", "surrogatepass"))
