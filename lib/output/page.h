/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_OUTPUT_PAGE_H
#define TY_OUTPUT_PAGE_H

/* Pages of HTML; the data of each goes where the mark is. Made of page/ by page/embed.py. */
#define TY_PAGE_MARK "@PROFILE@"
extern const char ty_page_flamegraph[];
extern const char ty_page_heatmap[];
extern const char ty_page_heatmap_file[];

#endif
