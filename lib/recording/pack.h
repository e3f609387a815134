/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_RECORDING_PACK_H
#define TY_RECORDING_PACK_H

/*
 * Compression with zstd, which may be left out of the build: what needs it then fails with -ENOTSUP.
 */

#include "recording/wire.h"

struct ty_packer;

bool ty_pack_available(void);

/* 0, -ENOTSUP or -ENOMEM. */
int ty_packer_new(struct ty_packer **packer);
void ty_packer_free(struct ty_packer *packer);

/* Appends one zstd frame, which does not say the size of its content (format.h). 0 or -ENOMEM. */
int ty_pack(struct ty_packer *packer, const void *bytes, size_t size_bytes, struct ty_wire_out *out);

/*
 * Appends what zstd frames hold: `size_bytes` of them one after the other, skippable ones left out. At most
 * `limit_bytes` come out. 0, -EBADMSG when it is not zstd or damaged, -EFBIG, -ENOTSUP, -ENOMEM. What could be had
 * stays appended.
 */
int ty_unpack(struct ty_packer *packer, const void *bytes, size_t size_bytes, size_t limit_bytes,
              struct ty_wire_out *out);

/* CRC-32 as in gzip, continued from `crc`; 0 to begin. */
uint32_t ty_checksum(uint32_t crc, const void *bytes, size_t size_bytes);

#endif
