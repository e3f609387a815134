/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_OUTPUT_PAGE_H
#define TY_OUTPUT_PAGE_H

/* The flame graph's page; its data goes where the mark is. Made by page/build.sh, turned into C by page/embed.py. */
#define TY_PAGE_MARK "@PROFILE@"
extern const char ty_flamegraph_page[];

#endif
