/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_OUTPUT_GZIP_H
#define TY_OUTPUT_GZIP_H

#include <tachyon/sink.h>

/*
 * A sink that compresses what it gets (RFC 1952) and passes it to `out`, which is not owned. ty_gzip_finish() writes
 * the rest; then the sink is freed with ty_gzip_free().
 */
struct ty_gzip;

/* 0 or a negative error. */
int ty_gzip_new(ty_sink *out, struct ty_gzip **gzip);
ty_sink *ty_gzip_sink(struct ty_gzip *gzip);
int ty_gzip_finish(struct ty_gzip *gzip);
void ty_gzip_free(struct ty_gzip *gzip);

#endif
