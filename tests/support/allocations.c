/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks are known by their address, so that freeing one that libc made (getline(), realpath()) counts for nothing. */
#include "support/allocations.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS (1UL << 18)
#define GONE ((void *)1)

static void *blocks[SLOTS];
static size_t held;
static unsigned long made, wanted;
static enum allocations_fail failing;

/* ---- the blocks ---- */

static size_t first_slot(const void *block)
{
	return ((uintptr_t)block >> 4) * 0x9e3779b97f4a7c15 >> 46;
}

static void keep(void *block)
{
	size_t at = first_slot(block);

	if (!block)
		return;
	if (held == SLOTS / 2)
		abort(); /* more than a test should hold */
	while (blocks[at % SLOTS] && blocks[at % SLOTS] != GONE)
		at++;
	blocks[at % SLOTS] = block;
	held++;
}

static void forget(const void *block)
{
	for (size_t at = first_slot(block), end = at + SLOTS; block && at < end && blocks[at % SLOTS]; at++)
		if (blocks[at % SLOTS] == block) {
			blocks[at % SLOTS] = GONE;
			held--;
			return;
		}
}

static bool fails(void)
{
	bool fail;

	made++;
	fail = (failing == ALLOCATIONS_FAIL_ONE && made == wanted) ||
	       (failing == ALLOCATIONS_FAIL_FROM && made >= wanted);
	if (fail)
		errno = ENOMEM;
	return fail;
}

void allocations_begin(enum allocations_fail fail, unsigned long number)
{
	failing = fail;
	wanted = number;
	made = 0;
	if (!held)
		memset(blocks, 0, sizeof(blocks));
}

void allocations_end(void)
{
	failing = ALLOCATIONS_SUCCEED;
}

unsigned long allocations_made(void)
{
	return made;
}

size_t allocations_held(void)
{
	return held;
}

/* ---- what the linker puts in the place of the originals ---- */

void *__real_malloc(size_t size_bytes);
void *__wrap_malloc(size_t size_bytes);
void *__real_calloc(size_t count, size_t size_bytes);
void *__wrap_calloc(size_t count, size_t size_bytes);
void *__real_realloc(void *block, size_t size_bytes);
void *__wrap_realloc(void *block, size_t size_bytes);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t length);
int __wrap_vasprintf(char **text, const char *format, va_list arguments);
int __wrap_asprintf(char **text, const char *format, ...);
int __wrap___vasprintf_chk(char **text, int flag, const char *format, va_list arguments);
int __wrap___asprintf_chk(char **text, int flag, const char *format, ...);
void __real_free(void *block);
void __wrap_free(void *block);

static void *kept(void *block)
{
	keep(block);
	return block;
}

void *__wrap_malloc(size_t size_bytes)
{
	return fails() ? NULL : kept(__real_malloc(size_bytes));
}

void *__wrap_calloc(size_t count, size_t size_bytes)
{
	return fails() ? NULL : kept(__real_calloc(count, size_bytes));
}

void *__wrap_realloc(void *block, size_t size_bytes)
{
	if (fails())
		return NULL;
	forget(block);
	return kept(__real_realloc(block, size_bytes));
}

char *__wrap_strndup(const char *text, size_t length)
{
	size_t size_bytes = strnlen(text, length);
	char *copy = __wrap_malloc(size_bytes + 1);

	if (copy)
		*(char *)mempcpy(copy, text, size_bytes) = '\0';
	return copy;
}

char *__wrap_strdup(const char *text)
{
	return __wrap_strndup(text, strlen(text));
}

int __wrap_vasprintf(char **text, const char *format, va_list arguments)
{
	va_list again;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	/* As libc leaves it: what is there then is nobody's to read or to free. */
	*text = length < 0 ? NULL : __wrap_malloc((size_t)length + 1);
	return *text ? vsnprintf(*text, (size_t)length + 1, format, arguments) : -1;
}

int __wrap_asprintf(char **text, const char *format, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = __wrap_vasprintf(text, format, arguments);
	va_end(arguments);
	return result;
}

/* With -D_FORTIFY_SOURCE. */
int __wrap___vasprintf_chk(char **text, int flag, const char *format, va_list arguments)
{
	(void)flag;
	return __wrap_vasprintf(text, format, arguments);
}

int __wrap___asprintf_chk(char **text, int flag, const char *format, ...)
{
	va_list arguments;
	int result;

	(void)flag;
	va_start(arguments, format);
	result = __wrap_vasprintf(text, format, arguments);
	va_end(arguments);
	return result;
}

void __wrap_free(void *block)
{
	forget(block);
	__real_free(block);
}
