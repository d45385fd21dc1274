-- LuaTeX runs this before it loads its format. It takes away what leads to machine code or to other programs, and what no document
-- needs of files and of the debug library. The kernel is the boundary; this makes it harder to attack.

-- Libraries in machine code. LuaTeX's own start, which follows this, still asks for the table.
ffi = nil
package.loaded.ffi = {}
package.preload.ffi = nil
package.loadlib = nil
package.cpath = ''
for index = #package.searchers, 3, -1 do
  table.remove(package.searchers, index)
end

-- Other programs, and locks and links that outlast a call. Packages call some of them and go on without.
for library, names in pairs {
  os = { 'exec', 'execute', 'kpsepopen', 'spawn' },
  io = { 'popen' },
  lfs = { 'link', 'lock', 'lock_dir', 'unlock' },
} do
  for _, name in ipairs(names) do
    _G[library][name] = function()
      return nil, name .. ' is disabled'
    end
  end
end

-- What the functions below replace, and the functions below: no document may get at the first through the second.
local hidden, replacements = {}, {}

local function replace(library, name, replacement)
  if library[name] then
    hidden[library[name]] = true
  end
  replacements[replacement] = true
  library[name] = replacement
end

-- Every other folder can only be read.
local folder = lfs.currentdir() .. '/'

local function is_inside(path)
  return not path:find('..', 1, true) and (path:sub(1, 1) ~= '/' or path:sub(1, #folder) == folder)
end

local function is_of_kernel(path)
  local plain = path:gsub('/+', '/')
  return plain:find('..', 1, true) or plain:find '^/proc' or plain:find '^/sys' or plain:find '^/dev'
end

-- Bytecode that the compiler did not make can corrupt memory: besides text, only what `string.dump` returned here, and what the
-- machine's TeX keeps in files, is loaded.
local load_chunk, dump, digest = load, string.dump, sha2.digest256
local escape = '\27'
local dumped = {}

replace(string, 'dump', function(...)
  local bytecode = dump(...)
  dumped[digest(bytecode)] = true
  return bytecode
end)

local function load_known(chunk, name, _, ...)
  local is_bytecode = type(chunk) == 'string' and chunk:sub(1, 1) == escape
  local mode = is_bytecode and dumped[digest(chunk)] and 'b' or 't'
  local loaded, problem = load_chunk(chunk, name, mode, ...)
  return loaded, problem
end

local function is_of_machine(path)
  return not (is_inside(path) or is_of_kernel(path))
end

local open = io.open

local function load_known_file(path, _, ...)
  local file, problem = open(path, 'rb')
  if not file then
    return nil, 'cannot open ' .. problem
  end
  local text = file:read 'a'
  file:close()
  if text:sub(1, 1) == '#' then
    text = text:gsub('^[^\n]*', '', 1)
  end
  if is_of_machine(path) then
    local loaded, fault = load_chunk(text, '@' .. path, nil, ...)
    return loaded, fault
  end
  return load_known(text, '@' .. path, nil, ...)
end

replace(_G, 'load', load_known)
replace(_G, 'loadstring', load_known)
replace(_G, 'loadfile', load_known_file)
replace(_G, 'dofile', function(path)
  return assert(load_known_file(path))()
end)
replace(package.searchers, 2, function(name)
  local path = kpse.find_file(name, 'lua') or kpse.find_file((name:gsub('%.', '/')), 'lua')
  if not path then
    return "\n\tno file '" .. name .. "' for Lua"
  end
  return assert(load_known_file(path)), path
end)
package.loaders = package.searchers

-- A document writes below its folder, and reads nothing of the kernel's.
local function refusal(path, mode)
  local writes = type(mode) == 'string' and mode:find '[wa+]'
  if type(path) == 'string' and (writes and not is_inside(path) or is_of_kernel(path)) then
    return path .. ': Permission denied'
  end
end

replace(io, 'open', function(path, mode)
  local reason = refusal(path, mode)
  if reason then
    return nil, reason, 13
  end
  local file, problem, code = open(path, mode)
  return file, problem, code
end)
for name, mode in pairs { input = 'r', lines = 'r', output = 'w' } do
  local call = io[name]
  replace(io, name, function(path, ...)
    local reason = refusal(path, mode)
    if reason then
      error(reason, 2)
    end
    local result = call(path, ...)
    return result
  end)
end

-- Of the debug library, what packages use.
local information, upvalue, set_upvalue, join_upvalues = debug.getinfo, debug.getupvalue, debug.setupvalue, debug.upvaluejoin
local nothing = function() end

local function visible(found)
  if found and hidden[found.func] then
    found.func = nil
  end
  return found
end

local inspect = {
  traceback = debug.traceback,
  getmetatable = debug.getmetatable,
  setmetatable = debug.setmetatable,
  gethook = nothing,
  sethook = nothing,
  getlocal = nothing,
  getinfo = function(first, ...)
    -- One level more, for this function.
    local found = information(type(first) == 'number' and first > 0 and first + 1 or first, ...)
    return visible(found)
  end,
  getupvalue = function(of, index)
    if not replacements[of] then
      local name, value = upvalue(of, index)
      return name, value
    end
  end,
  setupvalue = function(of, index, value)
    if not replacements[of] then
      return set_upvalue(of, index, value)
    end
  end,
  upvaluejoin = function(first, index, second, other)
    if not (replacements[first] or replacements[second]) then
      join_upvalues(first, index, second, other)
    end
  end,
}
for name in pairs(debug) do
  debug[name] = nil
end
for name, value in pairs(inspect) do
  replacements[value] = true
  debug[name] = value
end
hidden[open] = true
