# SPDX-License-Identifier: Apache-2.0
"""The command line itself: help, usage errors and what they name. Nothing is profiled here."""

import re

import pytest

USAGE_ERRORS = {
    "no command": ([], "a command is required"),
    "unknown command": (["profile"], "unknown command: profile"),
    "no target": (["run"], "the following arguments are required: TARGET"),
    "no target after an option": (["run", "-m"], "the following arguments are required: TARGET"),
    "no command after --": (["run", "--"], "the following arguments are required: COMMAND"),
    "no pid": (["attach"], "the following arguments are required: PID"),
    "pid is no number": (["dump", "12x"], "argument PID: invalid process id: '12x'"),
    "what a recording has settled": (["replay", "--subprocesses", "--async-aware", "--mode=cpu", "x.bin"],
                                     "unrecognized arguments: --subprocesses --async-aware --mode=cpu"),
    "every unknown argument": (["attach", "1", "--foo", "2", "-x"], "unrecognized arguments: --foo -x 2"),
    "an option of another command": (["dump", "--collapsed", "1"], "unrecognized arguments: --collapsed"),
    "no value": (["attach", "1", "-r"], "argument -r/--sampling-rate: expected one argument"),
    "an option for a value": (["attach", "--stats", "--collapsed", "1"],
                              "argument --stats: expected one argument, not the option --collapsed"),
    "a value too many": (["attach", "--opcodes=1", "1"], "argument --opcodes: takes no value"),
    "rate is no number": (["run", "-r", "fast", "x.py"], "Invalid sampling rate format: fast."),
    "rate has a space": (["run", "-r", "10 khz", "x.py"], "Invalid sampling rate format: 10 khz."),
    "rate has a sign": (["run", "-r", "+5", "x.py"], "Invalid sampling rate format: +5."),
    "rate is zero": (["run", "-r", "0.0", "x.py"], "Sampling rate must be positive: 0.0"),
    "rate is too high": (["run", "-r", "1001khz", "x.py"], "Sampling rate too high: 1001khz"),
    "duration is no number": (["run", "-d", "1m", "x.py"], "argument -d/--duration: invalid number of seconds: '1m'"),
    "duration is zero": (["run", "-d", "0", "x.py"], "argument -d/--duration: must be more than 0"),
    "duration is a dot": (["run", "-d", ".", "x.py"], "argument -d/--duration: invalid number of seconds: '.'"),
    "limit is zero": (["run", "-l", "0", "x.py"], "argument -l/--limit: invalid number of rows: '0'"),
    "unknown sort key": (["run", "--sort", "size", "x.py"], "argument --sort: invalid choice: 'size' (choose from "),
    "unknown stop policy": (["run", "--stop", "all", "x.py"], "argument --stop: invalid choice: 'all'"),
    "a format that cannot be told": (["run", "-o", "a.html", "-o", "b.xyz", "x.py"],
                                     "The format of 'b.xyz' cannot be told from its ending: say --FORMAT=b.xyz"),
    "one place for two results": (["run", "--collapsed=a", "--gecko=a", "x.py"],
                                  "Two results (collapsed and gecko) cannot both go to 'a'"),
    "one place under two names": (["run", "--collapsed=a", "--gecko=./a", "x.py"],
                                  "Two results (collapsed and gecko) cannot both go to 'a'"),
    "one file under two names": (["run", "--collapsed=/etc/passwd", "--gecko=/etc/../etc/passwd", "x.py"],
                                 "Two results (collapsed and gecko) cannot both go to '/etc/passwd'"),
    "one folder twice": (["run", "--collapsed=/tmp", "--collapsed=/tmp/", "x.py"],
                         "Two results (collapsed and collapsed) cannot both go to '/tmp'"),
    "the statistics over the result": (["run", "--collapsed=a", "--stats=a", "x.py"],
                                       "Two results (collapsed and stats) cannot both go to 'a'"),
    "the statistics among the table": (["run", "--stats", "-", "x.py"],
                                       "Two results (pstats and stats) cannot both go to 'stdout'"),
    "stdout for two results": (["run", "--pstats", "--collapsed=-", "--gecko=-", "x.py"],
                               "cannot both go to 'stdout'"),
    "a format without its path": (["run", "--gecko=", "x.py"], "argument --gecko: expected a path"),
    "browser without a page": (["run", "--browser", "--gecko", "x.py"],
                               "Option --browser is only valid with --flamegraph"),
    "options of annotate behind the process": (["annotate", "4194305", "-d", "1"],
                                               "options stand before 4194305, not behind it: '-d'"),
    "two places for one annotation": (["annotate", "-o", "a", "-o", "b", "1"], "one place for the annotation"),
    "merge of one process": (["run", "--merge", "x.py"], "Option --merge is only valid with --subprocesses"),
    "stdout for every process": (["attach", "--subprocesses", "--collapsed=-", "1"],
                                 "a result for each process cannot go to stdout (--collapsed)"),
    "view of several processes": (["attach", "--live", "--subprocesses", "--realtime-stats", "1"],
                                  "Option --live is incompatible with --subprocesses, --realtime-stats"),
    "two ways of stopping": (["run", "--blocking", "--stop=never", "x.py"],
                             "argument --stop: not allowed with argument --blocking"),
    "every option of pstats": (["run", "--collapsed", "--no-summary", "-l", "3", "--sort", "name", "x.py"],
                               "Options --sort, --limit, --no-summary are only valid with --pstats, not --collapsed"),
    "times of what has none": (["run", "--collapsed", "--times", "x.py"],
                               "Option --times is only valid with --jsonl, not --collapsed"),
    "every option of jsonl": (["run", "--collapsed", "--times", "--stacks", "x.py"],
                              "Options --stacks, --times are only valid with --jsonl, not --collapsed"),
    "offsets of no instructions": (["run", "--collapsed", "--offsets", "x.py"],
                                   "Option --offsets is only valid with --collapsed and --opcodes"),
    "every option of a target": (["run", "-m", "--python", "python3", "--", "x"],
                                 "Options --module, --python go with a TARGET, not with -- COMMAND"),
}


