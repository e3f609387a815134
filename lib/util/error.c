/* SPDX-License-Identifier: Apache-2.0 */
#include "util/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct error_entry {
	int code;
	int class;
	const char *text;
};

static const struct error_entry ERRORS[] = {
	{ TY_ENOTPYTHON, TY_CLASS_UNSUPPORTED, "the process holds no CPython runtime" },
	{ TY_EVERSION, TY_CLASS_UNSUPPORTED, "unsupported version of CPython" },
	{ TY_EOFFSETS, TY_CLASS_UNSUPPORTED, "the runtime's table of struct offsets is not valid" },
	{ TY_ESTARTING, TY_CLASS_RETRY, "CPython is starting or finishing" },
	{ TY_EEXITED, TY_CLASS_GONE, "the process ended" },
	{ TY_EREPLACED, TY_CLASS_RETRY, "the process was replaced by exec()" },
	{ TY_EPERMISSION, TY_CLASS_PERMISSION, "reading the process is not permitted" },
	{ TY_ECAPTURE, TY_CLASS_UNSUPPORTED, "not a valid capture file" },
	{ TY_ECORRUPT, TY_CLASS_RETRY, "the target's memory contradicts itself" },
	{ TY_ENOTFOUND, TY_CLASS_USAGE, "no such item" },
	{ TY_EOPCODE, TY_CLASS_USAGE, "no such opcode in that version of CPython" },
	{ TY_EOPTION, TY_CLASS_USAGE, "option out of range or unknown to this library" },
	{ TY_ESTALE, TY_CLASS_USAGE, "the frame's code is gone" },
	{ TY_ELIMIT, TY_CLASS_UNSUPPORTED, "a safety limit was reached" },
	{ TY_ESTATE, TY_CLASS_USAGE, "the call does not fit the state of the handle" },
	{ TY_ERECORDING, TY_CLASS_UNSUPPORTED, "not a recording, or a damaged one" },
};

static const struct error_entry *find(int code)
{
	if (code < 0)
		code = -code;
	for (size_t i = 0; i < sizeof(ERRORS) / sizeof(*ERRORS); i++)
		if (ERRORS[i].code == code)
			return &ERRORS[i];
	return NULL;
}

const char *ty_strerror(int code)
{
	const struct error_entry *entry = find(code);
	const char *text;

	if (entry)
		return entry->text;
	text = strerrordesc_np(code < 0 ? -code : code);
	return text ? text : "unknown error";
}

int ty_error_classify(int code)
{
	const struct error_entry *entry = find(code);

	if (entry)
		return entry->class;
	switch (code < 0 ? -code : code) {
	case 0:
		return TY_CLASS_NONE;
	case EINTR:
	case EAGAIN:
		return TY_CLASS_RETRY;
	case ESRCH:
		return TY_CLASS_GONE;
	case EPERM:
	case EACCES:
		return TY_CLASS_PERMISSION;
	case EINVAL:
		return TY_CLASS_USAGE;
	default:
		return TY_CLASS_SYSTEM;
	}
}

static int record(struct ty_error_state *error, int code, uint64_t address, const char *format, va_list arguments)
{
	error->code = code;
	error->os_errno = code > -TY_ENOTPYTHON ? -code : 0;
	error->address = address;
	vsnprintf(error->message, sizeof(error->message), format, arguments);
	return code;
}

int ty_fail(struct ty_error_state *error, int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	record(error, code, 0, format, arguments);
	va_end(arguments);
	return code;
}

int ty_fail_at(struct ty_error_state *error, int code, uint64_t address, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	record(error, code, address, format, arguments);
	va_end(arguments);
	return code;
}

void ty_error_clear(struct ty_error_state *error)
{
	error->code = 0;
	error->os_errno = 0;
	error->address = 0;
	error->message[0] = '\0';
}

void ty_log(const struct ty_error_state *error, int level, const char *format, ...)
{
	char line[TY_MESSAGE_BYTES];
	va_list arguments;

	if (!error->log)
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	error->log(level, line, error->log_user_data);
}
