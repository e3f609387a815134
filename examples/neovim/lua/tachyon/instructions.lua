-- SPDX-License-Identifier: Apache-2.0
--
-- The instructions of the line under the cursor, as virtual lines below it.
local heat = require("tachyon.heat")

local M = {}

local namespace = vim.api.nvim_create_namespace("tachyon-instructions")
local ROWS_MAX = 40
local ARGUMENT_WIDTH_MAX = 32
local INDENT = "    "

local shown = nil -- buffer that has them
local shown_text = nil

function M.highlights()
  local links = {
    TachyonOpcode = "Comment",
    TachyonOpcodeSpecialized = "String",
    TachyonOpcodeGeneric = "DiagnosticWarn",
    TachyonArgument = "Comment",
    TachyonFunction = "Comment",
  }
  for name, link in pairs(links) do
    vim.api.nvim_set_hl(0, name, { link = link, default = true })
  end
end

-- What the adaptive interpreter made of it: group and words.
local FORMS = {
  specialized = function(instruction)
    return "TachyonOpcodeSpecialized", "specialized " .. instruction.base_name
  end,
  generic = function()
    return "TachyonOpcodeGeneric", "could be specialized"
  end,
  trace = function()
    return "TachyonOpcode", "in a JIT trace"
  end,
}

local function form_of(instruction)
  local form = FORMS[instruction.form]
  local group, words = "TachyonOpcode", ""
  if form then
    group, words = form(instruction)
  end
  if instruction.forms > 1 then
    words = words .. (words ~= "" and ", " or "") .. instruction.forms .. " forms"
  end
  return group, words
end

local function argument_of(instruction)
  local text = instruction.argument_text
  if text == "" then
    return instruction.argument and tostring(instruction.argument) or ""
  end
  text = text:gsub("%c", " ")
  if vim.fn.strdisplaywidth(text) > ARGUMENT_WIDTH_MAX then
    text = vim.fn.strcharpart(text, 0, ARGUMENT_WIDTH_MAX - 1) .. "…"
  end
  return text
end

local function pad(text, width)
  return text .. (" "):rep(width - vim.fn.strdisplaywidth(text))
end

local function widths_of(instructions)
  local name, argument = 0, 0
  for _, instruction in ipairs(instructions) do
    name = math.max(name, #instruction.name)
    argument = math.max(argument, vim.fn.strdisplaywidth(argument_of(instruction)))
  end
  return name, argument
end

local function line_of(instruction, total, name_width, argument_width)
  local group, words = form_of(instruction)
  local share, level = "", "TachyonOnStack"
  if instruction.leaf > 0 then
    share, level = heat.percent(instruction.leaf, total), heat.level(instruction.leaf * 100 / total)
  elseif instruction.on_stack > 0 then
    -- It waits for what it called.
    share = heat.percent(instruction.on_stack, total)
    words = words .. (words ~= "" and ", " or "") .. "waits for its call"
  end
  return {
    { INDENT .. ("%6s"):format(share), level },
    { ("%6d  "):format(instruction.offset), "TachyonArgument" },
    { pad(instruction.name ~= "" and instruction.name or "?", name_width + 2), group },
    { pad(argument_of(instruction), argument_width + 2), "TachyonArgument" },
    { words, group },
  }
end

-- Virtual lines for what Profile:instructions() gave.
function M.lines(functions, total)
  local lines, left = {}, ROWS_MAX
  for _, row in ipairs(functions) do
    if #functions > 1 and left > 0 and #row.instructions > 0 then
      table.insert(lines, { { INDENT .. "in " .. row.name .. ":", "TachyonFunction" } })
    end
    local name_width, argument_width = widths_of(row.instructions)
    for _, instruction in ipairs(row.instructions) do
      left = left - 1
      if left >= 0 then
        table.insert(lines, line_of(instruction, total, name_width, argument_width))
      end
    end
  end
  if left < 0 then
    table.insert(lines, { { ("%s… %d more"):format(INDENT, -left), "TachyonArgument" } })
  end
  return lines
end

function M.hide()
  if shown and vim.api.nvim_buf_is_valid(shown) then
    vim.api.nvim_buf_clear_namespace(shown, namespace, 0, -1)
  end
  shown, shown_text = nil, nil
end

-- Shows virtual lines below a line (from 1) of a buffer, and nowhere else.
function M.show(buffer, line, lines)
  local text = vim.inspect({ buffer, line, vim.api.nvim_buf_get_changedtick(buffer), lines })
  if shown == buffer and shown_text == text then
    return
  end
  M.hide()
  if #lines > 0 then
    vim.api.nvim_buf_set_extmark(buffer, namespace, line - 1, 0, { virt_lines = lines })
    shown, shown_text = buffer, text
  end
end

return M
