import configparser
import csv
import io
import json
import xml.etree.ElementTree as ET

text = 'id,name,note\r\n1,"Ann, A.","said ""hi"""\r\n2,Bøb,"two\nlines"\r\n'
rows = list(csv.DictReader(io.StringIO(text, newline="")))
print(rows)
with open("out.csv", "w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([["a", 1, 2.5], ["ü;x", None, -0.0]])
print(open("out.csv", newline="").read())
print(json.dumps({"b": [1, 1.0, 1e100, -0.0], "a": "é\u2028👍"}, sort_keys=True), json.dumps("é👍", ensure_ascii=False))
print(json.loads('{"n": 1e400, "big": 123456789012345678901234567890, "s": "\\ud83d\\ude00"}'))
for bad in ('{"a": 1,}', "[1 2]", "", '"\x01"'):
    try:
        json.loads(bad)
    except json.JSONDecodeError as error:
        print(error)
config = configparser.ConfigParser()
config.read_string("[a]\nx = 1\ny = %(x)s2\n")
print(dict(config["a"]))
tree = ET.fromstring("<r a='1'><c>t&amp;é</c><c/></r>")
print([child.text for child in tree], ET.tostring(tree))
