-- SPDX-License-Identifier: Apache-2.0
--
-- Which processes are Python ones, by what is cheap to ask: the name of their executable, what they were started as, and, of
-- those that embed Python, whether libpython is mapped. A guess for completion; attaching finds out.
local M = {}

local uv = vim.uv or vim.loop
local READ_BYTES = 1048576 -- of /proc/PID/maps; no more is looked through

local function read(path, size_bytes)
  local file = uv.fs_open(path, "r", 0)
  local text, piece = "", nil
  while file and #text < size_bytes do
    piece = uv.fs_read(file, size_bytes - #text, -1)
    if not piece or piece == "" then
      break
    end
    text = text .. piece
  end
  if file then
    uv.fs_close(file)
  end
  return text
end

local function is_python_name(path)
  return path:match("[^/]*$"):match("^python[%d.]*t?$") ~= nil
end

local function is_python(pid, words)
  local executable = (uv.fs_readlink("/proc/" .. pid .. "/exe") or ""):gsub(" %(deleted%)$", "")
  if is_python_name(executable) or is_python_name(words[1] or "") then
    return true
  end
  return read("/proc/" .. pid .. "/maps", READ_BYTES):find("/libpython3", 1, true) ~= nil
end

-- All of them: pid, command.
function M.list()
  local found, self = {}, tostring(uv.os_getpid())
  local directory = uv.fs_scandir("/proc")
  for name in function() return directory and uv.fs_scandir_next(directory) end do
    if name:match("^%d+$") and name ~= self then
      local words = vim.split(read("/proc/" .. name .. "/cmdline", 4096), "\0", { plain = true, trimempty = true })
      if #words > 0 and is_python(name, words) then
        table.insert(found, { pid = tonumber(name), command = table.concat(words, " ") })
      end
    end
  end
  table.sort(found, function(a, b) return a.pid > b.pid end)
  return found
end

return M
