-- SPDX-License-Identifier: Apache-2.0
--
-- One target and what was sampled of it, without a word about windows and buffers.
--
-- Neovim has one thread for all, so nothing here may wait: poll() takes a sample if its time has come and returns, and
-- questions are answered from the library's model (tachyon/live.h), which counts while samples come in. The objects below
-- belong together and end together; after the target has ended the model is still there to be asked.
local ffi = require("ffi")
local bit = require("bit")

local Profile = {}
Profile.__index = Profile

local MODES = { wall = "TY_MODE_WALL", cpu = "TY_MODE_CPU", gil = "TY_MODE_GIL", exception = "TY_MODE_EXCEPTION" }
local THREADS = { all = "TY_THREADS_ALL", main = "TY_THREADS_MAIN" }
local FORMS = { [0] = "unknown", "specialized", "generic", "fixed", "trace" } -- enum ty_live_form
local ALL_LINES_MAX = 100000 -- rows of one list that are looked at

Profile.modes = vim.tbl_keys(MODES)
table.sort(Profile.modes)

-- A struct of the library that says its size, as all of them do that may grow.
local function sized(kind)
  local struct = ffi.new(kind)
  struct.size = ffi.sizeof(struct)
  return struct
end

local function last_error(library, target, code)
  local info = sized("ty_error_info")
  if target ~= nil and library.ty_last_error(target, info) == 0 and info.code ~= 0 then
    return ffi.string(info.message)
  end
  return ffi.string(library.ty_strerror(code))
end

local function attach_options(library, threads)
  local options = sized("ty_attach_options")
  options.threads = library[THREADS[threads]]
  options.opcodes = 1
  -- Garbage collection belongs to the line that it runs on.
  options.no_gc_frames = 1
  return options
end

function Profile:make_sampler(interval_ms, mode)
  local library, out = self.library, ffi.new("ty_sampler *[1]")
  local options = sized("ty_sampler_options")
  options.interval_ns = interval_ms * 1000000
  options.mode = library[MODES[mode]]
  options.opcodes = 1
  local result = library.ty_sampler_new(self.target, options, out)
  self.sampler = out[0]
  return result
end

function Profile:make_model(interval_ms, mode)
  local library, out = self.library, ffi.new("ty_live *[1]")
  local options, run = sized("ty_live_options"), sized("ty_run_info")
  options.opcodes = 1
  local result = library.ty_live_new(options, out)
  if result ~= 0 then
    return result
  end
  self.live = ffi.gc(out[0], library.ty_live_free)
  self.collector = library.ty_live_collector(self.live)
  run.target = self.target
  run.interval_ns = interval_ms * 1000000
  run.mode = library[MODES[mode]]
  run.opcodes = 1
  return library.ty_collector_begin(self.collector, run)
end

-- A profile of a process, or nil and a text for people. options: interval_ms, mode, threads.
function Profile.attach(library, pid, options)
  local out = ffi.new("ty_target *[1]")
  local self = setmetatable({ library = library, pid = pid, mode = options.mode }, Profile)
  local result = library.ty_attach(pid, attach_options(library, options.threads), out)
  self.target = out[0]
  if result == 0 then
    result = self:make_sampler(options.interval_ms, options.mode)
  end
  if result == 0 then
    result = self:make_model(options.interval_ms, options.mode)
  end
  if result ~= 0 then
    local message = last_error(library, self.target, result)
    self:close()
    return nil, message
  end
  local info = sized("ty_target_information")
  library.ty_target_info(self.target, info)
  self.python = ("%d.%d"):format(bit.rshift(info.python_version, 8), bit.band(info.python_version, 255))
  if info.free_threaded ~= 0 then
    self.python = self.python .. " free-threaded"
  end
  self.snapshot, self.wait_ns = ffi.new("const ty_snapshot *[1]"), ffi.new("uint64_t[1]")
  return self
end

