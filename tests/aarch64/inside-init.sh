#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The machine of machine.sh, once it has its file system: runs the tests of the second disk and is off.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.utf8 TERM=dumb
mount -t tmpfs tmp /tmp
mkdir -p /dev/pts /dev/shm
mount -t devpts pts /dev/pts
mount -t tmpfs shm /dev/shm
ip link set lo up
hostname machine
mount /dev/vdb /mnt
/mnt/tests/aarch64/inside.sh
echo "tachyon-status $?"
sync
echo o >/proc/sysrq-trigger
sleep 60
