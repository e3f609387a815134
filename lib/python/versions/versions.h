/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_VERSIONS_H
#define TY_PYTHON_VERSIONS_H

#include <tachyon/opcode.h>

#include "python/version.h"

#define PY_COUNT(array) (sizeof(array) / sizeof(*(array)))

extern const struct py_version ty_python_3_11;
extern const struct py_version ty_python_3_12;
extern const struct py_version ty_python_3_13;
extern const struct py_version ty_python_3_14;
extern const struct py_version ty_python_3_15;

extern const struct py_task_version ty_tasks_3_11;
extern const struct py_task_version ty_tasks_3_12;
extern const struct py_task_version ty_tasks_3_13;
extern const struct py_task_version ty_tasks_3_14;
extern const struct py_task_version ty_tasks_3_15;

#endif
