/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_RECEIVER_H
#define TPY_RECEIVER_H

/*
 * A Python object as a collector: its methods sample(snapshot), and begin(run) and end(summary) if it has them. True
 * from one of the first two ends the run. An exception ends it as well, and is raised from Sampler.run() once every
 * collector has been ended.
 */

#include "run.h"

struct tpy_receiver {
	struct tpy_run *run;
	PyObject *object;
};

/**
 * Makes a collector of an object with a sample method.
 * @param receiver filled in; it must live as long as the collector
 * @return false: an exception is set
 */
bool tpy_receiver_new(struct tpy_receiver *receiver, struct tpy_run *run, PyObject *object, ty_collector **collector);

#endif
