-- SPDX-License-Identifier: Apache-2.0
--
-- Which buffer shows which file of the target, and which of its lines is which line there.
--
-- A target names its files as it found them: relative to a directory that it has left, in a container that has another
-- file system, on the machine that its packages were built on. So a name alone proves little. What counts, best first (and
-- as `:help tachyon-paths` says it):
--
--   1. g:tachyon_path_map makes the name that of the buffer's file.
--   2. Name and buffer lead to one file: the same device and inode, the name followed in the target's own root and working
--      directory. That sees through symbolic links, bind mounts and volumes of containers.
--   3. The file cannot be looked at (the target is gone), its name is the buffer's path, and the target had our root.
--   4. The file is not in our file system, and its text is that of the buffer's file: a copy in a container image.
--   5. It is not in our file system, and at least the last two parts of the name are those of the buffer's path, or all of
--      a relative one; more of them than of any other file of the target, or it is none. The libraries of two versions
--      of Python have the same names and are not the same.
--
-- A file in our own file system that is not the buffer's (2) is another file, however much the names look alike.
local M = {}
M.__index = M

local uv = vim.uv or vim.loop
local TEXT_BYTES_MAX = 1048576 -- of files that are compared; lines of larger ones are taken as they are
local TICKS_PER_SECOND = 100   -- of /proc/PID/stat: the same on every Linux that Python runs on
local PROC_BYTES = 4096
local START_SLACK_S = 1        -- a file as young as its process was written before it: by who started it
local PARTS_MIN = 2            -- of a name that must be equal for it to be a match

local diff = vim.text and vim.text.diff or vim.diff

local function read(path, size_bytes)
  local file = uv.fs_open(path, "r", 0)
  if not file then
    return nil
  end
  local stat = uv.fs_fstat(file)
  -- /proc says 0.
  local size = stat and stat.size > 0 and stat.size or size_bytes
  local text = stat and stat.type == "file" and size <= size_bytes and uv.fs_read(file, size, 0) or nil
  uv.fs_close(file)
  return text
end

-- When a process was started, in seconds since 1970; nil if it cannot be told.
function M.start_time(pid)
  local stat = read("/proc/" .. pid .. "/stat", PROC_BYTES)
  local up_s = tonumber((read("/proc/uptime", PROC_BYTES) or ""):match("^[%d.]+"))
  -- The command's name stands in parentheses and may hold any.
  local fields = stat and vim.split(stat:match(".*%) (.*)") or "", " ")
  local ticks = fields and tonumber(fields[20])
  local now_s, now_us = uv.gettimeofday()
  return ticks and up_s and now_s + now_us / 1e6 - (up_s - ticks / TICKS_PER_SECOND)
end

-- ---- files ----

local function basename(path)
  return path:match("[^/]*$")
end

local function is_one_file(left, right)
  return left ~= nil and right ~= nil and left.ino == right.ino and left.dev == right.dev
end

function M.new(pid, path_map)
  return setmetatable({
    pid = pid,
    path_map = path_map,
    directory = uv.fs_readlink("/proc/" .. pid .. "/cwd"),
    has_our_root = is_one_file(uv.fs_stat("/proc/" .. pid .. "/root/"), uv.fs_stat("/")),
    started = M.start_time(pid),
    files = {},    -- by the target's names
    mappings = {}, -- by buffer
  }, M)
end

-- Where our own file system has what the target calls by that name, if it is the same one.
function M:own_path(name)
  if name:sub(1, 1) == "/" then
    return name
  end
  return self.directory and self.directory .. "/" .. name
end

-- Where g:tachyon_path_map leads, by its longest key that fits; nil: nowhere.
function M:mapped(name)
  local longest, path = -1, nil
  for from, to in pairs(self.path_map) do
    if #from > longest and vim.startswith(name, from) then
      longest, path = #from, vim.fn.expand(to) .. name:sub(#from + 1)
    end
  end
  return path and uv.fs_realpath(path)
end

function M:inspect(name)
  local within = name:sub(1, 1) == "/" and "/root" or "/cwd/"
  local path = "/proc/" .. self.pid .. within .. name
  local own = self:own_path(name)
  local file = { name = name, stat = uv.fs_stat(path) }
  local own_stat = own and uv.fs_stat(own)
  if file.stat then
    file.is_ours = is_one_file(file.stat, own_stat)
  else
    file.is_ours = self.has_our_root and own_stat ~= nil
    file.real = self.has_our_root and own and (uv.fs_realpath(own) or own) or nil
  end
  file.text = file.stat and read(path, TEXT_BYTES_MAX)
  file.is_newer = file.stat and self.started and file.stat.mtime.sec > self.started + START_SLACK_S
  file.mapped = self:mapped(name)
  return file
