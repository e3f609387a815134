/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The terminal: everything about it that outlives a frame.
 *
 * The view draws on /dev/tty, so that stdout and stdin may be files. Signals only set a flag and wake the view by a
 * pipe; the view itself leaves the screen before it stops (Ctrl-Z) and takes it again after that. SIGSTOP ends the stop
 * for all threads; the shell sees what it would with SIGTSTP.
 *
 * However we end, the terminal is to be usable: a crash writes what was prepared for it, with functions that
 * signal-safety(7) allows (write, tcsetattr), and goes on to crash. State is global because signal handlers have no
 * other.
 */
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

/* term.h claims these words. */
#undef columns
#undef lines

#include "live.h"

#define ESCAPE_DELAY_MS 25
#define RESCUE_BYTES 256
#define STACK_BYTES (64 << 10)
#define MOUSE_OFF "\033[?1000l\033[?1002l\033[?1003l\033[?1006l"

static FILE *tty;
static SCREEN *screen;
static struct termios settings; /* as we found them */
static char rescue[RESCUE_BYTES];
static size_t rescue_bytes;
static int wake_fds[2] = { -1, -1 };
static bool is_gone;
static volatile sig_atomic_t is_open, want_stop, want_size, want_draw;
static char crash_stack[STACK_BYTES];

/* ---- signals ---- */

void terminal_wake(void)
{
	int error = errno;

	/* A full pipe wakes as well. */
	if (wake_fds[1] >= 0)
		(void)!write(wake_fds[1], "w", 1);
	errno = error;
}

static void on_stop(int number)
{
	(void)number;
	want_stop = 1;
	terminal_wake();
}

static void on_size(int number)
{
	(void)number;
	want_size = 1;
	terminal_wake();
}

static void on_continue(int number)
{
	(void)number;
	want_draw = 1;
	terminal_wake();
}

void terminal_rescue(void)
{
	if (!is_open || !tty)
		return;
	is_open = 0;
	/* A terminal that takes nothing (Ctrl-S, a dead connection) must not hold us. */
	fcntl(fileno(tty), F_SETFL, O_NONBLOCK);
	(void)!write(fileno(tty), rescue, rescue_bytes);
	tcsetattr(fileno(tty), TCSANOW, &settings);
}

void terminal_disown(void)
{
	is_open = 0;
}

static void on_crash(int number)
{
	terminal_rescue();
	/* The handler was reset: this time the signal does what it does. */
	raise(number);
}

static void install(int number, void (*handler)(int), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

static void install_all(void)
{
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT };
	stack_t stack = { .ss_sp = crash_stack, .ss_size = sizeof(crash_stack) };

	sigaltstack(&stack, NULL);
	for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		install(crashes[i], on_crash, (int)(SA_RESETHAND | SA_NODEFER | SA_ONSTACK));
	install(SIGTSTP, on_stop, SA_RESTART);
	install(SIGWINCH, on_size, SA_RESTART);
	install(SIGCONT, on_continue, SA_RESTART);
}

/* ---- before anything is drawn ---- */

bool terminal_check(void)
{
	struct winsize size = { 0 };
	int code = 0;
	int fd = isatty(STDOUT_FILENO) || isatty(STDERR_FILENO) ? open("/dev/tty", O_RDWR | O_CLOEXEC) : -1;
	const char *term = getenv("TERM");

	if (fd < 0) {
		complain("--live needs a terminal, and there is none");
		return false;
	}
	bool known = term && setupterm(term, fd, &code) == OK;

	if (!known || !tigetstr("cup") || tigetstr("cup") == (char *)-1) {
		complain("--live: the terminal '%s' cannot be driven: set TERM to what it is", term ? term : "");
		close(fd);
		return false;
	}
	bool has_size = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;

	close(fd);
	if (has_size && (size.ws_col < LIVE_MIN_COLUMNS || size.ws_row < LIVE_MIN_ROWS)) {
		complain("--live: the window is too small: %dx%d; at least %dx%d is needed", size.ws_col, size.ws_row,
		         LIVE_MIN_COLUMNS, LIVE_MIN_ROWS);
		return false;
	}
	return true;
}

/* What brings the terminal back without curses; without the padding that terminfo(5) writes as $<…>. */
static void add_rescue(const char *sequence)
{
	if (!sequence || sequence == (const char *)-1)
		return;
	while (*sequence && rescue_bytes < sizeof(rescue)) {
		if (sequence[0] == '$' && sequence[1] == '<' && strchr(sequence, '>')) {
			sequence = strchr(sequence, '>') + 1;
			continue;
		}
		rescue[rescue_bytes++] = *sequence++;
	}
}

static void prepare_rescue(void)
{
	static char *const names[] = { (char *)"sgr0", (char *)"rmkx", (char *)"cnorm", (char *)"rmcup" };

	rescue_bytes = 0;
	add_rescue(MOUSE_OFF);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add_rescue(tigetstr(names[i]));
	add_rescue("\r\n");
}

