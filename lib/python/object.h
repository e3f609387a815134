/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_OBJECT_H
#define TY_PYTHON_OBJECT_H

/*
 * Look-ups in dictionaries and in the attributes of instances, for the few things that CPython keeps nowhere else.
 *
 * A dict (Include/internal/pycore_dict.h) has a table of keys, whose layout is the same in 3.11 to 3.15: a header, an
 * index of 1 << dk_log2_index_bytes bytes, and entries of hash, key, value; of key, value where all keys are str; of
 * key alone where several dicts share the keys, each with values of its own. Entries are in the order of insertion, so
 * that a look-up which does not know hashes goes through them.
 *
 * An instance keeps the values of its attributes beside its dict, with the type's shared keys (ht_cached_keys), as long
 * as nobody asks for the dict: behind a pointer in front of the object (3.11), the same pointer with a tag (3.12), or
 * at the object's end (3.13+: Include/internal/pycore_object.h).
 *
 * All of it may change while it is looked at. Every read is bounded, and what is found has to be checked by what it
 * means. The memory is the target's, with reads of their own that are never part of a sample, or pages that were read
 * before (heap.h).
 */

#include "python/version.h"
#include "target/memory.h"

struct py_objects {
	struct ty_memory *memory;
	const struct py_version *version;
	const struct py_offsets *offsets;
};

/* All below give 0, -TY_ENOTFOUND, -TY_ECORRUPT, -EFAULT or another error of the memory. */

/* Value of a key that is an ASCII str of at most PY_TEXT_BYTES_MAX. */
#define PY_TEXT_BYTES_MAX 64
int ty_dict_find_text(const struct py_objects *objects, uint64_t dict, const char *key, uint64_t *value);

/* Value of a key that is an int. */
int ty_dict_find_number(const struct py_objects *objects, uint64_t dict, uint64_t key, uint64_t *value);

/* The table of a dict, to go through its values. */
struct py_table {
	uint64_t entries; /* address */
	uint64_t count;
	uint8_t kind;
	uint32_t entry_bytes;
	uint64_t values; /* address of the array, where keys are shared */
};

int ty_dict_open(const struct py_objects *objects, uint64_t dict, struct py_table *table);

/* One value; -TY_ENOTFOUND: there is none any more. */
int ty_table_value(const struct py_objects *objects, const struct py_table *table, uint64_t index, uint64_t *value);

/* An attribute of an instance of a class that was made in Python, not of that class. */
int ty_object_attribute(const struct py_objects *objects, uint64_t object, const char *name, uint64_t *value);

/*
 * The same in two steps, for who asks often: where the values of an instance are, or 0 and its dict; and which of them
 * is that of a name, for all instances of the type.
 */
struct py_instance {
	uint64_t type;
	uint64_t values; /* address of the first one */
	uint64_t dict;   /* 0: it has none */
};

int ty_object_instance(const struct py_objects *objects, uint64_t object, struct py_instance *instance);
int ty_type_attribute(const struct py_objects *objects, uint64_t type, const char *name, uint64_t *index);

/* The value of an int object from 0 to 2^60 - 1. */
int ty_object_number(const struct py_objects *objects, uint64_t object, uint64_t *number);

/* true for the str object with that text. */
bool ty_object_is_text(const struct py_objects *objects, uint64_t object, const char *text);

#endif
