-- SPDX-License-Identifier: Apache-2.0
--
-- Heat and bytecode of a running Python program in its source: what the commands do, and the two loops behind them.
--
-- A slice takes one sample, some ten microseconds, from a timer of Neovim's loop, and asks when the next one is due. A
-- refresh, four times a second, brings what is shown up to date. Either one that took long is followed by a rest that is a
-- multiple of it, so that whatever the target is like the editor keeps most of its time.
--
-- More samples in one slice would not be more information: they would all see the same instant.
local library = require("tachyon.library")
local heat = require("tachyon.heat")
local instructions = require("tachyon.instructions")
local processes = require("tachyon.processes")
local Sources = require("tachyon.sources")

local M = {}

local uv = vim.uv or vim.loop
local REST_AFTER_SLICE = 4    -- times as long as the slice took
local REST_AFTER_REFRESH = 10 -- times as long as the refresh took
local DEFAULTS = { interval_ms = 5, refresh_ms = 250, mode = "wall", threads = "all", count = "leaf", path_map = {} }

local session = nil -- what was attached to last, also after its end
local shows = true

local function say(text, level)
  vim.notify(text, level or vim.log.levels.INFO)
end

local function fail(text)
  say(text, vim.log.levels.ERROR)
end

-- ---- settings ----

local CHECKS = {
  interval_ms = function(value) return type(value) == "number" and value >= 1, "a number of milliseconds, at least 1" end,
  refresh_ms = function(value) return type(value) == "number" and value >= 10, "a number of milliseconds, at least 10" end,
  mode = function(value)
    local modes = require("tachyon.profile").modes
    return vim.tbl_contains(modes, value), "one of " .. table.concat(modes, ", ")
  end,
  threads = function(value) return value == "all" or value == "main", "all or main" end,
  count = function(value) return value == "leaf" or value == "on_stack", "leaf or on_stack" end,
  path_map = function(value) return type(value) == "table", "a dictionary from the target's paths to ours" end,
}

-- The settings, or nil and what is wrong with them.
local function settings()
  local found = {}
  for name, default in pairs(DEFAULTS) do
    local value = vim.g["tachyon_" .. name]
    if value == nil then
      value = default
    end
    local good, wanted = CHECKS[name](value)
    if not good then
      return nil, ("tachyon: g:tachyon_%s is %s, but it is to be %s"):format(name, vim.inspect(value), wanted)
    end
    found[name] = value
  end
  return found
end

-- ---- what is shown ----

local function visible_buffers()
  local buffers = {}
  for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    buffers[vim.api.nvim_win_get_buf(window)] = true
  end
  return vim.tbl_keys(buffers)
end

local function warn_of_newer(name)
  if session.sources:is_newer(name) and not session.warned[name] then
    session.warned[name] = true
    say(("tachyon: %s was written after process %d had been started: its lines may not be those that run"):format(
      name, session.pid), vim.log.levels.WARN)
  end
end

local function show_instructions()
  local buffer = vim.api.nvim_get_current_buf()
  local name = session.names[buffer]
  local line = vim.api.nvim_win_get_cursor(0)[1]
  local theirs = name and session.sources:mapping(buffer, name).backward(line)
  local found = theirs and session.profile:instructions(name, theirs) or {}
  instructions.show(buffer, line, instructions.lines(found, session.total))
end

local function show()
  session.profile:update()
  session.total = session.profile:overview().counted
  local names = vim.tbl_map(function(file) return file.filename end, session.profile:files())
  session.names = {}
  for _, buffer in ipairs(visible_buffers()) do
    local name = session.sources:match(buffer, names)
    session.names[buffer] = name
    if name then
      heat.show(buffer, session.profile:lines(name), session.total, session.sources:mapping(buffer, name),
        session.settings.count == "on_stack")
      warn_of_newer(name)
    else
      heat.hide(buffer)
    end
  end
  show_instructions()
end

-- What goes wrong here would go wrong four times a second.
local function guarded(action)
  local done, reason = pcall(action)
  if not done then
    shows = false
    fail("tachyon: showing the heat failed, so it is hidden: " .. tostring(reason))
  end