@pytest.mark.parametrize("arguments, message", USAGE_ERRORS.values(), ids=USAGE_ERRORS)
def test_usage_errors(cli, arguments, message):
    result = cli(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("usage: tachyon-cli ")
    assert message in result.stderr.splitlines()[-1]


def test_several_mistakes_are_named_at_once(cli):
    errors = cli("run", "--collapsed", "--stacks", "--blocking", "--stop", "never", "--limit", "1", "x.py").stderr
    assert all(word in errors for word in ("Option --stacks", "argument --stop", "Options --limit"))
    assert errors.count("usage:") == 1


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["run", "--help"], ["attach", "-h"], ["dump", "--help"]])
@pytest.mark.parametrize("columns", [60, 80, 200])
def test_help(cli, arguments, columns):
    result = cli(*arguments, env={"COLUMNS": str(columns)})
    assert result.returncode == 0 and result.stderr == ""
    assert result.stdout.startswith("usage: tachyon-cli ")
    body = result.stdout.partition("\n\n")[2].partition("Examples:")[0]
    assert max(map(len, body.splitlines())) <= max(columns, 80 if arguments[0][0] == "-" else 60)


@pytest.mark.parametrize("command", ["run", "attach", "dump"])
def test_help_tells_every_option(cli, command):
    """An option that works and is not in the help, or the other way round, is a mistake."""
    told = set(re.findall(r"^ +(?:-\w, )?--([\w-]+)", cli(command, "--help").stdout, re.M))
    for option in {"opcodes", "all-threads", "blocking", "stop", "help"} | ({"output", "stats"} if command != "dump" else set()):
        assert option in told
    for option in told:
        assert "unrecognized" not in cli(command, f"--{option}").stderr


def test_version(cli):
    result = cli("--version")
    assert result.returncode == 0
    assert re.fullmatch(r"tachyon-cli \d+\.\d+\.\d+\n", result.stdout)
