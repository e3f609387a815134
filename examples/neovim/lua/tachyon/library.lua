-- SPDX-License-Identifier: Apache-2.0
--
-- Finds libtachyon, once, and sees that it is one that this plugin was written for.
--
-- The soname's number is that of the ABI: a library with the same one that is newer has all that we declare, with the same
-- layout (structs say their size). An older one may lack functions.
local bit = require("bit")

local M = {}

local NAMES = { "libtachyon.so.0", "libtachyon.so" }
local MAJOR = 0
local OLDEST = 0x000100 -- major << 16 | minor << 8 | patch

local loaded = {} -- by name

local function is_usable(library)
  local found, number = pcall(function()
    return library.ty_version_number()
  end)
  if not found then
    return nil, "it is no libtachyon: it has no ty_version_number()"
  end
  if bit.rshift(number, 16) ~= MAJOR or number < OLDEST then
    return nil, ("it is version %d.%d.%d, but this plugin is for %d.%d and newer versions %d.x: install the plugin and the library "
      .. "of one release"):format(
      bit.rshift(number, 16), bit.band(bit.rshift(number, 8), 255), bit.band(number, 255),
      MAJOR, bit.band(bit.rshift(OLDEST, 8), 255), MAJOR)
  end
  return true
end

-- The declarations may be there already: modules are loaded anew by people who work on them.
local function declare(ffi)
  if not pcall(ffi.sizeof, "ty_live_query") then
    ffi.cdef(require("tachyon.cdef"))
  end
end

local function load(ffi, name)
  local opened, library = pcall(ffi.load, name)
  if not opened then
    return nil, library
  end
  local usable, reason = is_usable(library)
  if not usable then
    return nil, name .. ": " .. reason
  end
  return library
end

-- Names that are tried, and the library's handle or nil with a text that says what to do.
function M.names()
  local given = vim.g.tachyon_library
  if given and given ~= "" then
    return { vim.fn.expand(given) }
  end
  return NAMES
end

function M.open()
  local has_ffi, ffi = pcall(require, "ffi")
  if not has_ffi then
    return nil, "tachyon: this Neovim was built without LuaJIT, whose FFI the plugin stands on"
  end
  declare(ffi)
  local reasons = {}
  for _, name in ipairs(M.names()) do
    local reason
    if not loaded[name] then
      loaded[name], reason = load(ffi, name)
    end
    if loaded[name] then
      return loaded[name], name
    end
    table.insert(reasons, "  " .. reason)
  end
  return nil, ("tachyon: no usable libtachyon. Tried: %s\n%s\nInstall libtachyon0, or say where it is: let g:tachyon_library = "
    .. "'/path/to/libtachyon.so.0'"):format(table.concat(M.names(), ", "), table.concat(reasons, "\n"))
end

return M
