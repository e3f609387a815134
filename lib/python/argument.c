/* SPDX-License-Identifier: Apache-2.0 */
#include "python/argument.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "python/unicode.h"
#include "util/cleanup.h"

static const struct py_opcode *opcode_at(const struct ty_bytecode *bytecode, uint32_t unit)
{
	return &bytecode->table[bytecode->units[unit].opcode];
}

int64_t ty_argument_target(const struct ty_bytecode *bytecode, uint32_t unit)
{
	const struct py_opcode *opcode = opcode_at(bytecode, unit);
	int64_t target = (int64_t)unit + 1 + opcode->caches;
	int64_t distance = ty_bytecode_argument(bytecode, unit);

	if (opcode->text == PY_TEXT_JUMP_FORWARD)
		target += distance;
	else if (opcode->text == PY_TEXT_JUMP_BACKWARD || opcode->text == PY_TEXT_JUMP_FROM)
		target -= distance;
	else
		return -1;
	return target >= 0 && target < bytecode->unit_count ? target : -1;
}

/*
 * A name, and what else is pushed beside it, if anything: "NULL + name" or "name + NULL". An empty name, which relative
 * imports have, stands alone.
 */
static int add_name_with(struct ty_values *values, const struct ty_items *items, uint32_t index, const char *with,
                         struct ty_text *text)
{
	bool first = values->dialect->null_first;
	_cleanup_free_ char *name = NULL;
	int result;

	if (index >= items->count)
		return 0;
	name = malloc(PY_STRING_BYTES_MAX);
	if (!name)
		return -ENOMEM;
	result = ty_unicode_read(values->memory, values->offsets, items->addresses[index], name);
	if (result)
		return result;
	if (!with || !*name) {
		ty_text_puts(text, name);
		return 0;
	}
	ty_text_puts(text, first ? with : name);
	ty_text_puts(text, " + ");
	ty_text_puts(text, first ? name : with);
	return 0;
}

static int add_name(struct ty_values *values, const struct ty_items *items, uint32_t index, struct ty_text *text)
{
	return add_name_with(values, items, index, NULL, text);
}

static int add_local_pair(struct ty_values *values, const struct ty_items *items, uint32_t pair, struct ty_text *text)
{
	int result = add_name(values, items, pair >> 4, text);

	ty_text_puts(text, ", ");
	return result ? result : add_name(values, items, pair & 15, text);
}

static void add_jump(const struct ty_values *values, const struct ty_referents *referents,
                     const struct ty_bytecode *bytecode, uint32_t unit, struct ty_text *text)
{
	int64_t target = ty_argument_target(bytecode, unit);

	if (target < 0)
		return;
	ty_text_puts(text, opcode_at(bytecode, unit)->text == PY_TEXT_JUMP_FROM ? "from " : "to ");
	if (values->dialect->labels)
		ty_text_printf(text, "L%" PRIu32, referents->labels[target]);
	else
		ty_text_printf(text, "%" PRId64, target * 2);
}

static const char *word_at(const char *const *words, uint32_t index)
{
	for (uint32_t i = 0; words && words[i]; i++)
		if (i == index)
			return words[i];
	return "";
}

static void add_flags(const char *const *words, uint32_t flags, struct ty_text *text)
{
	const char *separator = "";

	for (uint32_t bit = 0; words && words[bit] && bit < 32; bit++) {
		if (!(flags >> bit & 1))
			continue;
		ty_text_puts(text, separator);
		ty_text_puts(text, words[bit]);
		separator = ", ";
	}
}

static void add_format(const char *const *words, uint32_t argument, struct ty_text *text)
{
	ty_text_puts(text, word_at(words, argument & 3));
	if (argument & 4)
		ty_text_puts(text, argument & 3 ? ", with format" : "with format");
}

static void add_word(const struct py_dialect *dialect, uint8_t kind, uint32_t argument, struct ty_text *text)
{
	const char *const *words = dialect->words[kind];
	bool converted = kind == PY_TEXT_COMPARE && argument & dialect->compare_bool;

	if (kind == PY_TEXT_FUNCTION_FLAGS) {
		add_flags(words, argument, text);
	} else if (kind == PY_TEXT_FORMAT) {
		add_format(words, argument, text);
	} else {
		ty_text_puts(text, converted ? "bool(" : "");
		ty_text_puts(text,
		             word_at(words, kind == PY_TEXT_COMPARE ? argument >> dialect->compare_shift : argument));
		ty_text_puts(text, converted ? ")" : "");
	}
}

int ty_argument_text(struct ty_values *values, const struct ty_referents *referents, const struct ty_bytecode *bytecode,
                     uint32_t unit, struct ty_text *text)
{
	const struct py_opcode *opcode = opcode_at(bytecode, unit);
	uint32_t argument = ty_bytecode_argument(bytecode, unit);

	switch (opcode->text) {
	case PY_TEXT_NONE:
		return 0;
	case PY_TEXT_CONSTANT:
		return argument < referents->consts.count
		               ? ty_value_text(values, referents->consts.addresses[argument], text)
		               : 0;
	case PY_TEXT_NAME:
		return add_name(values, &referents->names, argument, text);
	case PY_TEXT_GLOBAL:
		return add_name_with(values, &referents->names, argument >> 1, argument & 1 ? "NULL" : NULL, text);
	case PY_TEXT_ATTRIBUTE:
		return add_name_with(values, &referents->names, argument >> 1, argument & 1 ? "NULL|self" : NULL, text);
	case PY_TEXT_SUPER_ATTRIBUTE:
		return add_name_with(values, &referents->names, argument >> 2, argument & 1 ? "NULL|self" : NULL, text);
	case PY_TEXT_IMPORT:
		return add_name_with(values, &referents->names, argument >> 2,
		                     argument & 1   ? "lazy"
		                     : argument & 2 ? "eager"
		                                    : NULL,
		                     text);
	case PY_TEXT_LOCAL:
		return add_name(values, &referents->locals, argument, text);
	case PY_TEXT_LOCAL_PAIR:
		return add_local_pair(values, &referents->locals, argument, text);
	case PY_TEXT_JUMP_FORWARD:
	case PY_TEXT_JUMP_BACKWARD:
	case PY_TEXT_JUMP_FROM:
		add_jump(values, referents, bytecode, unit, text);
		return 0;
	default:
		add_word(values->dialect, opcode->text, argument, text);
		return 0;
	}
}