end

local function refresh()
  if not session or not shows then
    return
  end
  local began = uv.hrtime()
  guarded(show)
  session.refresh_ms = (uv.hrtime() - began) / 1e6
  session.longest_refresh_ms = math.max(session.longest_refresh_ms, session.refresh_ms)
end

local function refresh_later(this)
  local rest_ms = math.max(this.settings.refresh_ms, this.refresh_ms * REST_AFTER_REFRESH)
  this.refresh_timer:start(math.ceil(rest_ms), 0, vim.schedule_wrap(function()
    if session == this and this.is_attached then
      refresh()
      refresh_later(this)
    end
  end))
end

-- ---- sampling ----

local function describe_end(this)
  local overview = this.profile:overview()
  return ("%d samples in %.1f s"):format(overview.samples, overview.duration_ns / 1e9)
end

local function let_go(this)
  this.is_attached = false
  this.timer:stop()
  this.refresh_timer:stop()
  this.profile:stop()
end

local function finish(this, reason)
  if session ~= this or not this.is_attached then
    return
  end
  let_go(this)
  refresh()
  if reason == "ended" then
    say(("tachyon: process %d has ended: %s. Its heat stays until :Tachyon clear"):format(this.pid, describe_end(this)))
  else
    fail(("tachyon: sampling of process %d ended: %s"):format(this.pid, reason))
  end
end

-- From the loop itself, where most of Neovim's functions may not be called.
local function slice(this)
  local began = uv.hrtime()
  local done, wait_ms, reason = pcall(this.profile.poll, this.profile)
  local spent_ms = (uv.hrtime() - began) / 1e6
  if not done or not wait_ms then
    vim.schedule(function() finish(this, done and reason or tostring(wait_ms)) end)
    return
  end
  this.longest_slice_ms = math.max(this.longest_slice_ms, spent_ms)
  this.spent_ms = this.spent_ms + spent_ms
  this.timer:start(math.max(1, math.ceil(math.max(wait_ms, spent_ms * REST_AFTER_SLICE))), 0, function() slice(this) end)
end

-- ---- commands ----

function M.attach(pid)
  pid = tonumber(pid)
  if not pid or pid < 1 or pid ~= math.floor(pid) or pid > 2147483647 then
    return fail("tachyon: a process id is a positive number")
  end
  local opened, reason = library.open()
  local chosen, mistake = settings()
  if not opened or not chosen then
    return fail(opened and mistake or reason)
  end
  local profile, message = require("tachyon.profile").attach(opened, pid, chosen)
  if not profile then
    return fail(("tachyon: cannot attach to process %d: %s"):format(pid, message))
  end
  M.clear()
  session = {
    pid = pid,
    profile = profile,
    settings = chosen,
    library_name = reason,
    sources = Sources.new(pid, chosen.path_map),
    timer = uv.new_timer(),
    refresh_timer = uv.new_timer(),
    is_attached = true,
    names = {},  -- the target's names of files, by buffer
    warned = {}, -- names of files
    total = 0,
    spent_ms = 0, longest_slice_ms = 0, refresh_ms = 0, longest_refresh_ms = 0,
  }
  shows = true
  slice(session)
  refresh_later(session)
  say(("tachyon: attached to process %d, CPython %s"):format(pid, profile.python))
end

-- Ends sampling; what was found stays.
function M.detach()
  if not session or not session.is_attached then
    return fail("tachyon: not attached to any process")
  end
  let_go(session)
  refresh()
  say(("tachyon: detached from process %d: %s. The heat stays until :Tachyon clear"):format(session.pid, describe_end(session)))
end

-- Forgets everything.
function M.clear()
  if not session then
    return
  end
  let_go(session)
  session.timer:close()
  session.refresh_timer:close()
  session.profile:close()
  session = nil
  heat.hide_all()
  instructions.hide()
end

-- Shows or hides the heat; sampling goes on.
function M.toggle()
  if not session then
    return fail("tachyon: nothing to show: :Tachyon attach PID")
  end
  shows = not shows
  if shows then
    refresh()
  else
    heat.hide_all()
    instructions.hide()
  end