-- Takes a sample if its time has come. How long until the next one in ms; or nil and why there is none any more.
function Profile:poll()
  if not self.sampler then
    return nil, "not attached"
  end
  local library = self.library
  local result = library.ty_sampler_poll(self.sampler, self.snapshot, self.wait_ns)
  if result == 0 then
    result = library.ty_collector_sample(self.collector, self.snapshot[0])
  elseif result == library.TY_SAMPLER_NOTHING then
    result = 0
  end
  if result == 0 then
    return tonumber(self.wait_ns[0]) / 1000000
  end
  local reason = result > 0 and "ended" or last_error(library, self.target, result)
  self:stop()
  return nil, reason
end

-- Lets go of the process. What was sampled stays.
function Profile:stop()
  if self.sampler then
    self:update()
    self.library.ty_sampler_free(self.sampler)
    self.sampler = nil
  end
  if self.target then
    self.library.ty_detach(self.target)
    self.target = nil
  end
end

function Profile:close()
  self:stop()
  if self.live then
    self.library.ty_live_free(ffi.gc(self.live, nil))
    self.live = nil
  end
end

-- Brings what is asked below up to date.
function Profile:update()
  if not self.sampler or not self.live then
    return
  end
  local summary = sized("ty_run_summary")
  self.library.ty_sampler_summary(self.sampler, summary)
  self.library.ty_live_progress(summary, self.live)
  self.library.ty_live_update(self.live)
end

-- Counts from now on.
function Profile:reset()
  self:update()
  self.library.ty_live_reset(self.live)
end

-- The profile in numbers; members are those of ty_live_overview_info.
function Profile:overview()
  local info, overview = sized("ty_live_overview_info"), {}
  self.library.ty_live_overview(self.live, 0, info)
  for _, member in ipairs({ "duration_ns", "samples", "missed", "failed", "verified", "repaired", "torn", "incomplete",
    "unreadable", "counted", "threads", "functions" }) do
    overview[member] = tonumber(info[member])
  end
  return overview
end

-- Rows of one group of functions: name, filename, line, leaf, on_stack, number.
function Profile:rows(group, filename)
  local library, query, rows = self.library, sized("ty_live_query"), {}
  local info = sized("ty_live_function_info")
  query.group = library[group]
  query.filename = filename
  self.asked = filename -- C's pointer does not keep it from being collected
  local count = math.min(library.ty_live_functions(self.live, query), ALL_LINES_MAX)
  for i = 0, count - 1 do
    if library.ty_live_function(self.live, i, info) == 0 then
      table.insert(rows, {
        number = info["function"],
        name = ffi.string(info.name),
        filename = ffi.string(info.filename),
        line = info.line,
        leaf = tonumber(info.leaf),
        on_stack = tonumber(info.on_stack),
      })
    end
  end
  return rows
end

-- Files with samples, by the names that the target has for them; the hottest first.
function Profile:files()
  return self:rows("TY_LIVE_FILES")
end

-- Lines of a file with samples, the hottest first.
function Profile:lines(filename)
  return self:rows("TY_LIVE_FILE_LINES", filename)
end

local function instruction_of(info)
  return {
    offset = info.offset,
    name = ffi.string(info.name),
    base_name = ffi.string(info.base_name),
    argument = info.has_argument ~= 0 and info.argument or nil,
    argument_text = ffi.string(info.argument_text),
    form = FORMS[info.form],
    forms = info.forms,
    leaf = tonumber(info.leaf),
    on_stack = tonumber(info.on_stack),
  }
end

-- The instructions of a line, by the functions that have samples on it, the hottest first: name, instructions.
function Profile:instructions(filename, line)
  local library, info, functions = self.library, sized("ty_live_instruction_info"), {}
  for _, row in ipairs(self:rows("TY_LIVE_LINES", filename)) do
    if row.line == line then
      local instructions = {}
      local count = math.min(library.ty_live_instructions(self.live, row.number, 0), ALL_LINES_MAX)
      for i = 0, count - 1 do
        library.ty_live_instruction(self.live, i, info)
        if info.line == line and info.is_line == 0 then
          table.insert(instructions, instruction_of(info))
        end
      end
      table.insert(functions, { name = row.name, instructions = instructions })
    end
  end
  return functions
end

return Profile