end

-- What is known of a file of the target. It is looked at once, while the target lives.
function M:file(name)
  self.files[name] = self.files[name] or self:inspect(name)
  return self.files[name]
end

-- ---- which is which ----

local function parts_in_common(left, right)
  local a, b = vim.split(left, "/"), vim.split(right, "/")
  local count = 0
  while count < #a and count < #b and a[#a - count] == b[#b - count] do
    count = count + 1
  end
  return count, #a
end

local function library_of(path)
  return path:match("/(python%d+%.%d+t?)/")
end

-- How far a name ends as a path does; nil if that is not enough.
local function likeness(file, path)
  local theirs, ours = library_of(file.name), library_of(path)
  if theirs and ours and theirs ~= ours then
    return nil
  end
  local count, parts = parts_in_common((file.name:gsub("^%./", "")), path)
  return (count >= PARTS_MIN or count == parts) and count or nil
end

local function by_suffix(files, path)
  local best, most, second = nil, 0, 0
  for _, file in ipairs(files) do
    local count = likeness(file, path) or 0
    if count > most then
      best, most, second = file, count, most
    elseif count > second then
      second = count
    end
  end
  return most > second and best or nil
end

local function first(files, is_it)
  for _, file in ipairs(files) do
    if is_it(file) then
      return file
    end
  end
end

local function find(files, path)
  local real, stat = uv.fs_realpath(path), uv.fs_stat(path)
  local foreign = vim.tbl_filter(function(file) return not file.is_ours end, files)
  return first(files, function(file) return file.mapped and file.mapped == real end)
    or first(files, function(file) return is_one_file(file.stat, stat) end)
    or first(files, function(file) return file.real and file.real == (real or path) end)
    or #foreign > 0 and (function()
      local text = stat and stat.type == "file" and read(path, TEXT_BYTES_MAX)
      return text and first(foreign, function(file) return file.text == text end) or by_suffix(foreign, path)
    end)()
    or nil
end

-- The target's name for the file in a buffer, or nil. names: of the target's files.
function M:match(buffer, names)
  local path = vim.api.nvim_buf_get_name(buffer)
  if path == "" or vim.bo[buffer].buftype ~= "" then
    return nil
  end
  local files, base, real_base = {}, basename(path), basename(uv.fs_realpath(path) or path)
  for _, name in ipairs(names) do
    -- What stands in angle brackets was never a file.
    if name:sub(1, 1) ~= "<" and (basename(name) == base or basename(name) == real_base or self:mapped(name)) then
      table.insert(files, self:file(name))
    end
  end
  local found = find(files, path)
  return found and found.name
end

-- Whether a file was written after the target had been started: then its lines may not be those that run.
function M:is_newer(name)
  return self:file(name).is_newer or false
end

-- ---- lines ----

local function text_of(buffer)
  local text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n")
  return #text < TEXT_BYTES_MAX and text .. "\n" or nil
end

-- A file's text as a buffer would have it, which keeps a mark of its encoding and how its lines end beside it.
local function as_in_buffer(text)
  text = text:gsub("^\239\187\191", ""):gsub("\r\n", "\n")
  return text:sub(-1) == "\n" and text or text .. "\n"
end

-- Hunks as pairs of half-open ranges; where one side is empty a diff names the line before.
local function hunks_of(old, new)
  local hunks = {}
  for _, hunk in ipairs(diff(old, new, { result_type = "indices" })) do
    local a, a_count, b, b_count = unpack(hunk)
    a, b = a_count > 0 and a or a + 1, b_count > 0 and b or b + 1
    table.insert(hunks, { a, a + a_count, b, b + b_count })
  end
  return hunks
end

-- A line on the other side; nil where it was changed.
local function across(hunks, line, from, to)
  local moved = 0
  for _, hunk in ipairs(hunks) do
    if line < hunk[from] then
      break
    elseif line < hunk[from + 1] then
      return nil
    end
    moved = hunk[to + 1] - hunk[from + 1]
  end
  return line + moved
end

-- From lines of the target's file to lines of the buffer as it is now: forward(line), backward(line), and a number that
-- changes when they may.
function M:mapping(buffer, name)
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  local known = self.mappings[buffer]
  if known and known.tick == tick and known.name == name then
    return known
  end
  local now = text_of(buffer)
  local text = self:file(name).text
  local before = text and as_in_buffer(text) or known and known.name == name and known.before or now
  local hunks = before and now and before ~= now and hunks_of(before, now) or {}
  self.mappings[buffer] = {
    tick = tick,
    name = name,
    before = before,
    forward = function(line) return across(hunks, line, 1, 3) end,
    backward = function(line) return across(hunks, line, 3, 1) end,
  }
  return self.mappings[buffer]
end

return M
