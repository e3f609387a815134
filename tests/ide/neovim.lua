-- SPDX-License-Identifier: Apache-2.0
--
-- What test_neovim.py runs inside of Neovim: checks that print a line each, in the groups that TACHYON_CHECKS names. One
-- run makes many checks: starting an editor and sampling take longer than looking.
local groups = {}

local source, pid = os.getenv("TACHYON_SOURCE"), tonumber(os.getenv("TACHYON_PID"))
local PATIENCE_MS = 20000
local messages = {}

vim.notify = function(text)
  table.insert(messages, text)
end

local function check(good, name, ...)
  local detail = select("#", ...) > 0 and ": " .. vim.inspect({ ... }):gsub("\n", " ") or ""
  io.stdout:write((good and "ok " or "not ok ") .. name .. (good and "" or detail) .. "\n")
end

local function eventually(name, condition)
  local good = vim.wait(PATIENCE_MS, condition, 10)
  check(good, name, messages)
end

local function said(text)
  return table.concat(messages, "\n"):find(text, 1, true) ~= nil
end

local function tachyon(words)
  messages = {}
  vim.cmd("Tachyon " .. words)
end

local function line_with(mark)
  for number, text in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    if text:find("# " .. mark, 1, true) then
      return number
    end
  end
end

local function marks(name)
  local namespace = vim.api.nvim_get_namespaces()[name]
  return namespace and vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true }) or {}
end

-- Text and highlight group of the heat of a line; nil: it has none.
local function heat(number)
  for _, mark in ipairs(marks("tachyon-heat")) do
    if mark[2] + 1 == number then
      local chunks = mark[4].virt_text
      return table.concat(vim.tbl_map(function(chunk) return chunk[1] end, chunks)), chunks[2][2]
    end
  end
end

-- What stands leftmost beside a line, on the screen.
local function sign(number)
  vim.cmd("redraw")
  return vim.fn.screenstring(vim.fn.screenpos(0, number, 1).row, 1)
end

local function percent(number)
  return tonumber((heat(number) or ""):match("([%d.]+)%%"))
end

-- Where instructions are shown.
local function shown()
  local found = marks("tachyon-instructions")[1]
  return found and found[2] + 1
end

-- The instructions that are shown, by lines.
local function listing()
  local found = marks("tachyon-instructions")[1]
  return vim.tbl_map(function(line)
    return table.concat(vim.tbl_map(function(chunk) return chunk[1] end, line))
  end, found and found[4].virt_lines or {})
end

local function lists(text)
  return table.concat(listing(), "\n"):find(text, 1, true) ~= nil
end

local function go_to(number)
  vim.api.nvim_win_set_cursor(0, { number, 0 })
  vim.cmd("doautocmd CursorMoved")
end

local function state()
  return require("tachyon").state()
end

