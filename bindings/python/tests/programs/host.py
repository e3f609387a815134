# SPDX-License-Identifier: Apache-2.0
"""Run by every interpreter that the wheel is for: reads processes and says as JSON what it saw.

    host.py PID…
"""

import json
import sys
import sysconfig

import tachyon
import tachyon.remote_debugging


def look(pid):
    with tachyon.attach(pid, opcodes=True) as target:
        target.sample()  # reads the bytecode: from now on the leaf's instruction comes with its frame
        main, = (thread for thread in target.sample() if thread.native_id == thread.host_id == pid)
        again, = (thread for thread in target.sample() if thread.native_id == pid)
        leaf = main.frames[0]
        rows = target.disassemble(leaf)
        collapsed = tachyon.collectors.collapsed()
        summary = target.sampler(interval=0, max_samples=20).run(collapsed)
        seen = {
            "names": [frame.qualname for frame in main.frames],
            "version": target.info.version,
            "hexversion": target.info.hexversion,
            "verdict": main.verdict.name,
            "same": all(map(lambda one, other: one is other, main.frames, again.frames)),
            "instruction": leaf.instruction.base_name,
            "in_rows": leaf.offset in [row.instruction.offset for row in rows],
            "decoded": tachyon.decode_opcode(target.info.version, leaf.instruction.base).name,
            "samples": summary.samples,
            "collapsed": collapsed.data.decode(),
        }
    trace = tachyon.remote_debugging.RemoteUnwinder(pid).get_stack_trace()
    seen["remote"] = [frame.funcname for frame in trace[0].threads[0].frame_info]
    return seen


print(json.dumps({
    "version": list(sys.version_info[:2]),
    "suffix": sysconfig.get_config_var("EXT_SUFFIX"),
    "file": tachyon._tachyon.__file__,
    "seen": {pid: look(int(pid)) for pid in sys.argv[1:]},
}))
