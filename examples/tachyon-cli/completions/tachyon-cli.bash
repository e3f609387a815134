# SPDX-License-Identifier: Apache-2.0
# bash completion of tachyon-cli. What it knows of options is compared with --help by tests/cli/test_packaging.py.

# The options of a command.
_tachyon_cli_options()
{
    case $1 in
        run)
            echo --module --python --sampling-rate --duration --all-threads --opcodes --subprocesses --merge \
            --async-aware --async-mode --mode --native --no-gc --stop --blocking --placement --pstats \
            --collapsed --jsonl --gecko --speedscope --pprof --callgrind --chrome-trace --perfetto --flamegraph \
            --diff-flamegraph --heatmap --binary --compression --live --stacks --offsets --times --output \
            --browser --realtime-stats --stats --include-unproven --sort --limit --no-summary --help ;;
        attach)
            echo --sampling-rate --duration --all-threads --opcodes --subprocesses --merge --async-aware --async-mode \
            --mode --native --no-gc --stop --blocking --placement --pstats --collapsed --jsonl --gecko \
            --speedscope --pprof --callgrind --chrome-trace --perfetto --flamegraph --diff-flamegraph --heatmap \
            --binary --compression --live --stacks --offsets --times --output --browser --realtime-stats --stats \
            --include-unproven --sort --limit --no-summary --help ;;
        dump)
            echo --all-threads --opcodes --async-aware --async-mode --native --no-gc --stop --blocking --help ;;
        tasks)
            echo --duration --opcodes --help --json ;;
        annotate)
            echo --module --python --sampling-rate --duration --all-threads --mode --native --no-gc --stop --blocking \
            --placement --output --realtime-stats --stats --include-unproven --limit --help --json --pid \
            --function --specialization ;;
        replay)
            echo --merge --pstats --collapsed --jsonl --gecko --speedscope --pprof --callgrind --chrome-trace \
            --perfetto --flamegraph --diff-flamegraph --heatmap --binary --compression --stacks --offsets \
            --times --output --browser --stats --include-unproven --sort --limit --no-summary --help \
            --no-opcodes ;;
    esac
}

# Whether an option takes the word after it.
_tachyon_cli_takes_value()
{
    case $1 in
        --python | -r | --sampling-rate | -d | --duration | --async-mode | --mode | --stop | \
            --placement | --diff-flamegraph | --compression | -o | --output | --stats | --sort | -l | --limit | -p | --pid | -f | --function)
            return 0 ;;
    esac
    return 1
}

# What stands after an option; fails where that cannot be told.
_tachyon_cli_values()
{
    case $1 in
        --async-mode) echo running all ;;
        --mode) echo wall cpu gil exception ;;
        --stop) echo never thread ;;
        --placement) echo free beside ;;
        --compression) echo auto zstd none ;;
        --sort) echo nsamples tottime cumtime sample-pct cumul-pct nsamples-cumul name ;;
        -r | --sampling-rate) echo 100hz 1khz 10khz ;;
        *) return 1 ;;
    esac
}

_tachyon_cli_processes()
{
    local status

    for status in /proc/[0-9]*; do
        [[ -O $status ]] && echo "${status#/proc/}"
    done
}

# Whether the words up to the cursor hold a program to run: the options behind it are its own.
_tachyon_cli_has_target()
{
    local index

    [[ $1 == run || $1 == annotate ]] || return 1
    for ((index = 2; index < COMP_CWORD; index++)); do
        case ${COMP_WORDS[index]} in
            --) return 0 ;;
            =) ((index++)) ;;
            -*) _tachyon_cli_takes_value "${COMP_WORDS[index]}" && [[ ${COMP_WORDS[index + 1]} != = ]] && ((index++)) ;;
            *) return 0 ;;
        esac
    done
    return 1
}

_tachyon_cli()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} words

    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        words="run attach dump tasks annotate replay --help --version"
    else
        # bash makes a word of the = in --mode=cpu.
        if [[ $word == = ]]; then
            word=
        elif [[ $before == = ]]; then
            before=${COMP_WORDS[COMP_CWORD - 2]}
        fi
        if words=$(_tachyon_cli_values "$before"); then
            :
        elif [[ $before == -p || $before == --pid ]]; then
            words=$(_tachyon_cli_processes)
        elif _tachyon_cli_takes_value "$before" || _tachyon_cli_has_target "$command"; then
            return
        elif [[ $word == -* ]]; then
            words=$(_tachyon_cli_options "$command")
        elif [[ $command == attach || $command == dump || $command == tasks ]]; then
            words=$(_tachyon_cli_processes)
        fi
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

# Where nothing of the above fits, files.
complete -o default -F _tachyon_cli tachyon-cli