/* ---- colours ---- */

static void make_colors(struct terminal *terminal)
{
	const char *no_color = getenv("NO_COLOR");
	bool many;

	terminal->has_colors = has_colors() && !(no_color && *no_color);
	if (!terminal->has_colors)
		return;
	start_color();
	use_default_colors();
	many = COLORS >= 256;
	init_pair(PAINT_TITLE, many ? 39 : COLOR_CYAN, -1);
	init_pair(PAINT_DIM, many ? 244 : -1, -1);
	init_pair(PAINT_GOOD, many ? 40 : COLOR_GREEN, -1);
	init_pair(PAINT_BAD, many ? 203 : COLOR_RED, -1);
	init_pair(PAINT_WARM, many ? 214 : COLOR_YELLOW, -1);
	init_pair(PAINT_HOT, many ? 196 : COLOR_RED, -1);
	init_pair(PAINT_GENERIC, many ? 177 : COLOR_MAGENTA, -1);
	init_pair(PAINT_SOURCE, -1, -1);
}

unsigned long terminal_attributes(enum live_paint color)
{
	static const attr_t extra[LIVE_PAINTS] = {
		[PAINT_TITLE] = A_BOLD, [PAINT_HOT] = A_BOLD, [PAINT_SOURCE] = A_BOLD
	};
	attr_t attributes = extra[color];

	if (color == PAINT_DIM && COLORS < 256)
		attributes |= A_DIM;
	if (color == PAINT_PLAIN || COLORS < 8)
		return attributes;
	return attributes | (attr_t)COLOR_PAIR(color);
}

/* ---- open and close ---- */

static void take_size(struct terminal *terminal)
{
	struct winsize size = { 0 };

	if (ioctl(fileno(tty), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0)
		resizeterm(size.ws_row, size.ws_col);
	getmaxyx(stdscr, terminal->rows, terminal->columns);
}

int terminal_open(struct terminal *terminal)
{
	setlocale(LC_CTYPE, "");
	terminal->plain = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	tty = fopen("/dev/tty", "r+e");
	if (!tty || pipe2(wake_fds, O_CLOEXEC | O_NONBLOCK) < 0 || tcgetattr(fileno(tty), &settings) < 0)
		return -errno;
	install_all();
	screen = newterm(NULL, tty, tty);
	if (!screen)
		return -ENOTTY;
	set_term(screen);
	prepare_rescue();
	is_open = 1;
	cbreak();
	noecho();
	nonl();
	curs_set(0);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(ESCAPE_DELAY_MS);
	mouseinterval(0);
	mousemask(BUTTON1_PRESSED | BUTTON1_DOUBLE_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	make_colors(terminal);
	take_size(terminal);
	/* curses puts its own in the place of those that were the default. */
	install_all();
	return 0;
}

void terminal_close(void)
{
	if (!is_open)
		return;
	is_open = 0;
	mousemask(0, NULL);
	/* Without a screen of its own to leave, the last line is where the shell goes on. */
	(void)wmove(stdscr, LINES - 1, 0);
	clrtoeol();
	refresh();
	endwin();
	tcsetattr(fileno(tty), TCSADRAIN, &settings);
	install(SIGTSTP, SIG_DFL, 0);
	install(SIGWINCH, SIG_DFL, 0);
	install(SIGCONT, SIG_DFL, 0);
	delscreen(screen);
	fclose(tty);
	tty = NULL;
}

/* ---- while it is open ---- */

bool terminal_wait(uint64_t timeout_ns)
{
	struct pollfd fds[] = { { fileno(tty), POLLIN, 0 }, { wake_fds[0], POLLIN, 0 } };
	char waste[64];
	int ready = poll(fds, 2, (int)((timeout_ns + NS_PER_MS - 1) / NS_PER_MS));

	if (ready <= 0)
		return false;
	is_gone = (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
	while (read(wake_fds[0], waste, sizeof(waste)) > 0)
		;
	return fds[0].revents != 0;
}

bool terminal_is_gone(void)
{
	return is_gone;
}

/* Leaves the screen, stops with the whole job, and comes back when that is continued. */
static void stop_here(void)
{
	def_prog_mode();
	endwin();
	tcsetattr(fileno(tty), TCSADRAIN, &settings);
	/* Sent to this thread alone: one sent to the process may leave us running for a moment. */
	raise(SIGSTOP);
	reset_prog_mode();
	curs_set(0);
	want_size = 1;
}

bool terminal_obey_signals(struct terminal *terminal)
{
	bool draw = want_stop || want_size || want_draw;

	if (want_stop) {
		want_stop = 0;
		stop_here();
	}
	want_draw = 0;
	if (want_size) {
		want_size = 0;
		take_size(terminal);
	}
	if (draw)
		clearok(stdscr, TRUE);
	return draw;
}
