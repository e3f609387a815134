/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_DESTINATION_H
#define TPY_DESTINATION_H

/* Where results go, as Python says it: a path, an object with a write method, a file descriptor, or None for memory. */

#include "state.h"

/* An exception that Python code called by the library raised: kept until the library has returned. */
struct tpy_raised {
	PyObject *type, *value, *traceback;
};

/** Keeps the exception that is set, unless one is kept already. */
void tpy_raised_keep(struct tpy_raised *raised);

/** Raises what was kept. false: nothing was. */
bool tpy_raised_again(struct tpy_raised *raised);
void tpy_raised_clear(struct tpy_raised *raised);

struct tpy_destination {
	ty_sink *sink;
	PyObject *file; /* that is written to; NULL: none */
	bool memory;
	struct tpy_raised raised; /* by file */
};

/** Makes the sink. The struct must stay where it is. false: an exception is set */
bool tpy_destination_open(struct tpy_destination *to, struct tpy_state *state, PyObject *object);

/**
 * What writing came to: the bytes of a memory, None for another destination, or an exception.
 * @param result of the library
 */
PyObject *tpy_destination_result(struct tpy_destination *to, struct tpy_state *state, ty_target *target, int result);

/** Frees the sink if there is still one, and lets go of the file. */
void tpy_destination_close(struct tpy_destination *to);

#endif
