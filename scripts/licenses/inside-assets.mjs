// @ts-check
/**
 * What the binary assets hold besides the package they come from: compiled into them by their makers, so no
 * `package.json` names it. Read from the files themselves (version strings, module tables) and from the makers' recipes.
 */

/**
 * A package whose files are copied into the asset folder as they are.
 *
 * @type {Readonly<Record<string, readonly string[]>>} Files of the asset folder by package.
 */
export const ASSET_PACKAGES = {
  pyodide: [
    "pyodide.asm.wasm",
    "pyodide.rest.wasm",
    "pyodide.asm.mjs",
    "python_stdlib.zip",
    "python-snapshot.bin",
  ],
  "@jitl/quickjs-wasmfile-release-sync": ["quickjs.wasm", "javascript-snapshot.bin"],
  "@swc/wasm-typescript-esm": ["strip-types.wasm"],
};

/**
 * @typedef {object} Part
 * @property {string} inside The package it arrives in.
 * @property {string} name
 * @property {string} license SPDX expression.
 * @property {string} source
 * @property {string} notice Who holds the copyright.
 */

/** @type {readonly Part[]} */
export const PARTS = [
  {
    inside: "pyodide",
    name: "CPython 3.14",
    license: "PSF-2.0",
    source: "https://github.com/python/cpython",
    notice: "Copyright (c) 2001 Python Software Foundation; All Rights Reserved",
  },
  {
    inside: "pyodide",
    name: "Emscripten runtime and system libraries",
    license: "MIT",
    source: "https://github.com/emscripten-core/emscripten",
    notice: "Copyright (c) 2010-2014 Emscripten authors",
  },
  {
    inside: "pyodide",
    name: "musl",
    license: "MIT",
    source: "https://musl.libc.org",
    notice: "Copyright (c) 2005-2020 Rich Felker, et al.",
  },
  {
    inside: "pyodide",
    name: "LLVM compiler-rt and libc++",
    license: "Apache-2.0 WITH LLVM-exception",
    source: "https://github.com/llvm/llvm-project",
    notice: "Copyright (c) the LLVM contributors",
  },
  {
    inside: "pyodide",
    name: "zlib 1.3.1",
    license: "Zlib",
    source: "https://zlib.net",
    notice: "Copyright (C) 1995-2024 Jean-loup Gailly and Mark Adler",
  },
  {
    inside: "pyodide",
    name: "bzip2",
    license: "bzip2-1.0.6",
    source: "https://sourceware.org/bzip2",
    notice: "Copyright (C) 1996-2019 Julian R Seward",
  },
  {
    inside: "pyodide",
    name: "liblzma (XZ Utils)",
    license: "0BSD",
    source: "https://github.com/tukaani-project/xz",
    notice: "Copyright (C) The XZ Utils authors and contributors",
  },
  {
    inside: "pyodide",
    name: "Zstandard",
    license: "BSD-3-Clause",
    source: "https://github.com/facebook/zstd",
    notice: "Copyright (c) Meta Platforms, Inc. and affiliates",
  },
  {
    inside: "pyodide",
    name: "SQLite",
    license: "blessing",
    source: "https://sqlite.org",
    notice: "In the public domain",
  },
  {
    inside: "pyodide",
    name: "Expat 2.7.3",
    license: "MIT",
    source: "https://github.com/libexpat/libexpat",
    notice:
      "Copyright (c) 1998-2000 Thai Open Source Software Center Ltd and Clark Cooper; (c) 2001-2025 Expat maintainers",
  },
  {
    inside: "pyodide",
    name: "libmpdec",
    license: "BSD-2-Clause",
    source: "https://www.bytereef.org/mpdecimal",
    notice: "Copyright (c) 2008-2024 Stefan Krah",
  },
  {
    inside: "pyodide",
    name: "HACL*",
    license: "MIT",
    source: "https://github.com/hacl-star/hacl-star",
    notice: "Copyright (c) 2016-2022 INRIA, CMU and Microsoft Corporation; (c) 2022-2023 HACL* Contributors",
  },
  {
    inside: "pyodide",
    name: "libffi",
    license: "MIT",
    source: "https://github.com/libffi/libffi",
    notice: "Copyright (c) 1996-2024 Anthony Green, Red Hat, Inc and others",
  },
  {
    inside: "@jitl/quickjs-wasmfile-release-sync",
    name: "QuickJS 2025-09-13",
    license: "MIT",
    source: "https://bellard.org/quickjs",
    notice: "Copyright (c) 2017-2025 Fabrice Bellard and Charlie Gordon",
  },
  {
    inside: "@swc/wasm-typescript-esm",
    name: "swc and the Rust crates it is built from",
    license: "Apache-2.0 OR MIT",
    source: "https://github.com/swc-project/swc",
    notice: "Copyright (c) the swc contributors",
  },
];
