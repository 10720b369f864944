import { strToU8, zipSync } from "fflate";

/** A ZIP with one entry of any name, and the mode a Unix tool would have given it. */
export function zipWith(name: string, content = "evil", unixMode = 0o100644): string {
  const zip = zipSync({ [name]: [strToU8(content), { os: 3, attrs: unixMode << 16, level: 0 }] });
  return Buffer.from(zip).toString("base64");
}

/** A ZIP whose two entries have the same name. */
export function zipWithTwice(first: string, second: string): string {
  const zip = zipSync({ [first]: strToU8("1"), [second]: strToU8("2") }, { level: 0 });
  return Buffer.from(zip).toString("base64");
}

export interface TarEntry {
  name: string;
  /** "0" file, "1" hard link, "2" symlink, "3" device, "5" directory, "6" pipe. */
  type?: string;
  content?: string;
  link?: string;
}

/** A tar file as a hostile tool would write it: names and links go in as they are. */
export function tarWith(...entries: TarEntry[]): string {
  const blocks = entries.flatMap(({ name, type = "0", content = "", link = "" }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 100, "utf8");
    header.write("0000644\0", 100);
    header.write("0000000\0", 108);
    header.write("0000000\0", 116);
    header.write(`${Buffer.byteLength(content).toString(8).padStart(11, "0")}\0`, 124);
    header.write("00000000000\0", 136);
    header.write("        ", 148);
    header.write(type, 156);
    header.write(link, 157, 100, "utf8");
    header.write("ustar\u000000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    const body = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512);
    body.write(content);
    return [header, body];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]).toString("base64");
}
