#!/busybox sh
# SPDX-License-Identifier: Apache-2.0
#
# The first program in the machine of machine.sh: loads what the disks need and goes on in the file system on the first one.
for directory in /proc /sys /dev /root; do
	/busybox mkdir -p $directory
done
/busybox mount -t proc proc /proc
/busybox mount -t sysfs sys /sys
/busybox mount -t devtmpfs dev /dev
for module in /modules/*; do
	/busybox insmod "$module"
done
tries=0
while [ ! -b /dev/vdb ] && [ $tries -lt 100 ]; do
	/busybox sleep 0.1
	tries=$((tries + 1))
done
/busybox mount -t ext4 /dev/vda /root || /busybox poweroff -f
for directory in /proc /sys /dev; do
	/busybox mount --move $directory /root$directory
done
exec /busybox switch_root /root /sbin/tachyon-init
