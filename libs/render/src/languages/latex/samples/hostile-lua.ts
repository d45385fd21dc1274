import type { HostileProgram, MakeHostilePrograms } from '../../../port/samples.ts';
import { lua, luaHang, luatex, stopped } from './hostile-source.ts';

/** Opens a file by a name that is relative to a folder: what forbids absolute names does not see it. */
const opened = (folder: string, name: string, mode: string): string =>
  `local here = lfs.currentdir() assert(lfs.chdir("${folder}")) local file, why = io.open("${name}", "${mode}") lfs.chdir(here) if not file then error(why) end return file`;

/** A document that takes a picture of these bytes, which Lua writes. */
const picture = (bytes: string, endings: HostileProgram['endings']): HostileProgram => ({
  code: luatex(
    `local file = assert(io.open("bad.png", "wb")) file:write(${bytes}) file:close() img.write(img.scan({ filename = "bad.png" }))`,
  ),
  endings,
});

/** Lua that ends the process after its work. In its rehearsal it says so instead. */
const leaving = (work: string): HostileProgram => ({
  code: luatex(`${work} os.exit(0)`),
  endings: { empty: /^The document has no page/ },
  rehearsal: { code: luatex(`${work} tex.error("REA" .. "CHED")`), endings: { syntax: /^! REACHED/ } },
});

