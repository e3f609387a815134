/* SPDX-License-Identifier: Apache-2.0 */
/* The handle of a target: who may use it, and when it ends. */
#include <errno.h>
#include <stdlib.h>

#include "gil.h"
#include "state.h"

struct tpy_handle *tpy_handle_new(void)
{
	struct tpy_handle *handle = calloc(1, sizeof(*handle));

	if (!handle)
		PyErr_NoMemory();
	else
		handle->references = 1;
	return handle;
}

struct tpy_handle *tpy_handle_hold(struct tpy_handle *handle)
{
	handle->references++;
	return handle;
}

void tpy_handle_drop(struct tpy_handle *handle)
{
	if (!handle || --handle->references)
		return;
	tpy_handle_close(handle);
	free(handle);
}

void tpy_handle_close(struct tpy_handle *handle)
{
	PyObject *log = handle->log;

	tpy_handle_part(handle);
	ty_detach(handle->target);
	handle->target = NULL;
	handle->current = NULL;
	handle->log = NULL;
	Py_XDECREF(log);
}

/* ---- merged ones ---- */

void tpy_handle_join(struct tpy_handle *source, struct tpy_handle *merged)
{
	tpy_handle_part(source);
	source->merged = tpy_handle_hold(merged);
}

/* One that never gave a snapshot is not known there, which is as good. */
void tpy_handle_part(struct tpy_handle *source)
{
	struct tpy_handle *merged = source->merged;

	if (!merged)
		return;
	source->merged = NULL;
	if (merged->target)
		ty_merged_leave(merged->target, source->target);
	if (merged->current == source)
		merged->current = NULL;
	tpy_handle_drop(merged);
}

void tpy_handle_lend(struct tpy_handle *handle, bool lent)
{
	handle->lent = lent;
	if (handle->current && handle->current->owner == handle->owner)
		handle->current->lent = lent;
}

/* ---- who uses it ---- */

static bool refuse_closed(struct tpy_state *state, const struct tpy_handle *handle)
{
	if (handle->target)
		return false;
	tpy_fail_with(state, -TY_ESTATE, "the target is closed");
	return true;
}

static bool is_free(const struct tpy_handle *handle)
{
	return !handle->owner || (handle->lent && handle->owner == PyThread_get_thread_ident());
}

bool tpy_handle_ask(struct tpy_state *state, struct tpy_handle *handle)
{
	if (refuse_closed(state, handle))
		return false;
	if (is_free(handle) && (!handle->current || is_free(handle->current)))
		return true;
	tpy_fail_with(state, -EBUSY, "another thread is using the target");
	return false;
}

bool tpy_handle_take(struct tpy_state *state, struct tpy_handle *handle)
{
	unsigned long self = PyThread_get_thread_ident();

	if (refuse_closed(state, handle))
		return false;
	if (handle->owner) {
		tpy_fail_with(state, -EBUSY,
		              handle->owner == self
		                      ? "the target is being sampled: a collector may ask it, not sample it"
		                      : "another thread is using the target");
		return false;
	}
	handle->owner = self;
	return true;
}

void tpy_handle_give(struct tpy_handle *handle)
{
	handle->owner = 0;
	handle->lent = false;
}

/* ---- attaching ---- */

static void log_message(int level, const char *message, void *user_data)
{
	PyThreadState *entered = tpy_gil_enter();
	PyObject *text = tpy_text(message);
	PyObject *result = text ? PyObject_CallFunction(user_data, "iO", level, text) : NULL;

	if (!result)
		PyErr_WriteUnraisable(user_data);
	Py_XDECREF(result);
	Py_XDECREF(text);
	tpy_gil_leave(entered);
}

static void set_log(struct tpy_handle *handle, ty_attach_options *options, PyObject *log)
{
	if (!log || log == Py_None)
		return;
	handle->log = Py_NewRef(log);
	options->log = log_message;
	options->log_user_data = log;
}

/* Takes what the library opened, or raises why it did not. */
static bool take_target(struct tpy_state *state, struct tpy_handle *handle, ty_target *target, int result)
{
	handle->target = target;
	if (result < 0)
		tpy_fail(state, target, result);
	return result == 0;
}

bool tpy_handle_open(struct tpy_state *state, struct tpy_handle *handle, const char *path, tpy_opener open,
                     ty_attach_options *options, PyObject *log)
{
	ty_target *target = NULL;
	PyThreadState *outer;
	int result;

	set_log(handle, options, log);
	outer = tpy_gil_release();
	result = open(path, options, &target);
	tpy_gil_take(outer);
	return take_target(state, handle, target, result);
}

bool tpy_handle_attach(struct tpy_state *state, struct tpy_handle *handle, int pid, ty_attach_options *options,
                       PyObject *log)
{
	ty_target *target = NULL;
	PyThreadState *outer;
	int result;

	set_log(handle, options, log);
	outer = tpy_gil_release();
	result = ty_attach(pid, options, &target);
	tpy_gil_take(outer);
	return take_target(state, handle, target, result);
}
