/* SPDX-License-Identifier: Apache-2.0 */
/* The versions of CPython that are known. */
#include "python/versions/versions.h"

#include <stdio.h>

static const struct py_version *const VERSIONS[] = {
	&ty_python_3_11, &ty_python_3_12, &ty_python_3_13, &ty_python_3_14, &ty_python_3_15,
};

const struct py_version *ty_version_find(uint32_t hexversion)
{
	for (size_t i = 0; i < sizeof(VERSIONS) / sizeof(*VERSIONS); i++)
		if (VERSIONS[i]->number == hexversion >> 16)
			return VERSIONS[i];
	return NULL;
}

void ty_version_text(uint32_t hexversion, char *text, size_t size_bytes)
{
	static const char *const LEVELS[16] = { [0xa] = "a", [0xb] = "b", [0xc] = "rc" };
	const char *level = LEVELS[hexversion >> 4 & 15];
	int length =
	        snprintf(text, size_bytes, "%u.%u.%u", hexversion >> 24, hexversion >> 16 & 255, hexversion >> 8 & 255);

	if (level && length > 0 && (size_t)length < size_bytes)
		snprintf(text + length, size_bytes - (size_t)length, "%s%u", level, hexversion & 15);
}

const char *ty_versions_known(void)
{
	return "3.11 to 3.15";
}
