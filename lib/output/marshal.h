/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_OUTPUT_MARSHAL_H
#define TY_OUTPUT_MARSHAL_H

/*
 * Writes objects in CPython's marshal format (version 4), as marshal.load() of every CPython 3 reads them. A container
 * is opened and followed by its members: ty_marshal_tuple(sink, 2) by two objects, ty_marshal_dict_begin() by pairs and
 * ty_marshal_dict_end(). Errors stick to the sink.
 */

#include <stdint.h>

#include <tachyon/sink.h>

void ty_marshal_true(ty_sink *sink);
void ty_marshal_int(ty_sink *sink, int64_t value);
void ty_marshal_float(ty_sink *sink, double value);

/* UTF-8. */
void ty_marshal_string(ty_sink *sink, const char *string);

void ty_marshal_tuple(ty_sink *sink, uint8_t count);
void ty_marshal_dict_begin(ty_sink *sink);
void ty_marshal_dict_end(ty_sink *sink);

#endif