function groups.live()
  vim.cmd("edit " .. source)
  local hot, call, cold, both = line_with("HOT"), line_with("CALL"), line_with("COLD"), line_with("SHARED")

  tachyon("attach " .. pid)
  check(said("attached to process " .. pid .. ", CPython " .. os.getenv("TACHYON_VERSION")), "says what it attached to", messages)
  eventually("samples come", function() return state().samples >= 100 end)
  eventually("the hot line is hot", function() return (percent(hot) or 0) > 20 end)
  check(select(2, heat(hot)) == "TachyonHeat5" and sign(hot) == "▌", "it is coloured and has a sign", { heat(hot) }, sign(hot))
  check(heat(call):find("with calls"), "a line that calls says so", heat(call))
  check(heat(cold) == nil, "a line without samples has no heat", heat(cold))
  check(#messages == 1, "nothing else is said", messages)

  go_to(hot)
  eventually("the line under the cursor has instructions", function() return #listing() > 3 end)
  check(shown() == hot, "they are below it", shown())
  check(lists("BINARY_OP"), "they are those of the line", listing())
  local specializes = os.getenv("TACHYON_SPECIALIZES") == "1"
  eventually("one of them is specialized, where CPython does that", function()
    return not specializes or lists("specialized BINARY_OP")
  end)
  local before = table.concat(listing())
  eventually("they change while samples come", function() return table.concat(listing()) ~= before end)
  go_to(both)
  eventually("functions that share a line are told apart", function()
    return shown() == both and lists("in shared:") and lists("in shared.<locals>.<lambda>:")
  end)
  go_to(cold)
  eventually("a line without samples has none", function() return shown() == nil end)

  vim.bo.readonly = false
  vim.api.nvim_buf_set_lines(0, 0, 0, false, { "# one more line", "# and one more" })
  eventually("heat stays with its line", function() return heat(hot + 2) and (percent(hot + 2) or 0) > 20 end)
  go_to(hot + 2)
  eventually("instructions stay with their line", function() return shown() == hot + 2 end)
  vim.api.nvim_buf_set_lines(0, hot + 1, hot + 2, false, { "        total = 0  # changed" })
  eventually("a line that was changed has no heat", function() return heat(hot + 2) == nil end)
  vim.cmd("edit!")
  eventually("heat comes back with the text", function() return (percent(hot) or 0) > 20 end)

  tachyon("toggle")
  check(#marks("tachyon-heat") == 0 and shown() == nil, "toggle hides all", #marks("tachyon-heat"))
  local samples = state().samples
  eventually("sampling goes on", function() return state().samples > samples + 10 end)
  check(#marks("tachyon-heat") == 0, "it stays hidden")
  tachyon("toggle")
  check(#marks("tachyon-heat") > 0, "toggle shows it again")

  tachyon("status")
  check(said("process " .. pid) and said("verified"), "status has the verdicts", messages)
  check(require("tachyon").statusline() == "tachyon " .. pid, "words for a status line")
  local sum = state()
  check(sum.spent_ms < sum.duration_ns / 1e6 / 4, "sampling leaves the editor most of its time", sum)
  samples = state().samples
  tachyon("reset")
  check(state().samples < samples, "reset counts from here on", samples, state().samples)
  eventually("and goes on", function() return heat(hot) end)

  tachyon("detach")
  check(said("detached") and #marks("tachyon-heat") > 0, "detach keeps the heat", messages)
  tachyon("detach")
  check(said("not attached"), "detach once more says so", messages)
  eventually("it can be asked further", function()
    go_to(hot)
    return shown() == hot
  end)

  tachyon("attach " .. pid)
  eventually("samples come again", function() return state().samples >= 20 and heat(hot) end)
  messages = {}
  vim.loop.kill(pid, "sigkill")
  eventually("the end of the target is said", function() return said("process " .. pid .. " has ended") end)
  check(heat(hot) ~= nil, "its heat stays")
  go_to(call)
  eventually("so do its instructions", function() return shown() == call end)
  tachyon("clear")
  check(#marks("tachyon-heat") == 0 and shown() == nil and state() == nil, "clear forgets all")
end

function groups.files()
  vim.cmd("edit " .. source)
  tachyon("attach " .. pid)
  eventually("the copy's buffer is found", function() return heat(line_with("HOT")) end)
  vim.cmd("edit " .. os.getenv("TACHYON_OTHER"))
  check(heat(line_with("HOT")) == nil, "a file of the same name and another text is not")
  tachyon("clear")
  vim.g.tachyon_path_map = { [os.getenv("TACHYON_FROM")] = vim.fn.fnamemodify(os.getenv("TACHYON_OTHER"), ":h") }
  tachyon("attach " .. pid)
  eventually("unless the map says so", function() return heat(line_with("HOT")) end)
  tachyon("clear")
end

-- Names of a process like this one, which has no Python: what is looked at is the matching alone.
function groups.paths()
  local Sources = require("tachyon.sources")
  local folder = os.getenv("TACHYON_FOLDER")
  local sources = Sources.new(vim.loop.os_getpid(), {})
  local function names_of(path, names)
    vim.cmd("edit " .. path)
    return sources:match(0, names)
  end
  local path = folder .. "/project/package/module.py"
  check(names_of(folder .. "/link.py", { path }) == path, "a link to the target's file")
  vim.cmd("bwipeout")
  check(names_of(path, { path }) == path, "a path")
  check(names_of(folder .. "/linked/package/module.py", { path }) == path, "a path through a link")
  check(names_of(path, { folder .. "/linked/package/module.py" }) ~= nil, "a link in the target's name")
  check(names_of(path, { "project/package/module.py" }) == "project/package/module.py", "a relative name")
  check(names_of(path, { folder .. "/other/package/module.py" }) == nil, "a file of ours that is another one")
  check(names_of(path, { "/build/project/package/module.py" }) ~= nil, "the end of a name that is nowhere")
  check(names_of(folder .. "/lib/python3.11/json/encoder.py", { "/usr/lib/python3.99/json/encoder.py" }) == nil,
    "a library of another Python")
  check(names_of(path, { "/build/module.py" }) == nil, "too little of the end")
  check(names_of(path, { "/a/package/module.py", "/b/package/module.py" }) == nil, "two that fit as well")
  check(names_of(path, { "/a/package/module.py", "/b/project/package/module.py" }) == "/b/project/package/module.py", "the longer one")
  check(names_of(path, { "<string>", "<frozen importlib._bootstrap>", "" }) == nil, "what was never a file")
  vim.cmd("enew")
  check(sources:match(0, { path }) == nil, "a buffer without a name")
  sources.path_map = { ["/srv/app"] = folder .. "/project" }
  check(names_of(path, { "/srv/app/package/module.py" }) ~= nil, "a map")
  sources.files = {}
  sources.path_map = { ["/srv/app"] = folder .. "/nowhere" }
  check(names_of(path, { "/srv/app/other.py" }) == nil, "a map that leads nowhere")

  vim.cmd("edit " .. path)
  local mapping = sources:mapping(0, path)
  check(mapping.forward(3) == 3 and mapping.backward(3) == 3, "lines as they are")
  vim.api.nvim_buf_set_lines(0, 1, 2, false, {})
  mapping = sources:mapping(0, path)
  check(mapping.forward(1) == 1 and mapping.forward(2) == nil and mapping.forward(3) == 2, "a line less")
  vim.api.nvim_buf_set_lines(0, 0, 0, false, { "a", "b", "c" })
  mapping = sources:mapping(0, path)
  check(mapping.forward(3) == 5 and mapping.backward(5) == 3 and mapping.backward(2) == nil, "three lines more")
  vim.cmd("edit!")

  local dos = folder .. "/project/package/dos.py"
  vim.cmd("edit " .. dos)
  mapping = sources:mapping(0, dos)
  check(vim.bo.fileformat == "dos" and mapping.forward(1) == 1 and mapping.forward(2) == 2 and mapping.forward(3) == 3,
    "lines of a file with other ends of lines")
end

function groups.mistakes()
  local processes = vim.fn.getcompletion("Tachyon attach ", "cmdline")
  check(vim.tbl_contains(processes, tostring(pid)), "Python processes are completed", processes)
  check(not vim.tbl_contains(processes, tostring(vim.loop.os_getpid())), "others are not")
  check(vim.deep_equal(vim.fn.getcompletion("Tachyon ", "cmdline"), { "attach", "clear", "detach", "reset", "status", "toggle" }),
    "commands are completed", vim.fn.getcompletion("Tachyon ", "cmdline"))
  for _, words in ipairs({ "attach 0", "attach -1", "attach x", "attach 1.5", "attach 99999999999" }) do
    tachyon(words)
    check(said("a process id is a positive number"), words, messages)
  end
  tachyon("frobnicate")
  check(said("no `:Tachyon frobnicate`"), "a command that is none", messages)
  tachyon("attach 1 2")
  check(said("no `:Tachyon attach 1 2`"), "a word too many", messages)
  tachyon("toggle")
  check(said("nothing to show"), "toggle without a target", messages)
  tachyon("reset")
  check(said("not attached"), "reset without a target", messages)
  tachyon("")
  check(said("not attached"), "status without a target", messages)
  tachyon("attach 2147483647")
  check(said("no process 2147483647"), "a process that is not there", messages)
  tachyon("attach " .. os.getenv("TACHYON_NOT_PYTHON"))
  check(said("cannot attach to process"), "a process that is no Python", messages)
  for name, value in pairs({ interval_ms = "fast", refresh_ms = 0, mode = "idle", threads = 1, count = 7, path_map = "x" }) do
    vim.g["tachyon_" .. name] = value
    tachyon("attach " .. pid)
    check(said("g:tachyon_" .. name), "a setting that is wrong: " .. name, messages)
    vim.g["tachyon_" .. name] = nil
  end
  check(state() == nil, "nothing was attached to")

  local library = vim.g.tachyon_library
  vim.g.tachyon_library = "/nowhere/libtachyon.so.0"
  tachyon("attach " .. pid)
  check(said("/nowhere/libtachyon.so.0") and said("g:tachyon_library"), "a library that is not there", messages)
  vim.g.tachyon_library = os.getenv("TACHYON_OTHER_VERSION")
  tachyon("attach " .. pid)
  check(said("it is version 1.2.3") and said("g:tachyon_library"), "a library of another version", messages)
  vim.g.tachyon_library = os.getenv("TACHYON_NO_LIBRARY")
  tachyon("attach " .. pid)
  check(said("it is no libtachyon"), "a library that is another one", messages)
  vim.g.tachyon_library = nil
  tachyon("attach " .. pid)
  check(said("Tried: libtachyon.so.0, libtachyon.so") or said("attached"), "the names that are tried", messages)
  tachyon("clear")
  vim.g.tachyon_library = library
end

-- The target may not be read.
function groups.refused()
  tachyon("attach " .. pid)
  check(said("cannot attach to process " .. pid) and said("may not read process " .. pid), "says the check and the remedy",
    messages)
  check(state() == nil, "nothing was attached to")
end

for name in os.getenv("TACHYON_CHECKS"):gmatch("%S+") do
  local done, reason = pcall(groups[name])
  check(done, "all of " .. name, reason)
end
vim.cmd("qall!")
