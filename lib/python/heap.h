/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_HEAP_H
#define TY_PYTHON_HEAP_H

/*
 * Objects that tasks are made of, out of pages: their class, and looking things up in sets, lists and instances. What
 * dicts and instances are is in object.h.
 *
 * What an object is, is told by the name of its type, and for subclasses of the types that matter by the names of its
 * bases. Each type is asked once in a while, not for every object. The structs of the built-in types below have been
 * the same from 3.11 to 3.15 behind the object's header (Include/cpython/dictobject.h, Include/internal/pycore_dict.h,
 * setobject.h, funcobject.h, cellobject.h, classobject.h, methodobject.h, weakrefobject.h), whose length is that of the
 * build.
 *
 * Everything is hostile: tables are bounded, chains are cut, and what does not fit is simply not found.
 */

#include "python/object.h"
#include "target/pages.h"
#include "util/map.h"

struct py_task_version;

enum py_class {
	PY_CLASS_UNKNOWN = 1,
	PY_CLASS_TASK,      /* _asyncio.Task or a subclass of it */
	PY_CLASS_FUTURE,    /* _asyncio.Future or a subclass of it other than tasks */
	PY_CLASS_COROUTINE, /* coroutine, generator or async generator */
	PY_CLASS_AWAITS,    /* stands for the object that its first member points to: async_generator_asend, … */
	PY_CLASS_FUTURE_ITERATOR,
	PY_CLASS_FUNCTION,
	PY_CLASS_CELL,
	PY_CLASS_METHOD,
	PY_CLASS_BUILTIN,
	PY_CLASS_PARTIAL,
	PY_CLASS_SET,
	PY_CLASS_LIST,
	PY_CLASS_DICT,
	PY_CLASS_DEQUE,
	PY_CLASS_INT,
	PY_CLASS_STR
};

/* A list of addresses, to be handed around. */
struct py_addresses {
	TY_ARRAY(uint64_t) list;
};

struct py_heap {
	struct ty_pages *pages;
	struct py_objects objects; /* the same out of those pages */
	const struct py_task_version *version;
	uint32_t body;            /* where an object's own members begin */
	struct ty_map classes;    /* address of a type -> enum py_class */
	struct ty_map attributes; /* type and name -> index of the value, + 1 */
};

void ty_heap_init(struct py_heap *heap, struct ty_pages *pages);
void ty_heap_free(struct py_heap *heap);

/* Asks every type again: one may have been freed and another be where it was. */
void ty_heap_forget(struct py_heap *heap);

/* Reads an object's type and says what it is; PY_CLASS_UNKNOWN also for what is no object. */
enum py_class ty_heap_class(struct py_heap *heap, uint64_t object);

/* A word of an object, `at` bytes behind its header. 0, or the errors of ty_pages_read(). */
int ty_heap_word(struct py_heap *heap, uint64_t object, uint32_t at, uint64_t *word);

/* All values of a dict without holes. 0, -TY_ELIMIT (cut), or a negative errno. */
int ty_heap_dict_values(struct py_heap *heap, uint64_t dict, struct py_addresses *values);

/* As ty_object_attribute(); where in an instance a type has a name is asked once in a while. */
int ty_heap_attribute(struct py_heap *heap, uint64_t object, const char *name, uint64_t *value);

/* Appends the members of a set. 0, -TY_ELIMIT (cut), or a negative errno. */
int ty_heap_set(struct py_heap *heap, uint64_t set, struct py_addresses *members);

/* Appends the elements of a list or tuple, at most `limit`; of a deque as well. 0 or a negative errno. */
int ty_heap_list(struct py_heap *heap, uint64_t list, size_t limit, struct py_addresses *members);
int ty_heap_tuple(struct py_heap *heap, uint64_t tuple, size_t limit, struct py_addresses *members);
int ty_heap_deque(struct py_heap *heap, uint64_t deque, size_t limit, struct py_addresses *members);

#endif
