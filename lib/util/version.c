/* SPDX-License-Identifier: Apache-2.0 */
#include <tachyon/base.h>

const char *ty_version_string(void)
{
	return TY_VERSION;
}

uint32_t ty_version_number(void)
{
	return (uint32_t)TY_VERSION_MAJOR << 16 | (uint32_t)TY_VERSION_MINOR << 8 | (uint32_t)TY_VERSION_PATCH;
}
