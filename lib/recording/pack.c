/* SPDX-License-Identifier: Apache-2.0 */
#include "recording/pack.h"

#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#include "util/array.h"

uint32_t ty_checksum(uint32_t crc, const void *bytes, size_t size_bytes)
{
	return (uint32_t)crc32_z(crc, bytes, size_bytes);
}

#ifdef TY_HAVE_ZSTD

#include <zstd.h>
#include <zstd_errors.h>

/* CPython's. */
#define LEVEL 5
/* A window larger than this is refused: what a frame's header says is allocated before anything is checked. */
#define WINDOW_LOG_MAX 27

struct ty_packer {
	ZSTD_CCtx *compressor;
	ZSTD_DCtx *decompressor;
};

bool ty_pack_available(void)
{
	return true;
}

int ty_packer_new(struct ty_packer **out)
{
	struct ty_packer *packer = calloc(1, sizeof(*packer));

	*out = packer;
	if (!packer)
		return -ENOMEM;
	packer->compressor = ZSTD_createCCtx();
	packer->decompressor = ZSTD_createDCtx();
	if (!packer->compressor || !packer->decompressor) {
		ty_packer_free(packer);
		*out = NULL;
		return -ENOMEM;
	}
	ZSTD_CCtx_setParameter(packer->compressor, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(packer->compressor, ZSTD_c_contentSizeFlag, 0);
	ZSTD_DCtx_setParameter(packer->decompressor, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
	return 0;
}

void ty_packer_free(struct ty_packer *packer)
{
	if (!packer)
		return;
	ZSTD_freeCCtx(packer->compressor);
	ZSTD_freeDCtx(packer->decompressor);
	free(packer);
}

int ty_pack(struct ty_packer *packer, const void *bytes, size_t size_bytes, struct ty_wire_out *out)
{
	size_t bound = ZSTD_compressBound(size_bytes), packed;

	if (out->failed || !ty_array_reserve(out, out->count + bound))
		return -ENOMEM;
	packed = ZSTD_compress2(packer->compressor, out->items + out->count, bound, bytes, size_bytes);
	if (ZSTD_isError(packed))
		return -ENOMEM;
	out->count += packed;
	return 0;
}

static int unpack_error(size_t code)
{
	return ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation ? -ENOMEM : -EBADMSG;
}

int ty_unpack(struct ty_packer *packer, const void *bytes, size_t size_bytes, size_t limit_bytes,
              struct ty_wire_out *out)
{
	ZSTD_inBuffer input = { bytes, size_bytes, 0 };
	size_t begin = out->count, step = ZSTD_DStreamOutSize(), left = 0;

	ZSTD_DCtx_reset(packer->decompressor, ZSTD_reset_session_only);
	while (input.pos < input.size || left) {
		ZSTD_outBuffer output;
		size_t before = input.pos;

		if (out->count - begin > limit_bytes)
			return -EFBIG;
		if (out->failed || !ty_array_reserve(out, out->count + step))
			return -ENOMEM;
		output = (ZSTD_outBuffer){ out->items + out->count, step, 0 };
		left = ZSTD_decompressStream(packer->decompressor, &output, &input);
		out->count += output.pos;
		if (ZSTD_isError(left))
			return unpack_error(left);
		/* The last frame is cut off. */
		if (left && input.pos == input.size && input.pos == before && !output.pos)
			return -EBADMSG;
	}
	return out->count - begin > limit_bytes ? -EFBIG : 0;
}

#else

bool ty_pack_available(void)
{
	return false;
}

int ty_packer_new(struct ty_packer **out)
{
	*out = NULL;
	return -ENOTSUP;
}

void ty_packer_free(struct ty_packer *packer)
{
	(void)packer;
}

int ty_pack(struct ty_packer *packer, const void *bytes, size_t size_bytes, struct ty_wire_out *out)
{
	(void)packer, (void)bytes, (void)size_bytes, (void)out;
	return -ENOTSUP;
}

int ty_unpack(struct ty_packer *packer, const void *bytes, size_t size_bytes, size_t limit_bytes,
              struct ty_wire_out *out)
{
	(void)packer, (void)bytes, (void)size_bytes, (void)limit_bytes, (void)out;
	return -ENOTSUP;
}

#endif
