/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds _PyRuntime in a process.
 *
 * CPython puts it into an ELF section of its own, .PyRuntime, and exports it as _PyRuntime; either does. Files whose
 * name has "python" in it are tried first, then the executable, then every other file (an embedding program, a static
 * libpython inside a plugin). A process can hold several: a copy of libpython opened by ctypes has a runtime that never
 * started. So every candidate is tried until one has sound interpreters; a runtime that is merely not started yet is
 * remembered. Last comes a bounded scan of writable memory for the cookie, for files without sections or names.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "python/debug_offsets.h"
#include "python/runtime.h"
#include "target/image.h"
#include "target/kin.h"
#include "target/proc.h"
#include "util/cleanup.h"
#include "util/error.h"

/* Files opened in search of a runtime. */
#define FILES_MAX 1024

/* Memory scanned for the cookie. */
#define SCAN_BYTES_MAX (256u << 20)
#define SCAN_BLOCK_BYTES (256u << 10)

struct search {
	pid_t pid;
	struct ty_memory *memory;
	struct ty_maps maps;
	struct py_runtime *runtime;
	struct ty_error_state *error;
	int result; /* best failure so far: a starting runtime beats an unreadable one beats none */
	struct ty_error_state best;
};

static int rank_of_failure(int result)
{
	switch (result) {
	case -TY_ESTARTING:
		return 3;
	case -TY_EVERSION:
	case -TY_EOFFSETS:
		return 2;
	case -TY_ENOTPYTHON:
		return 0;
	default:
		return 1;
	}
}

static void remember_failure(struct search *search, int result)
{
	if (rank_of_failure(result) <= rank_of_failure(search->result))
		return;
	search->result = result;
	search->best = *search->error;
}

