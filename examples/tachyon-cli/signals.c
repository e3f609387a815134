/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ctrl-C, SIGTERM and SIGHUP: they end profiling, never the program, so that what was sampled is written.
 *
 * The handler only notes the signal and calls ty_sampler_stop(), which is made for it. A Ctrl-C typed at a terminal
 * goes to the whole foreground group, the target included; one sent with kill reaches us alone (si_code tells:
 * signal(7), sigaction(2)). A signal that was ignored when we started (nohup, a background job of a script) stays
 * ignored.
 */
#include "cli.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t last_signal;
static volatile sig_atomic_t signal_count;
static volatile sig_atomic_t typed;
static ty_sampler *volatile watched;
static struct sigaction pipe_before;

static void on_signal(int number, siginfo_t *info, void *context)
{
	(void)context;
	last_signal = number;
	signal_count = signal_count + 1;
	typed = info->si_code == SI_KERNEL;
	if (watched)
		ty_sampler_stop(watched);
}

void signals_install(void)
{
	static const int handled[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(handled) / sizeof(handled[0]); i++) {
		if (sigaction(handled[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			sigaction(handled[i], &action, NULL);
	}
	/* A reader that went away is a failed write with a message. */
	sigaction(SIGPIPE, &ignore, &pipe_before);
}

/* Handlers vanish with exec by themselves; an ignored signal would be inherited. */
void signals_restore_for_child(void)
{
	sigaction(SIGPIPE, &pipe_before, NULL);
}

/* The sampler to stop from now on; NULL for none. */
void signals_watch(ty_sampler *sampler)
{
	watched = sampler;
	if (sampler && signal_count > 0)
		ty_sampler_stop(sampler);
}

int signals_received(void)
{
	return last_signal;
}

int signals_count(void)
{
	return signal_count;
}

bool signals_from_terminal(void)
{
	return typed;
}
