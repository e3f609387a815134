/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_STATE_H
#define TPY_STATE_H

/*
 * What the files of the extension share: the module's state, the handle of a target, and errors.
 *
 * The extension keeps to the limited API of CPython 3.11, so that one file serves every version; free-threaded builds,
 * which have no stable ABI, do not load it. Everything here is used with the GIL held.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>

#include <tachyon/tachyon.h>

#include "structs.h"

/* Members of enumerations that are made once: indexed by value. */
#define TPY_VERDICTS (TY_FAILED + 1)
#define TPY_KINDS 8
#define TPY_STATUSES 64

struct tpy_state {
	PyObject *make_error; /* tachyon._errors.make_error */
	PyObject *verdict_type, *kind_type, *status_type, *end_reason_type, *live_form_type;
	PyObject *verdicts[TPY_VERDICTS];
	PyObject *kinds[TPY_KINDS];
	PyObject *statuses[TPY_STATUSES];
	PyTypeObject *structs[TPY_STRUCTS];
	PyTypeObject *target, *snapshot, *thread, *frame, *function, *sampler, *collector, *unwinder, *recorder,
	        *replay, *processes, *live, *merged, *session;
};

struct tpy_state *tpy_state_of(PyObject *object);

/** Types, ready to be added to the module. */
extern PyType_Spec tpy_target_spec, tpy_snapshot_spec, tpy_thread_spec, tpy_frame_spec, tpy_function_spec,
        tpy_sampler_spec, tpy_collector_spec, tpy_unwinder_spec, tpy_recorder_spec, tpy_replay_spec, tpy_processes_spec,
        tpy_live_spec, tpy_merged_spec, tpy_session_spec;

/* ---- errors (error.c) ---- */

/**
 * Raises the exception for a return value of the library.
 * @param target where to ask for the message; NULL: the message is what ty_strerror() says
 * @return NULL
 */
PyObject *tpy_fail(struct tpy_state *state, ty_target *target, int code);

/** Raises the exception for an errno or an enum ty_error with a message of ours. @return NULL */
PyObject *tpy_fail_with(struct tpy_state *state, int code, const char *message);

/* ---- the handle of a target (handle.c) ---- */

/*
 * What targets, frames and threads share. Frames outlive their target, and two threads may use one at once: both must
 * be an error. The library wants one thread at a time; with the GIL given away a flag says that one is at it.
 */
struct tpy_handle {
	size_t references;
	ty_target *target;         /* NULL: closed */
	unsigned long owner;       /* thread that uses it with the GIL given away, 0: none */
	bool lent;                 /* the owner is in Python code that the library called: it may ask, but not sample */
	PyObject *log;             /* receiver of log messages, NULL: none */
	bool is_merged;            /* it stands for others */
	struct tpy_handle *merged; /* that this is a source of; NULL: none */
	struct tpy_handle *current; /* of a merged one: the source that it may ask, not held; NULL: none */
};

struct tpy_handle *tpy_handle_new(void);
struct tpy_handle *tpy_handle_hold(struct tpy_handle *handle);
void tpy_handle_drop(struct tpy_handle *handle);

/** Frees the target now; nobody uses it. */
void tpy_handle_close(struct tpy_handle *handle);

/** Before a question that is answered with the GIL held. false: an exception is set. */
bool tpy_handle_ask(struct tpy_state *state, struct tpy_handle *handle);

/** Before a call with the GIL given away. false: an exception is set. */
bool tpy_handle_take(struct tpy_state *state, struct tpy_handle *handle);
void tpy_handle_give(struct tpy_handle *handle);

/** Makes a handle a source of a merged one. */
void tpy_handle_join(struct tpy_handle *source, struct tpy_handle *merged);

/** Ends that; nobody uses the merged one. */
void tpy_handle_part(struct tpy_handle *source);

/** While the library calls Python code: the thread may ask what it is sampling. */
void tpy_handle_lend(struct tpy_handle *handle, bool lent);

/**
 * Attaches to a process with the GIL given away.
 * @param log callable, or None or NULL
 * @return false: an exception is set
 */
bool tpy_handle_attach(struct tpy_state *state, struct tpy_handle *handle, int pid, ty_attach_options *options,
                       PyObject *log);

/** ty_open_capture() or ty_open_recording(). */
typedef int (*tpy_opener)(const char *path, const ty_attach_options *options, ty_target **target);

/** The same for a file. */
bool tpy_handle_open(struct tpy_state *state, struct tpy_handle *handle, const char *path, tpy_opener open,
                     ty_attach_options *options, PyObject *log);

/* ---- small conversions ---- */

/** A str from UTF-8 that may be anything. */
PyObject *tpy_text(const char *text);

/** Member of an enumeration, from the cache if it is in it; the number itself if the enumeration does not know it. */
PyObject *tpy_member(PyObject *type, PyObject **cache, size_t count, uint32_t value);

/** Converters for "O&": whole numbers that fit, and nothing that is cut to fit. */
int tpy_to_uint(PyObject *object, void *number);
int tpy_to_ulonglong(PyObject *object, void *number);

/** A str as UTF-8 that C takes as it is, valid as long as the str. NULL: an exception is set, which calls it by `name`.
 */
const char *tpy_to_text(const char *name, PyObject *text);

/** Seconds as a number, or None for 0. false: an exception is set, which calls it by `name`. */
bool tpy_to_ns(const char *name, PyObject *seconds, uint64_t *ns);

/** Frees an instance of a type of the extension, whose own members are gone. */
void tpy_free(PyObject *self);

#define TPY_FUNCTION(f) ((PyCFunction)(void (*)(void))(f))

#endif