static bool same_file(const struct ty_mapping *a, const struct ty_mapping *b)
{
	return a->inode == b->inode && a->device == b->device;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* true when the runtime at `address` is the one. */
static bool try_candidate(struct search *search, const struct ty_mapping *mapping, uint64_t address,
                          uint64_t version_symbol)
{
	struct py_runtime *runtime = search->runtime;
	uint64_t hexversion = 0;
	int result;

	memset(runtime, 0, sizeof(*runtime));
	runtime->address = address;
	runtime->mapping_start = mapping->start;
	runtime->mapping_inode = mapping->inode;
	snprintf(runtime->path, sizeof(runtime->path), "%s", mapping->path);
	if (version_symbol)
		ty_memory_read_u64(search->memory, version_symbol, &hexversion);
	result = ty_runtime_load(search->memory, (uint32_t)hexversion, runtime, search->error);
	if (result == 0)
		return true;
	remember_failure(search, result);
	return false;
}

/* Emulated, or of 32 bits: the sizes and addresses of its objects are not those that this library reads. */
static void refuse_machine(struct search *search, const struct ty_mapping *mapping, int fd)
{
	char buffer[64];

	if (!strstr(base_name(mapping->path), "python"))
		return;
	ty_fail(search->error, -TY_EVERSION,
	        "%s is for %s: this library reads processes of the machine that it is built for, and none that are "
	        "emulated "
	        "or of 32 bits. Run the profiler where the program runs natively",
	        mapping->path, ty_image_machine(fd, buffer, sizeof(buffer)));
	remember_failure(search, -TY_EVERSION);
}

static bool try_file(struct search *search, const struct ty_mapping *mapping)
{
	struct ty_image_symbol symbols[] = { { "_PyRuntime", 0 }, { "Py_Version", 0 }, { "Py_GetVersion", 0 } };
	_cleanup_close_ int fd = ty_image_open(search->pid, mapping);
	uint64_t section, address;
	int result = fd < 0 ? fd : ty_image_find(fd, mapping, ".PyRuntime", &section, symbols, 3);

	if (result == -ELIBBAD)
		refuse_machine(search, mapping, fd);
	if (result < 0) {
		ty_log(search->error, TY_LOG_DEBUG, "discover: %s: not readable as an ELF file", mapping->path);
		return false;
	}
	address = section ? section : symbols[0].address;
	if (address)
		return try_candidate(search, mapping, address, symbols[1].address);
	if (symbols[2].address) {
		ty_fail(search->error, -TY_EVERSION, "%s holds an older CPython than the ones this library reads: %s",
		        mapping->path, ty_versions_known());
		remember_failure(search, -TY_EVERSION);
	}
	return false;
}

enum file_rank { NAMED_PYTHON, EXECUTABLE, ANY_OTHER };

static enum file_rank rank_of_file(const struct search *search, const struct ty_mapping *mapping)
{
	if (strstr(base_name(mapping->path), "python"))
		return NAMED_PYTHON;
	return same_file(mapping, &search->maps.list.items[0]) ? EXECUTABLE : ANY_OTHER;
}

/*
 * The first mapping of every file that is mapped executable, which is every file that can hold code; and of files of
 * that name, which an emulator maps without.
 */
static bool is_first_of_library(const struct ty_maps *maps, size_t at)
{
	const struct ty_mapping *mapping = &maps->list.items[at];
	bool executable = strstr(base_name(mapping->path), "python") != NULL;

	if (!mapping->inode || mapping->path[0] != '/' || (at && same_file(mapping, mapping - 1)))
		return false;
	for (size_t i = at; i < maps->list.count && same_file(mapping, &maps->list.items[i]); i++)
		executable |= maps->list.items[i].executable;
	return executable;
}

static bool search_files(struct search *search, enum file_rank rank, size_t *opened)
{
	for (size_t i = 0; i < search->maps.list.count && *opened < FILES_MAX; i++) {
		const struct ty_mapping *mapping = &search->maps.list.items[i];

		if (!is_first_of_library(&search->maps, i) || rank_of_file(search, mapping) != rank)
			continue;
		++*opened;
		if (try_file(search, mapping))
			return true;
	}
	return false;
}

static bool scan_block(struct search *search, const struct ty_mapping *mapping, uint64_t start, const uint8_t *block,
                       size_t size_bytes)
{
	for (size_t at = 0; at + PY_COOKIE_BYTES <= size_bytes; at += 8)
		if (memcmp(block + at, PY_COOKIE, PY_COOKIE_BYTES) == 0 &&
		    try_candidate(search, mapping, start + at, 0))
			return true;
	return false;
}

static bool scan_memory(struct search *search)
{
	_cleanup_free_ uint8_t *block = malloc(SCAN_BLOCK_BYTES);
	uint64_t scanned = 0;

	for (size_t i = 0; block && i < search->maps.list.count; i++) {
		const struct ty_mapping *mapping = &search->maps.list.items[i];

		if (!mapping->readable || !mapping->writable || !mapping->inode)
			continue;
		for (uint64_t at = mapping->start; at < mapping->end && scanned < SCAN_BYTES_MAX;
		     at += SCAN_BLOCK_BYTES) {
			uint64_t left = mapping->end - at;
			size_t size = left < SCAN_BLOCK_BYTES ? (size_t)left : SCAN_BLOCK_BYTES;

			scanned += size;
			if (ty_memory_read(search->memory, at, block, size) == 0 &&
			    scan_block(search, mapping, at, block, size))
				return true;
		}
	}
	return false;
}

static int explain_no_memory(struct search *search)
{
	int pid = (int)search->pid;
	struct ty_kin kin;

	if (ty_proc_ended(search->pid))
		return ty_fail(search->error, -TY_EEXITED, "there is no process %d, or it has ended", pid);
	if (ty_kin_read(search->pid, &kin) && kin.is_kernel)
		return ty_fail(search->error, -TY_ENOTPYTHON, "process %d is not a Python process: it is the kernel's",
		               pid);
	/* In the middle of exec() a process has no mappings, or others than a moment ago. */
	return ty_fail(search->error, -TY_ESTARTING, "process %d is just being loaded: it has no memory", pid);
}

static int explain_unreadable(struct search *search, int result)
{
	char reason[TY_MESSAGE_BYTES / 2];

	if (result == -ENOENT || result == -ESRCH)
		return explain_no_memory(search);
	if (result == -EACCES || result == -EPERM) {
		ty_proc_explain_refusal(search->pid, reason, sizeof(reason));
		ty_fail(search->error, -TY_EPERMISSION, "may not read process %d: %s", (int)search->pid, reason);
		search->error->os_errno = -result;
		return -TY_EPERMISSION;
	}
	return ty_fail(search->error, result, "reading the mappings of process %d: %s", (int)search->pid,
	               ty_strerror(result));
}

/* The maps of a foreign process may be readable while its memory is not: ask before blaming the contents. */
static int check_access(struct search *search)
{
	uint8_t byte;

	for (size_t i = 0; i < search->maps.list.count; i++) {
		int result;

		if (!search->maps.list.items[i].readable)
			continue;
		result = ty_memory_read(search->memory, search->maps.list.items[i].start, &byte, 1);
		if (result != -EFAULT)
			return result;
	}
	return -ESRCH;
}

static int search_process(struct search *search)
{
	size_t opened = 0;
	int result = check_access(search);

	if (result < 0)
		return explain_unreadable(search, result);
	for (enum file_rank rank = NAMED_PYTHON; rank <= ANY_OTHER; rank++) {
		if (search_files(search, rank, &opened))
			return 0;
		/* A runtime under its own name that is only not ready makes a further search pointless. */
		if (search->result != -TY_ENOTPYTHON)
			break;
	}
	if (search->result == -TY_ENOTPYTHON && scan_memory(search))
		return 0;
	if (ty_proc_ended(search->pid))
		return ty_fail(search->error, -TY_EEXITED, "process %d has ended", (int)search->pid);
	if (search->result == -TY_ENOTPYTHON)
		return ty_fail(search->error, -TY_ENOTPYTHON,
		               "process %d is not a Python process: no CPython runtime in %s", (int)search->pid,
		               search->maps.list.items[0].path);
	*search->error = search->best;
	return search->result;
}

int ty_runtime_find(pid_t pid, struct ty_memory *memory, struct py_runtime *runtime, struct ty_error_state *error)
{
	struct search search = {
		.pid = pid, .memory = memory, .runtime = runtime, .error = error, .result = -TY_ENOTPYTHON
	};
	int result = ty_maps_read(pid, &search.maps);

	error->phase = TY_PHASE_DISCOVER;
	if (result == 0)
		result = search_process(&search);
	else
		result = explain_unreadable(&search, result);
	ty_maps_free(&search.maps);
	return result;
}

int ty_runtime_is_mapped(pid_t pid, const struct py_runtime *runtime)
{
	const struct ty_mapping *mapping;
	struct ty_maps maps;
	int result = ty_maps_read(pid, &maps);
	bool same;

	if (result < 0)
		return result;
	mapping = ty_maps_find(&maps, runtime->mapping_start);
	same = mapping && mapping->start == runtime->mapping_start && mapping->inode == runtime->mapping_inode;
	ty_maps_free(&maps);
	return same;
}
