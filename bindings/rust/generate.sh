#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes tachyon-sys/src/bindings.rs of the public headers: bindings/rust/generate.sh [FILE]
#
# Needs bindgen and rustfmt, Debian's packages of these names or cargo's. Comments and layout tests are left out, which
# differ from one bindgen to the next: any from 0.60 on gives the same file.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
headers=$here/../../include
file=${1:-$here/tachyon-sys/src/bindings.rs}
made=$(mktemp)
trap 'rm -f "$made"' EXIT

for tool in bindgen rustfmt; do
	command -v $tool >/dev/null || {
		echo "generate.sh: no $tool: apt install $tool" >&2
		exit 2
	}
done

# What the newer ones do of themselves, and what they must be told.
if bindgen --help | grep -q no-size_t-is-usize; then
	dialect='--rust-target 1.63'
else
	dialect=--size_t-is-usize
fi
# libclang without clang has no stddef.h of its own: gcc's will do.
bindgen "$headers/tachyon/tachyon.h" --output "$made" --disable-header-comment --no-doc-comments --no-layout-tests \
	--allowlist-function 'ty_.*' --allowlist-type 'ty_.*' --allowlist-var 'TY_.*' \
	$dialect --default-enum-style consts --no-prepend-enum-name \
	-- -I"$headers" -isystem "$(gcc -print-file-name=include)"
{
	echo '// SPDX-License-Identifier: Apache-2.0'
	echo '// Made by generate.sh of include/tachyon/tachyon.h.'
	echo
	# Names behind uint64_t and the like, which nothing refers to.
	sed -E '/^pub type (__|size_t)/d' "$made"
} | rustfmt --edition 2021 --config-path "$here/rustfmt.toml" >"$file"
