/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_ANNOTATION_H
#define TACHYON_ANNOTATION_H

/**
 * @file annotation.h
 * Annotated bytecode: the collector that shows functions by instruction, and how well they specialize.
 */

#include <tachyon/collector.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Form of an annotation.
 * @since 0.1
 */
enum ty_annotation_format {
	TY_ANNOTATION_TEXT = 0, /**< for people */
	TY_ANNOTATION_JSON = 1  /**< one JSON object, for editors and scripts: see ty_annotation_new() */
};

/**
 * Parts of an annotation, or-ed together.
 * @since 0.1
 */
enum ty_annotation_part {
	TY_ANNOTATION_SPECIALIZATION = 1, /**< how much of the time ran specialized, and what could and does not */
	TY_ANNOTATION_LISTING = 2         /**< source lines, below each its instructions */
};

/**
 * Options of ty_annotation_new().
 * @since 0.1
 */
typedef struct ty_annotation_options {
	size_t size;          /**< sizeof(ty_annotation_options) */
	int format;           /**< enum ty_annotation_format */
	int parts;            /**< enum ty_annotation_part; 0: all */
	const char *function; /**< only functions whose qualified name contains it; NULL: the hottest. Copied */
	uint32_t limit;       /**< functions; 0: 5, or all that match `function`; UINT32_MAX: all */
	int trust;            /**< enum ty_trust */
	int color;            /**< non-zero: ANSI colours */
	int reserved;
	/** For the text: source lines. NULL: without. It is also called when a function is first disassembled, for a
	   line of it, so that files can be read that are gone with the target. */
	ty_source_fn source;
	void *source_user_data; /**< handed to source */
} ty_annotation_options;

/**
 * Annotated bytecode: the instructions of the hottest functions, sampled or not, each with how often it was executing
 * (leaf samples), how often it was on the stack (on-stack samples: also waiting for what it called), its argument as
 * the target's dis shows it, and the forms it was seen in: specialized, or generic although it could be specialized.
 * What has the most leaf samples and could be specialized and is not is listed on its own.
 *
 * Functions are disassembled while the target runs, so that a program which ends is shown in full. Attach with
 * ty_attach_options.opcodes.
 *
 * The JSON object has "version" (1), "python_version", "interval_ns", "stacks" (counted, and by verdict),
 * "specialization" (leaf samples: "specialized", "generic", "not_specializable", "trace", "unknown"),
 * "could_specialize" (a list), and "functions", each with its own "specialization" and "instructions". Times are leaf
 * and on-stack samples; multiply by interval_ns.
 *
 * @param options NULL for the defaults
 * @param sink where to write at the end; owned by the collector from now on, also on error
 * @param[out] collector to be freed with ty_collector_free()
 * @return 0, -TY_EOPTION, -ENOMEM
 * @note Any thread. @since 0.1
 */
TY_API int ty_annotation_new(const ty_annotation_options *options, ty_sink *sink, ty_collector **collector);

#ifdef __cplusplus
}
#endif

#endif