/** Programs in the Lua of LuaTeX, which has libraries of its own. */
export const latexLua: MakeHostilePrograms = ({ folder, mark }) => ({
  'Lua: its own memory written': lua(
    opened('/proc/self', 'mem', 'r+b'),
    `return io.open("/proc/self/mem", "r+b")`,
    `return io.open("/proc/thread-self/mem", "r+b")`,
  ),
  'Lua: the memory of the programs around it': lua(
    ...[1, 2, 3, 4].map((pid) => `if lfs.isdir("/proc/${pid}") then ${opened(`/proc/${pid}`, 'mem', 'r+b')} end`),
  ),
  'Lua: the environment of the programs around it': lua(
    ...['self', 1, 2, 3].map((pid) => {
      const file = opened(`/proc/${pid}`, 'environ', 'rb').replace(
        'return file',
        'return file:read("*a"):find("CANARY")',
      );
      return file;
    }),
  ),
  'Lua: settings of the kernel': lua(
    opened('/proc/self', 'oom_score_adj', 'w').replace('return file', 'return file:write("-1000") and file:flush()'),
    opened('/proc/sys/kernel', 'core_pattern', 'w'),
    opened('/proc', 'sysrq-trigger', 'w'),
    opened('/proc/self', 'uid_map', 'w').replace('return file', 'return file:write("0 0 1") and file:flush()'),
  ),
  'Lua: files of the host by a relative name': lua(
    opened(folder, 'secret.txt', 'r'),
    opened('/', `..${folder}/secret.txt`, 'r'),
    opened(folder, 'secret.txt', 'w'),
    opened('/etc', 'shadow', 'r'),
    opened('/usr/share', mark, 'w'),
  ),
  'Lua: libraries loaded': lua(
    ...['libc.so.6', '/lib/x86_64-linux-gnu/libc.so.6', '/lib/aarch64-linux-gnu/libc.so.6', 'libcrypto.so.3'].map(
      (name) => `return package.loadlib("${name}", "*")`,
    ),
    'package.cpath = "/usr/lib/x86_64-linux-gnu/?.so;/usr/lib/?.so;./?.so" return require("lua_cjson")',
    'return type(package.searchers[3]("ffi")) == "function"',
    'return load(string.char(27) .. "Lua", "x", "b")',
  ),
  'Lua: what the debug library finds': lua(
    `for _, guard in next, { io.open, io.lines, io.popen, os.execute, os.spawn, os.rename, require, kpse.find_file, dofile, loadfile } do
for i = 1, 60 do local name, one = debug.getupvalue(guard, i) if not name then break end
if type(one) == "function" then local fine, file = pcall(one, "${folder}/secret.txt", "r") if fine and type(file) == "userdata" then return file end end end end`,
    'local registry = debug.getregistry() return registry._LOADED and registry._LOADED.ffi and registry._LOADED.ffi.cdef',
    'return debug.getmetatable(io.stdout).__index.popen',
    `return debug.setmetatable(nil, { __call = function() return false end, __index = function() end }) and io.open("${folder}/secret.txt"):read("*a")`,
  ),
  'Lua: folders of the host listed': lua(
    `return lfs.dir("${folder}")`,
    `return lfs.attributes("${folder}/secret.txt")`,
    ...['/root', '/home', '/var/log', '/etc/ssh', '/boot'].map(
      (path) => `for name in lfs.dir("${path}") do return name end`,
    ),
    `return lfs.isfile("${folder}/secret.txt") or lfs.isdir("${folder}")`,
  ),
  'Lua: links to files of the host': lua(
    `assert(lfs.link("${folder}/secret.txt", "soft.tex", true)) return io.open("soft.tex"):read("*a")`,
    `assert(lfs.link("/etc/shadow", "shadow.tex", true)) return io.open("shadow.tex"):read("*a")`,
    `return lfs.link("${folder}/secret.txt", "hard.tex")`,
    `assert(lfs.link("/proc/1/root", "root", true)) return io.open("root${folder}/secret.txt"):read("*a")`,
  ),
  'Lua: folders of the host changed': lua(
    `return lfs.mkdir("${folder}/${mark}")`,
    `return lfs.mkdir("/var/tmp/${mark}")`,
    `return lfs.touch("${folder}/secret.txt", 1, 1)`,
    `return lfs.rmdir("${folder}")`,
    `return os.rename("${folder}/secret.txt", "${folder}/${mark}")`,
    `return lfs.lock_dir("/usr/share")`,
    `return lfs.setmode and lfs.chmod and lfs.chmod("${folder}", "rwxrwxrwx")`,
  ),
  'Lua: programs by every door': lua(
    `return os.spawn({ "/bin/sh", "-c", "touch ${folder}/${mark}" }) == 0`,
    `return os.exec({ "/bin/sh", "-c", "true" })`,
    `return os.spawn("env") == 0`,
    `return io.popen("true", "r")`,
    `return os.execute("true") == 0`,
    `return os.execute()`.replace('()', '("") == 0'),
  ),
  'Lua: programs after the limits are switched off': lua(
    `os.setenv("shell_escape", "t") os.setenv("openin_any", "a") os.setenv("openout_any", "a") texconfig.shell_escape = "t" pcall(kpse.set_program_name, "luatex") return os.execute("touch ${folder}/${mark}") == 0`,
    `return io.popen("env"):read("*a"):find("CANARY")`,
    `return io.open("${folder}/secret.txt"):read("*a")`,
    `return io.open("/var/tmp/${mark}", "w"):write("x")`,
  ),
  "Lua: files of the host by TeX's own libraries": lua(
    `return pdf.immediateobj("streamfile", "${folder}/secret.txt")`,
    `return fontloader.open("${folder}/secret.txt")`,
    `return pdfe.open("${folder}/secret.txt")`,
    `return kpse.readable_file("${folder}/secret.txt")`,
    `return kpse.find_file("${folder}/secret.tex", "tex")`,
    `return kpse.lookup("${folder}/secret.tex")`,
    `return font.read_tfm("${folder}/secret.txt", 10)`,
    `return #io.lines("${folder}/secret.txt")() > 0`.replace('#', ''),
  ),
  'Lua: a picture of the host': {
    code: luatex(`img.scan({ filename = "${folder}/secret.png" })`),
    endings: { syntax: /cannot find image file '[^\n]*secret\.png'/ },
  },
  'Lua: files by METAPOST': lua(
    `local mp = mplib.new({ find_file = function(name) return name end, make_text = function() return "" end }) local answer = mp:execute("string s; s := readfrom " .. string.char(34) .. "${folder}/secret.txt" .. string.char(34) .. "; message s; if s <> EOF: fi; write s to " .. string.char(34) .. "${mark}.txt" .. string.char(34) .. ";") return (answer.term or ""):find("canary") or (answer.log or ""):find("canary")`,
  ),
  'Lua: names of the network': lua(
    `return socket and socket.dns and socket.dns.toip("canary.invalid")`,
    `return require("socket.http").request("http://127.0.0.1/")`,
    `return require("ltn12") and require("mime") and require("socket.smtp")`,
  ),
  'Lua: a bad PNG that it wrote': picture(
    'string.char(137) .. "PNG" .. string.char(13, 10, 26, 10) .. string.char(0, 0, 0, 13) .. "IHDR" .. string.rep(string.char(255), 30)',
    { syntax: /readpng/ },
  ),
  'Lua: a bad JPEG that it wrote': picture(
    'string.char(255, 216, 255, 224, 0, 16) .. "JFIF" .. string.rep(string.char(255), 99)',
    { syntax: /readjpg/ },
  ),
  'Lua: a bad PDF that it wrote': picture(
    'string.char(37) .. "PDF-1.5 1 0 obj << /Type /Catalog /Pages 1 0 R >> endobj trailer << /Root 1 0 R /Prev 0 >> startxref 0"',
    {
      syntax: /pdf inclusion|xpdf|poppler|PDF/,
    },
  ),
  'Lua: an end without a word': leaving('texio.write_nl("log", "! REA" .. "CHED") io.flush()'),
  'Lua: an end that says all is well': leaving(
    'for _, name in ipairs({ "main.pdf", "main.log", "layout", "log", "output", "terminal" }) do local file = io.open(name, "w") if file then file:write("ESC" .. "APED" .. string.rep("x", 99)) file:close() end end',
  ),
  'Lua: a callback that never returns': luaHang(
    'luatexbase.add_to_callback("process_input_buffer", function(line) while true do if report then tex.error(report) return line end end end, "x")',
    { timeout: stopped },
  ),
  'Lua: what it prints calls it again': luaHang(
    'again = function() if report then tex.error(report) return end tex.sprint(string.char(92) .. "directlua{again()}") end again()',
    { memory: /^! TeX capacity exceeded, sorry \[text input levels/ },
  ),
  'Lua: a pattern without end': luaHang(
    'if report then tex.error(report) else string.rep("a", 60000):find(string.rep(".-", 40) .. "b") end',
    { timeout: stopped },
  ),
  'Lua: threads without end': luaHang(
    'if report then tex.error(report) else local function down() return coroutine.wrap(down)() end local all = {} while true do table.insert(all, coroutine.create(down)) pcall(coroutine.resume, all[1]) end end',
    { memory: /not enough memory/ },
  ),
  'Lua: a loop that no error ends': luaHang(
    'local function again() while true do if report then tex.error(report) return end end end debug.sethook(again, "c") while true do pcall(again) if report then return end end',
    { timeout: stopped },
  ),
  'Lua: a destructor that does not end': luaHang(
    'if report then tex.error(report) else setmetatable({}, { __gc = function() while true do end end }) collectgarbage() collectgarbage() end',
    { timeout: stopped },
  ),
});
