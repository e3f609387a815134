-- SPDX-License-Identifier: Apache-2.0
-- The command, and the events that the plugin wants to hear of. Nothing is loaded before it is used.
if vim.g.loaded_tachyon then
  return
end
vim.g.loaded_tachyon = true

local function tachyon()
  return require("tachyon")
end

local function is_used()
  return package.loaded.tachyon ~= nil
end

vim.api.nvim_create_user_command("Tachyon", function(command)
  tachyon().highlights()
  tachyon().command(command.fargs)
end, {
  nargs = "*",
  desc = "Where a running Python program spends its time",
  complete = function(lead, line)
    return tachyon().complete(lead, line)
  end,
})

local group = vim.api.nvim_create_augroup("tachyon", {})

local function on(events, name)
  vim.api.nvim_create_autocmd(events, {
    group = group,
    callback = function()
      if is_used() then
        tachyon()[name]()
      end
    end,
  })
end

on({ "CursorMoved", "CursorMovedI" }, "on_cursor_moved")
on({ "BufWinEnter", "WinEnter", "TabEnter", "TextChanged", "InsertLeave" }, "on_window_changed")
on("ColorScheme", "highlights")
on("VimLeavePre", "clear")
