-- SPDX-License-Identifier: Apache-2.0
--
-- Heat in the buffers: a sign and the share of samples behind every line that has some. Marks whose text did not change
-- are left alone: most refreshes touch a few lines.
local M = {}

local namespace = vim.api.nvim_create_namespace("tachyon-heat")
local LINES_MAX = 5000 -- of one buffer that are marked: the hottest
local SIGN = "▌"

-- Share of samples from which a line is that hot, in percent.
local LEVELS = { { 20, "TachyonHeat5" }, { 10, "TachyonHeat4" }, { 5, "TachyonHeat3" }, { 1, "TachyonHeat2" }, { 0, "TachyonHeat1" } }

local marks = {} -- by buffer, by line of the target's file

function M.highlights()
  local links = {
    TachyonHeat1 = "Comment",
    TachyonHeat2 = "DiagnosticHint",
    TachyonHeat3 = "DiagnosticInfo",
    TachyonHeat4 = "DiagnosticWarn",
    TachyonHeat5 = "DiagnosticError",
    TachyonOnStack = "Comment",
  }
  for name, link in pairs(links) do
    vim.api.nvim_set_hl(0, name, { link = link, default = true })
  end
end

function M.level(percent)
  for _, level in ipairs(LEVELS) do
    if percent >= level[1] then
      return level[2]
    end
  end
end

-- 100 and 12.3 and 0.1; less than that is some, too.
function M.percent(part, whole)
  local percent = whole > 0 and part * 100 / whole or 0
  if part > 0 and percent < 0.1 then
    return "<0.1%"
  end
  return ("%.1f%%"):format(percent)
end

local function text_of(row, total, by_stack)
  local level = M.level((by_stack and row.on_stack or row.leaf) * 100 / total)
  local text = { { "  " } }
  if row.leaf > 0 then
    table.insert(text, { M.percent(row.leaf, total), M.level(row.leaf * 100 / total) })
  end
  if row.on_stack > row.leaf then
    table.insert(text, { (row.leaf > 0 and " · " or "") .. M.percent(row.on_stack, total) .. " with calls", "TachyonOnStack" })
  end
  return text, (row.leaf > 0 or by_stack) and level or "TachyonOnStack"
end

local function set_mark(buffer, mark, at, row, total, by_stack)
  local text, level = text_of(row, total, by_stack)
  mark.id = vim.api.nvim_buf_set_extmark(buffer, namespace, at, 0, {
    id = mark.id,
    virt_text = text,
    hl_mode = "combine",
    sign_text = SIGN,
    sign_hl_group = level,
    priority = 5, -- below diagnostics
  })
end

-- Shows rows (line, leaf, on_stack; the hottest first) of which total is the whole.
function M.show(buffer, rows, total, mapping, by_stack)
  local old, new = marks[buffer] or {}, {}
  local last = vim.api.nvim_buf_line_count(buffer)
  for i = 1, math.min(#rows, LINES_MAX) do
    local row = rows[i]
    local line = mapping.forward(row.line)
    if row.line > 0 and line and line <= last then
      local mark = old[row.line] or {}
      local key = ("%d %s %s %s"):format(line, mapping.tick, M.percent(row.leaf, total), M.percent(row.on_stack, total))
      if mark.key ~= key then
        set_mark(buffer, mark, line - 1, row, total, by_stack)
        mark.key = key
      end
      new[row.line], old[row.line] = mark, nil
    end
  end
  for _, mark in pairs(old) do
    vim.api.nvim_buf_del_extmark(buffer, namespace, mark.id)
  end
  marks[buffer] = new
end

function M.hide(buffer)
  local had = marks[buffer]
  marks[buffer] = nil
  if had and vim.api.nvim_buf_is_valid(buffer) then
    vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
  end
end

function M.hide_all()
  for buffer in pairs(marks) do
    M.hide(buffer)
  end
end

return M
