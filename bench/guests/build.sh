#!/bin/sh
# Builds the guest of `npm run bench -- wasi`, on Debian 12 with: apt-get install clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32
# The .wasm is committed, so that the bench needs no compiler.
set -eu
cd "$(dirname "$0")"
clang-19 --target=wasm32-wasi -O2 -g0 -Wall -Wextra -Werror -Wl,--strip-all -o wasi-work.wasm wasi-work.c
chmod 644 wasi-work.wasm