end

-- Counts from now on.
function M.reset()
  if not session or not session.is_attached then
    return fail("tachyon: not attached to any process")
  end
  session.profile:reset()
  refresh()
end

-- All that is known, for programs; nil if there is nothing.
function M.state()
  if not session then
    return nil
  end
  session.profile:update()
  local state = session.profile:overview()
  state.pid, state.python, state.mode = session.pid, session.profile.python, session.settings.mode
  state.is_attached, state.is_shown, state.library = session.is_attached, shows, session.library_name
  state.longest_slice_ms, state.longest_refresh_ms = session.longest_slice_ms, session.longest_refresh_ms
  state.spent_ms = session.spent_ms
  return state
end

function M.status()
  local state = M.state()
  if not state then
    return say("tachyon: not attached. :Tachyon attach PID")
  end
  local seconds = math.max(state.duration_ns / 1e9, 0.001)
  say(table.concat({
    ("process %d, CPython %s, %s"):format(state.pid, state.python, state.is_attached and "attached" or "no longer attached"),
    ("%d samples in %.1f s (%.0f a second), %d missed, %d failed; %s mode, %d threads"):format(state.samples, seconds,
      state.samples / seconds, state.missed, state.failed, state.mode, state.threads),
    ("stacks: %d verified, %d repaired, %d torn, %d incomplete, %d unreadable; shares are of %d"):format(state.verified,
      state.repaired, state.torn, state.incomplete, state.unreadable, state.counted),
    ("longest slice %.2f ms, longest refresh %.2f ms"):format(state.longest_slice_ms, state.longest_refresh_ms),
    ("library: %s; heat %s"):format(state.library, state.is_shown and "shown" or "hidden"),
  }, "\n"))
end

-- A few words for a status line.
function M.statusline()
  if not session then
    return ""
  end
  return ("tachyon %d%s"):format(session.pid, session.is_attached and "" or " (ended)")
end

local function choose_and_attach()
  vim.ui.select(processes.list(), {
    prompt = "Attach to which process?",
    format_item = function(process) return ("%d  %s"):format(process.pid, process.command:gsub("%s+", " "):sub(1, 100)) end,
  }, function(process)
    if process then
      M.attach(process.pid)
    end
  end)
end

local COMMANDS = {
  attach = function(pid)
    if pid then
      M.attach(pid)
    else
      choose_and_attach()
    end
  end,
  detach = M.detach,
  toggle = M.toggle,
  reset = M.reset,
  clear = M.clear,
  status = M.status,
}

-- What :Tachyon does.
function M.command(words)
  local name = words[1] or "status"
  local command = COMMANDS[name]
  if not command or #words > (name == "attach" and 2 or 1) then
    local names = vim.tbl_keys(COMMANDS)
    table.sort(names)
    return fail(("tachyon: no `:Tachyon %s`: there are %s; only attach takes one more word, a process id"):format(
      table.concat(words, " "), table.concat(names, ", ")))
  end
  command(words[2])
end

-- Completion of :Tachyon.
function M.complete(lead, line)
  local words = vim.split(vim.trim(line), "%s+")
  local position = #words - (lead == "" and 0 or 1) -- of the word that is completed
  local found = {}
  if position == 1 then
    found = vim.tbl_keys(COMMANDS)
    table.sort(found)
  elseif position == 2 and words[2] == "attach" then
    found = vim.tbl_map(function(process) return tostring(process.pid) end, processes.list())
  end
  return vim.tbl_filter(function(word) return vim.startswith(word, lead) end, found)
end

-- ---- events ----

local pending = nil -- what is to be shown

-- What Neovim does in one go, as a macro, moves the cursor often and shows it once.
local function soon(action)
  if not session or not shows then
    return
  end
  if not pending then
    vim.schedule(function()
      local wanted = pending
      pending = nil
      if session and shows then
        guarded(wanted)
      end
    end)
  end
  pending = pending == show and show or action
end

function M.on_cursor_moved()
  soon(show_instructions)
end

function M.on_window_changed()
  soon(show)
end

function M.highlights()
  heat.highlights()
  instructions.highlights()
end

return M
