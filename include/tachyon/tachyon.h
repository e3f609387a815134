/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_TACHYON_H
#define TACHYON_TACHYON_H

/**
 * @file tachyon.h
 * All of libtachyon. See base.h for the conventions.
 */

#include <tachyon/annotation.h>
#include <tachyon/base.h>
#include <tachyon/collector.h>
#include <tachyon/disassembly.h>
#include <tachyon/gc.h>
#include <tachyon/live.h>
#include <tachyon/merged.h>
#include <tachyon/opcode.h>
#include <tachyon/pages.h>
#include <tachyon/processes.h>
#include <tachyon/recording.h>
#include <tachyon/sampler.h>
#include <tachyon/sink.h>
#include <tachyon/snapshot.h>
#include <tachyon/target.h>
#include <tachyon/tasks.h>

#endif
