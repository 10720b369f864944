/** `node:path` for POSIX paths. */
export const PATH = `
const needString = (name, value) => {
  if (typeof value === "string") return;
  throw codedError(NativeTypeError, "ERR_INVALID_ARG_TYPE",
    'The "' + name + '" argument must be of type string. Received ' + receivedText(value));
};
const normalizeParts = (text, isAbsolute) => {
  const parts = split(text, "/"), kept = list();
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (part === "" || part === ".") continue;
    if (part !== "..") push(kept, part);
    else if (kept.length > 0 && kept[kept.length - 1] !== "..") kept.length--;
    else if (!isAbsolute) push(kept, "..");
  }
  return join(kept, "/");
};
const path = {
  sep: "/",
  delimiter: ":",
  normalize(text) {
    needString("path", text);
    if (text === "") return ".";
    const isAbsolute = text[0] === "/", isFolder = strEndsWith(text, "/");
    let out = normalizeParts(text, isAbsolute);
    if (out === "") return isAbsolute ? "/" : isFolder ? "./" : ".";
    if (isFolder) out += "/";
    return isAbsolute ? "/" + out : out;
  },
  join(...parts) {
    let all = "";
    for (let i = 0; i < parts.length; i++) {
      needString("path", parts[i]);
      if (parts[i] !== "") all += (all === "" ? "" : "/") + parts[i];
    }
    return all === "" ? "." : path.normalize(all);
  },
  resolve(...parts) {
    let all = "";
    for (let i = parts.length - 1; i >= 0 && all[0] !== "/"; i--) {
      needString("paths[" + i + "]", parts[i]);
      if (parts[i] !== "") all = all === "" ? parts[i] : parts[i] + "/" + all;
    }
    if (all[0] !== "/") all = process.cwd() + "/" + all;
    return "/" + normalizeParts(all, true);
  },
  isAbsolute(text) {
    needString("path", text);
    return text[0] === "/";
  },
  dirname(text) {
    needString("path", text);
    if (text === "") return ".";
    let end = text.length;
    while (end > 1 && text[end - 1] === "/") end--;
    const slash = strLastIndexOf(strSlice(text, 0, end), "/");
    if (slash < 0) return ".";
    let stop = slash;
    while (stop > 0 && text[stop - 1] === "/") stop--;
    return stop === 0 ? "/" : strSlice(text, 0, stop);
  },
  basename(text, suffix) {
    needString("path", text);
    let end = text.length;
    while (end > 0 && text[end - 1] === "/") end--;
    const base = strSlice(text, strLastIndexOf(strSlice(text, 0, end), "/") + 1, end);
    return suffix !== undefined && base !== suffix && strEndsWith(base, suffix) ? strSlice(base, 0, base.length - suffix.length) : base;
  },
  extname(text) {
    const base = path.basename(text), dot = strLastIndexOf(base, ".");
    return dot <= 0 || base === ".." ? "" : strSlice(base, dot);
  },
  relative(from, to) {
    const a = split(strSlice(path.resolve(from), 1), "/"), b = split(strSlice(path.resolve(to), 1), "/");
    if (a[0] === "") a.length = 0;
    if (b[0] === "") b.length = 0;
    let same = 0;
    while (same < a.length && same < b.length && a[same] === b[same]) same++;
    const out = list();
    for (let i = same; i < a.length; i++) push(out, "..");
    for (let i = same; i < b.length; i++) push(out, b[i]);
    return join(out, "/");
  },
  parse(text) {
    needString("path", text);
    const root = text[0] === "/" ? "/" : "", base = path.basename(text), ext = path.extname(text);
    const slash = strLastIndexOf(text, "/");
    const dir = base === "" ? root : slash < 0 ? "" : path.dirname(text);
    return { root, dir, base, ext, name: strSlice(base, 0, base.length - ext.length) };
  },
  format(parts) {
    const dir = parts.dir ?? parts.root ?? "", base = parts.base ?? (parts.name ?? "") + (parts.ext ?? "");
    return dir === "" ? base : dir === parts.root ? dir + base : dir + "/" + base;
  },
  toNamespacedPath: (text) => text,
};
path.posix = path;
`;
