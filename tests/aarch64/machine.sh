#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Boots a machine for aarch64 (qemu-system-aarch64; Debian's kernel, headless, no network), runs tests/aarch64/inside.sh in
# it and ends with its exit status:
#
#     tests/aarch64/machine.sh BUILD [16k]
#
# BUILD is a build for aarch64. With 16k the kernel has pages of 16 KiB and comes from trixie, which has the first package of
# one. A file system of some 900 MB with CPython 3.11, 3.13, 3.14 and 3.15 is made once and kept; what the machine writes to
# it is thrown away. The tests come on a second disk. TACHYON_MACHINE_S=SECONDS is the limit (900).
set -euo pipefail

build=$(realpath "${1:?usage: machine.sh BUILD [16k]}")
pages=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$build/machine
. "$here/trees.sh"

# Imported under the emulator of user programs, which leaves the bytecode behind: in the machine that would take minutes.
warm_up() { # TREE PYTHON
	# Since trixie another package has this link.
	[ -e "$1/lib" ] || as_root ln -s usr/lib "$1/lib"
	as_root env PYTHONHOME="$1/usr" qemu-aarch64-static -L "$1" "$1/usr/bin/$2" -I -c \
		'import asyncio, contextlib, ctypes, dis, importlib.util, json, runpy, threading, xml.sax' </dev/null >&2 || true
}

interpreter_tree() { # NAME SUITE VERSION
	local there=$trees/aarch64-$1 tree

	[ -d "$there" ] && echo "$there" && return
	tree=$(make_tree "$1" "$2" "python$3,libpython$3") && warm_up "$tree" "python$3" && echo "$tree"
}

# What the packages' scripts would have set up, as far as the tests need it.
configure() { # TREE
	as_root mkdir -p "$1/mnt" "$1/trees" "$1/etc"
	as_root ln -sf bash "$1/bin/sh"
	as_root cp "$here/inside-init.sh" "$1/sbin/tachyon-init"
	echo 'root:x:0:0:root:/root:/bin/bash' | as_root tee "$1/etc/passwd" >/dev/null
	echo 'root:x:0:' | as_root tee "$1/etc/group" >/dev/null
}

make_image() { # IMAGE TREE
	local image=$1 tree=$2 staging=$1.staging.$$ name part

	say "making $image"
	as_root rm -rf "$image".* # of a run that was interrupted
	as_root cp -al "$tree" "$staging"
	configure "$staging"
	for part in "py311 bookworm 3.11" "py313 trixie 3.13" "py314 forky 3.14" "py315 forky 3.15"; do
		# shellcheck disable=SC2086
		name=${part%% *} && as_root cp -al "$(interpreter_tree $part)" "$staging/trees/$name"
	done
	as_root mkfs.ext4 -q -d "$staging" -O ^has_journal -m 0 "$image.part" 1600M
	as_root rm -rf "$staging"
	as_root mv "$image.part" "$image"
}

# The modules that the disks need, in the order in which they load.
copy_modules() { # KERNEL-TREE INTO
	local all version module number=10 shadow=$work/modules

	all=$(echo "$1"/usr/lib/modules/*)
	[ -d "$all" ] || all=$(echo "$1"/lib/modules/*)
	version=$(basename "$all")
	mkdir -p "$shadow/lib"
	ln -sfn "$(dirname "$all")" "$shadow/lib/modules"
	as_root /sbin/depmod -b "$shadow" "$version"
	for module in virtio_mmio virtio_pci virtio_blk ext4; do
		/sbin/modprobe -d "$shadow" -S "$version" --show-depends "$module" || true # built in
	done 2>/dev/null | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r module; do
		number=$((number + 1))
		cp "$module" "$2/$number-$(basename "$module")"
	done
	find "$2" -name '*.xz' -exec xz -d {} +
}

make_initramfs() { # KERNEL-TREE BUSYBOX FILE
	local content=$work/initramfs

	rm -rf "$content"
	mkdir -p "$content/modules"
	cp "$2" "$content/busybox"
	cp "$here/initramfs-init.sh" "$content/init"
	copy_modules "$1" "$content/modules"
	(cd "$content" && find . | cpio --quiet -o -H newc) >"$3"
}

# The sources that tests read, and of the build what is linked.
make_payload() { # FILE
	local content=$work/payload

	rm -rf "$content"
	mkdir -p "$content/build"
	(cd "$root" && tar -cf - tests include examples lib README.md meson.build) | tar -xf - -C "$content"
	(cd "$build" && find lib examples tests -type f \( -perm -100 -o -name '*.so*' \) -print0 |
		tar --null -cf - -T -) | tar -xf - -C "$content/build"
	(cd "$build" && find lib -name '*.so*' -type l -print0 | tar --null -cf - -T -) | tar -xf - -C "$content/build"
	meson introspect --tests "$build" | python3 -c '
import json, sys
for test in json.load(sys.stdin):
    if any(suite.endswith("kernel") for suite in test["suite"]):
        print(test["cmd"][-1].removeprefix(sys.argv[1] + "/"))' "$build" >"$content/build/kernel-tests"
	rm -f "$1"
	mkfs.ext4 -q -d "$content" -O ^has_journal "$1" 512M
}

# The status comes as the last line on the console: a machine that is off has none.
boot() { # KERNEL INITRAMFS IMAGE PAYLOAD
	nice timeout "${TACHYON_MACHINE_S:-900}" qemu-system-aarch64 -M virt -cpu max,pauth-impdef=on -smp 2 -m 1536 \
		-nographic -no-reboot -nic none -kernel "$1" -initrd "$2" -append "console=ttyAMA0 panic=-1 quiet" \
		-drive "file=$3,format=raw,if=virtio,snapshot=on" -drive "file=$4,format=raw,if=virtio,snapshot=on" \
		</dev/null 2>&1 | stdbuf -oL tr -d '\r' | tee "$work/console.log"
	grep -q '^tachyon-status 0$' "$work/console.log"
}

suite=$(release)
mkdir -p "$work"
machine=$(make_tree "machine-$suite" "$suite" "$libraries,linux-image-cloud-arm64,kmod,busybox-static,libc-bin,bash,coreutils,mount,\
util-linux,procps,hostname,grep,sed,mawk,findutils,iproute2,binutils,python3,python3-pytest,python3-pytest-rerunfailures,\
bubblewrap")
kernel=$machine
[ -z "$pages" ] || kernel=$(make_tree "kernel-$pages" trixie "linux-image-arm64-$pages")
image=$trees/aarch64-machine-$suite-1.ext4
[ -f "$image" ] || make_image "$image" "$machine"
make_initramfs "$kernel" "$machine/bin/busybox" "$work/initramfs.cpio"
make_payload "$work/payload.ext4"
boot "$(echo "$kernel"/boot/vmlinuz-*)" "$work/initramfs.cpio" "$image" "$work/payload.ext4"
