/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program that embeds CPython and is not called python: embed [--wait] LIBPYTHON ARGUMENTS…
 *
 * It loads a libpython at run time, so that one build of it hosts every version, and runs it as the python command would.
 * With --wait it says "loaded" and waits for a line of input first: a process that holds a CPython which has not begun.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int wait_for_line(void)
{
	char c = '\0';

	puts("loaded");
	fflush(stdout);
	while (c != '\n')
		if (read(STDIN_FILENO, &c, 1) != 1)
			return -1;
	return 0;
}

int main(int argc, char **argv)
{
	int first = argc > 1 && strcmp(argv[1], "--wait") == 0 ? 2 : 1;
	int (*bytes_main)(int, char **);
	void *library;

	if (argc <= first)
		return 2;
	library = dlopen(argv[first], RTLD_NOW | RTLD_GLOBAL);
	if (!library) {
		fprintf(stderr, "%s\n", dlerror());
		return 1;
	}
	*(void **)&bytes_main = dlsym(library, "Py_BytesMain");
	if (!bytes_main || (first == 2 && wait_for_line()))
		return 1;
	argv[first] = argv[0];
	return bytes_main(argc - first, argv + first);
}
